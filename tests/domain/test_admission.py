"""Places at the conference: for whom they are kept, who waits and who comes next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.database import db, transaction
from app.domain import admission, households, offers, registrations
from app.domain.errors import (
    ConferenceFull,
    FrameBelowTaken,
    NoPlaceYet,
    OverrideReasonMissing,
    QuotasAboveCapacity,
)
from app.models import (
    Conference,
    EventKind,
    Registration,
    RegistrationChannel,
    RegistrationEvent,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    Wish,
)
from tests import make

RESIDENT, INSTITUTION = RoleGroup.RESIDENT, RoleGroup.INSTITUTION
WAITLISTED, CONFIRMED = RegistrationStatus.WAITLISTED, RegistrationStatus.CONFIRMED


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=4)


@pytest.fixture
def come(conference: Conference) -> Callable[..., Registration]:
    """Lets a household of so many people register."""

    def register(people: int = 1, role: RoleGroup = RESIDENT, **options: object) -> Registration:
        return make.registration(conference, people=people, role_group=role, **options)

    return register


def counters(conference: Conference) -> tuple[int, int, int, int]:
    """Places taken, people waiting, walk-ins, and places still kept for audiences."""
    db.session.refresh(conference)
    return (
        conference.places_taken,
        conference.waiting,
        conference.walk_ins_taken,
        conference.reserved_open,
    )


def test_household_that_does_not_fit_whole_waits_whole(conference: Conference, come: Callable) -> None:
    come(3)

    family, single = come(2), come(1)

    assert (family.status, single.status) == (WAITLISTED, CONFIRMED)
    assert counters(conference)[:2] == (4, 2)
    assert admission.queue_positions([family, single]) == {family.id: 1}


def test_head_of_the_queue_keeps_its_place_while_a_smaller_household_passes(
    conference: Conference, come: Callable
) -> None:
    first, second = come(2), come(2)
    large, small = come(3), come(1)

    registrations.cancel(second)

    assert (large.status, small.status) == (WAITLISTED, CONFIRMED)
    assert admission.queue_positions([large]) == {large.id: 1}
    registrations.cancel(first)
    assert large.status is CONFIRMED
    assert counters(conference)[:2] == (4, 0)


def test_places_kept_for_an_audience_go_to_nobody_else(conference: Conference, come: Callable) -> None:
    admission.set_frame(conference, capacity=4, walk_in_quota=0, quotas={INSTITUTION: 2})

    people = [come() for _ in range(3)]
    institution = come(2, INSTITUTION)

    assert [each.status for each in people] == [CONFIRMED, CONFIRMED, WAITLISTED]
    assert institution.status is CONFIRMED
    assert counters(conference) == (4, 1, 0, 0)


def test_releasing_kept_places_moves_people_up(conference: Conference, come: Callable) -> None:
    admission.set_frame(conference, capacity=4, walk_in_quota=1, quotas={INSTITUTION: 2})
    waiting = [come() for _ in range(4)][1:]

    moved = admission.set_frame(conference, capacity=4, walk_in_quota=1, quotas={INSTITUTION: 0})

    assert moved == waiting[:2]
    assert counters(conference) == (3, 1, 0, 0)
    assert admission.set_frame(conference, capacity=4, walk_in_quota=0, quotas={}) == waiting[2:]


def test_raising_the_capacity_moves_up_in_the_order_of_the_queue(
    conference: Conference, come: Callable
) -> None:
    come(4)
    waiting = [come(2), come(1), come(3)]

    moved = admission.set_frame(conference, capacity=7, walk_in_quota=0, quotas={})

    assert moved == waiting[:2]


def test_walk_ins_use_up_what_is_kept_for_them_and_nothing_kept_for_others(
    conference: Conference, come: Callable
) -> None:
    admission.set_frame(conference, capacity=4, walk_in_quota=1, quotas={INSTITUTION: 2})
    by = make.staff_member()

    door = [come(channel=RegistrationChannel.WALK_IN, by=by) for _ in range(2)]

    assert [each.status for each in door] == [CONFIRMED, CONFIRMED]
    with pytest.raises(ConferenceFull):
        come(channel=RegistrationChannel.WALK_IN, by=by)
    assert counters(conference) == (2, 0, 2, 2)
    assert admission.free_for(conference, INSTITUTION) == 2


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ({"capacity": 1, "walk_in_quota": 0, "quotas": {}}, FrameBelowTaken),
        ({"capacity": 4, "walk_in_quota": 3, "quotas": {INSTITUTION: 2}}, QuotasAboveCapacity),
    ],
    ids=["below those who have a place", "more kept than there are"],
)
def test_set_frame_that_cannot_be_is_refused_and_changes_nothing(
    conference: Conference, come: Callable, frame: dict, error: type[Exception]
) -> None:
    come(2)

    with pytest.raises(error):
        admission.set_frame(conference, **frame)

    assert (conference.capacity, conference.walk_in_quota, conference.quotas) == (4, 0, [])


def test_nobody_in_the_queue_of_the_conference_sits_in_a_group(
    conference: Conference, come: Callable
) -> None:
    group_round = make.group_round(conference)
    come(4)

    waiting = make.registration(conference, group_round)

    assert (waiting.participants[0].live_seats, group_round.seats_taken, group_round.waiting) == ([], 0, 0)
    with pytest.raises(NoPlaceYet):
        households.change_groups(waiting, {waiting.participants[0].id: {1: group_round}})


def test_group_chosen_while_waiting_is_taken_when_a_place_is_given(
    conference: Conference, come: Callable
) -> None:
    group_round = make.group_round(conference)
    leaving = come(4)
    waiting = make.registration(conference, group_round, people=2)

    registrations.cancel(leaving)

    assert waiting.status is CONFIRMED
    assert [person.live_seats[0].state for person in waiting.participants] == [SeatState.SEATED] * 2
    assert db.session.scalars(select(Wish)).all() == []


def test_let_in_before_the_turn_adds_places_and_stands_in_the_history(
    conference: Conference, come: Callable
) -> None:
    come(4)
    first, second = come(1), come(2)
    by = make.staff_member()

    with pytest.raises(OverrideReasonMissing):
        households.let_in(second, reason=" ", by=by)
    households.let_in(second, reason="Mutter des Kindes, das vorträgt", by=by)
    households.let_in(second, reason="noch einmal", by=by)

    assert (first.status, second.status) == (WAITLISTED, CONFIRMED)
    assert (conference.capacity, counters(conference)[:2]) == (6, (6, 1))
    told = db.session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.kind == EventKind.OVERRIDDEN)
    ).all()
    assert [(line.registration_id, line.reason, line.by_id) for line in told] == [
        (second.id, "Mutter des Kindes, das vorträgt", by.id)
    ]


def test_another_audience_counts_there(conference: Conference, come: Callable) -> None:
    admission.set_frame(conference, capacity=4, walk_in_quota=0, quotas={INSTITUTION: 2})
    registration, _second, waiting = come(), come(), come()

    registrations.correct(registration, registrations.Details(role_group=INSTITUTION))

    assert waiting.status is CONFIRMED
    assert counters(conference) == (3, 0, 0, 1)


def test_recount_says_what_the_rows_say(conference: Conference, come: Callable) -> None:
    admission.set_frame(conference, capacity=4, walk_in_quota=1, quotas={INSTITUTION: 1})
    (
        come(1, INSTITUTION),
        come(2),
        come(1, channel=RegistrationChannel.WALK_IN, by=make.staff_member()),
        come(3),
    )
    before = (*counters(conference), conference.quotas[0].taken)
    with transaction():
        conference.places_taken = conference.waiting = conference.walk_ins_taken = 0
        conference.quotas[0].taken = 0

    with transaction():
        admission.recount(conference)

    assert (*counters(conference), conference.quotas[0].taken) == before == (4, 3, 1, 0, 1)


ROLES = (RESIDENT, INSTITUTION)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 4), st.integers(0, 1)),
        st.tuples(st.just("go"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("frame"), st.integers(0, 10), st.integers(0, 4)),
        st.tuples(st.just("accept"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("decline"), st.integers(0, 9), st.just(0)),
    ),
    max_size=14,
)


@given(capacity=st.integers(0, 8), kept=st.integers(0, 4), makes_offers=st.booleans(), wanted=steps)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_whatever_happens_places_follow_the_rules(
    app: Flask, capacity: int, kept: int, makes_offers: bool, wanted: list[tuple[str, int, int]]
) -> None:
    """Against a list of households: who holds a place, who waits in which order; `kept` places are for institutions."""
    kept = min(kept, capacity)
    conference = make.conference(capacity=capacity, makes_offers=makes_offers)
    admission.set_frame(conference, capacity=capacity, walk_in_quota=0, quotas={INSTITUTION: kept})
    people: list[tuple[Registration, int, int]] = []
    holds: set[int] = set()
    offered: set[int] = set()
    queue: list[int] = []

    def size(of: set[int], role: int | None = None) -> int:
        return sum(people[each][1] for each in of if role is None or people[each][2] == role)

    def free(role: int) -> int:
        mine = 0 if role == 1 else max(0, kept - size(holds | offered, 1))
        return max(0, capacity - size(holds | offered) - mine)

    def fill() -> None:
        while fitting := [each for each in queue if people[each][1] <= free(people[each][2])]:
            queue.remove(fitting[0])
            (offered if makes_offers else holds).add(fitting[0])

    for deed, first, second in wanted:
        match deed:
            case "come":
                registration = make.registration(conference, people=first, role_group=ROLES[second])
                people.append((registration, first, second))
                fits = first <= free(second)
                holds.add(len(people) - 1) if fits else queue.append(len(people) - 1)
            case "frame":
                if first >= size(holds | offered) and second <= first:
                    capacity, kept = first, second
                    admission.set_frame(
                        conference, capacity=capacity, walk_in_quota=0, quotas={INSTITUTION: kept}
                    )
                    fill()
            case _ if first < len(people):
                registration = people[first][0]
                if deed == "go":
                    registrations.cancel(registration)
                elif registration.status is RegistrationStatus.OFFERED:
                    (offers.accept if deed == "accept" else offers.decline)(registration, None)
                else:
                    continue
                if deed == "accept":
                    holds.add(first)
                elif first in queue:
                    queue.remove(first)
                holds -= {first} if deed != "accept" else set()
                offered -= {first}
                fill()
        assert _statuses(people) == {
            "holds": holds,
            "offered": offered,
            "queue": queue,
        }, (deed, first, second)
        assert counters(conference)[:2] == (size(holds | offered), size(set(queue)))


def _statuses(people: list[tuple[Registration, int, int]]) -> dict[str, object]:
    db.session.expire_all()
    found = [(number, registration) for number, (registration, _, _) in enumerate(people)]
    return {
        "holds": {number for number, each in found if each.has_place},
        "offered": {number for number, each in found if each.status is RegistrationStatus.OFFERED},
        "queue": [
            number
            for number, each in sorted(found, key=lambda entry: entry[1].ticket or 0)
            if each.status is WAITLISTED
        ],
    }
