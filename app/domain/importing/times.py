"""Dates and times of a file: local time of the towns in, instants out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.domain.local_time import LOCAL

__all__ = [
    "LOCAL",
    "at",
    "closes",
    "closing",
    "exists",
    "offset_in_force",
    "opening",
    "opens",
    "parse_date",
    "parse_instant",
    "spoken",
]


def parse_date(text: object) -> date | None:
    """The day, None for anything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def parse_instant(text: object) -> datetime | None:
    """The instant; a time without an offset is local. None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=LOCAL)


def offset_in_force(at: datetime) -> str:
    """The offset of local time at this instant, `+02:00` in summer."""
    return at.astimezone(LOCAL).isoformat()[-6:]


def exists(at: datetime) -> bool:
    """False for a local time that the change to summer time leaves out."""
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def at(day: date, clock: str) -> datetime:
    """The instant of `"16:30"` on this day, local time."""
    return datetime.combine(day, time.fromisoformat(clock), LOCAL)


def opens(day: date) -> datetime:
    """The first moment of the day."""
    return datetime.combine(day, time(), LOCAL)


def closes(day: date) -> datetime:
    """The end of the day, 24:00."""
    return opens(day + timedelta(days=1))


def opening(text: object) -> datetime | None:
    """The instant something opens: a day means its first moment."""
    day = parse_date(text)
    return opens(day) if day else parse_instant(text)


def closing(text: object) -> datetime | None:
    """The instant something closes: a day means its end."""
    day = parse_date(text)
    return closes(day) if day else parse_instant(text)


def spoken(at: datetime) -> str:
    """`25.05.2023, 16:30 Uhr`, local time."""
    return f"{at.astimezone(LOCAL):%d.%m.%Y, %H:%M} Uhr"
