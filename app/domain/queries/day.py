"""The day as one reads it: who is expected and who is there, at the door and in each room; nobody who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain.queries.registrations import fold
from app.models import (
    PLACED_STATUSES,
    AgendaItem,
    CheckIn,
    Conference,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    Room,
    Seat,
    SeatState,
    Translated,
    WorkingGroup,
)


@dataclass(frozen=True)
class Meeting:
    """One round of one working group: when, where, how many seats."""

    id: int
    round_number: int
    group_number: int
    title: Translated
    questions: Translated
    interpreter_languages: Sequence[str]
    capacity: int
    room: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class Guest:
    """One person with a place at the conference."""

    participant_id: int
    registration_id: int
    # Empty for a child and for whoever has not given a name.
    name: str
    age: int | None
    # Seats by round.
    meetings: tuple[Meeting, ...]
    arrived_at: datetime | None
    # Group rounds in whose rooms this person has been seen.
    in_rooms: frozenset[int]

    @property
    def is_child(self) -> bool:
        return self.age is not None


@dataclass(frozen=True)
class Household:
    """One registration with a place and its people."""

    registration_id: int
    name: str
    organisation: str
    channel: RegistrationChannel
    status: RegistrationStatus
    guests: tuple[Guest, ...] = ()

    @property
    def label(self) -> str:
        """What to call them: empty where nobody has given a name."""
        named = next((guest.name for guest in self.guests if guest.name), "")
        return self.name or named or self.organisation

    @property
    def arrived(self) -> int:
        return sum(guest.arrived_at is not None for guest in self.guests)


@dataclass(frozen=True)
class Point:
    """One point of the programme; where groups meet it has the number of their round."""

    title: Translated
    starts_at: datetime
    ends_at: datetime
    round_number: int | None
    room: str


@dataclass(frozen=True)
class RoomCount:
    """How full the room of a meeting is: those seen in it, of those who sit there, of the seats there are."""

    meeting: Meeting
    seated: int
    present: int


@dataclass(frozen=True)
class Counts:
    """Where the day stands, in people."""

    expected: int
    arrived: int
    walk_ins: int
    # Registrations for which it is noted whether somebody came; 0 before the door is closed.
    noted: int
    rooms: list[RoomCount]


def meetings(conference: Conference) -> list[Meeting]:
    """All rounds of all groups, by round and group: one statement."""
    rows = db.session.execute(
        select(
            GroupRound.id,
            GroupRound.number,
            WorkingGroup.number,
            WorkingGroup.title,
            WorkingGroup.questions,
            WorkingGroup.interpreter_languages,
            GroupRound.capacity,
            func.coalesce(Room.name, ""),
            AgendaItem.starts_at,
            AgendaItem.ends_at,
        )
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .outerjoin(Room, WorkingGroup.room_id == Room.id)
        .outerjoin(AgendaItem, GroupRound.agenda_item_id == AgendaItem.id)
        .where(GroupRound.conference_id == conference.id)
        .order_by(GroupRound.number, WorkingGroup.position, GroupRound.id)
    )
    return [Meeting(*tuple(row)) for row in rows]


def agenda(conference: Conference) -> list[Point]:
    """The points of the programme in their order: one statement."""
    rows = db.session.execute(
        select(
            AgendaItem.title,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
            AgendaItem.round_number,
            func.coalesce(Room.name, ""),
        )
        .outerjoin(Room, AgendaItem.room_id == Room.id)
        .where(AgendaItem.conference_id == conference.id)
        .order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
    )
    return [Point(*row) for row in rows]


def households(conference: Conference, registration_id: int | None = None) -> list[Household]:
    """Everybody with a place, by registration, in the order of family names; or one registration alone.

    Four statements, whatever the number of people. Who waits, holds an offer or has cancelled is not among them.
    """
    known = {meeting.id: meeting for meeting in meetings(conference)}
    only = [] if registration_id is None else [Participant.registration_id == registration_id]
    seats: defaultdict[int, list[Meeting]] = defaultdict(list)
    for participant_id, round_id in db.session.execute(
        select(Seat.participant_id, Seat.group_round_id)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Seat.conference_id == conference.id, Seat.state == SeatState.SEATED, *only)
        .order_by(Seat.round_number)
    ):
        seats[participant_id].append(known[round_id])
    arrived: dict[int, datetime] = {}
    seen: defaultdict[int, set[int]] = defaultdict(set)
    for check_in in db.session.execute(
        select(CheckIn.participant_id, CheckIn.group_round_id, CheckIn.at)
        .join(Participant, CheckIn.participant_id == Participant.id)
        .where(CheckIn.conference_id == conference.id, *only)
    ):
        if check_in.group_round_id is None:
            arrived[check_in.participant_id] = check_in.at
        else:
            seen[check_in.participant_id].add(check_in.group_round_id)
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.display_name,
            Registration.organisation,
            Registration.channel,
            Registration.status,
            Participant.id.label("participant_id"),
            Participant.name,
            Participant.age,
        )
        .join(Participant, Participant.registration_id == Registration.id)
        .where(Registration.conference_id == conference.id, Registration.status.in_(PLACED_STATUSES), *only)
        .order_by(Registration.id, Participant.position)
    ).all()
    heads: dict[int, Household] = {}
    people: defaultdict[int, list[Guest]] = defaultdict(list)
    for row in rows:
        heads[row.id] = Household(row.id, row.display_name, row.organisation, row.channel, row.status)
        people[row.id].append(
            Guest(
                participant_id=row.participant_id,
                registration_id=row.id,
                name=row.name,
                age=row.age,
                meetings=tuple(seats[row.participant_id]),
                arrived_at=arrived.get(row.participant_id),
                in_rooms=frozenset(seen[row.participant_id]),
            )
        )
    found = [replace(head, guests=_with_contact(head.name, people[number])) for number, head in heads.items()]
    return sorted(found, key=_by_family_name)


def search(everybody: Iterable[Household], text: str) -> list[Household]:
    """Those whose names or organisation hold every word of `text`, capitals and accents aside."""
    words = fold(text).split()
    return [
        household
        for household in everybody
        if all(
            word
            in fold(
                " ".join(
                    (household.name, household.organisation, *(guest.name for guest in household.guests))
                )
            )
            for word in words
        )
    ]


def counts(conference: Conference) -> Counts:
    """Where the day stands: four statements."""
    placed = (Registration.conference_id == conference.id, Registration.status.in_(PLACED_STATUSES))
    expected, walk_ins, noted = db.session.execute(
        select(
            func.count(Participant.id),
            func.count(Participant.id).filter(Registration.channel == RegistrationChannel.WALK_IN),
            func.count(Registration.id.distinct()).filter(
                Registration.status != RegistrationStatus.CONFIRMED
            ),
        )
        .join(Participant, Participant.registration_id == Registration.id)
        .where(*placed)
    ).one()
    here = dict(
        db.session.execute(
            select(CheckIn.group_round_id, func.count())
            .join(Participant, CheckIn.participant_id == Participant.id)
            .join(Registration, Participant.registration_id == Registration.id)
            .where(*placed)
            .group_by(CheckIn.group_round_id)
        ).all()
    )
    seated = dict(
        db.session.execute(
            select(Seat.group_round_id, func.count())
            .where(Seat.conference_id == conference.id, Seat.state == SeatState.SEATED)
            .group_by(Seat.group_round_id)
        ).all()
    )
    return Counts(
        expected=expected,
        arrived=here.get(None, 0),
        walk_ins=walk_ins,
        noted=noted,
        rooms=[
            RoomCount(meeting, seated.get(meeting.id, 0), here.get(meeting.id, 0))
            for meeting in meetings(conference)
        ],
    )


def _with_contact(name: str, guests: list[Guest]) -> tuple[Guest, ...]:
    """The name of the contact is that of the first adult who has none, unless somebody else bears it."""
    if not name or any(guest.name for guest in guests):
        return tuple(guests)
    first = next((guest for guest in guests if not guest.is_child), None)
    return tuple(replace(guest, name=name) if guest is first else guest for guest in guests)


def _by_family_name(household: Household) -> tuple[bool, str, str, int]:
    # Who gave no name stands at the end.
    whole = fold(household.label)
    return (not whole, whole.split()[-1] if whole.split() else "", whole, household.registration_id)
