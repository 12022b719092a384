"""Calendar entries: what names them, when their SEQUENCE rises, and those that no longer take place.

An entry keeps its name (UID, RFC 5545) whatever is renamed or moved. Its SEQUENCE never falls: entries of the
conference carry the number of the conference, entries of a household that number and its own added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain import editing, secrets
from app.models import (
    AgendaItem,
    CancelledEntry,
    Conference,
    EventKind,
    GroupRound,
    Participant,
    Registration,
    Seat,
    Translated,
    WorkingGroup,
)

# After these nothing else stands in the calendar of a household than before.
_SHOWS_NOWHERE = frozenset(
    {
        EventKind.CALLED,
        EventKind.WRITTEN,
        EventKind.CONSENT_GIVEN,
        EventKind.CONSENT_WITHDRAWN,
        EventKind.CODE_RENEWED,
    }
)


@dataclass(frozen=True)
class Entry:
    """What a calendar knows of a point of the programme or a meeting of a group."""

    title: Translated
    starts_at: datetime
    ends_at: datetime
    room_id: int | None

    def is_moved_from(self, other: Entry) -> bool:
        """Whether somebody who has the `other` would come at the wrong time or to the wrong room."""
        return (self.starts_at, self.ends_at, self.room_id) != (
            other.starts_at,
            other.ends_at,
            other.room_id,
        )


def name_of_conference(conference: Conference) -> str:
    """The UID of the conference as a whole, for everybody."""
    return _name(f"konferenz-{conference.id}", conference)


def name_of_item(conference: Conference, calendar_mark: str) -> str:
    """The UID of a point of the programme, for everybody."""
    return _name(f"punkt-{calendar_mark}", conference)


def name_of_round(conference: Conference, calendar_mark: str, number: int) -> str:
    """The UID of a meeting of a group, for everybody."""
    return _name(f"gruppe-{calendar_mark}-{number}", conference)


def name_for(registration: Registration, group_round: GroupRound | None = None) -> str:
    """The UID of the conference, or of a meeting of a group, in the calendar of one household.

    Two households that share a calendar have two entries: when one of them cancels, the other keeps its own.
    """
    whose = secrets.digest("calendar", str(registration.id))[:16]
    if group_round is None:
        return _name(f"teilnahme-{whose}", registration.conference)
    what = f"gruppe-{group_round.group.calendar_mark}-{group_round.number}-{whose}"
    return _name(what, registration.conference)


def sequence_for(registration: Registration) -> int:
    """The SEQUENCE of the entries of one household."""
    return registration.conference.calendar_sequence + registration.calendar_sequence


def note_event(registration: Registration, kind: EventKind) -> None:
    """Raise the SEQUENCE of a household's entries when something happened that shows in its calendar."""
    if kind not in _SHOWS_NOWHERE:
        registration.calendar_sequence += 1


@contextmanager
def telling(conference: Conference) -> Iterator[None]:
    """Let the calendars of a conference follow what is changed within this block, inside the caller's write.

    Once residents can have entries, those that have gone are kept as cancelled, those that came back are no longer so,
    and the SEQUENCE is higher than before when any has gone, come back, or moved to another time or room.
    """
    before, sequence = entries(conference), conference.calendar_sequence
    yield
    db.session.flush()
    if not editing.is_in_calendars(conference):
        return
    after = entries(conference)
    back = _cancelled(conference).intersection(after)
    gone = {name: entry for name, entry in before.items() if name not in after}
    moved = any(name in before and entry.is_moved_from(before[name]) for name, entry in after.items())
    if (gone or back or moved) and conference.calendar_sequence == sequence:
        editing.touch_calendar(conference)
    if back:
        db.session.execute(
            delete(CancelledEntry).where(
                CancelledEntry.conference_id == conference.id, CancelledEntry.uid.in_(back)
            )
        )
    for name, entry in gone.items():
        db.session.add(
            CancelledEntry(
                host_id=conference.host_id,
                conference_id=conference.id,
                uid=name,
                sequence=conference.calendar_sequence,
                title=entry.title,
                starts_at=entry.starts_at,
                ends_at=entry.ends_at,
            )
        )
    db.session.flush()


