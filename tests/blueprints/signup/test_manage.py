"""Registrations as staff work with them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from app.database import db, now, transaction
from app.domain import codes, outbox, registrations, seats, secrets
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    Host,
    Message,
    MessageState,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    StaffMember,
    StaffRole,
)
from tests import make
from tests.browse import Page, visit, words
from tests.visitor import Visitor


@pytest.fixture
def host(app: Flask) -> Host:
    return make.host(name="Stadt Beispiel", key="beispiel")


@pytest.fixture
def conference(host: Host) -> Conference:
    return make.conference(host, key="konferenz", capacity=10)


@pytest.fixture
def organizer(host: Host) -> StaffMember:
    return make.staff_member(StaffRole.ORGANIZER, host)


@pytest.fixture
def staff_client(client: Visitor, organizer: StaffMember) -> Visitor:
    make.sign_in(client, organizer)
    return client


PLACE = {"host": "beispiel", "conference": "konferenz"}


def open_list(client: Visitor, **query: str | int) -> Page:
    return visit(client, "signup.registrations", **PLACE, **query)


def names(page: Page) -> list[str]:
    """Who stands in the list, in its order."""
    tables = [table for table in page.one("main").iter("table") if "Erreichbar" in words(table)]
    return [words(cell) for table in tables for cell in table.iter("th") if cell.get("scope") == "row"]


# --- The list --------------------------------------------------------------------------------------------------------


def test_list_without_anybody_says_who_will_stand_here(staff_client: Visitor, conference: Conference) -> None:
    page = open_list(staff_client)

    assert page.h1 == "Anmeldungen"
    assert "Noch keine Anmeldung" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_list_is_in_the_order_of_names_with_umlauts_among_their_letters(
    staff_client: Visitor, conference: Conference
) -> None:
    for name in ("Zeynep", "Öztürk", "anton", "Paul", "Änne", ""):
        make.registration(conference, name=name)

    assert [re.sub(r"\d+", "n", name) for name in names(open_list(staff_client))] == [
        "Änne",
        "anton",
        "Öztürk",
        "Paul",
        "Zeynep",
        "ohne Namen, Nr. n",
    ]


def test_list_shows_places_and_queues_in_the_order_of_tickets(
    staff_client: Visitor, conference: Conference
) -> None:
    group = make.group(conference, capacity=1, title="Wohnen")
    for name in ("Erste", "Zweite", "Dritte"):
        make.registration(conference, group.rounds[0], name=name)

    page = open_list(staff_client)

    queue = page.one(id=f"warteliste-{group.rounds[0].id}")
    assert [words(entry) for entry in queue.iter("li")] == ["Zweite (gar nicht)", "Dritte (gar nicht)"]
    assert "Wohnen – Warteliste, Platz 2" in page.text
    assert "Wohnen – Platz sicher" in page.text
    assert [words(figure) for figure in page.one("dl", class_="figures").iter("dd")] == ["3", "7", "2"]


def test_list_hides_cancelled_ones_unless_asked_for(staff_client: Visitor, conference: Conference) -> None:
    make.registration(conference, name="Bleibt")
    registrations.cancel(make.registration(conference, name="Geht"))

    assert names(open_list(staff_client)) == ["Bleibt"]
    assert names(open_list(staff_client, stand="cancelled")) == ["Geht abgesagt"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ÖZTÜRK"}, ["Öztürk"]),
        ({"q": "ozturk"}, ["Öztürk"]),
        ({"q": "awo"}, ["Paul"]),
        ({"q": "awo paul"}, ["Paul"]),
        ({"q": "nobody"}, []),
        ({"q": "%"}, []),
        ({"stand": "waiting"}, ["Paul"]),
        ({"stand": "seated"}, ["Öztürk"]),
        ({"stand": "rubbish"}, ["Öztürk", "Paul"]),
        ({"gruppe": "rubbish"}, ["Öztürk", "Paul"]),
        ({"gruppe": "999999999999999999999999"}, ["Öztürk", "Paul"]),
        ({"gruppe": "0"}, []),
        ({"seite": "999"}, ["Öztürk", "Paul"]),
        ({"seite": "-1"}, ["Öztürk", "Paul"]),
        ({"seite": "x"}, ["Öztürk", "Paul"]),
        ({"q": "x" * 100_000}, []),
    ],
)
def test_list_finds_what_is_asked_for(
    staff_client: Visitor, conference: Conference, query: dict[str, str], found: list[str]
) -> None:
    group_round = make.group_round(conference, capacity=1)
    make.registration(conference, group_round, name="Öztürk")
    make.registration(conference, group_round, name="Paul", organisation="AWO Kreisverband")

    assert names(open_list(staff_client, **query)) == found


def test_list_finds_by_group(staff_client: Visitor, conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    make.registration(conference, first, name="Erste")
    make.registration(conference, second, name="Zweite")

    page = open_list(staff_client, gruppe=second.id)

    assert names(page) == ["Zweite"]
    assert "1 Anmeldung" in page.text


def test_list_finds_by_code_however_it_is_typed(staff_client: Visitor, conference: Conference) -> None:
    make.registration(conference, name="Andere")
    _registration, code = make.registered(conference, name="Gesuchte")

    assert names(open_list(staff_client, q=code.replace("-", " ").upper())) == ["Gesuchte"]


def test_list_says_that_nobody_was_found(staff_client: Visitor, conference: Conference) -> None:
    page = open_list(staff_client, q="niemand")

    assert "Niemand gefunden" in page.text
    assert "Alle zeigen" in page.links()


def test_list_shows_fifty_a_page(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity = None
    for number in range(51):
        make.registration(conference, name=f"Person {number:02}")

    first, second = open_list(staff_client, q="person"), open_list(staff_client, q="person", seite=2)

    assert (len(names(first)), names(second)) == (50, ["Person 50"])
    assert "51 Anmeldungen, Seite 2 von 2" in second.text
    assert visit(staff_client, first.links()["Seite 2"]).text == second.text


def test_list_names_rounds_only_where_there_are_several(
    staff_client: Visitor, conference: Conference
) -> None:
    group = make.group(conference, rounds=2, title="Wohnen")
    make.registration(conference, *group.rounds, name="A")

    page = open_list(staff_client)

    assert "Runde 1: Wohnen – Platz sicher" in page.text
    assert "1. Wohnen, Runde 2" in page.text


def test_list_shows_hostile_names_as_text(staff_client: Visitor, conference: Conference) -> None:
    make.registration(conference, name="<script>alert(1)</script>\u202e😀")

    assert names(open_list(staff_client)) == ["<script>alert(1)</script>\u202e😀"]


@pytest.mark.parametrize("count", [1, 3, 300])
def test_list_takes_the_same_number_of_statements(
    staff_client: Visitor, conference: Conference, count: int
) -> None:
    with transaction():
        conference.capacity = None
    group = make.group(conference, rounds=2, capacity=2)
    for _ in range(count):
        make.registration(conference, *group.rounds)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert staff_client.get("/verwaltung/beispiel/konferenz/anmeldungen").status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)

    # Account and its roles, conference with host and venue, groups, seats, registrations.
    assert len(seen) == 6


# --- One registration ------------------------------------------------------------------------------------------------


def page_of(client: Visitor, registration: Registration, endpoint: str = "registration") -> Page:
    return visit(client, f"signup.{endpoint}", **PLACE, registration=registration.id)


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

    page = page_of(staff_client, registration).form().send(round_1=str(second.id))

    assert "Die Gruppen sind gespeichert." in page.follow().text
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [second.id]


def test_registration_leaves_a_group_for_none(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference)
    registration = make.registration(conference, group_round)

    page_of(staff_client, registration).form().send(round_1="", status=302)

    assert registration.participants[0].live_seats == []


def test_registration_does_not_lose_its_seat_for_a_full_group(
    staff_client: Visitor, conference: Conference
) -> None:
    first = make.group_round(conference)
    full = make.group(conference, capacity=0, title="Verkehr").rounds[0]
    registration = make.registration(conference, first)
    form = page_of(staff_client, registration).form()

    page = form.send(round_1=str(full.id), status=422)

    assert "„Verkehr“ ist voll." in page.errors()[""]
    assert page.form().values["round_1"] == str(full.id)
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [first.id]

    form.send(round_1=str(full.id), accept_queue="y", status=302)

    assert [seat.state for seat in registration.participants[0].live_seats] == [SeatState.WAITING]


def test_registration_changes_after_closing(staff_client: Visitor, conference: Conference) -> None:
    group_round = make.group_round(conference)
    registration = make.registration(conference)
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    page_of(staff_client, registration).form().send(round_1=str(group_round.id), status=302)

    assert len(registration.participants[0].live_seats) == 1


@pytest.mark.parametrize("value", ["99999", "x", "-1"])
def test_registration_refuses_a_group_that_is_not_there(
    staff_client: Visitor, conference: Conference, value: str
) -> None:
    make.group_round(conference)
    registration = make.registration(conference)

    page = page_of(staff_client, registration).form().send(round_1=value, status=422)

    assert list(page.errors()) == ["round_1"]


def test_registration_refuses_a_group_of_another_conference(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    make.group_round(conference)
    elsewhere = make.group_round(make.conference(host))
    registration = make.registration(conference)

    page_of(staff_client, registration).form().send(round_1=str(elsewhere.id), status=422)

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
    form = page_of(staff_client, registration).form()
    registrations.cancel(registration)

    page = form.send(round_1=str(group_round.id), status=422)

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


def test_new_code_ends_the_old_one_and_is_printed(staff_client: Visitor, conference: Conference) -> None:
    registration, old = make.registered(conference, name="Paul")

    letter = page_of(staff_client, registration, "new_code").form().send().follow()

    code = words(letter.one("p", class_="code-card__code"))
    assert registrations.by_code(conference.host_id, code) == registration
    assert codes.digest(old) != registration.code_digest
    assert "Für: Paul" in letter.text


def test_letter_without_a_fresh_code_offers_a_new_one(staff_client: Visitor, conference: Conference) -> None:
    registration, code = make.registered(conference)
    other = make.registration(conference)
    page_of(staff_client, other, "new_code").form().send(status=302)

    page = page_of(staff_client, registration, "letter")

    assert "Einen neuen Code vergeben" in page.links()
    assert page.all("p", class_="code-card__code") == []
    assert code not in page.response.text


def test_letter_can_be_printed_again_for_an_hour(
    app: Flask, client: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = make.registration(make.conference(conference.host, key="bald"))
    place = {"host": "beispiel", "conference": "bald", "registration": registration.id}
    make.sign_in(client, make.staff_member(StaffRole.INSTANCE_ADMIN))
    visit(client, "signup.new_code", **place).form().send(status=302)
    clock.shift(timedelta(minutes=59))
    assert visit(client, "signup.letter", **place).all("p", class_="code-card__code") != []

    clock.shift(timedelta(minutes=2))

    assert visit(client, "signup.letter", **place).all("p", class_="code-card__code") == []


def test_letter_never_shows_a_code_that_has_ended(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    letter = page_of(staff_client, registration, "new_code").form().send().follow()
    ended = words(letter.one("p", class_="code-card__code"))
    # Somebody else gives a newer one.
    registrations.renew_code(registration)

    page = page_of(staff_client, registration, "letter")

    assert page.all("p", class_="code-card__code") == []
    assert ended not in page.text


def test_letter_to_an_address_carries_it(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(
        conference, name="Paul", contact_channel=ContactChannel.POST, contact="Weg 1, 12345 Stadt"
    )

    page = page_of(staff_client, registration, "letter")

    assert "Paul Weg 1, 12345 Stadt" in page.text


def test_letter_of_a_cancelled_one_says_so(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    registrations.cancel(registration)

    assert "Diese Anmeldung ist abgesagt." in page_of(staff_client, registration, "letter").text


# --- By telephone ----------------------------------------------------------------------------------------------------


def new(client: Visitor) -> Page:
    return visit(client, "signup.register_by_phone", **PLACE)


def test_phone_page_is_one_page_of_few_fields(staff_client: Visitor, conference: Conference) -> None:
    make.group(conference, rounds=3)

    page = new(staff_client)

    fields = {
        field.get("name")
        for tag in ("input", "select", "textarea")
        for field in page.one("main").iter(tag)
        if field.get("type") != "hidden"
    }
    assert len(fields) <= 12
    assert page.all("button", type="submit")[-1].get("name") is None


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
    code = words(letter.one("p", class_="code-card__code"))
    assert registrations.by_code(conference.host_id, code) == registration
    assert "Wohnen – Platz sicher" in letter.text
    assert letter.links()["Nächste Anmeldung"] == "/verwaltung/beispiel/konferenz/anmeldungen/neu"
    assert letter.response.headers["Cache-Control"] == "no-store"


def test_phone_names_the_queue_of_a_full_group(staff_client: Visitor, conference: Conference) -> None:
    full = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    make.registration(conference, full)
    page = new(staff_client)
    assert "1. Wohnen – voll, Warteliste Platz 1" in page.text

    letter = page.form().send(contact_channel="none", round_1=str(full.id)).follow()

    assert "Wohnen – Warteliste, Platz 1" in letter.text


def test_phone_sent_twice_registers_once(staff_client: Visitor, conference: Conference) -> None:
    form = new(staff_client).form()

    first, second = form.send(contact_channel="none"), form.send(contact_channel="none")

    assert first.location == second.location
    assert words(first.follow().one("p", class_="code-card__code")) == words(
        second.follow().one("p", class_="code-card__code")
    )
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


def test_phone_at_a_full_conference_keeps_the_form(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity = 0

    page = new(staff_client)
    assert "Alle Plätze sind vergeben." in page.text
    page = page.form().send(contact_channel="none", display_name="Paul", status=422)

    assert page.errors()[""].startswith("Die Konferenz ist gerade voll geworden.")
    assert page.form().values["display_name"] == "Paul"


def test_walk_ins_take_the_places_kept_for_them(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity = conference.walk_in_quota = 1
    form = new(staff_client).form()

    form.send(contact_channel="none", channel="paper", status=422)
    form.send(contact_channel="none", channel="walk_in", status=302)

    page = new(staff_client).form().send(contact_channel="none", channel="walk_in", status=422)
    assert page.errors()[""].startswith("Die Konferenz ist gerade voll geworden.")


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


# --- Mails -----------------------------------------------------------------------------------------------------------


def with_mail(conference: Conference, name: str = "Paul") -> Registration:
    return make.registration(
        conference, name=name, contact_channel=ContactChannel.EMAIL, contact="paul@example.org"
    )


def fail(reason: str = "Das Postfach gibt es nicht.") -> Message:
    claim = outbox.claim(now() + timedelta(seconds=1))
    outbox.mark_failed(claim, reason)
    return db.session.get(Message, claim.message_id)


def test_outbox_without_mails_says_what_will_stand_here(
    staff_client: Visitor, conference: Conference
) -> None:
    assert "Keine Nachrichten" in visit(staff_client, "signup.outbox", **PLACE).text


def test_outbox_shows_states_and_reasons(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference, "Erste")
    fail()
    with_mail(conference, "Zweite")

    page = visit(staff_client, "signup.outbox", **PLACE)

    assert "alle (2)" in page.links()
    assert "nicht zustellbar Das Postfach gibt es nicht." in page.text
    assert "paul@example.org" not in page.response.text
    waiting = visit(staff_client, "signup.outbox", **PLACE, stand="queued")
    assert "Zweite" in waiting.text
    assert "Erste" not in waiting.text


def test_outbox_tells_what_happened_and_what_comes(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference, "Später")
    outbox.mark_delayed(outbox.claim(now() + timedelta(seconds=1)), "Der Mailserver antwortet nicht.")
    with_mail(conference, "Unklar")
    outbox.mark_unknown(outbox.claim(now() + timedelta(seconds=1)), "")
    with_mail(conference, "Gesendet")
    outbox.mark_sent(outbox.claim(now() + timedelta(seconds=1)))

    text = visit(staff_client, "signup.outbox", **PLACE).text

    assert "nächster Versuch am" in text
    assert "Der Mailserver antwortet nicht." in text
    assert "Vielleicht ist die Nachricht angekommen." in text
    assert "gesendet am" in text


@pytest.mark.parametrize("query", [{"stand": "rubbish"}, {"seite": "x"}, {"seite": "99"}])
def test_outbox_survives_any_query(
    staff_client: Visitor, conference: Conference, query: dict[str, str]
) -> None:
    with_mail(conference)

    assert "Paul" in visit(staff_client, "signup.outbox", **PLACE, **query).text


def test_send_again_queues_the_mail(staff_client: Visitor, conference: Conference) -> None:
    registration = with_mail(conference)
    message = fail()
    address = f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal"

    page = page_of(staff_client, registration).form(address).send()

    assert page.location.endswith(f"/anmeldungen/{registration.id}")
    assert "Die Nachricht wird noch einmal gesendet." in page.follow().text
    db.session.refresh(message)
    assert message.state is MessageState.QUEUED


def test_send_again_from_the_outbox_returns_there(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference)
    message = fail()

    page = visit(staff_client, "signup.outbox", **PLACE).form().send()

    assert page.location == "/verwaltung/beispiel/konferenz/nachrichten"
    db.session.refresh(message)
    assert message.state is MessageState.QUEUED


def test_send_again_without_an_address_says_why(staff_client: Visitor, conference: Conference) -> None:
    registration = with_mail(conference)
    message = fail()
    registrations.correct(
        registration,
        registrations.Details(role_group=RoleGroup.RESIDENT, contact_channel=ContactChannel.NONE),
    )

    page = visit(staff_client, "signup.outbox", **PLACE).form().send().follow()

    assert "Die Adresse ist nicht mehr gespeichert." in page.text
    db.session.refresh(message)
    assert message.state is MessageState.FAILED


def test_send_again_of_an_invitation_is_none_of_an_organizer(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    from app.domain import staff

    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    message = fail()

    answer = staff_client.post(f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal")

    assert answer.status_code == 404


def test_send_again_with_an_old_token_does_nothing(
    app: Flask, staff_client: Visitor, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(conference)
    message = fail()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = staff_client.post(
        f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal", data={"csrf_token": "old"}
    )

    assert answer.status_code == 302
    assert "noch einmal" in visit(staff_client, "signup.outbox", **PLACE).text
    db.session.refresh(message)
    assert message.state is MessageState.FAILED


# --- Who may ---------------------------------------------------------------------------------------------------------

ADDRESSES = [
    "/verwaltung/beispiel/konferenz/anmeldungen",
    "/verwaltung/beispiel/konferenz/anmeldungen/neu",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/angaben",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/absagen",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/code",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/brief",
    "/verwaltung/beispiel/konferenz/nachrichten",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_for_those_who_work_here(
    app: Flask, conference: Conference, host: Host, address: str
) -> None:
    elsewhere = make.host()
    place = address.format(registration=make.registration(conference).id)
    expected = {
        "nobody": (None, 302),
        "organizer": (make.staff_member(StaffRole.ORGANIZER, host), 200),
        "host admin": (make.staff_member(StaffRole.HOST_ADMIN, host), 200),
        "instance admin": (make.staff_member(StaffRole.INSTANCE_ADMIN), 200),
        "without a role": (make.staff_member(None), 403),
        "organizer elsewhere": (make.staff_member(StaffRole.ORGANIZER, elsewhere), 403),
        "host admin elsewhere": (make.staff_member(StaffRole.HOST_ADMIN, elsewhere), 403),
    }

    found = {}
    for who, (member, _status) in expected.items():
        visitor = Visitor(app)
        if member is not None:
            make.sign_in(visitor, member)
        found[who] = visitor.get(place).status_code

    assert found == {who: status for who, (_member, status) in expected.items()}


def test_pages_of_a_registration_elsewhere_do_not_exist(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    foreign = make.registration(make.conference(make.host()), name="Geheim")
    neighbour = make.registration(make.conference(host), name="Nachbarkonferenz")

    for registration in (foreign, neighbour):
        for address in ADDRESSES[2:7]:
            answer = staff_client.get(address.format(registration=registration.id))
            assert answer.status_code == 404


def test_a_resident_with_a_code_sees_no_staff_page(
    app: Flask, client: Visitor, conference: Conference
) -> None:
    registration, code = make.registered(conference)
    client.post("/beispiel/meine-anmeldung", data={"code": code})

    answer = client.get(f"/verwaltung/beispiel/konferenz/anmeldungen/{registration.id}")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/verwaltung/anmelden")


def test_queue_and_seats_agree_after_all_that(staff_client: Visitor, conference: Conference) -> None:
    """The list shows what the domain says, whatever happened before."""
    group_round = make.group_round(conference, capacity=2)
    people = [make.registration(conference, group_round, name=f"P{number}") for number in range(5)]
    registrations.cancel(people[0])
    seats.set_capacity(group_round, 3)

    page = open_list(staff_client, stand="waiting")

    assert names(page) == ["P4"]
    assert seats.queue_position(people[4].participants[0].live_seats[0]) == 1
