"""Seats in working groups: who sits, who waits. Nobody can overbook; who moves up stands in app.domain.moving_up.

All of it happens under the lock of the conference (app.domain.versions), which every writer takes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db, now, transaction
from app.domain import history, moving_up, versions
from app.domain.errors import (
    AlreadyCancelled,
    CapacityBelowSeated,
    NoPlaceYet,
    NotFound,
    OfferExpired,
    OverrideReasonMissing,
    SignupClosed,
    TimeCollision,
)
from app.models import (
    EventKind,
    GroupRound,
    Participant,
    Registration,
    Seat,
    SeatState,
    SignupState,
    StaffMember,
)

_QUEUED_STATES = (SeatState.WAITING, SeatState.OFFERED)


def take(group_round: GroupRound, participant: Participant, *, by_staff: bool = False) -> Seat:
    """The same as `take_together` for one person; returns their seat."""
    return take_together(group_round, [participant], by_staff=by_staff)[0]


def take_together(
    group_round: GroupRound,
    participants: Sequence[Participant],
    *,
    by_staff: bool = False,
    override: str = "",
    by: StaffMember | None = None,
) -> list[Seat]:
    """Give people of one registration seats or, where not all of them fit, the next places in the queue.

    Afterwards each has one live place in this group round; asking twice changes nothing. A seat in another group of the
    same round is given up when they sit, and kept while they wait. `override` is a reason with which staff seat them at
    once, on added seats where there are too few; it stands in the history.
    Raises SignupClosed unless staff act, AlreadyCancelled, NoPlaceYet for those who wait for the conference itself,
    TimeCollision with a group of another round, OverrideReasonMissing.
    """
    round_id, person_ids = group_round.id, [person.id for person in participants]
    with transaction():
        versions.raise_conference(group_round.conference_id, seats_only=True)
        group_round = moving_up.again(GroupRound, round_id)
        people = [moving_up.again(Participant, person_id) for person_id in person_ids]
        for person in people:
            _refuse_unless_open(group_round, person, by_staff=by_staff or by is not None)
            _refuse_collision(group_round, person)
        seats = {
            person.id: seat for person in people for seat in person.seats if seat.group_round_id == round_id
        }
        wanted = [
            person
            for person in people
            if person.id not in seats or seats[person.id].state is SeatState.RELEASED
        ]
        if override:
            wanted = [person for person in people if _state(seats.get(person.id)) is not SeatState.SEATED]
        if wanted:
            # All at once: a household that shrank person by person would be let in piece by piece.
            moving_up.fill(moving_up.let_go(_queued_elsewhere(group_round, wanted)))
            if override:
                new = [person for person in wanted if _state(seats.get(person.id)) is SeatState.RELEASED]
                seats |= _place(group_round, new, seats, SeatState.WAITING)
                _seat_by_hand(group_round, [seats[person.id] for person in wanted], override, by)
            elif len(wanted) <= group_round.seats_free and not _waits_already(group_round, wanted):
                # What they hold in other groups of the round goes to the next.
                freed = moving_up.let_go(_elsewhere(group_round, wanted))
                seats |= _place(group_round, wanted, seats, SeatState.SEATED)
                moving_up.touch_calendar([seats[person.id] for person in wanted])
                moving_up.fill(freed)
            else:
                seats |= _place(group_round, wanted, seats, SeatState.WAITING)
            moving_up.fill([round_id])
        return [seats[person_id] for person_id in person_ids]


def release(seat: Seat) -> list[Seat]:
    """The same as `release_together` for one place."""
    return release_together([seat])


def release_together(places: Sequence[Seat]) -> list[Seat]:
    """Give up places of one registration; returns the seats of those who moved up or got an offer.

    Doing it twice changes nothing. People of a household leave a queue together or they would be let in one by one.
    """
    with transaction():
        for seat in places:
            versions.raise_conference(seat.conference_id, seats_only=True)
        return moving_up.fill(
            moving_up.let_go([seat for seat in places if seat.state is not SeatState.RELEASED])
        )


def release_all(participants: Iterable[Participant]) -> list[Seat]:
    """Give up every live place of these people; returns the seats of those who moved up or got an offer."""
    people = list(participants)
    with transaction():
        for person in people:
            versions.raise_conference(person.conference_id, seats_only=True)
        return moving_up.fill(moving_up.let_go([seat for person in people for seat in person.live_seats]))


def set_capacity(group_round: GroupRound, capacity: int) -> list[Seat]:
    """Set the number of seats; returns the seats of those who moved up or got an offer, in the order of the queue.

    Raises CapacityBelowSeated when more seats are given or offered already.
    """
    with transaction():
        versions.raise_conference(group_round.conference_id)
        if capacity < group_round.seats_taken:
            raise CapacityBelowSeated(seated=group_round.seats_taken)
        group_round.capacity = capacity
        db.session.flush()
        return moving_up.fill([group_round.id])


def accept(registration: Registration, group_round: GroupRound) -> list[Seat]:
    """Let the offered seats be theirs, within the caller's lock; other seats of the round go to the next."""
    offered = _offered(registration, group_round)
    freed = moving_up.seat(offered)
    moving_up.fill(freed)
    return offered


