"""One registration as staff work with it."""

from __future__ import annotations

import re

import pytest

from app.database import db, transaction
from app.domain import registrations, secrets
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    Host,
    Registration,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    StaffMember,
)
from tests import make
from tests.blueprints.signup.desk import page_of
from tests.browse import Form, Page, words
from tests.visitor import Visitor


def groups_of(page: Page) -> Form:
    return page.form(page.address)


def field_of(registration: Registration, number: int = 1, person: int = 0) -> str:
    """The list with the groups of one person in one round."""
    return f"person_{registration.participants[person].id}_round_{number}"


@pytest.mark.parametrize(
    ("channel", "contact", "shown"),
    [
        (ContactChannel.PHONE, "0209 123456", "Erreichbar 0209 123456"),
        (ContactChannel.EMAIL, "a@example.org", "Erreichbar a@example.org"),
        (ContactChannel.POST, "Weg 1, 12345 Stadt", "Erreichbar Weg 1, 12345 Stadt"),
        (ContactChannel.NONE, "", "Erreichbar gar nicht"),
    ],
)
def test_registration_shows_how_to_reach_the_person(
    staff_client: Visitor, conference: Conference, channel: ContactChannel, contact: str, shown: str
) -> None:
    registration = make.registration(conference, name="Paul", contact_channel=channel, contact=contact)

    page = page_of(staff_client, registration)

    assert page.h1 == "Anmeldung: Paul"
    assert shown in page.text
    # The foot of the page still says whom to call.
    assert "Hilfe: 02000 54321" in page.everything


