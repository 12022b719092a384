"""The rules of seats: whether one can wait, whether places are offered first, how groups are filled, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from app.database import db
from app.domain import admission, editing
from app.domain.errors import ChoiceOfGroupsFixed
from app.models import Conference, Registration, RoleGroup, Seat, SeatState, Wish

RULES = ("has_queue", "makes_offers", "offer_hours", "group_choice")
# A fortnight: longer than that nobody keeps a place for an answer.
MOST_HOURS = 336


def arranged(conference: Conference) -> dict[str, Any]:
    """The rules, and the places in all and those kept, by the names `arrange` takes."""
    values = editing.values(conference, (*RULES, "capacity", "walk_in_quota"))
    kept = {quota.role_group: quota.places for quota in conference.quotas}
    return values | {kept_of(role): kept.get(role, 0) for role in RoleGroup}


def kept_of(role_group: RoleGroup) -> str:
    """The name of the places kept for an audience."""
    return f"kept-{role_group.value}"


def arrange(
    conference: Conference, wanted: Mapping[str, Any], *, shown: str | None = None
) -> list[Registration]:
    """Save the rules and the places, all of `arranged`; returns the households that moved up.

    Raises ChoiceOfGroupsFixed once anybody has chosen a group or named a wish, FrameBelowTaken, QuotasAboveCapacity,
    ChangedMeanwhile.
    """
    with editing.writing(conference) as conference:
        editing.refuse_if_changed(arranged(conference), wanted, shown)
        if wanted["group_choice"] is not conference.group_choice and is_fixed(conference):
            raise ChoiceOfGroupsFixed
        editing.save(conference, {name: wanted[name] for name in RULES})
        db.session.flush()
        quotas = {role: wanted[kept_of(role)] for role in RoleGroup if wanted[kept_of(role)]}
        return admission.set_frame(
            conference,
            capacity=wanted["capacity"],
            walk_in_quota=wanted["walk_in_quota"],
            quotas=quotas,
        )


def is_fixed(conference: Conference) -> bool:
    """True once anybody has chosen a group or named a wish: the way groups are filled stays."""
    has_seats = exists().where(Seat.conference_id == conference.id, Seat.state != SeatState.RELEASED)
    return bool(db.session.scalar(select(has_seats | exists().where(Wish.conference_id == conference.id))))


def people(households: list[Registration]) -> int:
    """How many people belong to these households."""
    return sum(len(household.participants) for household in households)
