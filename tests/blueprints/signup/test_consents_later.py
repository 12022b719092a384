"""A consent that comes after the registration, or again after it was withdrawn: online and noted by staff."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import consents, registrations
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    ConsentPurpose,
    EventKind,
    Registration,
    RegistrationEvent,
    StaffMember,
)
from tests import make
from tests.blueprints.signup.desk import PLACE, ask_everything, page_of
from tests.browse import Page, visit
from tests.visitor import Visitor

PRESS = ConsentPurpose.PHOTO_PRESS
BOX = "consent_photo_press"
CHANGED = (
    "Der Wortlaut hat sich inzwischen geändert. Es ist nichts gespeichert. Bitte lesen Sie ihn noch einmal."
)


def kept(registration: Registration) -> list[tuple[int, str, str, bool]]:
    """Version, language, way, and whether it holds, of each consent in its order."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(Consent).where(Consent.registration_id == registration.id).order_by(Consent.id)
    )
    return [
        (row.consent_text.version, row.language, row.method.value, row.withdrawn_at is None) for row in rows
    ]


def history(registration: Registration) -> list[tuple[EventKind, str, int | None]]:
    rows = db.session.scalars(
        select(RegistrationEvent)
        .where(
            RegistrationEvent.registration_id == registration.id,
            RegistrationEvent.kind.in_([EventKind.CONSENT_GIVEN, EventKind.CONSENT_WITHDRAWN]),
        )
        .order_by(RegistrationEvent.id)
    )
    return [(row.kind, row.subject, row.by_id) for row in rows]


def desk(client: Visitor, registration: Registration) -> Page:
    return page_of(client, registration, "give_consent_for")


@pytest.mark.parametrize("method", ["paper", "oral"])
def test_staff_note_a_consent_that_is_given_later(
    staff_client: Visitor, organizer: StaffMember, conference: Conference, method: str
) -> None:
    ask_everything(conference)
    registration = make.registration(conference)
    page = visit(staff_client, page_of(staff_client, registration).links()["Einwilligung eintragen"])
    form = page.form()
    assert {name: value for name, value in form.values.items() if name != "csrf_token"} == {}

    form.send(form.box(BOX), method=method, status=302)
    # The button of the old page changes nothing.
    form.send(form.box(BOX), method=method)

    assert kept(registration) == [(1, "de", method, True)]
    assert history(registration) == [(EventKind.CONSENT_GIVEN, PRESS.value, organizer.id)]
    assert "Hier ist nichts einzutragen" in desk(staff_client, registration).text
    assert "Einwilligung gegeben, Fotos für die Presse, durch" in page_of(staff_client, registration).text


def test_staff_say_how_and_to_what(staff_client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    registration = make.registration(conference)
    form = desk(staff_client, registration).form()

    without_way = form.send(form.box(BOX), status=422)
    without_box = form.send({"method": "paper"}, status=422)

    assert list(without_way.errors().values()) == ["Bitte wählen Sie, wie die Person eingewilligt hat."]
    assert without_box.errors() == {"": "Es ist nichts angekreuzt. Es hat sich nichts geändert."}
    assert kept(registration) == []


def test_words_that_changed_meanwhile_are_read_again(staff_client: Visitor, conference: Conference) -> None:
    _question, text = ask_everything(conference)
    with transaction():
        consents.give(make.registration(conference), [text.id], method=ConsentMethod.WEB)
    registration = make.registration(conference)
    form = desk(staff_client, registration).form()
    values = consents.arranged(conference)
    consents.arrange(conference, values | {consents.words_of(PRESS): "Andere Worte."}, shown=None)

    page = form.send(form.box(BOX), method="paper", status=422)

    assert kept(registration) == []
    assert page.errors() == {BOX: CHANGED}
    assert "Andere Worte." in page.text


def test_a_household_gives_again_what_it_withdrew(client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    registration, code = make.registered(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)
    page = visit(client, "signup.change_consents", **PLACE)
    assert page.all("input", type="checkbox", checked="") == []

    def give(shown: Page) -> Page:
        form = shown.form(page.address)
        return form.send(form.box(BOX), status=302).follow()

    given = give(page)
    gone = visit(client, page.address, data={"zweck": PRESS.value}, status=302).follow()
    again = give(gone)

    assert "Gespeichert. Widerrufen können Sie jederzeit." in given.text
    assert "Eingewilligt am" in again.text
    assert kept(registration) == [(1, "de", "web", False), (1, "de", "web", True)]
    assert history(registration) == [
        (EventKind.CONSENT_GIVEN, PRESS.value, None),
        (EventKind.CONSENT_WITHDRAWN, PRESS.value, None),
        (EventKind.CONSENT_GIVEN, PRESS.value, None),
    ]


def test_nothing_ticked_is_told(client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    registration, code = make.registered(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)

    page = visit(client, "signup.change_consents", **PLACE).form(
        "/beispiel/konferenz/meine-anmeldung/einwilligungen"
    )

    assert page.send(status=422).errors() == {"": "Es ist nichts angekreuzt. Es hat sich nichts geändert."}
    assert kept(registration) == []


def test_a_cancelled_registration_gives_nothing_more(staff_client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    registration = make.registration(conference)
    form = desk(staff_client, registration).form()
    registrations.cancel(registration)

    form.send(form.box(BOX), method="paper", status=422)

    assert kept(registration) == []
    assert "Einwilligung eintragen" not in page_of(staff_client, registration).links()