def test_registration_moves_to_another_group(staff_client: Visitor, conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registration(conference, first)

    page = groups_of(page_of(staff_client, registration)).send({field_of(registration): str(second.id)})

    assert "Die Gruppen sind gespeichert." in page.follow().text
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [second.id]


def test_registration_leaves_a_group_for_none(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference)
    registration = make.registration(conference, group_round)

    groups_of(page_of(staff_client, registration)).send({field_of(registration): ""}, status=302)

    assert registration.participants[0].live_seats == []


def test_registration_does_not_lose_its_seat_for_a_full_group(
    staff_client: Visitor, conference: Conference
) -> None:
    first = make.group(conference, title="Wohnen").rounds[0]
    full = make.group(conference, capacity=0, title="Verkehr").rounds[0]
    registration = make.registration(conference, first)

    page = (
        groups_of(page_of(staff_client, registration)).send({field_of(registration): str(full.id)}).follow()
    )

    held = [(seat.group_round_id, seat.state) for seat in registration.participants[0].live_seats]
    assert held == [(first.id, SeatState.SEATED), (full.id, SeatState.WAITING)]
    assert "Wohnen – Platz sicher" in page.text
    assert "Verkehr – Warteliste, Platz 1" in page.text
    # Choosing the group one sits in ends the waiting.
    groups_of(page).send({field_of(registration): str(first.id)}, status=302)
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [first.id]


def test_registration_gets_a_seat_in_a_full_group_with_a_reason_that_stands_in_the_history(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    full = make.group(conference, capacity=0, title="Verkehr").rounds[0]
    registration = make.registration(conference, full)

    page = groups_of(page_of(staff_client, registration)).send(override="Begleitet eine Referentin").follow()

    assert [seat.state for seat in registration.participants[0].live_seats] == [SeatState.SEATED]
    (line,) = [words(entry) for entry in page.all("li") if "von Hand entschieden" in words(entry)]
    assert line.endswith(
        f"von Hand entschieden, Verkehr, durch {organizer.name} Grund: Begleitet eine Referentin"
    )


def test_registration_of_a_household_chooses_for_each_person(
    staff_client: Visitor, conference: Conference
) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registered(conference, first, people=3)[0]

    groups_of(page_of(staff_client, registration)).send(
        {field_of(registration, person=1): str(second.id), field_of(registration, person=2): ""}, status=302
    )

    assert [[seat.group_round_id for seat in one.live_seats] for one in registration.participants] == [
        [first.id],
        [second.id],
        [],
    ]


def test_registration_changes_after_closing(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference)
    registration = make.registration(conference)
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    groups_of(page_of(staff_client, registration)).send(
        {field_of(registration): str(group_round.id)}, status=302
    )

    assert len(registration.participants[0].live_seats) == 1


@pytest.mark.parametrize("value", ["99999", "x", "-1"])
def test_registration_refuses_a_group_that_is_not_there(
    staff_client: Visitor, conference: Conference, value: str
) -> None:
    make.group_round(conference)
    registration = make.registration(conference)

    page = groups_of(page_of(staff_client, registration)).send({field_of(registration): value}, status=422)

    assert list(page.errors()) == [field_of(registration)]


def test_registration_refuses_a_group_of_another_conference(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    make.group_round(conference)
    elsewhere = make.group_round(make.conference(host))
    registration = make.registration(conference)

    groups_of(page_of(staff_client, registration)).send(
        {field_of(registration): str(elsewhere.id)}, status=422
    )

    db.session.refresh(elsewhere)
    assert elsewhere.seats_taken == 0


def test_registration_without_groups_has_no_form(staff_client: Visitor, conference: Conference) -> None:
    page = page_of(staff_client, make.registration(conference))

    assert page.one("main").findall(".//form") == []


def test_registration_cancelled_meanwhile_is_not_changed(
    staff_client: Visitor, conference: Conference
) -> None:
    group_round = make.group_round(conference)
    registration = make.registration(conference)
    form = groups_of(page_of(staff_client, registration))
    registrations.cancel(registration)

    page = form.send({field_of(registration): str(group_round.id)}, status=422)

    assert page.errors() == {"": "Diese Anmeldung ist schon abgesagt. Sie können sich neu anmelden."}


def test_correct_saves_what_is_known_and_keeps_seats_and_code(
    staff_client: Visitor, conference: Conference
) -> None:
    registration, code = make.registered(conference, make.group_round(conference), name="Paula")

    page = (
        page_of(staff_client, registration, "correct")
        .form()
        .send(display_name="Paul", role_group="press", contact_channel="email", contact="Paul@Example.org")
    )

    assert "Die Angaben sind gespeichert." in page.follow().text
    db.session.refresh(registration)
    assert (registration.display_name, registration.role_group) == ("Paul", RoleGroup.PRESS)
    assert secrets.decrypt(registration.contact) == "Paul@example.org"
    assert registrations.by_code(conference.host_id, code) == registration
    assert len(registration.participants[0].live_seats) == 1


def test_correct_takes_a_contact_away(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference, contact_channel=ContactChannel.PHONE, contact="0209 1234")
    form = page_of(staff_client, registration, "correct").form()
    assert form.values["contact"] == "0209 1234"

    form.send(contact_channel="none", contact="", status=302)

    db.session.refresh(registration)
    assert (registration.contact_channel, registration.contact) == (ContactChannel.NONE, "")


def test_correct_of_a_cancelled_one_is_refused(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    registrations.cancel(registration)

    page = page_of(staff_client, registration, "correct").form().send(contact_channel="none", status=422)

    assert page.errors() == {"": "Diese Anmeldung ist schon abgesagt. Sie können sich neu anmelden."}


def test_cancel_asks_first_then_lets_the_next_move_up(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    registration = make.registration(conference, group_round, name="Geht")
    waiting = make.registration(conference, group_round, name="Wartet")
    asked = page_of(staff_client, registration, "cancel_for")
    assert registration.status is RegistrationStatus.CONFIRMED

    page = asked.form().send().follow()

    assert "Abgesagt am" in page.text
    assert "Wartet ist in „Gruppe 1“ nachgerückt. Bitte sagen Sie selbst Bescheid." in page.text
    assert waiting.participants[0].live_seats[0].state is SeatState.SEATED
    db.session.refresh(conference)
    assert conference.places_taken == 1
    # Somebody presses the button of an old page.
    asked.form().send(status=302)
    db.session.refresh(conference)
    assert conference.places_taken == 1
    assert "schon abgesagt" in page_of(staff_client, registration, "cancel_for").text


def test_cancel_says_who_gets_a_mail(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    registration = make.registration(conference, group_round)
    make.registration(conference, group_round, contact_channel=ContactChannel.EMAIL, contact="a@example.org")

    page = page_of(staff_client, registration, "cancel_for").form().send().follow()

    assert re.search(r"Anmeldung Nr\. \d+ ist in „Gruppe 1“ nachgerückt und bekommt eine Mail\.", page.text)
