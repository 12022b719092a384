"""Seats in working groups: who sits, who waits, who moves up. Nobody can overbook."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update

from app.database import db, now, transaction
from app.domain import notices, versions
from app.domain.errors import AlreadyCancelled, CapacityBelowSeated, GroupFull, NotFound, SignupClosed
from app.models import GroupRound, Participant, Seat, SeatState, SignupState


def take(group_round: GroupRound, participant: Participant, *, by_staff: bool = False) -> Seat:
    """Give `participant` a seat or, where the group is full, the next place in its queue.

    Afterwards exactly one live place of the participant exists in this round. Asking twice changes nothing. Another
    group of the same round is given up for it; use `change` where that must not happen by surprise.
    Raises SignupClosed unless staff act, AlreadyCancelled for a cancelled registration.
    """
    round_id, participant_id = group_round.id, participant.id
    with transaction():
        versions.raise_conference(group_round.conference_id)
        ticket = _draw_ticket(round_id)
        _refuse_unless_open(group_round, participant, by_staff)
        seat = find(group_round, participant)
        if seat and seat.state is not SeatState.RELEASED:
            return seat
        for other in _live_in_round(participant_id, group_round.number):
            _give_up(other)
        if seat is None:
            seat = Seat(
                host_id=group_round.host_id,
                conference_id=group_round.conference_id,
                group_round_id=round_id,
                round_number=group_round.number,
                participant_id=participant_id,
                ticket=ticket,
                state=SeatState.WAITING,
            )
            db.session.add(seat)
        seat.ticket = ticket
        seat.changed_at = now()
        if _sit_down(round_id):
            seat.state = SeatState.SEATED
        else:
            seat.state = SeatState.WAITING
            _count_waiting(round_id, +1)
        db.session.flush()
    return seat


def change(
    group_round: GroupRound, participant: Participant, *, accept_queue: bool, by_staff: bool = False
) -> Seat:
    """Move `participant` to another group of the same round, in one transaction.

    A seat held now is kept when the new group has no seat left: then GroupFull is raised, unless `accept_queue` says
    that a place in the queue is wanted instead. The place given up goes to the next in its queue.
    """
    with transaction():
        versions.raise_conference(group_round.conference_id)
        held = _live_in_round(participant.id, group_round.number)
        if any(seat.group_round_id == group_round.id for seat in held):
            return next(seat for seat in held if seat.group_round_id == group_round.id)
        if group_round.is_full and not accept_queue:
            raise GroupFull(group=str(group_round.group.title))
        return take(group_round, participant, by_staff=by_staff)


def release(seat: Seat) -> Seat | None:
    """Give the place up; returns the seat of the one who moved up, if anybody did. Doing it twice changes nothing."""
    with transaction():
        versions.raise_conference(seat.conference_id)
        if seat.state is SeatState.RELEASED:
            return None
        return _give_up(seat)


def release_all(participants: Iterable[Participant]) -> list[Seat]:
    """Give up every live place of these people; returns the seats of those who moved up."""
    with transaction():
        moved_up = []
        for participant in participants:
            versions.raise_conference(participant.conference_id)
            for seat in sorted(participant.live_seats, key=lambda held: held.group_round_id):
                next_seat = _give_up(seat)
                if next_seat:
                    moved_up.append(next_seat)
        return moved_up


def set_capacity(group_round: GroupRound, capacity: int) -> list[Seat]:
    """Set the number of seats; returns the seats of those who moved up, in the order of the queue.

    Raises CapacityBelowSeated when more people sit already.
    """
    with transaction():
        versions.raise_conference(group_round.conference_id)
        if capacity < group_round.seats_taken:
            raise CapacityBelowSeated(seated=group_round.seats_taken)
        group_round.capacity = capacity
        db.session.flush()
        moved_up = []
        while seat := _move_up(group_round.id):
            moved_up.append(seat)
        return moved_up


def find(group_round: GroupRound, participant: Participant) -> Seat | None:
    """The seat row of this person in this group round, live or released."""
    return db.session.scalar(
        select(Seat).where(Seat.group_round_id == group_round.id, Seat.participant_id == participant.id)
    )


def queue_position(seat: Seat) -> int | None:
    """Place in the queue, from 1; None for somebody who does not wait."""
    return queue_positions([seat]).get(seat.id)


def queue_positions(seats: Iterable[Seat]) -> dict[int, int]:
    """Places in the queue, from 1, by seat id, for those who wait: one statement for all."""
    waiting = [seat.id for seat in seats if seat.state is SeatState.WAITING]
    if not waiting:
        return {}
    mine, ahead = Seat.__table__.alias("mine"), Seat.__table__.alias("ahead")
    rows = db.session.execute(
        select(mine.c.id, func.count().label("place"))
        .join(
            ahead,
            (ahead.c.group_round_id == mine.c.group_round_id)
            & (ahead.c.state == SeatState.WAITING)
            & (ahead.c.ticket <= mine.c.ticket),
        )
        .where(mine.c.id.in_(waiting))
        .group_by(mine.c.id)
    )
    return {row.id: row.place for row in rows}


def _refuse_unless_open(group_round: GroupRound, participant: Participant, by_staff: bool) -> None:
    conference = group_round.group.conference
    if participant.conference_id != conference.id:
        raise NotFound
    if not participant.registration.is_live:
        raise AlreadyCancelled
    state = conference.signup_state(now())
    # A full conference is no obstacle for somebody who has a place at it.
    if state not in (SignupState.OPEN, SignupState.FULL) and not by_staff:
        raise SignupClosed


def _live_in_round(participant_id: int, number: int) -> list[Seat]:
    return list(
        db.session.scalars(
            select(Seat)
            .where(
                Seat.participant_id == participant_id,
                Seat.round_number == number,
                Seat.state != SeatState.RELEASED,
            )
            .order_by(Seat.group_round_id)
        )
    )


def _draw_ticket(group_round_id: int) -> int:
    """Take the group round's counter: the ticket is the queue number, and the row stays locked until the commit."""
    ticket = db.session.scalar(
        update(GroupRound)
        .where(GroupRound.id == group_round_id)
        .values(last_ticket=GroupRound.last_ticket + 1)
        .returning(GroupRound.last_ticket)
        .execution_options(synchronize_session=False)
    )
    if ticket is None:
        raise NotFound
    return ticket