def accept_together(offered: Sequence[Seat]) -> None:
    """Let these offered seats be theirs, within the caller's lock; other seats of the round go to the next.

    Raises OfferExpired when it is too late for one of them.
    """
    if any(seat.offer_expires_at is not None and seat.offer_expires_at <= now() for seat in offered):
        raise OfferExpired
    if offered:
        moving_up.fill(moving_up.seat(offered))


def give_back(registration: Registration, group_round: GroupRound) -> list[Seat]:
    """Give the offered seats up, within the caller's lock; returns the seats of those who come next."""
    return moving_up.fill(moving_up.let_go(_offered(registration, group_round)))


def find(group_round: GroupRound, participant: Participant) -> Seat | None:
    """The seat row of this person in this group round, live or released."""
    return db.session.scalar(
        select(Seat).where(Seat.group_round_id == group_round.id, Seat.participant_id == participant.id)
    )


def queue_position(seat: Seat) -> int | None:
    """Place of the household in the queue, from 1; None for somebody who does not wait."""
    return queue_positions([seat]).get(seat.id)


def queue_positions(seats: Iterable[Seat]) -> dict[int, int]:
    """Places of households in the queue, from 1, by seat id, for those who wait: one statement for all."""
    waiting = {seat.id: seat.group_round_id for seat in seats if seat.state is SeatState.WAITING}
    if not waiting:
        return {}
    first = func.min(Seat.ticket)
    queue = (
        select(
            Seat.group_round_id,
            Participant.registration_id,
            func.row_number().over(partition_by=Seat.group_round_id, order_by=first).label("place"),
        )
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Seat.group_round_id.in_(set(waiting.values())), Seat.state == SeatState.WAITING)
        .group_by(Seat.group_round_id, Participant.registration_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Seat.id, queue.c.place)
        .join(Participant, Seat.participant_id == Participant.id)
        .join(
            queue,
            (queue.c.group_round_id == Seat.group_round_id)
            & (queue.c.registration_id == Participant.registration_id),
        )
        .where(Seat.id.in_(waiting))
    )
    return {row.id: row.place for row in rows}


def _refuse_unless_open(group_round: GroupRound, participant: Participant, *, by_staff: bool) -> None:
    conference = group_round.group.conference
    if participant.conference_id != conference.id:
        raise NotFound
    if not participant.registration.is_live:
        raise AlreadyCancelled
    if not participant.registration.has_place:
        raise NoPlaceYet
    state = conference.signup_state(now())
    # A full conference is no obstacle for somebody who has a place at it.
    if state not in (SignupState.OPEN, SignupState.FULL) and not by_staff:
        raise SignupClosed


