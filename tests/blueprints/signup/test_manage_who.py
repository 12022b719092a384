"""Who may make or send what opens a registration: nobody reads needs by way of a code or link made for oneself."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, transaction
from app.domain import notices, registrations, secrets, support
from app.models import (
    Conference,
    ContactChannel,
    Host,
    Message,
    MessageKind,
    NeedKind,
    Registration,
    StaffRole,
)
from tests import make
from tests.blueprints.signup.desk import code_on, new, page_of
from tests.browse import visit
from tests.visitor import Visitor

AT = "/verwaltung/beispiel/konferenz"
IN_CHARGE = {"host_admin", "organizer"}
ALL = {"host_admin", "organizer", "helper", "instance_admin"}
# What it is, its address, and who may.
TABLE = [
    ("get", AT + "/anmeldungen", ALL),
    ("get", AT + "/anmeldungen/neu", ALL),
    ("get", AT + "/anmeldungen/{registration}", ALL),
    ("get", AT + "/anmeldungen/{registration}/angaben", ALL),
    ("get", AT + "/anmeldungen/{registration}/absagen", ALL),
    ("get", AT + "/anmeldungen/{registration}/code", IN_CHARGE),
    ("post", AT + "/anmeldungen/{registration}/code", IN_CHARGE),
    ("get", AT + "/anmeldungen/{registration}/brief", IN_CHARGE),
    ("post", AT + "/anmeldungen/{registration}/brief.pdf", IN_CHARGE),
    ("get", AT + "/unterstuetzung/personen/{registration}", IN_CHARGE),
    ("get", AT + "/unterstuetzung", ALL),
    ("get", AT + "/unterstuetzung/personen", IN_CHARGE),
    ("get", AT + "/anmeldungen/import", IN_CHARGE | {"instance_admin"}),
    ("get", AT + "/anmeldungen/import/1/briefe.pdf", IN_CHARGE),
    ("get", AT + "/nachrichten", ALL),
    ("get", AT + "/nachrichten/postausgang", ALL),
    ("get", AT + "/nachrichten/anrufe", ALL),
    ("get", AT + "/nachrichten/briefe", IN_CHARGE),
    ("get", AT + "/nachrichten/briefe.pdf", IN_CHARGE),
    ("post", AT + "/nachrichten/briefe/gedruckt", IN_CHARGE),
    ("get", "/verwaltung/beispiel/nachrichten/{message}/brief.pdf", IN_CHARGE),
    ("post", "/verwaltung/beispiel/nachrichten/{message}/noch-einmal", IN_CHARGE),
    ("get", AT + "/tag", ALL),
    ("get", AT + "/tag/einlass", ALL),
    ("get", AT + "/tag/einlass/{registration}", ALL),
    ("get", AT + "/tag/einlass/{registration}/zettel", ALL),
    ("get", AT + "/tag/ohne-anmeldung", ALL),
    ("get", AT + "/tag/druck", ALL),
]
CHAIR = support.Wanted(NeedKind.WHEELCHAIR)


@pytest.fixture
def household(conference: Conference) -> Registration:
    return make.registration(
        conference, name="Paul", contact_channel=ContactChannel.POST, contact="Weg 1, 12345 Stadt"
    )


def signed_in(app: Flask, role: StaffRole, host: Host) -> Visitor:
    visitor = Visitor(app)
    member = make.staff_member(role, None if role is StaffRole.INSTANCE_ADMIN else host)
    make.sign_in(visitor, member)
    return visitor


@pytest.fixture
def helper(app: Flask, host: Host) -> Visitor:
    return signed_in(app, StaffRole.HELPER, host)


@pytest.mark.parametrize(("method", "address", "allowed"), TABLE)
def test_each_role_gets_where_its_work_is(
    app: Flask, host: Host, household: Registration, method: str, address: str, allowed: set[str]
) -> None:
    message = db.session.scalars(select(Message).filter_by(registration_id=household.id)).one()
    place = address.format(registration=household.id, message=message.id)

    found = {
        role.value
        for role in StaffRole
        if getattr(signed_in(app, role, host), method)(place).status_code != 403
    }

    assert found == allowed


@pytest.mark.parametrize("role", [StaffRole.HELPER, StaffRole.INSTANCE_ADMIN])
def test_who_gives_no_access_corrects_a_name_and_leaves_the_contact(
    app: Flask, host: Host, household: Registration, role: StaffRole
) -> None:
    visitor = signed_in(app, role, host)
    page = page_of(visitor, household, "correct")
    page.form().send(display_name="Paula", status=302)
    # Neither by a form of one's own.
    visitor.post(
        page.address,
        data={
            "display_name": "Paula",
            "role_group": "resident",
            "language": "de",
            "contact_channel": "email",
            "contact": "ich@example.org",
        },
    )

    assert "contact" not in page.form().values
    db.session.refresh(household)
    assert household.display_name == "Paula"
    assert household.contact_channel is ContactChannel.POST
    assert secrets.decrypt(household.contact) == "Weg 1, 12345 Stadt"


def test_a_helper_is_shown_no_way_that_is_closed(helper: Visitor, household: Registration) -> None:
    ways = {"Brief", "Neuer Code", "Briefe zu drucken"}

    page = page_of(helper, household, "registration")
    overview = visit(helper, AT + "/nachrichten")

    assert not ways & set(page.links())
    assert "Noch einmal senden" not in page.text
    assert f"{AT}/nachrichten/briefe" not in overview.links().values()


def test_a_helper_prints_the_letter_of_somebody_they_have_registered(helper: Visitor, host: Host) -> None:
    make.conference(host, key="konferenz")

    letter = new(helper).form().send(display_name="Helga", contact_channel="none").follow()

    assert registrations.by_code(host.id, code_on(letter)).display_name == "Helga"
    assert letter.form().send().response.mimetype == "application/pdf"


# --- Traces of a need ------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(household: Registration) -> Registration:
    make.support_offers(household.conference, NeedKind.WHEELCHAIR)
    with transaction():
        support.save(household.participants[0], [CHAIR])
        notices.need_answered(household, "1")
    return household


@pytest.mark.parametrize(
    ("role", "is_told"), [("organizer", True), ("helper", False), ("instance_admin", False)]
)
def test_an_answer_about_support_is_named_to_those_in_charge_alone(
    app: Flask, host: Host, answered: Registration, role: str, is_told: bool
) -> None:
    visitor = signed_in(app, StaffRole(role), host)
    pages = [
        page_of(visitor, answered, "registration").response.text.partition('id="nachrichten"')[2],
        visit(visitor, AT + "/nachrichten/postausgang").response.text.partition("</nav>")[2],
    ]

    assert [("Antwort zur Unterstützung" in page) for page in pages] == [is_told] * 2
    assert [("need_answered" in page) for page in pages] == [False, is_told]
    # The confirmation and the answer read alike.
    assert [page.count("Nachricht zur Anmeldung") >= 2 for page in pages] == [not is_told] * 2


@pytest.mark.parametrize("asked", ["anmeldung", "need_answered", "registration_confirmed"])
def test_the_filter_of_a_helper_finds_all_that_reads_alike(
    helper: Visitor, answered: Registration, asked: str
) -> None:
    page = visit(helper, f"{AT}/nachrichten/postausgang?art={asked}")

    assert "2 Nachrichten" in page.text


def test_calls_about_support_are_made_by_those_in_charge(
    app: Flask, helper: Visitor, host: Host, conference: Conference
) -> None:
    person = make.registration(conference, name="Ute", contact_channel=ContactChannel.PHONE, contact="0209 1")
    with transaction():
        notices.need_answered(person, "1")
    call = db.session.scalars(select(Message).filter_by(kind=MessageKind.NEED_ANSWERED)).one()

    seen = {
        role: "Ute" in visit(signed_in(app, role, host), AT + "/nachrichten/anrufe").text
        for role in (StaffRole.ORGANIZER, StaffRole.HELPER)
    }

    assert seen == {StaffRole.ORGANIZER: True, StaffRole.HELPER: False}
    assert call.registration_id == person.id
