"""Releasing a proposal: the seats are given, all at once, and everybody is told."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import selectinload

from app.database import db, now, transaction
from app.domain import history, moving_up, notices, seats, versions, wishes
from app.domain.allocation.problem import gather
from app.domain.errors import AllocationImpossible, AllocationOver, AllocationStale, NotFound, TimeCollision
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
    # Somebody had released it before: this time nothing was given.
    is_repeated: bool = False


@dataclass(frozen=True)
class Forecast:
    """How many seats releasing would give now, and the proposed ones it would leave out."""

    given: int
    left_out: tuple[AllocationPlace, ...]

    @property
    def people_left_out(self) -> list[Participant]:
        """Each of them once, in the order in which they came."""
        people = {place.participant_id: place.participant for place in self.left_out}
        return sorted(
            people.values(),
            key=lambda person: (person.registration.created_at, person.registration_id, person.position),
        )


def forecast(allocation: Allocation, *, anyway: bool = False) -> Forecast:
    """What `release` would give and leave out, as things are now. Nothing is written."""
    places = [place for place in _places(allocation) if place.group_round_id is not None]
    if not anyway:
        return Forecast(len(places), ())
    fitting = {place.id for place in _without_collisions(_unchanged(places), anyway=True)}
    return Forecast(len(fitting), tuple(place for place in places if place.id not in fitting))


def release(allocation: Allocation, *, anyway: bool = False, by: StaffMember | None = None) -> Released:
    """Give the proposed seats, note it in each history and tell those who got one; doing it twice changes nothing.

    Who is given a seat waits for no other in that round; whoever fits now into what that leaves moves up at the end.
    All or nothing, under the lock of the conference. Raises AllocationStale when people, wishes or seats have changed
    since it was solved; `anyway` leaves out those whose part has changed. Raises AllocationOver, TimeCollision for
    somebody moved by hand into two groups at the same time, and AllocationImpossible where a group has fewer free seats
    than proposed.
    """
    allocation_id, staff_id = allocation.id, by.id if by else None
    with transaction():
        versions.raise_conference(allocation.conference_id)
        held = db.session.get(Allocation, allocation_id)
        if held is None:
            raise NotFound
        if held.state is AllocationState.RELEASED:
            return Released(0, 0, is_repeated=True)
        if held.state is not AllocationState.DRAFT:
            raise AllocationOver
        gathered = gather(db.session.get_one(Conference, held.conference_id))
        if gathered.problem.sha256 != held.input_sha256 and not anyway:
            raise AllocationStale
        places = _places(held)
        fitting = _without_collisions(_unchanged(places), anyway=anyway)
        _refuse_beyond_seats(fitting)
        # Whoever gets a seat waits no longer; nobody moves up before all who were promised one sit.
        freed = moving_up.let_go(_waited_for(fitting))
        for meeting, people in _by_meeting(fitting).items():
            _seat(meeting, people)
        _tell(held, fitting, by)
        moving_up.fill(freed)
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


def _without_collisions(places: Sequence[AllocationPlace], *, anyway: bool) -> list[AllocationPlace]:
    """Those that are not at the same time as another place of the person; `anyway` leaves them out.

    Raises TimeCollision otherwise: somebody was moved by hand into two groups that meet at once.
    """
    by_person: dict[int, list[AllocationPlace]] = defaultdict(list)
    for place in places:
        by_person[place.participant_id].append(place)
    left_out: set[int] = set()
    for own in by_person.values():
        while found := _collision(own):
            place, other = found
            if not anyway:
                raise TimeCollision(group=_title(place.group_round), other=_title(other))
            own.remove(place)
            left_out.add(place.id)
    return [place for place in places if place.id not in left_out]


def _collision(own: Sequence[AllocationPlace]) -> tuple[AllocationPlace, GroupRound] | None:
    """The first place of one person that meets at the same time as an earlier one, or as what they hold or wait for."""
    ends_waiting = {place.round_number for place in own}
    for index, place in enumerate(own):
        others = [earlier.group_round for earlier in own[:index]]
        others += [
            seat.group_round
            for seat in place.participant.live_seats
            if seat.state is not SeatState.WAITING or seat.round_number not in ends_waiting
        ]
        for other in others:
            if (
                other is not None
                and place.group_round is not None
                and seats.collide(place.group_round, other)
            ):
                return place, other
    return None


def _waited_for(places: Sequence[AllocationPlace]) -> list[Seat]:
    """The places in queues of the rounds in which these people are given seats."""
    return [
        seat
        for place in places
        for seat in place.participant.seats
        if seat.round_number == place.round_number and seat.state is SeatState.WAITING
    ]


def _seat(meeting: GroupRound, people: Sequence[Participant]) -> None:
    """Seat people who hold nothing in this round; thousands of them take a few statements. The CHECK counts as well."""
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
    at, new = now(), []
    for ticket, person in enumerate(people, start=last - len(people) + 1):
        earlier = next((seat for seat in person.seats if seat.group_round_id == meeting.id), None)
        if earlier is not None:
            earlier.state, earlier.ticket, earlier.changed_at = SeatState.SEATED, ticket, at
            continue
        new.append(
            {
                "host_id": meeting.host_id,
                "conference_id": meeting.conference_id,
                "group_round_id": meeting.id,
                "round_number": meeting.number,
                "participant_id": person.id,
                "state": SeatState.SEATED,
                "ticket": ticket,
                "changed_at": at,
            }
        )
    db.session.flush()
    if new:
        db.session.execute(insert(Seat), new)
    db.session.expire(meeting, ["last_ticket", "seats_taken"])
    for person in people:
        db.session.expire(person, ["seats"])


def _tell(allocation: Allocation, places: Sequence[AllocationPlace], by: StaffMember | None) -> None:
    groups: dict[Registration, dict[str, None]] = defaultdict(dict)
    for place in places:
        if place.group_round is not None:
            groups[place.participant.registration][_title(place.group_round)] = None
    for registration, titles in groups.items():
        registration.changed_at = now()
        history.note(registration, EventKind.ALLOCATED, subject=", ".join(titles), by=by)
        notices.groups_assigned(registration, f"allocation.{allocation.id}")


def _title(meeting: GroupRound | None) -> str:
    return str(meeting.group.title) if meeting else ""
