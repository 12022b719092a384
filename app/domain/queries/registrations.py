"""Registrations as staff read them: the list of a conference, its queues, what can be chosen, its mails."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain import codes
from app.models import (
    Conference,
    ContactChannel,
    GroupRound,
    Message,
    MessageState,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SeatState,
    Translated,
    WorkingGroup,
)

PER_PAGE = 50


@dataclass(frozen=True)
class Meeting:
    """One round of one working group with its numbers."""

    id: int
    round_number: int
    group_number: int
    title: Translated
    capacity: int
    seats_taken: int
    waiting: int

    @property
    def seats_free(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def is_full(self) -> bool:
        """True when the next person gets a place in the queue."""
        return self.seats_free <= 0 or self.waiting > 0


@dataclass(frozen=True)
class Place:
    """A seat or a place in a queue; `position` counts from 1 and is None for those who sit."""

    meeting: Meeting
    state: SeatState
    ticket: int
    position: int | None


@dataclass(frozen=True)
class Line:
    """One registration in a list."""

    id: int
    name: str
    organisation: str
    role_group: RoleGroup
    channel: RegistrationChannel
    status: RegistrationStatus
    contact_channel: ContactChannel
    created_at: datetime
    code_digest: str = field(repr=False)
    places: tuple[Place, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.status is not RegistrationStatus.CANCELLED


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the list; everything empty means everybody who is not cancelled."""

    text: str = ""
    is_cancelled: bool = False
    meeting_id: int | None = None
    state: SeatState | None = None
    page: int = 1


@dataclass(frozen=True)
class Overview:
    """A page of the list, and the queues of all groups in the order of their tickets."""

    lines: list[Line]
    found: int
    live: int
    page: int
    pages: int
    meetings: list[Meeting]
    queues: list[tuple[Meeting, list[Line]]]


def overview(conference: Conference, wanted: Wanted | None = None) -> Overview:
    """The registrations of a conference that are wanted, by name: three statements whatever the number of rows."""
    wanted = wanted or Wanted()
    known = meetings(conference)
    places, waiting = _places(conference, known)
    everybody = [line for line in _lines(conference, places) if line.is_live or wanted.is_cancelled]
    found = sorted((line for line in everybody if _fits(line, wanted)), key=_by_name)
    pages = max(1, math.ceil(len(found) / PER_PAGE))
    page = min(max(1, wanted.page), pages)
    by_id = {line.id: line for line in everybody}
    return Overview(
        lines=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        found=len(found),
        live=sum(line.is_live for line in everybody),
        page=page,
        pages=pages,
        meetings=known,
        queues=[
            (meeting, [by_id[registration_id] for registration_id in waiting[meeting.id]])
            for meeting in known
            if waiting[meeting.id]
        ],
    )


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
        )
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .where(GroupRound.conference_id == conference.id)
        .order_by(GroupRound.number, WorkingGroup.position, GroupRound.id)
    )
    return [Meeting(*row) for row in rows]


def by_round(known: Iterable[Meeting]) -> dict[int, list[Meeting]]:
    """The same by round number."""
    rounds: dict[int, list[Meeting]] = {}
    for meeting in known:
        rounds.setdefault(meeting.round_number, []).append(meeting)
    return rounds


def places_of(registration: Registration, known: Iterable[Meeting]) -> list[Place]:
    """Seats and places in queues of one registration, by round."""
    places, _ = _places(registration.conference, list(known))
    return places[registration.id]


def messages(conference: Conference, state: MessageState | None, page: int) -> tuple[list[Message], int, int]:
    """The messages of a conference, the newest first, 50 a page; with the page shown and how many there are."""
    wanted = [Message.conference_id == conference.id]
    if state is not None:
        wanted.append(Message.state == state)
    count = db.session.scalar(select(func.count()).select_from(Message).where(*wanted)) or 0
    pages = max(1, math.ceil(count / PER_PAGE))
    page = min(max(1, page), pages)
    found = db.session.scalars(
        select(Message)
        .where(*wanted)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return list(found), page, pages


def message_counts(conference: Conference) -> dict[MessageState, int]:
    """How many messages of a conference are in each state."""
    rows = db.session.execute(
        select(Message.state, func.count())
        .where(Message.conference_id == conference.id)
        .group_by(Message.state)
    )
    return dict(rows.all())


def messages_of(registration: Registration) -> list[Message]:
    """The messages to one registration, the newest first."""
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.registration_id == registration.id)
            .order_by(Message.created_at.desc(), Message.id.desc())
        )
    )


def names(registration_ids: Iterable[int | None]) -> dict[int, str]:
    """Display names by registration id: one statement."""
    wanted = {number for number in registration_ids if number is not None}
    rows = db.session.execute(
        select(Registration.id, Registration.display_name).where(Registration.id.in_(wanted))
    )
    return dict(rows.all())


def _lines(conference: Conference, places: dict[int, list[Place]]) -> list[Line]:
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.display_name,
            Registration.organisation,
            Registration.role_group,
            Registration.channel,
            Registration.status,
            Registration.contact_channel,
            Registration.created_at,
            Registration.code_digest,
        ).where(Registration.conference_id == conference.id)
    )
    return [Line(*row, places=tuple(places[row[0]])) for row in rows]


def _places(
    conference: Conference, known: list[Meeting]
) -> tuple[defaultdict[int, list[Place]], defaultdict[int, list[int]]]:
    """Live places by registration, and who waits (registrations in the order of tickets) by group round."""
    by_id = {meeting.id: meeting for meeting in known}
    places: defaultdict[int, list[Place]] = defaultdict(list)
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(
        select(Participant.registration_id, Seat.group_round_id, Seat.state, Seat.ticket)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Seat.conference_id == conference.id, Seat.state != SeatState.RELEASED)
        .order_by(Seat.round_number, Seat.group_round_id, Seat.ticket)
    )
    for registration_id, round_id, state, ticket in rows:
        position = None
        if state is SeatState.WAITING:
            waiting[round_id].append(registration_id)
            position = len(waiting[round_id])
        places[registration_id].append(Place(by_id[round_id], state, ticket, position))
    return places, waiting


def _fits(line: Line, wanted: Wanted) -> bool:
    if wanted.is_cancelled and line.is_live:
        return False
    if wanted.meeting_id is not None or wanted.state is not None:
        held = [
            place
            for place in line.places
            if wanted.meeting_id in (None, place.meeting.id) and wanted.state in (None, place.state)
        ]
        if not held:
            return False
    if not wanted.text:
        return True
    if line.code_digest == codes.digest(wanted.text):
        return True
    # Neither database folds the case of umlauts without an extension; a conference has a few thousand rows at most.
    haystack = fold(f"{line.name} {line.organisation}")
    return all(part in haystack for part in fold(wanted.text).split())


def fold(text: str) -> str:
    """`text` without capitals, accents and the dots of umlauts, for searching and sorting alike on both databases."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _by_name(line: Line) -> tuple[bool, str, int]:
    # Who gave no name stands at the end, in the order of arrival.
    name = fold(line.name or line.organisation)
    return (not name, name, line.id)
