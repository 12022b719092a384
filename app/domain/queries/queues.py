"""Queues of a conference and of its groups as staff read them, and offers somebody must be told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.models import (
    Conference,
    ContactChannel,
    GroupRound,
    Participant,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
    Translated,
    WorkingGroup,
)

# So many of a queue stand on the page; the list shows all of them.
QUEUE_HEAD = 10


@dataclass(frozen=True)
class Meeting:
    """One round of one working group with its numbers, counted in people."""

    id: int
    round_number: int
    group_number: int
    title: Translated
    capacity: int
    # Seated and offered: both keep others out.
    seats_taken: int
    waiting: int
    offered: int

    @property
    def seated(self) -> int:
        """How many sit there; to whom a seat is only offered does not take part yet."""
        return self.seats_taken - self.offered

    @property
    def seats_free(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def is_full(self) -> bool:
        """True when the next person gets a place in the queue."""
        return self.seats_free <= 0 or self.waiting > 0


@dataclass(frozen=True)
class Waiting:
    """A household in a queue, with the number of its people who wait."""

    id: int
    name: str
    organisation: str
    contact_channel: ContactChannel
    people: int


@dataclass(frozen=True)
class Queue:
    """The first households of a queue in its order; `meeting` None is the queue of the conference."""

    meeting: Meeting | None
    first: list[Waiting]
    people: int
    free: int | None

    @property
    def head_is_too_large(self) -> bool:
        """True where there is room, but not for the first household: smaller ones pass it, and it stays first."""
        return bool(self.free and self.first and self.first[0].people > self.free)


@dataclass(frozen=True)
class Task:
    """An offer whose clock has not started: the household has to be told first."""

    registration_id: int
    name: str
    organisation: str
    contact_channel: ContactChannel
    # Encrypted, as it is stored.
    contact: str = field(repr=False)
    offered_at: datetime
    people: int
    # None: places at the conference.
    group_round_id: int | None = None
    title: Translated | None = None


def meetings(conference: Conference) -> list[Meeting]:
    """All rounds of all groups of a conference, by round and group: one statement."""
    rows = db.session.execute(
        select(
            GroupRound.id,
            GroupRound.number,
            WorkingGroup.number,
            WorkingGroup.title,
            GroupRound.capacity,
            GroupRound.seats_taken,
            GroupRound.waiting,
            select(func.count(Seat.id))
            .where(Seat.group_round_id == GroupRound.id, Seat.state == SeatState.OFFERED)
            .scalar_subquery(),
        )
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .where(GroupRound.conference_id == conference.id)
        .order_by(GroupRound.number, WorkingGroup.position, GroupRound.id)
    )
    return [Meeting(*row) for row in rows]


def offered_places(conference_ids: Iterable[int]) -> dict[int, int]:
    """How many people each conference offers a place that they have not accepted: one statement."""
    return dict(
        db.session.execute(
            select(Registration.conference_id, func.count(Participant.id))
            .join(Participant, Participant.registration_id == Registration.id)
            .where(
                Registration.conference_id.in_(conference_ids),
                Registration.status == RegistrationStatus.OFFERED,
            )
            .group_by(Registration.conference_id)
        ).all()
    )


def offered_seats(conference: Conference) -> dict[int, int]:
    """How many seats are offered and not accepted, by group round: one statement."""
    return dict(
        db.session.execute(
            select(Seat.group_round_id, func.count(Seat.id))
            .where(Seat.conference_id == conference.id, Seat.state == SeatState.OFFERED)
            .group_by(Seat.group_round_id)
        ).all()
    )


def by_round(known: Iterable[Meeting]) -> dict[int, list[Meeting]]:
    """The same by round number."""
    rounds: dict[int, list[Meeting]] = {}
    for meeting in known:
        rounds.setdefault(meeting.round_number, []).append(meeting)
    return rounds


def tasks(conference: Conference) -> list[Task]:
    """Offers whose clock starts when staff have told the household, the oldest first: two statements."""
    who = (
        Registration.id,
        Registration.display_name,
        Registration.organisation,
        Registration.contact_channel,
        Registration.contact,
    )
    of_conference = db.session.execute(
        select(*who, Registration.offered_at, func.count(Participant.id))
        .join(Participant, Participant.registration_id == Registration.id)
        .where(
            Registration.conference_id == conference.id,
            Registration.status == RegistrationStatus.OFFERED,
            Registration.offer_expires_at.is_(None),
        )
        .group_by(Registration.id)
    )
    in_groups = db.session.execute(
        select(*who, func.min(Seat.offered_at), func.count(Seat.id), GroupRound.id, WorkingGroup.title)
        .join(Participant, Participant.registration_id == Registration.id)
        .join(Seat, Seat.participant_id == Participant.id)
        .join(GroupRound, Seat.group_round_id == GroupRound.id)
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .where(
            Seat.conference_id == conference.id,
            Seat.state == SeatState.OFFERED,
            Seat.offer_expires_at.is_(None),
        )
        .group_by(Registration.id, GroupRound.id, WorkingGroup.id)
    )
    found = [Task(*row) for row in (*of_conference, *in_groups)]
    return sorted(found, key=lambda task: (task.offered_at, task.registration_id, task.group_round_id or 0))


def queues(conference: Conference, known: Iterable[Meeting]) -> list[Queue]:
    """The queues in which somebody waits, the one of the conference first: two statements."""
    who = (
        Registration.id,
        Registration.display_name,
        Registration.organisation,
        Registration.contact_channel,
    )
    queue = of_groups(conference)
    firsts: dict[int | None, list[Waiting]] = {}
    in_groups = (
        select(queue.c.group_round_id, *who, queue.c.people)
        .join(Registration, Registration.id == queue.c.registration_id)
        .where(queue.c.position <= QUEUE_HEAD)
        .order_by(queue.c.group_round_id, queue.c.position)
    )
    for round_id, *row in db.session.execute(in_groups):
        firsts.setdefault(round_id, []).append(Waiting(*row))
    of_conference = (
        select(*who, func.count(Participant.id))
        .join(Participant, Participant.registration_id == Registration.id)
        .where(
            Registration.conference_id == conference.id, Registration.status == RegistrationStatus.WAITLISTED
        )
        .group_by(Registration.id)
        .order_by(Registration.ticket)
        .limit(QUEUE_HEAD)
    )
    firsts[None] = [Waiting(*row) for row in db.session.execute(of_conference)]
    found = [Queue(None, firsts[None], conference.waiting, conference.places_free)]
    found += [
        Queue(meeting, firsts.get(meeting.id, []), meeting.waiting, meeting.seats_free) for meeting in known
    ]
    return [queue for queue in found if queue.first]


def of_groups(conference: Conference) -> Any:
    """Who waits in which group: household, its people who wait, its place in the queue."""
    return (
        select(
            Seat.group_round_id,
            Participant.registration_id,
            func.count(Seat.id).label("people"),
            func.row_number()
            .over(partition_by=Seat.group_round_id, order_by=func.min(Seat.ticket))
            .label("position"),
        )
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Seat.conference_id == conference.id, Seat.state == SeatState.WAITING)
        .group_by(Seat.group_round_id, Participant.registration_id)
        .subquery()
    )
