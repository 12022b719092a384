"""Local time of the towns: what people type is Europe/Berlin, what is kept is an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.domain.errors import NoSuchTime, TimeTwice

LOCAL = ZoneInfo("Europe/Berlin")


def instant(day: date, clock: time, *, field: str | None = None) -> datetime:
    """The instant of a local day and time, in UTC.

    Raises NoSuchTime for the hour the clocks skip in spring and TimeTwice for the one they repeat in autumn; `field`
    names the form field that shows the sentence.
    """
    first = datetime.combine(day, clock, LOCAL)
    second = first.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is not None and after is not None and before != after:
        # In the gap the offset grows between the two readings, in the repeated hour it shrinks.
        kind = NoSuchTime if before < after else TimeTwice
        raise kind(field=field, time=f"{clock:%H:%M}", day=f"{day:%d.%m.%Y}")
    return first.astimezone(UTC)


def day_of(at: datetime) -> date:
    """The local day of an instant."""
    return at.astimezone(LOCAL).date()


def time_of(at: datetime) -> time:
    """The local time of an instant, to the minute."""
    return at.astimezone(LOCAL).time().replace(second=0, microsecond=0)