def _sit_down(group_round_id: int) -> bool:
    """Take a free seat unless somebody waits for it; False when there is none."""
    won = db.session.execute(
        update(GroupRound)
        .where(
            GroupRound.id == group_round_id,
            GroupRound.seats_taken < GroupRound.capacity,
            GroupRound.waiting == 0,
        )
        .values(seats_taken=GroupRound.seats_taken + 1)
        .execution_options(synchronize_session=False)
        .returning(GroupRound.id)
    ).first()
    _refresh(group_round_id)
    return won is not None


def _count_waiting(group_round_id: int, by: int) -> None:
    db.session.execute(
        update(GroupRound)
        .where(GroupRound.id == group_round_id)
        .values(waiting=GroupRound.waiting + by)
        .execution_options(synchronize_session=False)
    )
    _refresh(group_round_id)


def _give_up(seat: Seat) -> Seat | None:
    was_seated = seat.state is SeatState.SEATED
    seat.state = SeatState.RELEASED
    seat.changed_at = now()
    db.session.flush()
    if not was_seated:
        _count_waiting(seat.group_round_id, -1)
        return None
    db.session.execute(
        update(GroupRound)
        .where(GroupRound.id == seat.group_round_id)
        .values(seats_taken=GroupRound.seats_taken - 1)
        .execution_options(synchronize_session=False)
    )
    _refresh(seat.group_round_id)
    return _move_up(seat.group_round_id)


def _move_up(group_round_id: int) -> Seat | None:
    """Seat the longest waiting participant while a seat is free; they are told after the commit."""
    seat = db.session.scalar(
        select(Seat)
        .where(Seat.group_round_id == group_round_id, Seat.state == SeatState.WAITING)
        .order_by(Seat.ticket)
        .limit(1)
    )
    if seat is None:
        return None
    won = db.session.execute(
        update(GroupRound)
        .where(GroupRound.id == group_round_id, GroupRound.seats_taken < GroupRound.capacity)
        .values(seats_taken=GroupRound.seats_taken + 1, waiting=GroupRound.waiting - 1)
        .execution_options(synchronize_session=False)
        .returning(GroupRound.id)
    ).first()
    if won is None:
        return None
    seat.state = SeatState.SEATED
    seat.changed_at = now()
    db.session.flush()
    _refresh(group_round_id)
    notices.moved_up(seat)
    return seat


def _refresh(group_round_id: int) -> None:
    """Let a loaded GroupRound be read again: its counters were changed by statement."""
    loaded = db.session.identity_map.get(db.session.identity_key(GroupRound, group_round_id))
    if loaded is not None:
        db.session.expire(loaded)
