"""Registrations as staff read them: the list of a conference page by page, with what it can be narrowed to."""

from __future__ import annotations

import enum
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.database import db
from app.domain import codes
from app.domain.queries import queues
from app.domain.queries.queues import Meeting, Queue, Task
from app.models import (
    ENDED_STATUSES,
    Conference,
    ContactChannel,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SeatState,
)

PER_PAGE = 50


class Stand(enum.Enum):
    """What a list can be narrowed to."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CALLS = "calls"
    SEATED = "seated"
    WAITING = "waiting"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Place:
    """What people of a household have in one round of a group; `position` is the household's place in the queue."""

    meeting: Meeting
    state: SeatState
    people: int
    position: int | None


@dataclass(frozen=True)
class Line:
    """One household in a list; `position` is its place in the queue of the conference."""

    id: int
    name: str
    organisation: str
    role_group: RoleGroup
    channel: RegistrationChannel
    status: RegistrationStatus
    contact_channel: ContactChannel
    created_at: datetime
    offer_expires_at: datetime | None
    people: int
    position: int | None = None
    places: tuple[Place, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.status not in ENDED_STATUSES


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the list; everything empty means everybody who has not ended."""

    text: str = ""
    stand: Stand | None = None
    meeting_id: int | None = None
    channel: RegistrationChannel | None = None
    page: int = 1


@dataclass(frozen=True)
class Overview:
    """A page of the list with all that stands around it; counts are of households."""

    lines: list[Line]
    found: int
    page: int
    pages: int
    meetings: list[Meeting]
    queues: list[Queue]
    tasks: list[Task]
    by_stand: dict[Stand, int]
    by_channel: dict[RegistrationChannel, int]
    by_meeting: dict[int, int]
    # People who are offered a place at the conference: they have none yet.
    offered: int = 0


def overview(conference: Conference, wanted: Wanted | None = None) -> Overview:
    """The registrations of a conference that are wanted, by name, or in the order of the queue where one is asked for.

    The number of statements does not depend on the number of registrations.
    """
    wanted = wanted or Wanted()
    known = queues.meetings(conference)
    todo = queues.tasks(conference)
    found = _found(conference, wanted, todo)
    pages = max(1, math.ceil(len(found) / PER_PAGE))
    page = min(max(1, wanted.page), pages)
    by_stand, by_channel, offered = _counts(conference)
    in_groups, by_meeting = _counts_in_groups(conference)
    # Nobody who is offered a place at the conference has seats yet.
    in_groups[Stand.OFFERED] = in_groups.get(Stand.OFFERED, 0) + by_stand.get(Stand.OFFERED, 0)
    return Overview(
        lines=_lines(conference, found[(page - 1) * PER_PAGE : page * PER_PAGE], known),
        found=len(found),
        page=page,
        pages=pages,
        meetings=known,
        queues=queues.queues(conference, known),
        tasks=todo,
        by_stand=by_stand | in_groups | {Stand.CALLS: len({task.registration_id for task in todo})},
        by_channel=by_channel,
        by_meeting=by_meeting,
        offered=offered,
    )


def fold(text: str) -> str:
    """`text` without capitals, accents and the dots of umlauts, for searching and sorting alike on both databases."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def names(registration_ids: Iterable[int | None]) -> dict[int, str]:
    """Display names by registration id: one statement."""
    wanted = {number for number in registration_ids if number is not None}
    rows = db.session.execute(
        select(Registration.id, Registration.display_name).where(Registration.id.in_(wanted))
    )
    return dict(rows.all())


def _found(conference: Conference, wanted: Wanted, todo: Sequence[Task]) -> list[int]:
    """Ids of what is wanted, in order."""
    query: Any = select(
        Registration.id, Registration.display_name, Registration.organisation, Registration.code_digest
    ).where(Registration.conference_id == conference.id, _has_stand(wanted, todo))
    if wanted.channel is not None:
        query = query.where(Registration.channel == wanted.channel)
    if wanted.meeting_id is not None or wanted.stand in (Stand.SEATED, Stand.WAITING):
        query = _in_groups(query, wanted)
    if wanted.stand is Stand.WAITLISTED and wanted.meeting_id is None:
        query = query.order_by(Registration.ticket)
    rows: list[Any] = list(db.session.execute(query))
    if wanted.text:
        rows = _with_text(conference, rows, wanted.text)
    in_order = wanted.stand is Stand.WAITLISTED or (
        wanted.stand is Stand.WAITING and wanted.meeting_id is not None
    )
    if not in_order:
        rows.sort(key=_by_name)
    return [row[0] for row in rows]


def _has_stand(wanted: Wanted, todo: Sequence[Task]) -> Any:
    live = Registration.status.not_in(ENDED_STATUSES)
    if wanted.stand is None or wanted.stand in (Stand.SEATED, Stand.WAITING):
        return live
    if wanted.stand is Stand.CALLS:
        return Registration.id.in_({task.registration_id for task in todo})
    if wanted.stand is Stand.OFFERED:
        offered = select(Participant.registration_id).join(Seat, Seat.participant_id == Participant.id)
        return or_(
            Registration.status == RegistrationStatus.OFFERED,
            Registration.id.in_(offered.where(Seat.state == SeatState.OFFERED)),
        )
    return Registration.status == RegistrationStatus(wanted.stand.value)


def _in_groups(query: Any, wanted: Wanted) -> Any:
    state = {Stand.SEATED: SeatState.SEATED, Stand.WAITING: SeatState.WAITING}.get(
        wanted.stand or Stand.CALLS
    )
    held = and_(Seat.state != SeatState.RELEASED, Seat.conference_id == Registration.conference_id)
    if state is not None:
        held = and_(held, Seat.state == state)
    if wanted.meeting_id is not None:
        held = and_(held, Seat.group_round_id == wanted.meeting_id)
    return (
        query.join(Participant, Participant.registration_id == Registration.id)
        .join(Seat, and_(Seat.participant_id == Participant.id, held))
        .group_by(Registration.id)
        .order_by(func.min(Seat.ticket))
    )


def _with_text(conference: Conference, rows: list[Any], text: str) -> list[Any]:
    # Neither database folds the case of umlauts without an extension; a conference has a few thousand rows at most.
    others: defaultdict[int, str] = defaultdict(str)
    people = select(Participant.registration_id, Participant.name).where(
        Participant.conference_id == conference.id, Participant.name != ""
    )
    for registration_id, name in db.session.execute(people):
        others[registration_id] += f" {name}"
    digest, parts = codes.digest(text), fold(text).split()

    def fits(row: Any) -> bool:
        haystack = fold(f"{row[1]} {row[2]}{others[row[0]]}")
        return row[3] == digest or (bool(parts) and all(part in haystack for part in parts))

    return [row for row in rows if fits(row)]


def _by_name(row: Any) -> tuple[bool, str, int]:
    # Who gave no name stands at the end, in the order of arrival.
    name = fold(row[1] or row[2])
    return (not name, name, row[0])


def _lines(conference: Conference, ids: Sequence[int], known: Iterable[Meeting]) -> list[Line]:
    place = (
        select(Registration.id, func.row_number().over(order_by=Registration.ticket).label("position"))
        .where(
            Registration.conference_id == conference.id,
            Registration.status == RegistrationStatus.WAITLISTED,
        )
        .subquery()
    )
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
            Registration.offer_expires_at,
            func.count(Participant.id),
            place.c.position,
        )
        .join(Participant, Participant.registration_id == Registration.id)
        .outerjoin(place, place.c.id == Registration.id)
        .where(Registration.id.in_(ids))
        .group_by(Registration.id, place.c.position)
    )
    places = _places(conference, ids, known)
    by_id = {row[0]: Line(*row, places=tuple(places[row[0]])) for row in rows}
    return [by_id[registration_id] for registration_id in ids]


