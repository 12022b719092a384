"""The desk: people who call, send a card or stand at the door are registered on one page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import registrations, secrets
from app.models import (
    Conference,
    ConferenceStatus,
    EventKind,
    GroupChoice,
    Registration,
    RegistrationChannel,
    RegistrationEvent,
    RegistrationStatus,
    SeatState,
    StaffMember,
)
from tests import make
from tests.blueprints.signup.desk import ask_everything, code_on, new, options
from tests.browse import Page
from tests.visitor import Visitor


def fields_in_sight(page: Page) -> set[str]:
    """Names of the fields one sees before anything is opened."""
    folded = {id(inner) for part in page.all("details") if part.get("open") is None for inner in part.iter()}
    return {
        field.get("name", "")
        for tag in ("input", "select", "textarea")
        for field in page.one("main").iter(tag)
        if field.get("type") != "hidden" and id(field) not in folded
    }


@pytest.mark.parametrize("choice", list(GroupChoice))
@pytest.mark.parametrize("rounds", [0, 1, 3, 7])
def test_phone_page_is_one_page_with_twelve_fields_in_sight_at_most(
    staff_client: Visitor, conference: Conference, rounds: int, choice: GroupChoice
) -> None:
    ask_everything(conference)
    if rounds:
        make.group(conference, rounds=rounds)
        make.group(conference, rounds=rounds)
    with transaction():
        conference.group_choice = choice

    page = new(staff_client)

    name = "wish_{}_1" if choice is GroupChoice.WISHES else "round_{}"
    always = {
        "channel",
        "display_name",
        "adults",
        "ages",
        "role_group",
        "organisation",
        "contact_channel",
        "contact",
    }
    assert fields_in_sight(page) == always | {name.format(number) for number in range(1, min(rounds, 4) + 1)}
    assert len(fields_in_sight(page)) <= 12
    # What the Enter key presses is what registers.
    assert page.all("button", type="submit")[1].get("name") is None


def test_phone_registers_in_the_same_way_and_ends_on_a_letter(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    free = make.group(conference, title="Wohnen").rounds[0]

    letter = (
        new(staff_client)
        .form()
        .send(display_name="Ayşe", contact_channel="phone", contact="0209 123456", round_1=str(free.id))
        .follow()
    )

    registration = db.session.scalar(select(Registration))
    assert (registration.channel, registration.created_by_id) == (RegistrationChannel.PHONE, organizer.id)
    assert secrets.decrypt(registration.contact) == "0209 123456"
    assert [seat.state for seat in registration.participants[0].live_seats] == [SeatState.SEATED]
    code = code_on(letter)
    assert registrations.by_code(conference.host_id, code) == registration
    assert "Wohnen – Platz sicher" in letter.text
    assert letter.links()["Nächste Anmeldung"] == "/verwaltung/beispiel/konferenz/anmeldungen/neu"
    assert letter.response.headers["Cache-Control"] == "no-store"


def test_phone_names_the_queue_of_a_full_group(staff_client: Visitor, conference: Conference) -> None:
    full = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    make.registration(conference, full)
    page = new(staff_client)
    assert options(page, "round_1") == ["keine Gruppe", "1. Wohnen – voll, 0 warten"]

    letter = page.form().send(contact_channel="none", round_1=str(full.id)).follow()

    assert "Wohnen – Warteliste, Platz 1" in letter.text


def test_phone_sent_twice_registers_once(staff_client: Visitor, conference: Conference) -> None:
    form = new(staff_client).form()

    first, second = form.send(contact_channel="none"), form.send(contact_channel="none")

    assert first.location == second.location
    assert code_on(first.follow()) == code_on(second.follow())
    db.session.refresh(conference)
    assert conference.places_taken == 1


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"contact_channel": "email", "contact": "kaputt"},
            {"contact": "Diese E-Mail-Adresse stimmt so nicht."},
        ),
        ({"contact_channel": "phone", "contact": ""}, {"contact": "Bitte geben Sie an, wie wir"}),
        ({"contact_channel": "phone", "contact": "keine"}, {"contact": "Das ist keine Telefonnummer."}),
        ({"contact_channel": "none", "contact": "0209 1"}, {"contact": "Hier steht etwas, aber oben"}),
        ({"contact_channel": "none", "display_name": "x" * 100_000}, {"display_name": "Das ist zu lang"}),
        ({"contact_channel": "none", "role_group": "king"}, {"role_group": ""}),
        ({"contact_channel": "pigeon"}, {"contact_channel": ""}),
        ({"contact_channel": "none", "language": "xx"}, {"language": ""}),
        ({"contact_channel": "none", "channel": "web"}, {"channel-0": ""}),
        ({"contact_channel": "none", "channel": None}, {"channel-0": ""}),
        (
            {"contact_channel": "none", "submission": ""},
            {"": "Bitte senden Sie das Formular noch einmal ab."},
        ),
        ({"contact_channel": "none", "round_1": "77777"}, {"round_1": ""}),
        (
            {"contact_channel": "none", "adults": ""},
            {"adults": "Bitte geben Sie die Zahl der Erwachsenen an"},
        ),
        (
            {"contact_channel": "none", "adults": "-1"},
            {"adults": "Bitte geben Sie die Zahl der Erwachsenen an"},
        ),
        (
            {"contact_channel": "none", "adults": "0"},
            {"adults": "Bitte geben Sie mindestens eine Person an."},
        ),
        ({"contact_channel": "none", "adults": "13"}, {"adults": "Höchstens 12 Personen"}),
        ({"contact_channel": "none", "ages": "4, 45"}, {"ages": "Als Kind zählt, wer höchstens 17"}),
        ({"contact_channel": "none", "ages": "vier"}, {"ages": "Bitte schreiben Sie nur die Jahre"}),
    ],
)
def test_phone_with_a_mistake_keeps_everything_and_says_where(
    staff_client: Visitor, conference: Conference, typed: dict[str, str], errors: dict[str, str]
) -> None:
    make.group_round(conference)

    page = new(staff_client).form().send({"organisation": "AWO", **typed}, status=422)

    found = page.errors()
    assert list(found) == list(errors)
    assert all(found[field].startswith(sentence) for field, sentence in errors.items())
    assert page.form().values["organisation"] == "AWO"
    assert db.session.scalar(select(Registration)) is None


def test_phone_after_closing_is_possible_and_says_so(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.registration_closes_at = now() - timedelta(days=1)

    page = new(staff_client)

    assert "Die Anmeldung im Internet ist gerade nicht offen (Anmeldung beendet)." in page.text
    page.form().send(contact_channel="none", status=302)
    db.session.refresh(conference)
    assert conference.places_taken == 1


def test_phone_at_a_full_conference_without_a_queue_keeps_the_form(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity, conference.has_queue = 0, False

    page = new(staff_client)
    assert "Alle Plätze sind vergeben." in page.text
    page = page.form().send(contact_channel="none", display_name="Paul", status=422)

    assert page.errors()[""].startswith("Die Konferenz ist voll.")
    assert page.form().values["display_name"] == "Paul"


def test_walk_ins_take_the_places_kept_for_them(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity = conference.walk_in_quota = 1
        conference.has_queue = False
    form = new(staff_client).form()

    form.send(contact_channel="none", channel="paper", status=422)
    form.send(contact_channel="none", channel="walk_in", status=302)

    page = new(staff_client).form().send(contact_channel="none", channel="walk_in", status=422)
    assert page.errors()[""].startswith("Die Konferenz ist voll.")


@pytest.mark.parametrize("status", [ConferenceStatus.DRAFT, ConferenceStatus.CANCELLED])
def test_phone_at_a_conference_that_is_not_public_says_why(
    staff_client: Visitor, conference: Conference, status: ConferenceStatus
) -> None:
    form = new(staff_client).form()
    with transaction():
        conference.status = status

    page = new(staff_client)
    late = form.send(contact_channel="none", status=409)

    sentence = {"draft": "ist nicht öffentlich", "cancelled": "ist abgesagt"}[status.value]
    assert sentence in page.text
    assert sentence in late.text
    assert db.session.scalar(select(Registration)) is None


def test_phone_after_a_full_conference_leads_to_the_queue(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity = 1
    group_round = make.group_round(conference)
    make.registration(conference)
    page = new(staff_client)
    assert "Neue Anmeldungen kommen auf die Warteliste. Jetzt warten 0 Personen." in page.text

    letter = page.form().send(contact_channel="none", adults="2", round_1=str(group_round.id)).follow()

    registration = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
    assert registration.status is RegistrationStatus.WAITLISTED
    assert "Alle Plätze sind vergeben: Warteliste der Konferenz, Platz 1." in letter.text
    assert [seat for one in registration.participants for seat in one.live_seats] == []


def test_phone_gives_a_place_at_a_full_conference_with_a_reason_that_stands_in_the_history(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    with transaction():
        conference.capacity = 1
    make.registration(conference)

    new(staff_client).form().send(
        contact_channel="none", adults="2", override="Vertritt den Beirat", status=302
    )

    registration = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
    assert registration.status is RegistrationStatus.CONFIRMED
    assert (conference.capacity, conference.places_taken) == (3, 3)
    line = db.session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.kind == EventKind.OVERRIDDEN)
    ).one()
    assert (line.registration_id, line.reason, line.by_id) == (
        registration.id,
        "Vertritt den Beirat",
        organizer.id,
    )
