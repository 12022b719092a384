"""Proposals of who sits where, as staff and residents read them; each with a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
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
    Seat,
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
class Figures:
    """The places of a proposal; once it is released, only what people really have of it now."""

    # By first, second and third wish, and by none of them.
    ranks: tuple[int, int, int, int]
    # Without a group.
    without: int
    # Released, and not so: not given at that time, or changed since.
    otherwise: int

    @property
    def given(self) -> int:
        return sum(self.ranks)


@dataclass(frozen=True)
class GroupLine:
    """One group in one round of a proposal."""

    meeting: GroupRound
    # Free seats when it was solved, and how many wished it first, second and third.
    free: int
    wished: tuple[int, ...]
    # How many sit there by their first, second, third wish, and by none; before it is released, as it is proposed.
    given: tuple[int, ...]

    @property
    def people(self) -> int:
        return sum(self.given)


@dataclass(frozen=True)
class Given:
    """One round of one person: the place, where they sit, and the sentences that explain it."""

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
        .where(
            AllocationPlace.allocation_id == allocation.id,
            AllocationPlace.group_round_id.is_not(None),
            _stands(allocation),
        )
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


def figures(allocation: Allocation) -> Figures:
    """How many places there are of each kind: one statement."""
    ranks, without, otherwise = [0, 0, 0, 0], 0, 0
    told = (
        select(
            _stands(allocation).label("stands"),
            AllocationPlace.group_round_id.is_not(None).label("has_group"),
            AllocationPlace.rank,
        )
        .where(AllocationPlace.allocation_id == allocation.id)
        .subquery()
    )
    for stands, has_group, rank, people in db.session.execute(
        select(told.c.stands, told.c.has_group, told.c.rank, func.count()).group_by(
            told.c.stands, told.c.has_group, told.c.rank
        )
    ):
        if not stands:
            otherwise += people
        elif has_group:
            ranks[(rank or 4) - 1] += people
        else:
            without += people
    first, second, third, none = ranks
    return Figures((first, second, third, none), without, otherwise)


def people(allocation: Allocation, show: str = "", page: int = 1) -> People:
    """The people of a proposal, as they came; `show`: "ohne" (no seat), "keiner" (no wish met), "hand" (by hand),
    "nicht" (released, and they do not have it).
    """
    ids = (
        select(AllocationPlace.participant_id)
        .where(AllocationPlace.allocation_id == allocation.id, *_shown(allocation, show))
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
    return People(tuple(_lines(allocation, chosen, _held_now(allocation, chosen))), found, page, pages)


def person(allocation: Allocation, participant_id: int) -> PersonLine | None:
    """One person of a proposal; None for somebody it does not place."""
    found = db.session.scalar(
        select(Participant)
        .where(Participant.id == participant_id, Participant.conference_id == allocation.conference_id)
        .options(joinedload(Participant.registration))
    )
    chosen = [found] if found else []
    lines = _lines(allocation, chosen, _held_now(allocation, chosen))
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
        (person.id, seat.round_number): seat.group_round_id
        for person in registration.participants
        for seat in person.live_seats
        if seat.state is SeatState.SEATED
    }
    lines = _lines(allocation, registration.participants, held, for_staff=False)
    return [line for line in lines if line.given]


def _held_now(allocation: Allocation, chosen: Sequence[Participant]) -> dict[tuple[int, int], int] | None:
    """The group round in which each person sits, by round, once a proposal is released: one statement."""
    if allocation.state is not AllocationState.RELEASED:
        return None
    rows = db.session.execute(
        select(Seat.participant_id, Seat.round_number, Seat.group_round_id).where(
            Seat.participant_id.in_([person.id for person in chosen]), Seat.state == SeatState.SEATED
        )
    )
    return {(person_id, number): round_id for person_id, number, round_id in rows}


def _stands(allocation: Allocation) -> ColumnElement[bool]:
    """Whether a place is as the proposal says: always before it is released, then by the seats there are."""
    if allocation.state is not AllocationState.RELEASED:
        return true()
    theirs = (
        select(Seat.id)
        .where(
            Seat.participant_id == AllocationPlace.participant_id,
            Seat.round_number == AllocationPlace.round_number,
            Seat.state == SeatState.SEATED,
        )
        .correlate(AllocationPlace)
    )
    return or_(
        and_(AllocationPlace.group_round_id.is_(None), ~theirs.exists()),
        theirs.where(Seat.group_round_id == AllocationPlace.group_round_id).exists(),
    )


def _lines(
    allocation: Allocation,
    chosen: Sequence[Participant],
    held: Mapping[tuple[int, int], int] | None,
    *,
    for_staff: bool = True,
) -> Iterable[PersonLine]:
    """`held`: the group round in which each person sits now, by round; None takes the proposal as it is."""
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
            proposed = title(place.group_round_id or 0)
            return [explain.not_as_proposed(proposed) if for_staff else explain.changed_since()]
        others = [other for other in places if other is not place and stands(other)]
        return explain.sentences(place, others, counts, title)

    def sits(place: AllocationPlace) -> int | None:
        if held is None:
            return place.group_round_id
        return held.get((place.participant_id, place.round_number))

    def stands(place: AllocationPlace) -> bool:
        return sits(place) == place.group_round_id

    for person in chosen:
        places = by_person[person.id]
        yield PersonLine(
            person,
            tuple(
                Given(place, meetings.get(sits(place) or 0), tuple(told(place, places))) for place in places
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


def _shown(allocation: Allocation, show: str) -> list[ColumnElement[Any]]:
    stands = _stands(allocation)
    if show == "ohne":
        return [AllocationPlace.group_round_id.is_(None), stands]
    if show == "keiner":
        return [AllocationPlace.group_round_id.is_not(None), AllocationPlace.rank.is_(None), stands]
    if show == "nicht":
        return [~stands if allocation.state is AllocationState.RELEASED else false()]
    if show == "hand":
        return [AllocationPlace.is_adjusted.is_(True)]
    return []