def entries(conference: Conference) -> Mapping[str, Entry]:
    """The points of the programme and the meetings of groups that have a time, by UID."""
    items = db.session.execute(
        select(
            AgendaItem.calendar_mark,
            AgendaItem.title,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
            AgendaItem.room_id,
        ).where(AgendaItem.conference_id == conference.id)
    )
    meetings = db.session.execute(
        select(
            WorkingGroup.calendar_mark,
            GroupRound.number,
            WorkingGroup.title,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
            WorkingGroup.room_id,
        )
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .join(AgendaItem, GroupRound.agenda_item_id == AgendaItem.id)
        .where(GroupRound.conference_id == conference.id)
    )
    found = {
        name_of_item(conference, row.calendar_mark): Entry(row.title, row.starts_at, row.ends_at, row.room_id)
        for row in items
    }
    for row in meetings:
        name = name_of_round(conference, row.calendar_mark, row.number)
        found[name] = Entry(row.title, row.starts_at, row.ends_at, row.room_id)
    return found


def cancelled(conference: Conference) -> list[CancelledEntry]:
    """The entries for everybody that no longer take place, by time."""
    question = (
        select(CancelledEntry)
        .where(CancelledEntry.conference_id == conference.id, CancelledEntry.registration_id.is_(None))
        .order_by(CancelledEntry.starts_at, CancelledEntry.id)
    )
    return list(db.session.scalars(question))


def cancelled_for(registration: Registration) -> list[CancelledEntry]:
    """The entries of one household whose rows have gone, by time."""
    question = (
        select(CancelledEntry)
        .where(CancelledEntry.registration_id == registration.id)
        .order_by(CancelledEntry.starts_at, CancelledEntry.id)
    )
    return list(db.session.scalars(question))


def keep_cancelled(seats: Iterable[Seat]) -> None:
    """Keep the entries of seats that are about to be deleted, as cancelled, within the caller's write.

    Else they would stay in the calendars of their households for good.
    """
    found: dict[str, Seat] = {}
    for seat in seats:
        if seat.group_round.agenda_item is not None:
            found.setdefault(name_for(seat.participant.registration, seat.group_round), seat)
    known = set(db.session.scalars(select(CancelledEntry.uid).where(CancelledEntry.uid.in_(found))))
    for name, seat in found.items():
        registration, item = seat.participant.registration, seat.group_round.agenda_item
        if item is None or name in known:
            continue
        db.session.add(
            CancelledEntry(
                host_id=registration.host_id,
                conference_id=registration.conference_id,
                registration_id=registration.id,
                uid=name,
                sequence=sequence_for(registration),
                title=seat.group_round.group.title,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
            )
        )
    db.session.flush()


def seats_of(registration: Registration) -> list[Seat]:
    """All seats its people have or had, by round, group and person: one statement."""
    question = (
        select(Seat)
        .join(Seat.participant)
        .join(Seat.group_round)
        .where(Participant.registration_id == registration.id)
        .options(
            contains_eager(Seat.participant),
            contains_eager(Seat.group_round).joinedload(GroupRound.agenda_item),
            contains_eager(Seat.group_round).joinedload(GroupRound.group).joinedload(WorkingGroup.room),
        )
        .order_by(Seat.round_number, Seat.group_round_id, Participant.position)
    )
    return list(db.session.scalars(question))


def _cancelled(conference: Conference) -> set[str]:
    question = select(CancelledEntry.uid).where(CancelledEntry.conference_id == conference.id)
    return set(db.session.scalars(question))


def _name(what: str, conference: Conference) -> str:
    """Stays the same when title, address, host or installation are renamed; differs between installations."""
    return f"{what}-{conference.created_at:%Y%m%dT%H%M%S%f}@sozialraumkonferenz"
