"""Proposals: asked for, solved in the background, the same again, changed by hand, discarded."""

from __future__ import annotations

import pytest

from app.database import db, transaction
from app.domain import registrations, seats
from app.domain.allocation import propose, solve
from app.domain.allocation.problem import gather
from app.domain.allocation.release import release
from app.domain.errors import (
    AdjustmentReasonMissing,
    AllocationOver,
    NobodyToSeat,
    NotByWishes,
    NotFound,
    ProposedGroupFull,
)
from app.domain.queries import allocation as read
from app.models import AllocationPlace, AllocationState
from tests import make
from tests.counting import statements
from tests.domain.allocation import town

pytestmark = pytest.mark.usefixtures("app")


def person(registration, place=0):
    return registration.participants[place]


def test_asking_queues_one_proposal_and_a_second_time_returns_it():
    conference = town.conference([2])
    town.wishing(conference, [1])

    first = propose.ask(conference, seed=5)

    assert (first.number, first.seed, first.state) == (1, 5, AllocationState.QUEUED)
    assert propose.ask(conference).id == first.id


def test_asking_where_everybody_chooses_or_nobody_is_left_is_refused():
    with pytest.raises(NotByWishes):
        propose.ask(make.conference())
    conference = town.conference([2])
    with pytest.raises(NobodyToSeat):
        propose.ask(conference)


def test_a_solved_proposal_names_places_wishes_and_its_protocol():
    conference = town.conference([1, 5])
    first, second = town.wishing(conference, [1, 2]), town.wishing(conference, [1, 2])

    allocation = town.solved(conference)

    assert allocation.state is AllocationState.DRAFT
    assert sorted(town.proposed(allocation).values()) == [1, 2]
    assert set(town.proposed(allocation)) == {person(first).id, person(second).id}
    protocol = allocation.protocol
    assert [(goal["goal"], goal["value"], goal["gap"]) for goal in protocol["goals"]] == [
        ("seated", 2, 0),
        ("torn", 0, 0),
        ("repeated", 0, 0),
        ("first", 1, 0),
        ("second", 1, 0),
        ("third", 0, 0),
    ]
    assert protocol["solver"] == solve.solver()
    assert [(entry["free"], entry["wished"], entry["given"]) for entry in protocol["groups"]] == [
        (1, [2, 0, 0], [1, 0, 0, 0]),
        (5, [0, 2, 0], [0, 1, 0, 0]),
    ]
    assert allocation.input_sha256 == gather(conference).problem.sha256


def test_the_same_people_registered_in_other_rows_are_the_same_problem_with_the_same_result():
    def build(before):
        for _ in range(before):
            town.wishing(town.conference([1]), [1])
        conference = town.conference([2, 1, 5])
        with transaction():
            for group in conference.groups:
                group.key = f"gruppe-{group.number}"
        homes = [town.wishing(conference, [1, 2]) for _ in range(5)]
        return conference, homes

    results = []
    for before in (0, 3):
        conference, homes = build(before)
        allocation = town.solved(conference, seed=11)
        given = town.proposed(allocation)
        results.append((allocation.input_sha256, [given[person(home).id] for home in homes]))

    assert results[0] == results[1]


def test_people_without_a_place_at_the_conference_and_those_with_a_seat_are_left_alone():
    conference = town.conference([3, 3])
    gone, seated, free = (town.wishing(conference, [1]) for _ in range(3))
    registrations.cancel(gone)
    seats.take(conference.groups[1].rounds[0], person(seated), by_staff=True)

    assert town.proposed(town.solved(conference)) == {person(free).id: 1}


def test_a_new_proposal_discards_the_open_one_and_counts_on():
    conference = town.conference([3])
    town.wishing(conference, [1])
    first = town.solved(conference)

    second = town.solved(conference)

    assert (first.state, second.number, second.state) == (AllocationState.DISCARDED, 2, AllocationState.DRAFT)
    assert read.latest(conference).id == second.id


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [(solve.NoSolution(), propose.TIME_OVER), (ValueError("Amina"), propose.BROKEN_OFF)],
)
def test_a_proposal_that_cannot_be_solved_says_so(monkeypatch, caplog, fault, sentence):
    conference = town.conference([3])
    town.wishing(conference, [1])

    def fail(*_):
        raise fault

    monkeypatch.setattr(solve, "solve", fail)
    allocation = town.solved(conference)

    assert allocation.state is AllocationState.FAILED
    assert allocation.protocol == {"error": str(sentence)}
    assert "Amina" not in caplog.text


def test_a_proposal_that_ended_its_process_three_times_is_given_up():
    conference = town.conference([3])
    town.wishing(conference, [1])
    allocation = propose.ask(conference)
    with transaction():
        allocation.protocol = {"attempts": propose.MOST_ATTEMPTS}

    propose.compute_all()

    assert allocation.state is AllocationState.FAILED


def test_a_person_is_moved_with_a_reason_and_only_where_there_is_a_seat():
    conference = town.conference([1, 1, 5])
    moved, other = town.wishing(conference, [1, 3]), town.wishing(conference, [2])
    allocation = town.solved(conference)
    full, free = conference.groups[1].rounds[0].id, conference.groups[2].rounds[0].id

    with pytest.raises(AdjustmentReasonMissing):
        propose.adjust(allocation, person(moved), {1: free}, reason=" ")
    with pytest.raises(ProposedGroupFull):
        propose.adjust(allocation, person(moved), {1: full}, reason="Barrierefrei")
    with pytest.raises(NotFound):
        propose.adjust(allocation, person(moved), {1: make.group_round().id}, reason="Barrierefrei")
    assert propose.adjust(allocation, person(other), {1: full}, reason="") is False
    assert propose.adjust(allocation, person(moved), {1: free}, reason="Barrierefrei") is True

    place = db.session.query(AllocationPlace).filter_by(participant_id=person(moved).id).one()
    assert (place.group_round_id, place.rank, place.is_adjusted, place.reason) == (
        free,
        2,
        True,
        "Barrierefrei",
    )
    propose.discard(allocation)
    with pytest.raises(AllocationOver):
        propose.adjust(allocation, person(moved), {1: None}, reason="doch nicht")


def test_lists_need_the_same_number_of_statements_for_one_and_for_many():
    counts = []
    for size in (1, 3, 60):
        conference = town.conference([size, size])
        for _ in range(size):
            town.wishing(conference, [1, 2])
        allocation = town.solved(conference)
        for give in (lambda _allocation: None, release):
            give(allocation)
            db.session.expire_all()
            with statements() as sent:
                read.people(allocation)
                read.groups(allocation)
                read.figures(allocation)
                read.rounds(conference)
            counts.append(len(sent))
    # Once released, one more: who sits where now.
    assert counts == [counts[0], counts[0] + 1] * 3
