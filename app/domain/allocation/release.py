"""Releasing a proposal: the seats are given, all at once, and everybody is told."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import selectinload

from app.database import db, now, transaction
from app.domain import history, notices, seats, versions, wishes
from app.domain.allocation.problem import Gathered, gather
from app.domain.errors import AllocationImpossible, AllocationOver, AllocationStale, NotFound
from app.models import (
    HELD_STATES,
    Allocation,
    AllocationPlace,
    AllocationState,
    Conference,
    EventKind,
    GroupRound,
    Participant,
    Registration,
    Seat,
    SeatState,
    StaffMember,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Released:
    """How many seats were given, and how many of the proposed ones were not because something had changed."""

    given: int
    left_out: int


def release(allocation: Allocation, *, anyway: bool = False, by: StaffMember | None = None) -> Released:
    """Give the proposed seats, note it in each history and tell everybody; doing it twice changes nothing.

    All or nothing, under the lock of the conference. Raises AllocationStale when people, wishes or seats have changed
    since it was solved; `anyway` leaves out those whose part has changed. Raises AllocationOver, and
    AllocationImpossible where a group has fewer free seats than proposed.
    """
    allocation_id, staff_id = allocation.id, by.id if by else None
    with transaction():
        versions.raise_conference(allocation.conference_id)
        held = db.session.get(Allocation, allocation_id)
        if held is None:
            raise NotFound
        if held.state is AllocationState.RELEASED:
            return Released(0, 0)
        if held.state is not AllocationState.DRAFT:
            raise AllocationOver
        gathered = gather(db.session.get_one(Conference, held.conference_id))
        if gathered.problem.sha256 != held.input_sha256 and not anyway:
            raise AllocationStale
        places = _places(held)
        fitting = _unchanged(places)
        _refuse_beyond_seats(fitting)
        _give(fitting, gathered)
        _tell(held, fitting, by)
        held.state, held.released_at, held.released_by_id = AllocationState.RELEASED, now(), staff_id
        db.session.flush()
        log.info("allocation %s released by staff member %s", allocation_id, staff_id)
        return Released(
            len(fitting), sum(place.group_round_id is not None for place in places) - len(fitting)
        )


def _places(allocation: Allocation) -> list[AllocationPlace]:
    return list(
        db.session.scalars(
            select(AllocationPlace)
            .where(AllocationPlace.allocation_id == allocation.id)
            .options(
                selectinload(AllocationPlace.participant).selectinload(Participant.seats),
                selectinload(AllocationPlace.participant)
                .selectinload(Participant.registration)
                .selectinload(Registration.participants),
                selectinload(AllocationPlace.group_round).selectinload(GroupRound.group),
            )
            .order_by(AllocationPlace.round_number, AllocationPlace.group_round_id, AllocationPlace.id)
        )
    )


def _unchanged(places: Sequence[AllocationPlace]) -> list[AllocationPlace]:
    """Those with a group whose people still take part, have no seat in that round, and wish the same."""
    now_wished = wishes.of_all(place.participant for place in places)
    return [
        place
        for place in places
        if place.group_round_id is not None
        and place.participant.registration.has_place
        and _wants_together(place.participant.registration) == place.wants_together
        and now_wished[place.participant_id].get(place.round_number, []) == place.wishes
        and not any(
            seat.round_number == place.round_number and seat.state in HELD_STATES
            for seat in place.participant.seats
        )
    ]


def _wants_together(registration: Registration) -> bool:
    return registration.wants_together and len(registration.participants) > 1


def _refuse_beyond_seats(places: Sequence[AllocationPlace]) -> None:
    for meeting, people in _by_meeting(places).items():
        if len(people) > meeting.seats_free:
            raise AllocationImpossible(
                group=str(meeting.group.title), free=meeting.seats_free, people=len(people)
            )


def _by_meeting(places: Sequence[AllocationPlace]) -> dict[GroupRound, list[Participant]]:
    found: dict[GroupRound, list[Participant]] = defaultdict(list)
    for place in places:
        if place.group_round is not None:
            found[place.group_round].append(place.participant)
    return found


def _give(places: Sequence[AllocationPlace], gathered: Gathered) -> None:
    """Give the seats: in one statement a group to all who come new, one by one to those who wait or have waited."""
    for meeting, people in _by_meeting(places).items():
        plain = [] if gathered.problem.clashes else [person for person in people if _is_new(person, meeting)]
        _seat(meeting, plain)
        known = {person.id for person in plain}
        for person in people:
            if person.id not in known:
                seats.take(meeting, person, by_staff=True)
    db.session.flush()


def _is_new(person: Participant, meeting: GroupRound) -> bool:
    """True for somebody who has no row in this group and waits nowhere in this round."""
    return not any(
        seat.group_round_id == meeting.id
        or (seat.round_number == meeting.number and seat.state is not SeatState.RELEASED)
        for seat in person.seats
    )


def _seat(meeting: GroupRound, people: Sequence[Participant]) -> None:
    """Seat people who never asked for this group; thousands of them take a few statements. The CHECK counts as well."""
    if not people:
        return
    last = db.session.scalar(
        update(GroupRound)
        .where(GroupRound.id == meeting.id)
        .values(
            last_ticket=GroupRound.last_ticket + len(people), seats_taken=GroupRound.seats_taken + len(people)
        )
        .returning(GroupRound.last_ticket)
        .execution_options(synchronize_session=False)
    )
    if last is None:
        raise NotFound
    at = now()
    db.session.execute(
        insert(Seat),
        [
            {
                "host_id": meeting.host_id,
                "conference_id": meeting.conference_id,
                "group_round_id": meeting.id,
                "round_number": meeting.number,
                "participant_id": person.id,
                "state": SeatState.SEATED,
                "ticket": last - len(people) + place,
                "changed_at": at,
            }
            for place, person in enumerate(people, start=1)
        ],
    )
    db.session.execute(
        update(Registration)
        .where(Registration.id.in_({person.registration_id for person in people}))
        .values(calendar_sequence=Registration.calendar_sequence + 1, changed_at=at)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(meeting, ["last_ticket", "seats_taken"])
    for person in people:
        db.session.expire(person, ["seats"])


def _tell(allocation: Allocation, places: Sequence[AllocationPlace], by: StaffMember | None) -> None:
    groups: dict[Registration, dict[str, None]] = defaultdict(dict)
    for place in places:
        if place.group_round is not None:
            groups[place.participant.registration][str(place.group_round.group.title)] = None
    for registration, titles in groups.items():
        history.note(registration, EventKind.ALLOCATED, subject=", ".join(titles), by=by)
        notices.groups_assigned(registration, f"allocation.{allocation.id}")
