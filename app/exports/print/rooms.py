"""What happens in which room: for the signs at the doors and the plans of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.exports.print.event import Event, span

_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """Something that takes place in a room."""

    time: str
    title: str
    # "AG 3" for a working group.
    number: str = ""
    interpreting: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoomDay:
    """A room with what takes place in it, by time."""

    name: str
    entries: tuple[Entry, ...]


def of(event: Event) -> list[RoomDay]:
    """Every room in use, by name; groups that have no room yet stand together at the end, under no name."""
    found: dict[str, list[tuple[datetime, int, Entry]]] = {}
    for meeting in event.meetings:
        entry = Entry(
            span(meeting.starts_at, meeting.ends_at),
            str(meeting.title),
            f"AG {meeting.group_number}",
            tuple(meeting.interpreter_languages),
        )
        found.setdefault(meeting.room, []).append(
            (meeting.starts_at or _NO_TIME, meeting.group_number, entry)
        )
    for point in event.agenda:
        if point.room and point.round_number is None:
            entry = Entry(span(point.starts_at, point.ends_at), str(point.title))
            found.setdefault(point.room, []).append((point.starts_at, 0, entry))
    return [
        RoomDay(name, tuple(entry for _at, _number, entry in sorted(found[name], key=lambda part: part[:2])))
        for name in sorted(found, key=lambda name: (not name, name))
    ]
