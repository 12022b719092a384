"""What goes wrong on pages about one registration: a clear sentence, nothing changed, nothing lost."""

from __future__ import annotations

import pytest

from app.database import db, transaction
from app.domain import groups, offers, registrations
from app.models import Conference, ContactChannel, Host, Participant, RegistrationStatus
from tests import make
from tests.blueprints.signup.desk import PLACE, new, page_of
from tests.blueprints.signup.test_manage_one import field_of, groups_of
from tests.browse import visit
from tests.visitor import Visitor

LONG = "x" * 3000
SIGNS = "Zoë 👩‍🦽 \u202eאבג\u202c"
TOO_LONG = "Das ist zu lang: 3000 Zeichen. Möglich sind höchstens {most}. Bitte kürzen Sie den Text."
NO_CHILD = "Das Alter eines Kindes ist eine Zahl von 0 bis 17."


@pytest.mark.parametrize("age", ["45", "18", "-1", "1.5", "vier", "٤", "9" * 3000])
def test_a_child_of_45_is_told_and_added_nowhere(
    staff_client: Visitor, conference: Conference, age: str
) -> None:
    registration = make.registration(conference)

    page = page_of(staff_client, registration, "add_person_for").form().send(age=age, status=422)

    assert page.errors() == {"age": NO_CHILD}
    assert page.form().values["age"] == age
    assert len(registration.participants) == 1


def test_a_child_has_no_name_and_what_was_typed_stays(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)

    page = page_of(staff_client, registration, "add_person_for").form().send(name="Bo", age="4", status=422)

    assert page.errors() == {"age": "Von Kindern speichern wir keinen Namen. Bitte lassen Sie ihn weg."}
    assert (page.form().values["name"], page.form().values["age"]) == ("Bo", "4")


@pytest.mark.parametrize("endpoint", ["correct", "add_person_for"])
def test_a_name_of_3000_characters_is_told_and_kept_on_the_page(
    staff_client: Visitor, conference: Conference, endpoint: str
) -> None:
    registration = make.registration(conference, name="Bo")
    field = "display_name" if endpoint == "correct" else "name"

    page = page_of(staff_client, registration, endpoint).form().send({field: LONG}, status=422)

    assert page.errors() == {field: TOO_LONG.format(most=120)}
    assert page.form().values[field] == LONG
    db.session.expire_all()
    assert (registration.display_name, len(registration.participants)) == ("Bo", 1)


@pytest.mark.parametrize("endpoint", ["let_in", "put_back"])
def test_a_reason_of_3000_characters_is_told(
    staff_client: Visitor, conference: Conference, endpoint: str
) -> None:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    registration = make.registration(conference)
    if endpoint == "put_back":
        registrations.cancel(taken)
        offers.decline(registration, None)
    before = registration.status

    page = page_of(staff_client, registration, endpoint).form().send(reason=LONG, status=422)

    assert page.errors() == {"reason": TOO_LONG.format(most=500)}
    db.session.expire_all()
    assert registration.status is before


def test_signs_of_all_kinds_are_kept_and_shown(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)

    page_of(staff_client, registration, "correct").form().send(display_name=SIGNS, status=302)
    page_of(staff_client, registration, "add_person_for").form().send(name=SIGNS, status=302)

    page = page_of(staff_client, registration)
    assert page.h1 == f"Anmeldung: {SIGNS}"
    assert [person.name for person in registration.participants] == ["", SIGNS]


def test_a_group_deleted_meanwhile_is_told_and_the_seat_stays(
    staff_client: Visitor, conference: Conference
) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registration(conference, first)
    form = groups_of(page_of(staff_client, registration))
    group_id = second.id
    groups.remove(second.group)

    page = form.send({field_of(registration): str(group_id)}, status=422)

    assert page.errors() == {field_of(registration): "Bitte wählen Sie eine der Möglichkeiten."}
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [first.id]


def test_a_group_deleted_meanwhile_loses_nothing_at_the_desk(
    staff_client: Visitor, conference: Conference
) -> None:
    group_round = make.group_round(conference)
    form = new(staff_client).form()
    group_id = group_round.id
    groups.remove(group_round.group)

    page = form.send(display_name=SIGNS, ages="4, 7", contact="0209 1234", round_1=str(group_id), status=422)

    assert page.errors() == {
        "": "Eine gewählte Gruppe gibt es nicht mehr. Bitte prüfen Sie die Gruppen und senden Sie noch einmal."
    }
    # The list has gone with the group; sent again, who calls is registered without one.
    page.form().send(status=302)
    db.session.expire_all()
    people = db.session.query(Participant).order_by(Participant.position).all()
    assert [(person.name, person.age, person.live_seats) for person in people] == [
        (SIGNS, None, []),
        ("", 4, []),
        ("", 7, []),
    ]


@pytest.mark.parametrize("what", ["foreign", "unknown", "rubbish", "huge"])
def test_an_offer_that_is_not_theirs_is_told(
    staff_client: Visitor, conference: Conference, host: Host, what: str
) -> None:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    waiting = make.registration(conference, contact_channel=ContactChannel.PHONE, contact="0209 1234")
    registrations.cancel(taken)
    foreign = make.group_round(make.conference(host))
    page = page_of(staff_client, waiting)
    form = next(form for form in page.all("form") if (form.get("action") or "").endswith("/angebot"))
    values = {field.get("name"): field.get("value", "") for field in form.iter("input")}
    number = {"foreign": str(foreign.id), "unknown": "99999", "rubbish": "²", "huge": "9" * 40}[what]

    staff_client.post(f"{page.address}/angebot", data={**values, "deed": "annehmen", "group_round": number})

    db.session.expire_all()
    assert waiting.status is RegistrationStatus.OFFERED
    assert "Dieses Angebot gibt es nicht mehr." in page_of(staff_client, waiting).text


@pytest.mark.parametrize("number", ["0", "99999", "99999999999", "9" * 40, "-1", "abc"])
def test_a_guessed_number_leads_nowhere(staff_client: Visitor, conference: Conference, number: str) -> None:
    make.registration(conference)
    base = "/verwaltung/beispiel/konferenz"

    for address in (
        f"{base}/anmeldungen/{number}",
        f"{base}/anmeldungen/{number}/wieder-aufnehmen",
        f"{base}/anmeldungen/{number}/einwilligung/neu",
        f"{base}/einladungen/{number}",
    ):
        assert staff_client.get(address).status_code == 404, address
    assert staff_client.get(f"{base}/anmeldungen?gruppe={number}&seite={number}").status_code == 200
    assert (
        staff_client.get(f"/beispiel/konferenz/meine-anmeldung/link/{number}-{'a' * 40}").status_code == 404
    )


@pytest.mark.parametrize("code", ["falsch", LONG, SIGNS, "' OR 1=1 --", "bergfest-schicken-hefezopf-17"])
def test_a_guessed_code_is_told_the_same_for_all(client: Visitor, conference: Conference, code: str) -> None:
    make.registration(conference)

    page = visit(client, "signup.enter_code", host=PLACE["host"]).form().send(code=code, status=422)

    assert list(page.errors()) == ["code"]
