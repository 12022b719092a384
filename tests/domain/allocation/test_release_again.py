"""Releasing where people wait, or were given seats before: only those are told who sit, and nobody sits twice."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import seats
from app.domain.allocation import propose
from app.domain.allocation.release import Released, release
from app.domain.errors import AllocationImpossible, NobodyToSeat, TimeCollision
from app.models import (
    Allocation,
    Conference,
    ContactChannel,
    EventKind,
    GroupRound,
    Message,
    MessageKind,
    Registration,
    RegistrationEvent,
    Seat,
    SeatState,
)
from tests import make
from tests.domain.allocation import town

pytestmark = pytest.mark.usefixtures("app")

MAIL = {"contact_channel": ContactChannel.EMAIL, "contact": "amina@post.example"}


def put(allocation: Allocation, *wanted: tuple[Registration, int, int | None]) -> None:
    """Propose by hand: (household, place of the person, number of the group); first all go, then all come."""
    rounds = {
        group.number: group.rounds[0].id
        for group in db.session.get_one(Conference, allocation.conference_id).groups
    }
    for home, place, _number in wanted:
        propose.adjust(allocation, home.participants[place], {1: None}, reason="von Hand")
    for home, place, number in wanted:
        round_id = rounds[number] if number else None
        propose.adjust(allocation, home.participants[place], {1: round_id}, reason="von Hand")


def counts(conference: Conference) -> list[tuple[int, int]]:
    """Seats taken and people waiting in each group, as the counters say."""
    db.session.expire_all()
    return [(group.rounds[0].seats_taken, group.rounds[0].waiting) for group in conference.groups]


def waiting_household(conference: Conference, people: int, number: int) -> Registration:
    """A household that stands in the queue of a group, which is too small for it."""
    home = town.wishing(conference, *([[number]] * people), **MAIL)
    seats.take_together(conference.groups[number - 1].rounds[0], home.participants, by_staff=True)
    return home


def told(registration: Registration) -> list[str]:
    """What mails say that it has got a seat."""
    rows = db.session.scalars(
        select(Message)
        .where(
            Message.registration_id == registration.id,
            Message.kind.in_((MessageKind.GROUPS_ASSIGNED, MessageKind.MOVED_UP)),
        )
        .order_by(Message.id)
    )
    return [message.kind.value for message in rows]


def test_who_waits_in_the_group_they_are_given_sits_there_and_waits_no_longer():
    conference = town.conference([2, 5])
    home = waiting_household(conference, 3, 1)
    allocation = town.solved(conference)
    put(allocation, (home, 0, 1), (home, 1, 2), (home, 2, None))

    assert release(allocation) == Released(2, 0)

    # The third waits alone now, and fits.
    assert sorted(town.seated(home)) == [1, 1, 2]
    assert counts(conference) == [(2, 0), (1, 0)]
    assert told(home) == ["groups_assigned", "moved_up"]


def test_seats_that_were_promised_are_not_given_to_a_household_that_shrinks_meanwhile():
    conference = town.conference([5, 2])
    home = waiting_household(conference, 3, 2)
    other = town.wishing(conference, [2], **MAIL)
    allocation = town.solved(conference)
    put(allocation, (home, 0, 1), (home, 1, 2), (home, 2, None), (other, 0, 2))

    assert release(allocation) == Released(3, 0)

    assert (sorted(town.seated(home)), town.seated(other)) == ([1, 2], [2])
    assert counts(conference) == [(1, 0), (2, 1)]
    assert told(home) == told(other) == ["groups_assigned"]


def test_a_second_proposal_seats_those_who_came_later():
    conference = town.conference([1, 2])
    first = town.wishing(conference, [1])
    release(town.solved(conference))
    seats.release(first.participants[0].live_seats[0])
    later = town.wishing(conference, [1])

    second = town.solved(conference)

    assert second.number == 2
    assert release(second) == Released(2, 0)
    assert sorted(town.seated(first) + town.seated(later)) == [1, 2]
    assert counts(conference) == [(1, 0), (1, 0)]


def two_at_once() -> tuple[Conference, list[GroupRound]]:
    """Two groups in two rounds that overlap."""
    conference = town.conference([5, 5], rounds=2)
    items = [make.agenda_round(conference, number) for number in (1, 2)]
    with transaction():
        for group in conference.groups:
            for meeting in group.rounds:
                meeting.agenda_item_id = items[meeting.number - 1].id
        items[1].starts_at = items[0].starts_at
    db.session.expire_all()
    return conference, [meeting for group in conference.groups for meeting in group.rounds]


def test_moving_somebody_by_hand_into_a_group_at_the_same_time_is_refused_at_its_round():
    conference, rounds = two_at_once()
    person = town.wishing(conference, [1]).participants[0]
    allocation = town.solved(conference)
    number = next(place.round_number for place in allocation.places if place.group_round_id is None)
    wanted = {number: next(held.id for held in rounds if held.number == number)}

    with pytest.raises(TimeCollision) as refused:
        propose.adjust(allocation, person, wanted, reason="Bitte beides")

    assert refused.value.field == f"round_{number}"


def test_a_seat_given_meanwhile_at_the_same_time_leaves_the_proposed_one_out():
    conference, rounds = two_at_once()
    home = town.wishing(conference, [1])
    allocation = town.solved(conference)
    given = next(place for place in allocation.places if place.group_round_id is not None)
    other = next(held for held in rounds if held.number != given.round_number)
    seats.take(other, home.participants[0], by_staff=True)

    assert release(allocation, anyway=True) == Released(0, 1)
    assert town.seated(home) == [other.group.number]


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("leave"), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("capacity"), st.integers(0, 5), st.integers(0, 2)),
    ),
    max_size=6,
)


@given(
    capacity=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    makes_offers=st.booleans(),
    sizes=st.lists(st.integers(1, 3), min_size=1, max_size=6),
    before=deeds,
    between=deeds,
    after=deeds,
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_whatever_happened_before_nobody_is_told_of_a_seat_they_have_not(
    app: Flask,
    capacity: list[int],
    makes_offers: bool,
    sizes: list[int],
    before: list[tuple[str, int, int]],
    between: list[tuple[str, int, int]],
    after: list[tuple[str, int, int]],
) -> None:
    conference = town.conference(capacity)
    with transaction():
        conference.makes_offers = makes_offers
    homes = [
        town.wishing(conference, *([[1 + index % 3]] * size), **MAIL) for index, size in enumerate(sizes)
    ]
    for steps in (before, between, after):
        for step in steps[: len(steps) // 2]:
            do(conference, homes, step)
        try:
            allocation = town.solved(conference)
        except NobodyToSeat:
            continue
        for step in steps[len(steps) // 2 :]:
            do(conference, homes, step)
        held, last = seated(conference), latest_event()
        try:
            done = release(allocation, anyway=True)
        except AllocationImpossible:
            assert seated(conference) == held
            continue

        gained = seated(conference) - held
        allocated = noted(conference, EventKind.ALLOCATED, last)
        assert sum(gained.values()) >= done.given
        assert allocated <= set(gained)
        assert set(gained) == allocated | noted(conference, EventKind.MOVED_UP, last)
        follows_the_rows(conference)


def do(conference: Conference, homes: list[Registration], step: tuple[str, int, int]) -> None:
    name, first, number = step
    meeting = conference.groups[number].rounds[0]
    home = homes[first % len(homes)]
    match name:
        case "take":
            seats.take_together(meeting, home.participants, by_staff=True)
        case "leave":
            seats.release_all(home.participants[:1])
        case "capacity" if first >= meeting.seats_taken:
            seats.set_capacity(meeting, first)


def seated(conference: Conference) -> Counter[tuple[int, str]]:
    """How many people of each household sit in each group."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(Seat).where(Seat.conference_id == conference.id, Seat.state == SeatState.SEATED)
    )
    return Counter((seat.participant.registration_id, str(seat.group_round.group.title)) for seat in rows)


