"""Working groups of a conference: their order, their rounds and the seats in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from app.database import db
from app.domain import calendar, editing, programme, seats
from app.domain.errors import (
    CapacityBelowSeated,
    GroupInUse,
    GroupNeedsRound,
    GroupTaken,
    NotFound,
    RoundTaken,
    TitleMissing,
)
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionStatus,
    GroupRound,
    Minutes,
    Seat,
    SeatState,
    Topic,
    Translated,
    WorkingGroup,
)

TEXTS = ("title", "description", "questions", "facilitator_role")
FIELDS = (*TEXTS, "interpreter_languages", "room_id")
# More than any number a conference reaches: numbers are unique, so in a change of order all step aside first.
_ASIDE = 1_000_000

Places = Mapping[tuple[int, int], int | None]
"""Seats by (id of the group, number of the round); None: the group does not meet in this round."""


def add(conference: Conference, wanted: Mapping[str, Any], *, capacity: int) -> WorkingGroup:
    """Add a group (`FIELDS`) at the end of the list; it meets in every round, with `capacity` seats in each.

    The same group sent twice is added once. Raises TitleMissing, NotFound for a room of another venue.
    """
    with editing.writing(conference):
        for group in conference.groups:
            if editing.values(group, wanted) == dict(wanted):
                return group
        _refuse_unfit(conference, wanted)
        number = 1 + max((group.number for group in conference.groups), default=0)
        group = WorkingGroup(
            host_id=conference.host_id,
            key=_free_key(conference, number),
            number=number,
            position=len(conference.groups) + 1,
            **{name: Translated(value) if name in TEXTS else value for name, value in wanted.items()},
        )
        meetings = programme.rounds(conference)
        for round_number in range(1, max(1, len(meetings)) + 1):
            group.rounds.append(
                GroupRound(
                    host_id=conference.host_id,
                    conference_id=conference.id,
                    number=round_number,
                    capacity=capacity,
                    agenda_item_id=meetings[round_number - 1].id if meetings else None,
                )
            )
        conference.groups.append(group)
        db.session.flush()
    return group


def edit(group: WorkingGroup, wanted: Mapping[str, Any], *, shown: str | None = None) -> None:
    """Save `FIELDS`. Raises TitleMissing, NotFound, ChangedMeanwhile."""
    group_id = group.id
    with editing.writing(group.conference) as conference, calendar.telling(conference):
        group = _of(conference, group_id)
        editing.refuse_if_changed(editing.values(group, wanted), wanted, shown)
        _refuse_unfit(conference, wanted)
        if "room_id" in editing.save(group, wanted):
            editing.touch_calendar(conference)


def remove(group: WorkingGroup) -> None:
    """Take a group out with its rounds.

    Raises GroupTaken when anybody sits or waits in it, GroupInUse when topics, contributions or minutes belong to it,
    NotFound.
    """
    group_id = group.id
    with editing.writing(group.conference) as conference, calendar.telling(conference):
        group = _of(conference, group_id)
        if people(group):
            raise GroupTaken(group=str(group.title))
        _let_go(group)
        for group_round in group.rounds:
            programme.forget_released(group_round)
        conference.groups.remove(group)
        db.session.flush()
        _number(conference, list(conference.groups))


def _let_go(group: WorkingGroup) -> None:
    """Raise GroupInUse when anything that was said belongs to it; of what was taken back only the number is left."""
    db.session.execute(
        update(Contribution)
        .where(Contribution.working_group_id == group.id, Contribution.status == ContributionStatus.WITHDRAWN)
        .values(working_group_id=None)
        .execution_options(synchronize_session="fetch")
    )
    for model in (Topic, Contribution, Minutes):
        if db.session.scalar(select(model.id).where(model.working_group_id == group.id).limit(1)) is not None:
            raise GroupInUse(group=str(group.title))


def reorder(conference: Conference, order: Sequence[int]) -> None:
    """Show the groups in this order. Numbers follow it while the conference is a draft; later they stand on flyers.

    Raises OrderUnfit unless `order` names each group once.
    """
    with editing.writing(conference):
        groups = {group.id: group for group in conference.groups}
        order = editing.complete_order(order, groups)
        _number(conference, [groups[group_id] for group_id in order])


def move(conference: Conference, group_id: int, *, up: bool) -> None:
    """Show one group before its neighbour or after it. Raises OrderUnfit for a group that is gone."""
    with editing.writing(conference):
        reorder(conference, editing.moved([group.id for group in conference.groups], group_id, up=up))


def places(conference: Conference) -> dict[tuple[int, int], int | None]:
    """The seats of each group in each round, None where it does not meet."""
    numbers = round_numbers(conference)
    found: dict[tuple[int, int], int | None] = {
        (group.id, number): None for group in conference.groups for number in numbers
    }
    for group in conference.groups:
        for group_round in group.rounds:
            found[group.id, group_round.number] = group_round.capacity
    return found


def round_numbers(conference: Conference) -> list[int]:
    """The rounds there are; one without a time of its own where the programme has none."""
    return list(range(1, max(1, len(programme.rounds(conference))) + 1))


def set_places(conference: Conference, wanted: Places, *, shown: str | None = None) -> list[Seat]:
    """Set the seats of groups in rounds, all or none; whoever waits moves up. Returns the seats of those who did.

    Raises CapacityBelowSeated and RoundTaken with the field `places-GROUP-ROUND`, GroupNeedsRound, NotFound for a
    group or round that is gone, ChangedMeanwhile.
    """
    moved_up: list[Seat] = []
    with editing.writing(conference), calendar.telling(conference):
        stored = places(conference)
        if set(wanted) - set(stored):
            raise NotFound
        editing.refuse_if_changed(as_text({cell: stored[cell] for cell in wanted}), as_text(wanted), shown)
        groups = {group.id: group for group in conference.groups}
        for group_id, group in groups.items():
            if all(wanted.get(cell, stored[cell]) is None for cell in stored if cell[0] == group_id):
                raise GroupNeedsRound(group=str(group.title))
        items = {item.round_number: item.id for item in programme.rounds(conference)}
        for (group_id, number), capacity in sorted(wanted.items()):
            if capacity == stored[group_id, number]:
                continue
            group = groups[group_id]
            row = next((row for row in group.rounds if row.number == number), None)
            if row is None:
                group.rounds.append(
                    GroupRound(
                        host_id=conference.host_id,
                        conference_id=conference.id,
                        number=number,
                        capacity=capacity,
                        agenda_item_id=items.get(number),
                    )
                )
            elif capacity is None:
                if row.seats_taken or row.waiting:
                    raise RoundTaken(number=number, field=field_of(group_id, number))
                programme.forget_released(row)
                group.rounds.remove(row)
            else:
                try:
                    moved_up += seats.set_capacity(row, capacity)
                except CapacityBelowSeated as error:
                    error.field = field_of(group_id, number)
                    raise
            db.session.flush()
    return moved_up


def field_of(group_id: int, number: int) -> str:
    """The name of the field that holds the seats of a group in a round."""
    return f"places-{group_id}-{number}"


def as_text(wanted: Places) -> dict[str, int | None]:
    """The same by field name."""
    return {field_of(*cell): capacity for cell, capacity in wanted.items()}


def people(group: WorkingGroup) -> int:
    """How many places in its rounds are held or waited for."""
    return (
        db.session.scalar(
            select(func.count(Seat.id))
            .join(GroupRound, Seat.group_round_id == GroupRound.id)
            .where(GroupRound.working_group_id == group.id, Seat.state != SeatState.RELEASED)
        )
        or 0
    )


def _of(conference: Conference, group_id: int) -> WorkingGroup:
    found = next((group for group in conference.groups if group.id == group_id), None)
    if found is None:
        raise NotFound
    return found


def _refuse_unfit(conference: Conference, wanted: Mapping[str, Any]) -> None:
    if not wanted.get("title", "-"):
        raise TitleMissing
    programme.refuse_foreign_room(conference, wanted.get("room_id"))


def _number(conference: Conference, groups: list[WorkingGroup]) -> None:
    """Positions in the order given; numbers with them while nobody has seen them."""
    for position, group in enumerate(groups, start=1):
        group.position = position
    if conference.status is ConferenceStatus.DRAFT:
        wanted = list(range(1, len(groups) + 1))
        if [group.number for group in groups] != wanted:
            for group in groups:
                group.number += _ASIDE
            db.session.flush()
            for group, number in zip(groups, wanted, strict=True):
                group.number = number
    db.session.flush()
    db.session.expire(conference, ["groups"])


def _free_key(conference: Conference, number: int) -> str:
    taken = {group.key for group in conference.groups}
    while f"ag{number}" in taken:
        number += 1
    return f"ag{number}"
