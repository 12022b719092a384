"""The last seats and the last places, taken by many at once: with the lock exactly as many as there are.

Each race comes as a pair: first the same crowd overbooks when the decision is made before the lock, which shows that
this crowd is able to; then it cannot.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.domain import seats
from app.models import Conference, GroupRound, Participant, Registration, RegistrationStatus, Seat, SeatState
from tests import make
from tests.race import crowd

CAPACITY = 5
PEOPLE = 24


def test_take_without_the_lock_overbooks(fresh_app: Flask) -> None:
    group_round, people = _group_with_people()
    crowd.without_checks()

    outcomes = crowd.rush(fresh_app, crowd.take_carelessly, group_round.id, people)

    assert [outcome.result for outcome in outcomes].count("seated") > CAPACITY
    assert _seated(group_round) > CAPACITY


def test_take_with_the_lock_gives_exactly_the_seats_there_are(fresh_app: Flask) -> None:
    group_round, people = _group_with_people()

    outcomes = crowd.rush(fresh_app, crowd.take, group_round.id, people)

    results = [outcome.result for outcome in outcomes]
    assert sorted(results) == ["seated"] * CAPACITY + ["waiting"] * (PEOPLE - CAPACITY)
    assert sorted(outcome.person for outcome in outcomes) == sorted(people)
    rows = db.session.scalars(select(Seat).order_by(Seat.ticket)).all()
    assert [seat.ticket for seat in rows] == list(range(1, PEOPLE + 1))
    assert [seat.state for seat in rows] == [SeatState.SEATED] * CAPACITY + [SeatState.WAITING] * (
        PEOPLE - CAPACITY
    )
    assert seats.queue_positions(rows) == {
        seat.id: place for place, seat in enumerate(rows[CAPACITY:], start=1)
    }
    told = {outcome.person: outcome.result for outcome in outcomes}
    assert told == {seat.participant_id: seat.state.value for seat in rows}
    db.session.refresh(group_round)
    assert (group_round.seats_taken, group_round.waiting, group_round.last_ticket) == (
        CAPACITY,
        PEOPLE - CAPACITY,
        PEOPLE,
    )


WAYS = {
    "web": (crowd.register, crowd.register_carelessly),
    "desk": (crowd.register_at_the_desk, crowd.register_at_the_desk_carelessly),
    "door": (crowd.walk_in, crowd.walk_in_carelessly),
}


@pytest.mark.parametrize("way", WAYS)
def test_register_without_the_lock_overbooks(fresh_app: Flask, way: str) -> None:
    conference = _conference(way)
    crowd.without_checks()

    outcomes = crowd.rush(fresh_app, WAYS[way][1], conference.id, range(PEOPLE))

    assert [outcome.result for outcome in outcomes].count("confirmed") > CAPACITY
    assert _registered(conference) > CAPACITY


@pytest.mark.parametrize("way", WAYS)
def test_register_with_the_lock_gives_exactly_the_places_there_are(fresh_app: Flask, way: str) -> None:
    conference = _conference(way)

    outcomes = crowd.rush(fresh_app, WAYS[way][0], conference.id, range(PEOPLE))

    results = [outcome.result.partition(":")[0] for outcome in outcomes]
    late = "ConferenceFull" if way == "door" else "waitlisted"
    assert sorted(results) == sorted(["confirmed"] * CAPACITY + [late] * (PEOPLE - CAPACITY))
    assert _registered(conference) == CAPACITY
    db.session.refresh(conference)
    waiting = 0 if way == "door" else PEOPLE - CAPACITY
    assert (conference.places_taken, conference.waiting) == (CAPACITY, waiting)
    tickets = db.session.scalars(select(Registration.ticket).where(Registration.ticket.is_not(None))).all()
    assert sorted(tickets) == list(range(1, waiting + 1))


def test_swap_without_the_lock_overbooks(fresh_app: Flask) -> None:
    _first, second, people = _people_in_another_group()
    crowd.without_checks()

    crowd.rush(fresh_app, crowd.swap_carelessly, second.id, people)

    assert _seated(second) > CAPACITY


def test_swap_with_the_lock_moves_as_many_as_there_are_seats_and_nobody_loses_one(fresh_app: Flask) -> None:
    first, second, people = _people_in_another_group()

    outcomes = crowd.rush(fresh_app, crowd.swap, second.id, people)

    results = [outcome.result for outcome in outcomes]
    assert sorted(results) == ["seated"] * CAPACITY + ["waiting"] * (PEOPLE - CAPACITY)
    assert (_seated(first), _seated(second)) == (PEOPLE - CAPACITY, CAPACITY)
    for held in (first, second):
        db.session.refresh(held)
    assert (first.seats_taken, first.waiting) == (PEOPLE - CAPACITY, 0)
    assert (second.seats_taken, second.waiting) == (CAPACITY, PEOPLE - CAPACITY)


def test_moving_up_without_the_lock_gives_one_seat_to_several(fresh_app: Flask) -> None:
    group_round, leaving = _group_with_a_queue()
    crowd.without_checks()

    crowd.rush(fresh_app, crowd.give_up_carelessly, group_round.id, leaving)

    db.session.refresh(group_round)
    # Whoever was seen to be next by two got one seat and was counted twice.
    assert group_round.seats_taken != _seated(group_round)


def test_moving_up_with_the_lock_seats_the_first_of_the_queue(fresh_app: Flask) -> None:
    group_round, leaving = _group_with_a_queue()

    outcomes = crowd.rush(fresh_app, crowd.give_up, group_round.id, leaving)

    moved = sorted(int(number) for outcome in outcomes for number in outcome.result.split())
    rows = db.session.scalars(select(Seat).order_by(Seat.ticket)).all()
    assert moved == sorted(seat.id for seat in rows[CAPACITY : 2 * CAPACITY])
    assert [seat.state for seat in rows] == [
        *[SeatState.RELEASED] * CAPACITY,
        *[SeatState.SEATED] * CAPACITY,
        *[SeatState.WAITING] * (PEOPLE - 2 * CAPACITY),
    ]
    db.session.refresh(group_round)
    assert (group_round.seats_taken, group_round.waiting) == (CAPACITY, PEOPLE - 2 * CAPACITY)


def test_register_with_one_form_sent_by_all_makes_one_registration(fresh_app: Flask) -> None:
    conference = make.conference(capacity=CAPACITY)

    outcomes = crowd.rush(fresh_app, crowd.register_the_same_form, conference.id, range(PEOPLE))

    assert len({outcome.result for outcome in outcomes}) == 1
    assert _registered(conference) == 1
    db.session.refresh(conference)
    assert conference.places_taken == 1


@pytest.mark.parametrize("capacity", [0, 3])
def test_coming_and_going_leaves_counters_true_and_no_seat_empty(fresh_app: Flask, capacity: int) -> None:
    group_round, people = _group_with_people(capacity)

    outcomes = crowd.rush(fresh_app, crowd.come_and_go, group_round.id, people)

    stayed = {person for person in people if person % 3}
    assert {outcome.person for outcome in outcomes if outcome.result == "gone"} == set(people) - stayed
    assert [outcome for outcome in outcomes if outcome.result not in ("gone", "seated", "waiting")] == []
    rows = db.session.scalars(select(Seat).order_by(Seat.ticket)).all()
    live = [seat for seat in rows if seat.state is not SeatState.RELEASED]
    assert {seat.participant_id for seat in live} == stayed
    seated = [seat for seat in live if seat.state is SeatState.SEATED]
    waiting = [seat for seat in live if seat.state is SeatState.WAITING]
    assert len(seated) == capacity
    db.session.refresh(group_round)
    assert (group_round.seats_taken, group_round.waiting) == (len(seated), len(waiting))
    # Whoever sits came before all who wait.
    assert max((seat.ticket for seat in seated), default=0) < min(seat.ticket for seat in waiting)


def test_cancelling_all_at_once_frees_every_place_once(fresh_app: Flask) -> None:
    conference = make.conference(capacity=PEOPLE)
    group_round = make.group_round(conference, capacity=CAPACITY)
    people = [make.registration(conference, group_round).id for _ in range(12)]

    # Each registration is cancelled by two people.
    outcomes = crowd.rush(fresh_app, crowd.cancel, conference.id, people + people)

    assert {outcome.result for outcome in outcomes} == {"cancelled"}
    db.session.refresh(conference)
    db.session.refresh(group_round)
    assert (conference.places_taken, group_round.seats_taken, group_round.waiting) == (0, 0, 0)


def _group_with_people(capacity: int = CAPACITY) -> tuple[GroupRound, list[int]]:
    conference = make.conference()
    group_round = make.group_round(conference, capacity=capacity)
    people = [make.participant(conference).id for _ in range(PEOPLE)]
    return group_round, people


def _conference(way: str) -> Conference:
    """All places are kept for people who come unannounced where that is the way, else none."""
    make.staff_member()
    return make.conference(capacity=CAPACITY, walk_in_quota=CAPACITY if way == "door" else 0)


def _people_in_another_group() -> tuple[GroupRound, GroupRound, list[int]]:
    conference = make.conference()
    first = make.group_round(conference, capacity=PEOPLE)
    second = make.group_round(conference, capacity=CAPACITY)
    return first, second, [make.registration(conference, first).id for _ in range(PEOPLE)]


def _group_with_a_queue() -> tuple[GroupRound, list[int]]:
    """The seats of those who sit; as many wait and more."""
    group_round, people = _group_with_people()
    for person in people:
        seats.take(group_round, db.session.get_one(Participant, person))
    sitting = db.session.scalars(select(Seat.id).where(Seat.state == SeatState.SEATED)).all()
    return group_round, list(sitting)


def _seated(group_round: GroupRound) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Seat)
            .join(Participant)
            .where(Seat.group_round_id == group_round.id, Seat.state == SeatState.SEATED)
        )
        or 0
    )


def _registered(conference: Conference) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Registration)
            .where(
                Registration.conference_id == conference.id,
                Registration.status == RegistrationStatus.CONFIRMED,
            )
        )
        or 0
    )
