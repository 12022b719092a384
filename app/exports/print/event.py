"""What the sheets for the day are made from: plain facts about the conference, its people, groups and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from app.domain.local_time import LOCAL
from app.domain.queries.day import Household, Meeting, Point


@dataclass(frozen=True)
class Event:
    """One conference, as far as paper on the day needs it."""

    title: str
    motto: str
    kind: str
    host: str
    accent: str
    is_demo: bool
    starts_at: datetime
    ends_at: datetime
    # Name and address of the house, a line each.
    place: Sequence[str]
    phone: str
    hours: str
    costs: str
    # Name as its speakers know it, code and direction of each.
    languages: Sequence[tuple[str, str, str]]
    # Where one registers: in the QR code, and as it is read.
    address: str
    households: Sequence[Household]
    meetings: Sequence[Meeting]
    agenda: Sequence[Point]

    @property
    def day(self) -> str:
        return str(format_date(self.starts_at.astimezone(LOCAL), "full", "de"))

    @property
    def hours_of_day(self) -> str:
        """`17:00 bis 20:00 Uhr`, with the day where it ends on another."""
        starts, ends = self.starts_at.astimezone(LOCAL), self.ends_at.astimezone(LOCAL)
        if starts.date() == ends.date():
            return f"{starts:%H:%M} bis {ends:%H:%M} Uhr"
        return f"{starts:%H:%M} Uhr bis {format_date(ends, 'long', 'de')}, {ends:%H:%M} Uhr"


def span(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """`17:30 bis 18:15 Uhr`; nothing where no time is set."""
    if starts_at is None or ends_at is None:
        return ""
    return f"{starts_at.astimezone(LOCAL):%H:%M} bis {ends_at.astimezone(LOCAL):%H:%M} Uhr"
