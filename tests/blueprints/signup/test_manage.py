"""The list of registrations: who stands in it, what it is narrowed to, queues and calls; and who may open pages."""

from __future__ import annotations

import re

import pytest

from app.database import transaction
from app.domain import offers, registrations, seats
from app.models import (
    Conference,
    ContactChannel,
    RegistrationChannel,
    StaffMember,
)
from tests import counting, make
from tests.blueprints.signup.desk import names, open_list, options
from tests.browse import visit, words
from tests.visitor import Visitor

# Account and its roles, conference with host and venue, groups, offers of the conference and of groups, who is found,
# counts by status, by state of seats and by group, registrations of the page and their seats, queues of groups and of
# the conference.
STATEMENTS = 14


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
    assert names(open_list(staff_client, stand="cancelled")) == ["Geht"]


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

    with counting.statements() as sent:
        assert staff_client.get("/verwaltung/beispiel/konferenz/anmeldungen").status_code == 200

    assert len([one for one in sent if one.startswith("SELECT")]) == STATEMENTS


def test_list_counts_people_and_shows_how_each_household_stands(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity = 3
    make.registered(conference, name="Zwei", people=2)
    make.registered(conference, name="Viele", people=4)
    make.registered(conference, name="Noch zwei", people=2)

    page = open_list(staff_client)

    rows = [
        [words(cell) for cell in row.iter("td")][:2]
        for table in page.one("main").iter("table")
        for row in table.iter("tr")
        if row.findall("td")
    ]
    assert rows == [["2", "Warteliste, Platz 2"], ["4", "Warteliste, Platz 1"], ["2", "angemeldet"]]
    queue = page.one(id="warteliste-konferenz")
    assert [words(entry) for entry in queue.iter("li")] == [
        "Viele (4 Personen, gar nicht)",
        "Noch zwei (2 Personen, gar nicht)",
    ]
    assert "Frei: 1. Die erste Anmeldung braucht 4 Plätze." in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stand": "confirmed"}, ["Hat Platz", "Telefonat"]),
        ({"stand": "waitlisted"}, ["Wartet zuerst", "Am Ende"]),
        ({"stand": "cancelled"}, ["Weg"]),
        ({"weg": "phone"}, ["Telefonat"]),
        ({"weg": "phone", "stand": "waitlisted"}, []),
        ({"weg": "rubbish"}, ["Am Ende", "Hat Platz", "Telefonat", "Wartet zuerst"]),
        ({"q": "kind der zweiten"}, []),
        ({"q": "zweite person"}, ["Hat Platz"]),
        ({"stand": "calls"}, []),
        ({"stand": "offered"}, []),
        ({"stand": "lapsed"}, []),
        ({"stand": "attended"}, []),
    ],
)
def test_list_is_narrowed_to_what_is_asked_for_with_queues_in_their_order(
    staff_client: Visitor,
    conference: Conference,
    organizer: StaffMember,
    query: dict[str, str],
    found: list[str],
) -> None:
    with transaction():
        conference.capacity = 3
    make.household(
        conference,
        registrations.Person("Hat Platz"),
        registrations.Person("Zweite Person"),
        display_name="Hat Platz",
    )
    registrations.cancel(make.registration(conference, name="Weg"))
    make.registration(conference, name="Telefonat", channel=RegistrationChannel.PHONE, by=organizer)
    make.registration(conference, name="Wartet zuerst")
    make.registration(conference, name="Am Ende")

    assert names(open_list(staff_client, **query)) == found


def test_list_offers_filters_with_their_counts(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    group_round = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    make.registered(conference, group_round, name="Zwei", people=2)
    make.registration(conference, group_round, channel=RegistrationChannel.PHONE, by=organizer)
    registrations.cancel(make.registration(conference))

    page = open_list(staff_client)

    assert options(page, "stand") == [
        "alle angemeldeten und wartenden",
        "angemeldet (2)",
        "auf der Warteliste der Konferenz (0)",
        "mit offenem Angebot (0)",
        "wartet auf unseren Anruf (0)",
        "mit sicherem Platz in einer Gruppe (1)",
        "auf der Warteliste einer Gruppe (1)",
        "war da (0)",
        "war nicht da (0)",
        "Angebot nicht angenommen (0)",
        "abgesagt (1)",
    ]
    assert options(page, "gruppe") == ["alle Gruppen", "1. Wohnen (2)"]
    assert options(page, "weg") == [
        "alle Wege",
        "Internet (1)",
        "Telefon (1)",
        "Papier (0)",
        "Tabelle (0)",
        "ohne Anmeldung gekommen (0)",
    ]


def test_list_of_a_queue_is_in_its_order_and_counts_households(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity = None
    group_round = make.group_round(conference, capacity=0)
    for number in range(12):
        make.registered(conference, group_round, name=f"P{12 - number:02}", people=2)

    page = open_list(staff_client)
    queue = page.one(id=f"warteliste-{group_round.id}")
    all_of_them = visit(
        staff_client, page.links()["Alle in dieser Warteliste, in ihrer Reihenfolge"].partition("#")[0]
    )

    assert len(list(queue.iter("li"))) == 10
    assert names(all_of_them) == [f"P{12 - number:02}" for number in range(12)]
    assert "Warteliste, Platz 12" in all_of_them.text


# --- Calls to make ---------------------------------------------------------------------------------------------------


def test_calls_to_make_start_the_clock_when_they_are_noted(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    with transaction():
        conference.capacity, conference.makes_offers, conference.offer_hours = 1, True, 24
    taken = make.registration(conference)
    waiting = make.registration(
        conference, name="Frau Alt", contact_channel=ContactChannel.PHONE, contact="0209 123456"
    )
    assert "Zu tun" not in open_list(staff_client).text
    registrations.cancel(taken)

    page = open_list(staff_client)

    assert "Frau Alt: 1 Platz bei der Konferenz Anrufen: 0209 123456" in page.text
    assert "Die Frist von 24 Stunden beginnt erst" in page.text
    assert names(open_list(staff_client, stand="calls")) == ["Frau Alt"]
    assert waiting.offer_expires_at is None
    done = page.form().send().follow()
    assert "Notiert. Die Frist läuft bis" in done.text
    assert waiting.offer_expires_at is not None
    assert "Zu tun" not in open_list(staff_client).text
    assert names(open_list(staff_client, stand="offered")) == ["Frau Alt"]


def test_calls_to_make_name_the_group_and_are_letters_for_those_without_a_telephone(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.makes_offers = True
    group_round = make.group(conference, capacity=2, title="Wohnen").rounds[0]
    taken = make.registered(conference, group_round, people=2)[0]
    waiting = make.registered(
        conference,
        group_round,
        name="Paar",
        people=2,
        contact_channel=ContactChannel.POST,
        contact="Weg 1, 12345 Stadt",
    )[0]
    registrations.cancel(taken)

    page = open_list(staff_client)
    page.form().send(status=302)

    assert "Paar: 2 Plätze in „Wohnen“ Brief an: Weg 1, 12345 Stadt" in page.text
    assert [offer.expires_at is not None for offer in offers.of(waiting)] == [True]


def test_queue_and_seats_agree_after_all_that(staff_client: Visitor, conference: Conference) -> None:
    """The list shows what the domain says, whatever happened before."""
    group_round = make.group_round(conference, capacity=2)
    people = [make.registration(conference, group_round, name=f"P{number}") for number in range(5)]
    registrations.cancel(people[0])
    seats.set_capacity(group_round, 3)

    page = open_list(staff_client, stand="waiting")

    assert names(page) == ["P4"]
    assert seats.queue_position(people[4].participants[0].live_seats[0]) == 1
