"""What an organizer sees of a conference at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.database import db
from app.models import AgendaItem, Conference, GroupRound, Registration, RegistrationStatus, WorkingGroup


@dataclass(frozen=True)
class Figures:
    """Numbers of a conference; seats and queue over all groups and rounds."""

    registered: int
    items: int
    groups: int
    seats: int
    seats_taken: int
    waiting: int


def figures(conference: Conference) -> Figures:
    """The numbers as they are now: two statements."""
    registered, items, groups = db.session.execute(
        select(
            select(func.count(Registration.id))
            .where(
                Registration.conference_id == conference.id,
                Registration.status != RegistrationStatus.CANCELLED,
            )
            .scalar_subquery(),
            select(func.count(AgendaItem.id))
            .where(AgendaItem.conference_id == conference.id)
            .scalar_subquery(),
            select(func.count(WorkingGroup.id))
            .where(WorkingGroup.conference_id == conference.id)
            .scalar_subquery(),
        )
    ).one()
    seats, taken, waiting = db.session.execute(
        select(
            func.coalesce(func.sum(GroupRound.capacity), 0),
            func.coalesce(func.sum(GroupRound.seats_taken), 0),
            func.coalesce(func.sum(GroupRound.waiting), 0),
        ).where(GroupRound.conference_id == conference.id)
    ).one()
    return Figures(registered, items, groups, int(seats), int(taken), int(waiting))
