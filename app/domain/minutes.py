"""Minutes: what a group wrote down in one round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.database import db, now
from app.domain import editing
from app.domain.errors import MinutesInUse, NotFound
from app.models import Conference, Evidence, Minutes, WorkingGroup

FIELDS = ("participants", "main_points", "signed_off")


def of(group: WorkingGroup, round_number: int) -> Minutes | None:
    """The minutes of this group in this round; None where nobody has begun them."""
    return db.session.scalar(
        select(Minutes).where(Minutes.working_group_id == group.id, Minutes.round_number == round_number)
    )


def meets(group: WorkingGroup, round_number: int) -> bool:
    """True when the group meets in this round, or has minutes of it."""
    return round_number in [row.number for row in group.rounds] or of(group, round_number) is not None


def values(group: WorkingGroup, round_number: int) -> dict[str, Any]:
    """`FIELDS` as they are stored."""
    present = of(group, round_number)
    if present is None:
        return {"participants": None, "main_points": "", "signed_off": False}
    return editing.values(present, FIELDS)


def save(
    group: WorkingGroup, round_number: int, wanted: Mapping[str, Any], *, shown: str | None = None
) -> Minutes:
    """Save `FIELDS`; the first time begins the minutes. They are public once they are signed off.

    Raises NotFound for a round in which the group does not meet, ChangedMeanwhile.
    """
    group_id = group.id
    with editing.writing(group.conference) as conference:
        group = _group(conference, group_id)
        if not meets(group, round_number):
            raise NotFound
        editing.refuse_if_changed(values(group, round_number), wanted, shown)
        minutes = of(group, round_number)
        if minutes is None:
            minutes = Minutes(
                host_id=conference.host_id,
                conference_id=conference.id,
                working_group_id=group_id,
                round_number=round_number,
            )
            db.session.add(minutes)
        if editing.save(minutes, wanted):
            minutes.changed_at = now()
        db.session.flush()
    return minutes


def remove(group: WorkingGroup, round_number: int) -> None:
    """Take the minutes away; none changes nothing. Raises MinutesInUse when a recommendation rests on them."""
    group_id = group.id
    with editing.writing(group.conference) as conference:
        minutes = of(_group(conference, group_id), round_number)
        if minutes is None:
            return
        if db.session.scalar(select(Evidence.id).where(Evidence.minutes_id == minutes.id).limit(1)):
            raise MinutesInUse
        db.session.delete(minutes)


def _group(conference: Conference, group_id: int) -> WorkingGroup:
    found = db.session.scalar(
        select(WorkingGroup).where(WorkingGroup.id == group_id, WorkingGroup.conference_id == conference.id)
    )
    if found is None:
        raise NotFound
    return found
