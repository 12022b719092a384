"""The minutes of a conference at a glance: which there are, and what is missing in them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.queries import conferences
from app.models import Conference, Minutes, WorkingGroup


@dataclass(frozen=True)
class Entry:
    """One group in one round, with its minutes where somebody has begun them."""

    group: WorkingGroup
    round_number: int
    minutes: Minutes | None

    @property
    def has_count(self) -> bool:
        return self.minutes is not None and self.minutes.participants is not None

    @property
    def has_points(self) -> bool:
        return self.minutes is not None and bool(self.minutes.points)

    @property
    def is_signed_off(self) -> bool:
        return self.minutes is not None and self.minutes.signed_off

    @property
    def is_complete(self) -> bool:
        return self.has_count and self.has_points and self.is_signed_off


def overview(conference: Conference) -> list[Entry]:
    """Every group in every round it meets or has minutes of, in order: three statements."""
    found = {
        (row.working_group_id, row.round_number): row
        for row in db.session.scalars(select(Minutes).where(Minutes.conference_id == conference.id))
    }
    return [
        Entry(group, number, found.get((group.id, number)))
        for group in conferences.groups_of(conference)
        for number in sorted(
            {group_round.number for group_round in group.rounds}
            | {number for group_id, number in found if group_id == group.id}
        )
    ]
