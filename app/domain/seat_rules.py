"""The rules of seats: whether one can wait, whether places are offered first, how groups are filled, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select

from app.database import db
from app.domain import admission, editing, offers
from app.domain.errors import ChoiceOfGroupsFixed, OffersOpen, WishesNotAllocated
from app.domain.queries import places as queries
from app.models import (
    ENDED_STATUSES,
    PLACED_STATUSES,
    Allocation,
    AllocationState,
    Conference,
    GroupChoice,
    Participant,
    Registration,
    RoleGroup,
    Seat,
    SeatState,
    Wish,
)

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


@dataclass(frozen=True)
class Outcome:
    """What saving the rules has led to: households that moved up, and places that were only offered until then."""

    moved_up: list[Registration]
    settled: int


def arrange(
    conference: Conference, wanted: Mapping[str, Any], *, shown: str | None = None, settle: bool = False
) -> Outcome:
    """Save the rules and the places, all of `arranged`.

    Without a queue nobody is added to it any more; who waits keeps waiting and moves up as before. When offers are no
    longer made, those that are open become places at once, with `settle`; without it OffersOpen is raised. How groups
    are filled changes as `_change_choice` says. Raises FrameBelowTaken, QuotasAboveCapacity, ChangedMeanwhile.
    """
    with editing.writing(conference) as conference:
        editing.refuse_if_changed(arranged(conference), wanted, shown)
        ends_offers = conference.makes_offers and not wanted["makes_offers"]
        if ends_offers and not settle and (places := offers.open_in(conference)):
            raise OffersOpen(places=places)
        if wanted["group_choice"] is not conference.group_choice:
            _change_choice(conference, wanted["group_choice"])
        editing.save(conference, {name: wanted[name] for name in RULES})
        db.session.flush()
        settled = offers.settle(conference) if ends_offers else 0
        quotas = {role: wanted[kept_of(role)] for role in RoleGroup if wanted[kept_of(role)]}
        moved_up = admission.set_frame(
            conference,
            capacity=wanted["capacity"],
            walk_in_quota=wanted["walk_in_quota"],
            quotas=quotas,
        )
        return Outcome(moved_up, settled)


def hindrance(conference: Conference) -> ChoiceOfGroupsFixed | WishesNotAllocated | None:
    """Why the way groups are filled cannot change now; None where it can.

    Wishes have to be given out first: nobody who named some is left standing. Who has taken a seat has one: where it is
    so for anybody, groups are not given by wishes.
    """
    if conference.group_choice is GroupChoice.DIRECT:
        chosen = _people_with(
            conference,
            exists().where(Seat.participant_id == Participant.id, Seat.state != SeatState.RELEASED),
        )
        return ChoiceOfGroupsFixed(people=chosen) if chosen else None
    if queries.are_allocated(conference):
        return None
    wishing = _people_with(conference, exists().where(Wish.participant_id == Participant.id))
    return WishesNotAllocated(people=wishing) if wishing else None


def is_fixed(conference: Conference) -> bool:
    """True once anybody has chosen a group or named a wish: a file no longer changes the way groups are filled."""
    has_seats = exists().where(Seat.conference_id == conference.id, Seat.state != SeatState.RELEASED)
    return bool(db.session.scalar(select(has_seats | exists().where(Wish.conference_id == conference.id))))


def _change_choice(conference: Conference, choice: GroupChoice) -> None:
    """Let groups be filled the other way, within the caller's lock. Raises what `hindrance` finds.

    Where everybody chooses from now on, open proposals are discarded, and of the wishes only the dearest ones of those
    who have no place at the conference yet are left: the groups they get when they have. The other way round those
    become wishes.
    """
    if found := hindrance(conference):
        raise found
    if choice is GroupChoice.WISHES:
        return
    for proposal in db.session.scalars(
        select(Allocation).where(
            Allocation.conference_id == conference.id, Allocation.state != AllocationState.RELEASED
        )
    ):
        proposal.state = AllocationState.DISCARDED
    without_place = (
        select(Participant.id)
        .join(Registration, Participant.registration_id == Registration.id)
        .where(Registration.conference_id == conference.id, Registration.status.not_in(PLACED_STATUSES))
    )
    db.session.execute(
        delete(Wish)
        .where(
            Wish.conference_id == conference.id,
            (Wish.rank > 1) | Wish.participant_id.not_in(without_place),
        )
        .execution_options(synchronize_session=False)
    )


def _people_with(conference: Conference, what: ColumnElement[bool]) -> int:
    """How many people of registrations that are not over have it."""
    return (
        db.session.scalar(
            select(func.count(Participant.id))
            .join(Registration, Participant.registration_id == Registration.id)
            .where(
                Registration.conference_id == conference.id,
                Registration.status.not_in(ENDED_STATUSES),
                what,
            )
        )
        or 0
    )


def people(households: list[Registration]) -> int:
    """How many people belong to these households."""
    return sum(len(household.participants) for household in households)