def latest_event() -> int:
    return db.session.scalar(select(func.max(RegistrationEvent.id))) or 0


def noted(conference: Conference, kind: EventKind, after: int) -> set[tuple[int, str]]:
    """Households, and the groups their history names, since the event with this id."""
    return {
        (event.registration_id, title)
        for event in db.session.scalars(
            select(RegistrationEvent).where(
                RegistrationEvent.conference_id == conference.id,
                RegistrationEvent.kind == kind,
                RegistrationEvent.id > after,
            )
        )
        for title in event.subject.split(", ")
    }


def follows_the_rows(conference: Conference) -> None:
    """The counters say what the rows say, nobody sits or waits twice, and no group has more people than seats."""
    for group in conference.groups:
        meeting = group.rounds[0]
        states = Counter(
            db.session.scalars(select(Seat.state).where(Seat.group_round_id == meeting.id)).all()
        )
        taken = states[SeatState.SEATED] + states[SeatState.OFFERED]
        assert (meeting.seats_taken, meeting.waiting) == (taken, states[SeatState.WAITING])
        assert taken <= meeting.capacity
    most = db.session.execute(
        select(func.count())
        .where(Seat.conference_id == conference.id, Seat.state == SeatState.SEATED)
        .group_by(Seat.participant_id)
    ).scalars()
    assert max(most, default=1) == 1
