"""Proposals of who sits where, as staff and residents read them; each with a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.allocation import explain
from app.domain.allocation.problem import gather
from app.models import (
    Allocation,
    AllocationPlace,
    AllocationState,
    Conference,
    GroupRound,
    Participant,
    Registration,
    SeatState,
    WorkingGroup,
)

PAGE_SIZE = 50


@dataclass(frozen=True)
class Round:
    """What there is to distribute in one round."""

    number: int
    # People without a seat, those of them who wish something, and free seats.
    seekers: int
    wishing: int
    seats: int


@dataclass(frozen=True)
class GroupLine:
    """One group in one round of a proposal."""

    meeting: GroupRound
    # Free seats when it was solved, and how many wished it first, second and third.
    free: int
    wished: tuple[int, ...]
    # How many sit there by their first, second, third wish, and by none; as it is proposed now.
    given: tuple[int, ...]

    @property
    def people(self) -> int:
        return sum(self.given)


@dataclass(frozen=True)
class Given:
    """One round of one person: the place and the sentences that explain it."""

    place: AllocationPlace
    group_round: GroupRound | None
    sentences: tuple[str, ...]

    @property
    def round_number(self) -> int:
        return self.place.round_number


@dataclass(frozen=True)
class PersonLine:
    """One person of a proposal."""

    participant: Participant
    given: tuple[Given, ...]


@dataclass(frozen=True)
class People:
    """A page of the people of a proposal."""

    lines: tuple[PersonLine, ...]
    found: int
    page: int
    pages: int


def latest(conference: Conference) -> Allocation | None:
    """The proposal staff work with: the last one that was not discarded."""
    return db.session.scalar(
        select(Allocation)
        .where(Allocation.conference_id == conference.id, Allocation.state != AllocationState.DISCARDED)
        .order_by(Allocation.number.desc())
        .limit(1)
    )


def is_stale(allocation: Allocation, conference: Conference) -> bool:
    """True when people, wishes or seats have changed since an open proposal was solved."""
    return (
        allocation.state is AllocationState.DRAFT
        and gather(conference).problem.sha256 != allocation.input_sha256
    )


def rounds(conference: Conference) -> list[Round]:
    """What there is to distribute now."""
    problem = gather(conference).problem
    return [
        Round(
            number,
            problem.seekers(place),
            sum(
                member.held[place] is None and bool(member.wishes[place])
                for household in problem.households
                for member in household.members
            ),
            problem.seats(place),
        )
        for place, number in enumerate(problem.rounds)
    ]


def groups(allocation: Allocation) -> list[GroupLine]:
    """The groups of a proposal, by round and number."""
    given: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    counts: Any = db.session.execute(
        select(AllocationPlace.group_round_id, AllocationPlace.rank, func.count())
        .where(AllocationPlace.allocation_id == allocation.id, AllocationPlace.group_round_id.is_not(None))
        .group_by(AllocationPlace.group_round_id, AllocationPlace.rank)
    )
    for round_id, rank, people in counts:
        given[round_id][(rank or 4) - 1] = people
    told = {entry["group_round"]: entry for entry in allocation.protocol.get("groups", ())}
    return [
        GroupLine(
            meeting, told[meeting.id]["free"], tuple(told[meeting.id]["wished"]), tuple(given[meeting.id])
        )
        for meeting in _meetings(allocation.conference_id)
        if meeting.id in told
    ]


def ranks(allocation: Allocation) -> dict[int | None, int]:
    """How many places are a first, second, third wish, none (0), and how many are without a group (None)."""
    found: dict[int | None, int] = {1: 0, 2: 0, 3: 0, 0: 0, None: 0}
    for has_group, rank, people in db.session.execute(
        select(AllocationPlace.group_round_id.is_not(None), AllocationPlace.rank, func.count())
        .where(AllocationPlace.allocation_id == allocation.id)
        .group_by(AllocationPlace.group_round_id.is_not(None), AllocationPlace.rank)
    ):
        found[(rank or 0) if has_group else None] += people
    return found


def people(allocation: Allocation, show: str = "", page: int = 1) -> People:
    """The people of a proposal, as they came; `show`: "ohne" (no seat), "keiner" (no wish met), "hand" (by hand)."""
    ids = (
        select(AllocationPlace.participant_id)
        .where(AllocationPlace.allocation_id == allocation.id, *_shown(show))
        .distinct()
    )
    found = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(1, page), pages)
    chosen = db.session.scalars(
        select(Participant)
        .join(Participant.registration)
        .where(Participant.id.in_(ids))
        .options(joinedload(Participant.registration))
        .order_by(Registration.created_at, Registration.id, Participant.position)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return People(tuple(_lines(allocation, chosen)), found, page, pages)


def person(allocation: Allocation, participant_id: int) -> PersonLine | None:
    """One person of a proposal; None for somebody it does not place."""
    found = db.session.scalar(
        select(Participant)
        .where(Participant.id == participant_id, Participant.conference_id == allocation.conference_id)
        .options(joinedload(Participant.registration))
    )
    lines = _lines(allocation, [found] if found else [])
    return next((line for line in lines if line.given), None)


def explained(registration: Registration) -> list[PersonLine]:
    """What each person of a household got in the proposal that was released last, and why; empty before any.

    Where somebody does not sit in the proposed group, left out when it was released or changed since, it says so
    instead of explaining a seat they do not have.
    """
    allocation = db.session.scalar(
        select(Allocation)
        .join(AllocationPlace, AllocationPlace.allocation_id == Allocation.id)
        .join(Participant, Participant.id == AllocationPlace.participant_id)
        .where(Participant.registration_id == registration.id, Allocation.state == AllocationState.RELEASED)
        .order_by(Allocation.number.desc())
        .limit(1)
    )
    if allocation is None:
        return []
    held = {
        person.id: {seat.group_round_id for seat in person.live_seats if seat.state is SeatState.SEATED}
        for person in registration.participants
    }
    return [line for line in _lines(allocation, registration.participants, held) if line.given]


def _lines(
    allocation: Allocation, chosen: Sequence[Participant], held: Mapping[int, Collection[int]] | None = None
) -> Iterable[PersonLine]:
    """`held`: the group rounds in which each person sits now; None takes the proposal as it is."""
    by_person: dict[int, list[AllocationPlace]] = defaultdict(list)
    for place in db.session.scalars(
        select(AllocationPlace)
        .where(
            AllocationPlace.allocation_id == allocation.id,
            AllocationPlace.participant_id.in_([person.id for person in chosen]),
        )
        .order_by(AllocationPlace.round_number)
    ):
        by_person[place.participant_id].append(place)
    meetings = {meeting.id: meeting for meeting in _meetings(allocation.conference_id)}
    counts = explain.counted(allocation.protocol)

    def title(round_id: int) -> str:
        return str(meetings[round_id].group.title) if round_id in meetings else ""

    def told(place: AllocationPlace, places: Sequence[AllocationPlace]) -> list[str]:
        if not stands(place):
            return [explain.changed_since()]
        others = [other for other in places if other is not place and stands(other)]
        return explain.sentences(place, others, counts, title)

    def stands(place: AllocationPlace) -> bool:
        return (
            held is None or place.group_round_id is None or place.group_round_id in held[place.participant_id]
        )

    for person in chosen:
        places = by_person[person.id]
        yield PersonLine(
            person,
            tuple(
                Given(place, meetings.get(place.group_round_id or 0), tuple(told(place, places)))
                for place in places
            ),
        )


def _meetings(conference_id: int) -> list[GroupRound]:
    return list(
        db.session.scalars(
            select(GroupRound)
            .join(GroupRound.group)
            .where(GroupRound.conference_id == conference_id)
            .options(joinedload(GroupRound.group))
            .order_by(GroupRound.number, WorkingGroup.number)
        )
    )


def _shown(show: str) -> list[ColumnElement[Any]]:
    if show == "ohne":
        return [AllocationPlace.group_round_id.is_(None)]
    if show == "keiner":
        return [AllocationPlace.group_round_id.is_not(None), AllocationPlace.rank.is_(None)]
    if show == "hand":
        return [AllocationPlace.is_adjusted.is_(True)]
    return []
