"""What is to be solved: people, wishes and free seats, without names and ids; and how it is read from the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain import wishes
from app.models import (
    HELD_STATES,
    PLACED_STATUSES,
    Conference,
    GroupRound,
    Participant,
    Registration,
    SeatState,
    WorkingGroup,
)


@dataclass(frozen=True)
class Member:
    """One person: for each round the groups they wish, dearest first, or the one they sit in already."""

    wishes: tuple[tuple[int, ...], ...]
    held: tuple[int | None, ...]


@dataclass(frozen=True)
class Household:
    """People of one registration; `together`: they want to be in the same group in each round."""

    members: tuple[Member, ...]
    together: bool = False


@dataclass(frozen=True)
class Problem:
    """Rounds and groups are told by their place in `rounds` and `groups`."""

    rounds: tuple[int, ...]
    groups: tuple[str, ...]
    # For each round and group the seats nobody holds yet; None where the group does not meet.
    free: tuple[tuple[int | None, ...], ...]
    households: tuple[Household, ...]
    # Rounds that take place at the same time: nobody sits in both.
    clashes: tuple[tuple[int, int], ...] = ()

    @property
    def sha256(self) -> str:
        """Equal for the same people, wishes and seats, in whichever database they stand."""
        content = {
            "rounds": self.rounds,
            "groups": self.groups,
            "free": self.free,
            "clashes": self.clashes,
            "households": [
                [household.together, [[member.wishes, member.held] for member in household.members]]
                for household in self.households
            ],
        }
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    def seats(self, number: int) -> int:
        """Free seats of a round, all groups together."""
        return sum(free or 0 for free in self.free[number])

    def seekers(self, number: int) -> int:
        """How many people have no seat in a round yet."""
        return sum(member.held[number] is None for home in self.households for member in home.members)


@dataclass(frozen=True)
class Gathered:
    """A problem, and whom and what it speaks of."""

    problem: Problem
    # Ids in the order of the problem.
    participant_ids: tuple[tuple[int, ...], ...]
    # Ids of group rounds by round and group.
    meeting_ids: dict[tuple[int, int], int]


def gather(conference: Conference) -> Gathered:
    """Read everybody who has a place at the conference, with wishes and seats; a fixed number of statements."""
    groups = db.session.scalars(
        select(WorkingGroup)
        .where(WorkingGroup.conference_id == conference.id)
        .options(
            selectinload(WorkingGroup.rounds).joinedload(GroupRound.agenda_item),
            selectinload(WorkingGroup.rounds).joinedload(GroupRound.group),
        )
        .order_by(WorkingGroup.number)
    ).all()
    numbers = sorted({meeting.number for group in groups for meeting in group.rounds})
    keys = tuple(sorted(group.key for group in groups))
    places = {group.id: keys.index(group.key) for group in groups}
    meetings = {
        (numbers.index(meeting.number), places[group.id]): meeting
        for group in groups
        for meeting in group.rounds
    }
    group_of = {meeting.id: place for (_number, place), meeting in meetings.items()}
    found = _people(conference)
    wished = wishes.of_all(person for registration in found for person in registration.participants)
    households = tuple(
        Household(
            tuple(_member(person, numbers, wished[person.id], group_of) for person in home.participants),
            together=home.wants_together and len(home.participants) > 1,
        )
        for home in found
    )
    problem = Problem(
        rounds=tuple(numbers),
        groups=keys,
        free=tuple(
            tuple(
                max(0, meetings[number, group].seats_free) if (number, group) in meetings else None
                for group in range(len(keys))
            )
            for number in range(len(numbers))
        ),
        households=households,
        clashes=tuple(_clashes(len(numbers), meetings)),
    )
    ids = tuple(tuple(person.id for person in home.participants) for home in found)
    return Gathered(problem, ids, {place: meeting.id for place, meeting in meetings.items()})


def _people(conference: Conference) -> list[Registration]:
    """Households with a place in an order that no database decides: as they came, then by what else is theirs."""
    found = db.session.scalars(
        select(Registration)
        .where(Registration.conference_id == conference.id, Registration.status.in_(PLACED_STATUSES))
        .options(selectinload(Registration.participants).selectinload(Participant.seats))
    )
    return sorted(
        found, key=lambda home: (home.created_at, home.key or "", home.submission_digest or "", home.id)
    )


def _member(
    person: Participant, numbers: list[int], wished: dict[int, list[int]], group_of: dict[int, int]
) -> Member:
    held: dict[int, int] = {}
    for seat in person.seats:
        # Who sits in one group may be offered another one: they have a seat all the same.
        if seat.state in HELD_STATES and (seat.state is SeatState.SEATED or seat.round_number not in held):
            held[seat.round_number] = seat.group_round_id
    return Member(
        wishes=tuple(tuple(group_of[round_id] for round_id in wished.get(number, [])) for number in numbers),
        held=tuple(group_of[held[number]] if number in held else None for number in numbers),
    )


def _clashes(rounds: int, meetings: dict[tuple[int, int], GroupRound]) -> Iterable[tuple[int, int]]:
    times = [
        {
            (meeting.agenda_item.starts_at, meeting.agenda_item.ends_at)
            for (place, _group), meeting in meetings.items()
            if place == number and meeting.agenda_item
        }
        for number in range(rounds)
    ]
    for one, other in combinations(range(rounds), 2):
        if any(
            begins < ends and starts < until for begins, until in times[one] for starts, ends in times[other]
        ):
            yield one, other
