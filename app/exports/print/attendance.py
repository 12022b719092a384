"""The attendance list: who is expected, with a column to sign. It is also how the door works without electricity."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.queries.day import Guest, Household
from app.exports.print.event import Event

# Lines to write on for people who come unannounced.
EMPTY_ROWS = 15


@dataclass(frozen=True)
class Row:
    """One registration: its people and their groups, line by line, and how many they are."""

    names: tuple[str, ...]
    count: int
    groups: tuple[str, ...]


def prepare(event: Event) -> list[Row]:
    """The rows in the order of family names."""
    return [_row(household) for household in event.households]


def people(rows: list[Row]) -> int:
    return sum(row.count for row in rows)


def _row(household: Household) -> Row:
    guests = household.guests
    groups = [_groups(guest) for guest in guests]
    if len(set(groups)) == 1:
        groups = groups[:1]
    return Row(tuple(_names(household)), len(guests), tuple(groups))


def _names(household: Household) -> list[str]:
    named = [guest.name for guest in household.guests if guest.name]
    adults = sum(not guest.is_child and not guest.name for guest in household.guests)
    children = sum(guest.is_child for guest in household.guests)
    # Who gave no name is found by whom they came with, or by the number staff see on their pages.
    head = [] if named else [household.label or f"ohne Namen, Nr. {household.registration_id}"]
    if head and adults:
        adults -= 1
    more = [f"{adults} {'Person' if adults == 1 else 'Personen'} ohne Namen"] if adults else []
    young = [f"{children} {'Kind' if children == 1 else 'Kinder'}"] if children else []
    belongs = (
        [household.organisation] if household.organisation and household.organisation not in head else []
    )
    return [*head, *named, *more, *young, *belongs]


def _groups(guest: Guest) -> str:
    return ", ".join(f"AG {meeting.group_number}" for meeting in guest.meetings) or "–"