def _places(
    conference: Conference, ids: Sequence[int], known: Iterable[Meeting]
) -> defaultdict[int, list[Place]]:
    """What these households have, by round, what is sure first."""
    by_id = {meeting.id: meeting for meeting in known}
    queue = queues.of_groups(conference)
    rows = db.session.execute(
        select(
            Participant.registration_id,
            Seat.group_round_id,
            Seat.state,
            func.count(Seat.id),
            queue.c.position,
        )
        .join(Participant, Seat.participant_id == Participant.id)
        .outerjoin(
            queue,
            and_(
                queue.c.group_round_id == Seat.group_round_id,
                queue.c.registration_id == Participant.registration_id,
                Seat.state == SeatState.WAITING,
            ),
        )
        .where(Participant.registration_id.in_(ids), Seat.state != SeatState.RELEASED)
        .group_by(
            Participant.registration_id, Seat.round_number, Seat.group_round_id, Seat.state, queue.c.position
        )
    )
    places: defaultdict[int, list[Place]] = defaultdict(list)
    for registration_id, round_id, state, people, position in rows:
        places[registration_id].append(Place(by_id[round_id], state, people, position))
    order = list(SeatState)
    for held in places.values():
        held.sort(key=lambda place: (place.meeting.round_number, order.index(place.state), place.meeting.id))
    return places


def _counts(conference: Conference) -> tuple[dict[Stand, int], dict[RegistrationChannel, int], int]:
    """Households by status and by the way they came, and people who are offered a place."""
    offered = 0
    by_stand: dict[Stand, int] = defaultdict(int)
    by_channel: dict[RegistrationChannel, int] = defaultdict(int)
    rows = db.session.execute(
        select(
            Registration.status,
            Registration.channel,
            func.count(Registration.id.distinct()),
            func.count(Participant.id),
        )
        .outerjoin(Participant, Participant.registration_id == Registration.id)
        .where(Registration.conference_id == conference.id)
        .group_by(Registration.status, Registration.channel)
    )
    for status, channel, count, people in rows:
        offered += people if status is RegistrationStatus.OFFERED else 0
        by_stand[Stand(status.value)] += count
        if status not in ENDED_STATUSES:
            by_channel[channel] += count
    return dict(by_stand), dict(by_channel), offered


def _counts_in_groups(conference: Conference) -> tuple[dict[Stand, int], dict[int, int]]:
    """Households that sit or wait in any group, and households by group."""
    live = [Seat.conference_id == conference.id, Seat.state != SeatState.RELEASED]
    households = func.count(Participant.registration_id.distinct())
    by_state = db.session.execute(
        select(Seat.state, households)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(*live)
        .group_by(Seat.state)
    )
    by_meeting = db.session.execute(
        select(Seat.group_round_id, households)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(*live)
        .group_by(Seat.group_round_id)
    )
    return (
        {Stand(state.value): count for state, count in by_state},
        dict(by_meeting.all()),
    )
