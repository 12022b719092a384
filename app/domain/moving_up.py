"""Moving up: a seat that has become free goes to the first household of the queue that fits whole.

People of one registration who wait for the same group are one household, which stands where the first of them stands. A
smaller household passes a larger one only while that cannot fit, and the larger one keeps its place. After each change
nobody waits who could sit.

Everything here happens within the caller's transaction, under the lock of the conference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db, now
from app.domain import history, notices
from app.domain.errors import NotFound
from app.models import (
    HELD_STATES,
    Conference,
    ContactChannel,
    EventKind,
    GroupRound,
    Participant,
    Registration,
    Seat,
    SeatState,
    SignupState,
)

# Somebody who is told by telephone or letter: the clock of an offer starts when staff note that it was done.
TOLD_BY_STAFF = frozenset({ContactChannel.PHONE, ContactChannel.POST})
# How long a letter is on its way.
POSTAL_DAYS = timedelta(days=3)
# Nobody can tell somebody without any contact: they look with their code, not every hour.
UNTOLD_DAYS = timedelta(days=3)

Row = TypeVar("Row", GroupRound, Participant)


def deadline(conference: Conference, contact_channel: ContactChannel, at: datetime) -> datetime | None:
    """Until when an offer made at `at` holds; None while the person has to be told by staff first."""
    return None if contact_channel in TOLD_BY_STAFF else answer_by(conference, contact_channel, at)


def answer_by(conference: Conference, contact_channel: ContactChannel, told_at: datetime) -> datetime:
    """Until when somebody told at `told_at` can answer: a letter takes its days, and at the start places are needed."""
    more = {ContactChannel.POST: POSTAL_DAYS, ContactChannel.NONE: UNTOLD_DAYS}.get(
        contact_channel, timedelta()
    )
    until = told_at + timedelta(hours=conference.offer_hours) + more
    return min(until, max(told_at, conference.starts_at))


def moves_up(conference: Conference, at: datetime) -> bool:
    """Whether free places still go to those who wait."""
    return conference.signup_state(at) not in (SignupState.HIDDEN, SignupState.CANCELLED, SignupState.PAST)


def seat(party: Sequence[Seat]) -> list[int]:
    """Turn held seats into given ones; returns the group rounds in which that has freed seats."""
    freed = let_go(
        [
            other
            for seat in party
            for other in seat.participant.live_seats
            if other.round_number == seat.round_number and other.group_round_id != seat.group_round_id
        ]
    )
    for seat in party:
        seat.state, seat.changed_at = SeatState.SEATED, now()
        seat.offered_at = seat.offer_expires_at = None
    db.session.flush()
    touch_calendar(party)
    return freed


def let_go(seats: Sequence[Seat]) -> list[int]:
    """Release these places; returns the group rounds in which seats have become free, in id order."""
    freed = set()
    for seat in sorted(seats, key=lambda place: place.group_round_id):
        was = seat.state
        seat.state, seat.changed_at = SeatState.RELEASED, now()
        seat.offered_at = seat.offer_expires_at = None
        db.session.flush()
        if was is SeatState.WAITING:
            count(seat.group_round_id, waiting=-1)
            # Whoever stood behind a household too large may fit now.
            freed.add(seat.group_round_id)
        elif was in HELD_STATES:
            count(seat.group_round_id, taken=-1)
            freed.add(seat.group_round_id)
            touch_calendar([seat])
    return sorted(freed)


def fill(round_ids: Iterable[int]) -> list[Seat]:
    """Give or offer free seats to those who wait, until nobody waits who fits; they are told after the commit."""
    moved: list[Seat] = []
    open_rounds = set(round_ids)
    while open_rounds:
        round_id = min(open_rounds)
        open_rounds.discard(round_id)
        group_round = again(GroupRound, round_id)
        conference = group_round.group.conference
        if not moves_up(conference, now()):
            continue
        while party := _next_party(group_round):
            hold(round_id, len(party))
            moved += party
            registration = party[0].participant.registration
            subject = str(group_round.group.title)
            if conference.makes_offers:
                _offer(conference, registration, party)
                history.note(registration, EventKind.OFFERED, subject=subject)
                notices.offer(registration, group_round, f"{party[0].id}.{party[0].ticket}")
            else:
                open_rounds |= set(seat(party))
                history.note(registration, EventKind.MOVED_UP, subject=subject)
                notices.moved_up(party[0])
            group_round = again(GroupRound, round_id)
    return moved


def _offer(conference: Conference, registration: Registration, party: Sequence[Seat]) -> None:
    at = now()
    for seat in party:
        seat.state, seat.changed_at, seat.offered_at = SeatState.OFFERED, at, at
        seat.offer_expires_at = deadline(conference, registration.contact_channel, at)
    db.session.flush()


def _next_party(group_round: GroupRound) -> list[Seat]:
    """The first household in the queue that fits whole; empty when nobody waits who fits."""
    free = group_round.seats_free
    return _next_party_of(group_round, free) if free > 0 and group_round.waiting else []


def _next_party_of(group_round: GroupRound, free: int) -> list[Seat]:
    """The first household in the queue with at most `free` people."""
    rows = db.session.execute(
        select(Participant.registration_id, func.count())
        .join(Seat, Seat.participant_id == Participant.id)
        .where(Seat.group_round_id == group_round.id, Seat.state == SeatState.WAITING)
        .group_by(Participant.registration_id)
        .having(func.count() <= free)
        .order_by(func.min(Seat.ticket))
        .limit(1)
    ).first()
    if rows is None:
        return []
    return list(
        db.session.scalars(
            select(Seat)
            .join(Participant, Seat.participant_id == Participant.id)
            .where(
                Seat.group_round_id == group_round.id,
                Seat.state == SeatState.WAITING,
                Participant.registration_id == rows.registration_id,
            )
            .order_by(Seat.ticket)
        )
    )


def hold(group_round_id: int, people: int) -> None:
    """Count people who waited as sitting; the CHECK of the table refuses one too many."""
    if people:
        count(group_round_id, taken=people, waiting=-people)


def draw_tickets(group_round_id: int, people: int, *, is_seated: bool) -> int:
    """Take as many tickets from the round's counter, for people who sit or wait from now on; returns the first."""
    taken, waiting = (people, 0) if is_seated else (0, people)
    return count(group_round_id, taken=taken, waiting=waiting, tickets=people) - people + 1


def count(group_round_id: int, *, taken: int = 0, waiting: int = 0, tickets: int = 0) -> int:
    """Count people as sitting or waiting, and tickets as drawn; returns the last ticket."""
    row = db.session.execute(
        update(GroupRound)
        .where(GroupRound.id == group_round_id)
        .values(
            seats_taken=GroupRound.seats_taken + taken,
            waiting=GroupRound.waiting + waiting,
            last_ticket=GroupRound.last_ticket + tickets,
        )
        .returning(GroupRound.seats_taken, GroupRound.waiting, GroupRound.last_ticket)
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise NotFound
    loaded = db.session.identity_map.get(db.session.identity_key(GroupRound, group_round_id))
    if loaded is not None:
        for name, value in row._mapping.items():
            set_committed_value(loaded, name, value)
    return int(row.last_ticket)


def touch_calendar(seats: Sequence[Seat]) -> None:
    """Raise the SEQUENCE of the calendar entries of those whose group has changed; written with what comes next."""
    for registration in {seat.participant.registration for seat in seats}:
        registration.calendar_sequence += 1


def again(model: type[Row], row_id: int) -> Row:
    """The row as it is under the lock. Raises NotFound when it is gone."""
    row = db.session.get(model, row_id)
    if row is None:
        raise NotFound
    return row
