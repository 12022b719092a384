"""Giving out seats by wishes, as staff see it: ask, read, change by hand, release; and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import now, transaction
from app.domain import seats, wishes
from app.domain.allocation import propose, solve
from app.domain.allocation.release import release
from app.domain.queries import allocation as read
from app.models import AllocationState, StaffRole
from tests import make
from tests.browse import visit, words
from tests.domain.allocation import town
from tests.visitor import Visitor


@pytest.fixture
def conference(app):
    return town.conference([1, 5])


@pytest.fixture
def staff(client, conference):
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    return client


def place_of(conference, *rest):
    return "/".join([f"/verwaltung/{conference.host.key}/{conference.key}/einteilung", *map(str, rest)])


def test_a_conference_where_everybody_chooses_says_why_there_is_nothing_to_give_out(staff, conference):
    direct = make.conference(conference.host)

    page = visit(staff, place_of(direct))

    assert "wählen alle ihre Gruppe selbst" in page.text
    assert page.all("input", name="seed") == []


def test_asking_queues_a_proposal_and_the_page_says_so_until_it_is_there(staff, conference):
    town.wishing(conference, [1])

    visit(staff, place_of(conference)).form(place_of(conference)).send(seed="42", status=302)

    allocation = read.latest(conference)
    assert (allocation.seed, allocation.state) == (42, AllocationState.QUEUED)
    assert "wird gerade berechnet" in visit(staff, place_of(conference)).text
    propose.compute_all()
    page = visit(staff, place_of(conference))
    assert "Vorschlag 1" in page.text
    assert allocation.input_sha256 in page.text


def test_asking_with_an_unfit_number_or_for_nobody_is_told_on_the_page(staff, conference):
    form = visit(staff, place_of(conference)).form()

    assert form.send(seed="null", status=422).errors() == {
        "seed": "Das ist keine ganze Zahl. Zum Beispiel: 12"
    }
    assert "Es gibt niemanden zu verteilen" in form.send(status=422).text


def test_a_person_is_moved_on_a_page_and_without_reason_kept_as_it_was(staff, conference):
    home = town.wishing(conference, [1, 2], display_name="Amina Zwergotter")
    allocation = town.solved(conference)
    address = place_of(conference, 1, "personen", home.participants[0].id)
    other = conference.groups[1].rounds[0].id

    form = visit(staff, address).form()
    assert form.send(round_1=other, status=422).errors() == {
        "reason": "Bitte schreiben Sie dazu, warum. Die Person liest den Grund bei ihrer Anmeldung."
    }
    form.send(round_1=other, reason="Barrierefreier Raum", status=302)

    assert town.proposed(allocation) == {home.participants[0].id: 2}
    page = visit(staff, place_of(conference, 1, "personen?zeige=hand"))
    assert "Amina Zwergotter" in page.text
    assert "von Hand geändert: Barrierefreier Raum" in page.text


def test_releasing_on_the_page_gives_seats_and_warns_of_changes_first(staff, conference):
    home = town.wishing(conference, [1], display_name="Ohne Änderung")
    other = town.wishing(conference, [2], display_name="Mit Änderung")
    town.solved(conference)
    with transaction():
        wishes.save(other.participants[0], {})
    address = place_of(conference, 1, "freigeben")

    assert "hat sich etwas geändert" in visit(staff, place_of(conference)).text
    before = visit(staff, address)
    form = before.form()
    form.send(anyway=None, status=422)
    page = form.send(status=302).follow()

    assert "1 Platz wird vergeben." in before.text
    assert "1 vorgeschlagener Platz wird nicht vergeben" in before.text
    assert ("Ohne Änderung" in before.text, "Mit Änderung" in before.text) == (False, True)
    assert (town.seated(home), town.seated(other)) == ([1], [])
    assert "1 Platz ist vergeben. 1 vorgeschlagener Platz ist nicht vergeben" in page.text
    assert "ist freigegeben" in page.text
    again = form.send(status=302).follow()
    assert "Diese Einteilung ist schon freigegeben. Es hat sich nichts geändert." in again.text
    assert "Diese Einteilung ist schon freigegeben." in visit(staff, address).text


def test_after_a_partial_release_the_pages_show_who_really_sits_and_name_those_left_out(staff, conference):
    _, other = (
        town.wishing(conference, [number], display_name=name)
        for number, name in ((1, "Ohne Änderung"), (2, "Mit Änderung"))
    )
    allocation = town.solved(conference)
    with transaction():
        wishes.save(other.participants[0], {})
    release(allocation, anyway=True)

    page = visit(staff, place_of(conference))
    everybody, left_out = (
        visit(staff, place_of(conference, 1, f"personen?zeige={show}")).text for show in ("", "nicht")
    )

    assert "1 Platz ist nach diesem Vorschlag vergeben" in page.text
    assert "1 Mal ist es anders als vorgeschlagen" in page.text
    assert "Niemand bleibt ohne Platz" not in page.text
    assert [words(row) for row in page.all("tr")][1:3] == [
        "1. Gruppe 1 1 1 1 1 0 0 0",
        "2. Gruppe 2 5 1 0 0 0 0 0",
    ]
    assert "Ohne Änderung Runde 1: Gruppe 1. Wunsch 1 ist erfüllt." in everybody
    sentence = (
        "Mit Änderung Runde 1: kein Platz. Vorgeschlagen war „Gruppe 2“: nicht gegeben oder seither geändert."
    )
    assert sentence in everybody
    assert sentence in left_out
    assert "Ohne Änderung" not in left_out
    seats.take(conference.groups[1].rounds[0], other.participants[0], by_staff=True)
    assert "Mit Änderung" not in visit(staff, place_of(conference, 1, "personen?zeige=nicht")).text


def test_discarding_leaves_everybody_as_they_were(staff, conference):
    home = town.wishing(conference, [1])
    town.solved(conference)
    visit(staff, place_of(conference)).form(place_of(conference, 1, "verwerfen")).send(status=302)

    assert read.latest(conference) is None
    assert town.seated(home) == []


def test_a_person_of_another_conference_is_not_found_and_helpers_stay_outside(staff, app, conference):
    town.wishing(conference, [1])
    town.solved(conference)
    stranger = make.participant(make.conference(conference.host))

    assert staff.get(place_of(conference, 1, "personen", stranger.id)).status_code == 404
    assert staff.get(place_of(conference, 9, "personen")).status_code == 404
    helper = Visitor(app)
    make.sign_in(helper, make.staff_member(StaffRole.HELPER, conference.host))
    assert helper.get(place_of(conference)).status_code == 403


def test_the_script_of_the_page_asks_whether_it_is_still_being_solved(staff, conference):
    town.wishing(conference, [1])
    asked = propose.ask(conference)
    page = visit(staff, place_of(conference))
    (waiting,) = [tag for tag in page.all("div") if tag.get("data-progress")]
    address = waiting.get("data-progress")

    assert staff.get(address).json == {"pending": True, "files": []}
    assert "läuft auf dem Server der Hintergrunddienst nicht" not in page.text
    with transaction():
        asked.created_at = now() - timedelta(minutes=11)
    assert "läuft auf dem Server der Hintergrunddienst nicht" in visit(staff, place_of(conference)).text
    propose.compute_all()
    assert staff.get(address).json == {"pending": False, "files": []}


def test_when_no_proposal_is_found_in_time_the_page_says_what_to_do(staff, conference, monkeypatch):
    town.wishing(conference, [1])

    def over(*_args, **_options):
        raise solve.NoSolution

    monkeypatch.setattr(solve, "solve", over)
    propose.ask(conference)
    propose.compute_all()

    page = visit(staff, place_of(conference))

    assert (
        "In der vorgesehenen Zeit ist keine Einteilung gefunden worden. Es hat sich nichts geändert."
        in page.text
    )
    assert page.all("input", name="seed") != []


def test_the_groups_of_each_round_say_how_many_wished_and_got_them(staff, conference):
    for _ in range(3):
        town.wishing(conference, [1, 2])
    town.solved(conference)

    page = visit(staff, place_of(conference))

    rows = [words(row) for row in page.all("tr")]
    assert rows[0].startswith("Gruppe freie Plätze als 1. gewünscht Personen davon 1. Wunsch")
    assert rows[1:3] == ["1. Gruppe 1 1 3 1 1 0 0 0", "2. Gruppe 2 5 0 2 0 2 0 0"]
    assert "3 Plätze sind vorgeschlagen, alle Runden zusammen. Niemand bleibt ohne Platz." in page.text


def test_the_list_of_groups_names_the_wishes_of_the_person(staff, conference):
    home = town.wishing(conference, [2, 1])
    town.solved(conference)

    page = visit(staff, place_of(conference, 1, "personen", home.participants[0].id))

    options = [words(option) for option in page.all("option")]
    assert options == [
        "keine Gruppe",
        "1. Gruppe 1 (Wunsch 2) – noch 1 frei",
        "2. Gruppe 2 (Wunsch 1) – jetzt vorgeschlagen",
    ]