def collide(one: GroupRound, other: GroupRound) -> bool:
    """Whether two meetings of different rounds are at the same time: nobody can be in both."""
    first, second = one.agenda_item, other.agenda_item
    return (
        one.number != other.number
        and first is not None
        and second is not None
        and first.starts_at < second.ends_at
        and second.starts_at < first.ends_at
    )


def _refuse_collision(group_round: GroupRound, participant: Participant) -> None:
    """Invariant: nobody is booked into two groups whose times overlap."""
    for seat in participant.live_seats:
        if collide(group_round, seat.group_round):
            raise TimeCollision(
                group=str(group_round.group.title),
                other=str(seat.group_round.group.title),
                field=f"round_{group_round.number}",
            )


def _queued_elsewhere(group_round: GroupRound, people: Sequence[Participant]) -> list[Seat]:
    """Places in queues, and offers, of other groups of this round: one waits for one group only."""
    return [other for other in _elsewhere(group_round, people) if other.state in _QUEUED_STATES]


def _elsewhere(group_round: GroupRound, people: Sequence[Participant]) -> list[Seat]:
    """Seats, offers and places in queues of other groups of this round."""
    return [
        other
        for person in people
        for other in person.live_seats
        if other.round_number == group_round.number and other.group_round_id != group_round.id
    ]


def _place(
    group_round: GroupRound,
    people: Sequence[Participant],
    seats: Mapping[int, Seat],
    state: SeatState,
) -> dict[int, Seat]:
    """Seat people who have no live place here, or let them wait, with the next tickets; their places by person."""
    if not people:
        return {}
    first = moving_up.draw_tickets(group_round.id, len(people), is_seated=state is SeatState.SEATED)
    at = now()
    placed: dict[int, Seat] = {}
    for ticket, person in enumerate(people, start=first):
        seat = seats.get(person.id)
        if seat is None:
            seat = Seat(
                host_id=group_round.host_id,
                conference_id=group_round.conference_id,
                group_round_id=group_round.id,
                round_number=group_round.number,
                participant_id=person.id,
            )
            set_committed_value(seat, "group_round", group_round)
            person.seats.append(seat)
        seat.ticket, seat.state, seat.changed_at = ticket, state, at
        placed[person.id] = seat
    return placed


def _waits_already(group_round: GroupRound, people: Sequence[Participant]) -> bool:
    """Whether others of the same household wait here: then they move up together or not at all."""
    registration = people[0].registration
    if len(people) == len(registration.participants):
        return False
    return (
        db.session.scalar(
            select(Seat.id)
            .join(Participant, Seat.participant_id == Participant.id)
            .where(
                Seat.group_round_id == group_round.id,
                Seat.state == SeatState.WAITING,
                Participant.registration_id == registration.id,
                Participant.id.not_in([person.id for person in people]),
            )
            .limit(1)
        )
        is not None
    )


def _seat_by_hand(
    group_round: GroupRound, party: Sequence[Seat], reason: str, by: StaffMember | None
) -> None:
    if not reason.strip():
        raise OverrideReasonMissing
    missing = sum(seat.state is SeatState.WAITING for seat in party) - group_round.seats_free
    if missing > 0:
        group_round.capacity += missing
        db.session.flush()
    history.note(
        party[0].participant.registration,
        EventKind.OVERRIDDEN,
        subject=str(group_round.group.title),
        reason=reason,
        by=by,
    )
    _sit_down(group_round, party)


def _sit_down(group_round: GroupRound, party: Sequence[Seat]) -> None:
    """Seat waiting or offered people; what they held in other groups of the round goes to the next."""
    moving_up.hold(group_round.id, sum(seat.state is SeatState.WAITING for seat in party))
    moving_up.fill(moving_up.seat(party))


def _offered(registration: Registration, group_round: GroupRound) -> list[Seat]:
    return [
        seat
        for person in registration.participants
        for seat in person.live_seats
        if seat.group_round_id == group_round.id and seat.state is SeatState.OFFERED
    ]


def _state(seat: Seat | None) -> SeatState:
    return SeatState.RELEASED if seat is None else seat.state
