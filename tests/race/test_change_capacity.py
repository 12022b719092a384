"""An organizer changes the number of seats while people take them: with the lock nobody sits on a seat that is gone.

A pair, as for taking a seat: the same crowd overbooks when the organizer counts before the lock.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.database import db
from app.models import GroupRound, Seat, SeatState
from tests import make
from tests.race import crowd

PEOPLE = 20
ORGANIZER = -1


def group_with_people(capacity: int) -> tuple[GroupRound, list[int]]:
    group_round = make.group_round(capacity=capacity)
    people = [make.participant(group_round.group.conference).id for _ in range(PEOPLE)]
    return group_round, people


def seated() -> int:
    return len(db.session.scalars(select(Seat).where(Seat.state == SeatState.SEATED)).all())


def test_narrow_without_the_lock_leaves_people_without_a_seat(fresh_app: Flask) -> None:
    group_round, people = group_with_people(PEOPLE)
    crowd.without_checks()

    outcomes = crowd.rush(fresh_app, crowd.take_or_narrow_carelessly, group_round.id, [ORGANIZER, *people])

    assert "narrowed" in [outcome.result for outcome in outcomes]
    db.session.refresh(group_round)
    assert group_round.capacity == crowd.NARROW
    assert seated() > crowd.NARROW


def test_narrow_with_the_lock_never_takes_a_seat_from_anybody(fresh_app: Flask) -> None:
    group_round, people = group_with_people(PEOPLE)
    everybody = [*people[:8], *[ORGANIZER] * 4, *people[8:]]

    outcomes = crowd.rush(fresh_app, crowd.take_or_narrow, group_round.id, everybody)

    narrowed = [outcome.result for outcome in outcomes if outcome.person == ORGANIZER]
    assert all(result == "narrowed" or result.startswith("CapacityBelowSeated: ") for result in narrowed)
    db.session.refresh(group_round)
    assert group_round.capacity == (crowd.NARROW if "narrowed" in narrowed else PEOPLE)
    assert seated() == group_round.seats_taken == min(PEOPLE, group_round.capacity)
    assert group_round.waiting == PEOPLE - group_round.seats_taken


def test_widen_while_people_come_leaves_no_seat_empty(fresh_app: Flask) -> None:
    group_round, people = group_with_people(0)
    everybody = [*people[:5], -3, *people[5:10], -6, *people[10:15], -9, *people[15:], -12]

    outcomes = crowd.rush(fresh_app, crowd.take_or_widen, group_round.id, everybody)

    organizers = [outcome.result for outcome in outcomes if outcome.person < 0]
    assert all(result.startswith(("widened ", "CapacityBelowSeated: ")) for result in organizers)
    db.session.refresh(group_round)
    assert seated() == group_round.seats_taken == group_round.capacity
    assert group_round.waiting == PEOPLE - group_round.capacity
    rows = db.session.scalars(select(Seat).order_by(Seat.ticket)).all()
    assert [seat.state for seat in rows] == [SeatState.SEATED] * group_round.capacity + [
        SeatState.WAITING
    ] * (PEOPLE - group_round.capacity)


def test_narrow_a_conference_never_takes_a_place_from_anybody(fresh_app: Flask) -> None:
    conference = make.conference(capacity=PEOPLE)
    everybody = [*range(1, 9), *[ORGANIZER] * 4, *range(9, PEOPLE + 1)]

    outcomes = crowd.rush(fresh_app, crowd.register_or_narrow, conference.id, everybody)

    narrowed = [outcome.result for outcome in outcomes if outcome.person == ORGANIZER]
    assert all(result == "narrowed" or result.startswith("FrameBelowTaken: ") for result in narrowed)
    db.session.refresh(conference)
    assert conference.capacity == (crowd.NARROW if "narrowed" in narrowed else PEOPLE)
    assert conference.places_taken == min(PEOPLE, conference.capacity)
    assert conference.waiting == PEOPLE - conference.places_taken


def test_widen_a_conference_while_people_come_leaves_no_place_empty(fresh_app: Flask) -> None:
    conference = make.conference(capacity=0)
    everybody = [*range(1, 6), -3, *range(6, 11), -6, *range(11, 16), -9, *range(16, PEOPLE + 1), -12]

    crowd.rush(fresh_app, crowd.register_or_widen, conference.id, everybody)

    db.session.refresh(conference)
    assert conference.places_taken == conference.capacity
    assert conference.waiting == PEOPLE - conference.places_taken
