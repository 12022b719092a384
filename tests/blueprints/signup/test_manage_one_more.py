"""One registration: offers, people, places before one's turn, answers, consents, needs and history."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.database import db, now, transaction
from app.domain import offers, registrations, support
from app.models import (
    Conference,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    ContactChannel,
    EventKind,
    Host,
    NeedKind,
    Question,
    QuestionKind,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    StaffMember,
    StaffRole,
    Translated,
)
from tests import counting, make
from tests.blueprints.signup.desk import PLACE, page_of
from tests.browse import Form, Page, visit, words
from tests.visitor import Visitor


def button(page: Page, text: str) -> Form:
    """The form of the button with these words."""
    return next(
        Form(page, form, {field.get("name"): field.get("value", "") for field in form.iter("input")})
        for form in page.all("form")
        if any(words(found).partition(":")[0] == text for found in form.iter("button"))
    )


def offered(conference: Conference, **details: object) -> Registration:
    """Somebody who is offered the only place of the conference."""
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    waiting = make.registration(
        conference,
        **{"name": "Frau Alt", "contact_channel": ContactChannel.PHONE, "contact": "0209 123456", **details},
    )
    registrations.cancel(taken)
    return waiting


def history(registration: Registration) -> list[tuple[EventKind, str]]:
    rows = db.session.query(RegistrationEvent).filter_by(registration_id=registration.id)
    return [(row.kind, row.reason) for row in rows.order_by(RegistrationEvent.id)]


# --- Offers ----------------------------------------------------------------------------------------------------------


def test_offer_says_whom_to_call_then_runs_and_is_accepted_for_the_person(
    staff_client: Visitor, conference: Conference
) -> None:
    registration = offered(conference)
    page = page_of(staff_client, registration)
    assert "Die Frist läuft noch nicht. Sagen Sie zuerst Bescheid: 0209 123456" in page.text

    page = button(page, "Ich habe angerufen – Frist läuft jetzt").send().follow()
    assert "Notiert. Die Frist läuft bis" in page.text
    until = registration.offer_expires_at
    page = button(page, "Nimmt an").send().follow()

    assert until is not None
    assert registration.status is RegistrationStatus.CONFIRMED
    assert "Der Platz ist vergeben" in page.text
    assert [kind for kind, _reason in history(registration)] == [
        EventKind.WAITLISTED,
        EventKind.OFFERED,
        EventKind.CALLED,
        EventKind.ACCEPTED,
    ]


def test_offer_is_declined_and_goes_to_the_next(staff_client: Visitor, conference: Conference) -> None:
    registration = offered(conference)
    following = make.registration(conference, name="Danach")

    page = button(page_of(staff_client, registration), "Lehnt ab").send().follow()

    assert "Das Angebot ist abgelehnt." in page.text
    assert registration.status is RegistrationStatus.LAPSED
    assert following.status is RegistrationStatus.OFFERED
    assert "wurde nicht angenommen" in page.text


def test_offer_answered_too_late_says_so_and_changes_nothing(
    client: Visitor, host: Host, clock: time_machine.Traveller
) -> None:
    conference = make.conference(host, key="konferenz")
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, host))
    registration = offered(conference)
    with transaction():
        conference.offer_hours = 1
    page = button(page_of(client, registration), "Ich habe angerufen – Frist läuft jetzt").send().follow()
    accept = button(page, "Nimmt an")
    clock.shift(timedelta(minutes=61))
    offers.lapse_due(now())

    page = accept.send().follow()

    assert "Die Frist für diesen Platz ist vorbei" in page.text
    assert registration.status is RegistrationStatus.LAPSED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"deed": "annehmen", "group_round": "999"}, "Dieses Angebot gibt es nicht mehr."),
        ({"deed": "annehmen", "group_round": "x"}, "Dieses Angebot gibt es nicht mehr."),
        ({"deed": "angerufen", "group_round": "9" * 40}, "Dieses Angebot gibt es nicht mehr."),
        ({"deed": "rubbish"}, "Bitte drücken Sie den Knopf noch einmal."),
        ({}, "Bitte drücken Sie den Knopf noch einmal."),
    ],
)
def test_offer_that_is_none_says_so(
    staff_client: Visitor, conference: Conference, values: dict[str, str], sentence: str
) -> None:
    registration = offered(conference)
    address = f"/verwaltung/beispiel/konferenz/anmeldungen/{registration.id}"

    answer = staff_client.post(f"{address}/angebot", data=values)

    assert answer.status_code == 302
    assert sentence in visit(staff_client, address).text
    assert registration.status is RegistrationStatus.OFFERED


def test_offer_of_a_seat_says_what_would_be_given_up(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.makes_offers = True
    held = make.group(conference, title="Wohnen").rounds[0]
    full = make.group(conference, capacity=1, title="Verkehr").rounds[0]
    taken = make.registration(conference, full)
    registration = make.registration(
        conference, held, contact_channel=ContactChannel.PHONE, contact="0209 123456"
    )
    page = page_of(staff_client, registration)
    page.form(page.address).send(
        {f"person_{registration.participants[0].id}_round_1": str(full.id)}, status=302
    )
    registrations.cancel(taken)

    page = page_of(staff_client, registration)
    assert "Angebot: 1 Platz in „Verkehr“" in page.text
    assert "Wer annimmt, gibt dafür auf: Wohnen" in page.text
    button(page, "Nimmt an").send(status=302)

    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [full.id]


# --- Before one's turn -----------------------------------------------------------------------------------------------


def test_let_in_needs_a_reason_and_adds_what_is_missing(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    with transaction():
        conference.capacity = 2
    first = make.registered(conference, people=2)[0]
    waiting = make.registered(conference, name="Paar", people=2)[0]
    page = page_of(staff_client, waiting, "let_in")
    assert "Dafür kommen 2 Plätze zur Konferenz dazu." in page.text

    assert list(page.form().send(reason="", status=422).errors()) == ["reason"]
    page = page.form().send(reason="Übersetzen für andere").follow()

    assert waiting.status is RegistrationStatus.CONFIRMED
    assert first.status is RegistrationStatus.CONFIRMED
    assert conference.capacity == conference.places_taken == 4
    assert (EventKind.OVERRIDDEN, "Übersetzen für andere") in history(waiting)
    assert f"durch {organizer.name} Grund: Übersetzen für andere" in page.text
    # An old page once more: nothing changes.
    assert "wartet nicht" in page_of(staff_client, waiting, "let_in").text


# --- People ----------------------------------------------------------------------------------------------------------


def test_people_come_change_and_stay_away(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference, make.group_round(conference), name="Paula")

    page = page_of(staff_client, registration, "add_person_for").form().send(age="4").follow()
    assert "Person 2: Kind, 4 Jahre" in page.text
    child = registration.participants[1]
    place = {**PLACE, "registration": registration.id, "person": child.id}
    visit(staff_client, "signup.change_person_for", **place).form().send(age="", name="Ali", status=302)
    assert (child.name, child.age) == ("Ali", None)
    page = visit(staff_client, "signup.remove_person_for", **place).form().send().follow()

    assert "Die Person ist abgemeldet." in page.text
    assert len(registration.participants) == 1
    db.session.refresh(conference)
    assert conference.places_taken == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"age": "45"}, "age"),
        ({"age": "x"}, "age"),
        ({"age": "4", "name": "Ali"}, "age"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_person_who_cannot_be_is_refused_at_the_field(
    staff_client: Visitor, conference: Conference, typed: dict[str, str], field: str
) -> None:
    registration = make.registration(conference)

    page = page_of(staff_client, registration, "add_person_for").form().send(typed, status=422)

    assert list(page.errors()) == [field]
    assert len(registration.participants) == 1


def test_person_does_not_fit_into_a_full_conference(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    with transaction():
        conference.capacity = 1

    before = page_of(staff_client, registration, "add_person_for")
    page = before.form().send(status=422)

    assert "Für diese Anmeldung ist gerade kein weiterer frei." in before.text
    assert page.errors()[""].startswith("Die Konferenz ist voll.")


def test_person_of_another_registration_is_not_found(staff_client: Visitor, conference: Conference) -> None:
    registration, other = make.registration(conference), make.registration(conference)
    address = f"/verwaltung/beispiel/konferenz/anmeldungen/{registration.id}/personen"

    assert staff_client.get(f"{address}/{other.participants[0].id}").status_code == 404


# --- Answers, consents, needs ----------------------------------------------------------------------------------------


def everything_known(conference: Conference, by: StaffMember | None) -> Registration:
    """A household that has answered, agreed and needs something."""
    with transaction():
        question = Question(
            host_id=conference.host_id,
            conference_id=conference.id,
            key="thema",
            position=1,
            kind=QuestionKind.SINGLE,
            label=Translated("Was ist Ihnen wichtig?"),
            options=[{"key": "a", "label": {"de": "Bänke"}}],
        )
        text = ConsentText(
            host_id=conference.host_id,
            conference_id=conference.id,
            purpose=ConsentPurpose.PHOTO_PRESS,
            words=Translated("Fotos dürfen in die Zeitung."),
        )
        db.session.add_all([question, text])
    make.support_offers(conference, NeedKind.INTERPRETING)
    return registrations.register(
        conference,
        registrations.Details(role_group=RoleGroup.RESIDENT, display_name="Frau Alt"),
        [registrations.Person(needs=[support.Wanted(NeedKind.INTERPRETING, "ar")])],
        submission="s" * 20,
        answers={question.id: "a"},
        consents=[text.id],
        consent_method=ConsentMethod.ORAL,
        by=by,
    )[0]


def test_registration_shows_answers_consents_needs_and_history(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    registration = everything_known(conference, organizer)

    text = page_of(staff_client, registration).text

    today = now().astimezone(ZoneInfo("Europe/Berlin")).strftime("%d.%m.%Y")
    assert "Was ist Ihnen wichtig? Bänke" in text
    assert f"Fotos für die Presse (Fassung 1): mündlich gesagt, {today}, notiert von" in text
    assert "Übersetzung in eine andere Sprache: Arabisch offen" in text
    assert f"angemeldet, durch {organizer.name}" in text


def test_consent_is_withdrawn_for_the_person_at_once(staff_client: Visitor, conference: Conference) -> None:
    registration = everything_known(conference, None)

    page = button(page_of(staff_client, registration), "Widerrufen").send().follow()

    assert "Die Einwilligung ist widerrufen." in page.text
    assert "– widerrufen am" in page.text
    assert "Einwilligung widerrufen, Fotos für die Presse, durch" in page.text
    answer = staff_client.post(f"{page.address}/einwilligung", data={"purpose": "rubbish"})
    assert answer.status_code == 302
    assert "Bitte drücken Sie den Knopf noch einmal." in page_of(staff_client, registration).text


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (StaffRole.HOST_ADMIN, True),
        (StaffRole.ORGANIZER, True),
        (StaffRole.HELPER, False),
        (StaffRole.INSTANCE_ADMIN, False),
    ],
)
def test_needs_are_seen_by_those_in_charge_alone(
    app: Flask, conference: Conference, host: Host, role: StaffRole, sees: bool
) -> None:
    registration = everything_known(conference, None)
    visitor = Visitor(app)
    make.sign_in(visitor, make.staff_member(role, None if role is StaffRole.INSTANCE_ADMIN else host))

    page = page_of(visitor, registration)

    assert ("Unterstützung" in [words(title) for title in page.all("h2")]) is sees
    assert ("Arabisch" in page.text) is sees
    assert "Was ist Ihnen wichtig? Bänke" in page.text


@pytest.mark.parametrize("people", [1, 3, 12])
def test_registration_takes_the_same_number_of_statements(
    staff_client: Visitor, conference: Conference, people: int
) -> None:
    with transaction():
        conference.capacity = None
    rounds = make.group(conference, rounds=2, capacity=12).rounds
    registration = make.registered(conference, *rounds, people=people)[0]
    address = f"/verwaltung/beispiel/konferenz/anmeldungen/{registration.id}"

    with counting.statements() as sent:
        assert staff_client.get(address).status_code == 200

    assert len(sent) == 15
    assert {seat.state for one in registration.participants for seat in one.live_seats} == {SeatState.SEATED}
