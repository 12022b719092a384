"""Proposals: asked for by staff, solved in the background, changed by hand, discarded."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select

from app.database import after_commit, db, transaction
from app.domain import editing, seats, versions
from app.domain.allocation.problem import Gathered, gather
from app.domain.errors import (
    AdjustmentReasonMissing,
    AllocationOver,
    NobodyToSeat,
    NotByWishes,
    NotFound,
    ProposedGroupFull,
    TimeCollision,
)
from app.faults import log_fault
from app.models import (
    HELD_STATES,
    Allocation,
    AllocationPlace,
    AllocationState,
    Conference,
    GroupChoice,
    GroupRound,
    Participant,
    Seat,
    StaffMember,
)

log = logging.getLogger(__name__)

# Called after a commit that left something to solve.
on_queued: Callable[[], None] | None = None

# A problem that ended its process this often is not tried again by itself.
MOST_ATTEMPTS = 3
_LARGEST_SEED = 999_999

TIME_OVER = _l(
    "In der vorgesehenen Zeit ist keine Einteilung gefunden worden. Es hat sich nichts geändert. "
    "Mehr Plätze in den Gruppen machen es leichter; danach können Sie noch einmal rechnen."
)
BROKEN_OFF = _l(
    "Das Rechnen ist unerwartet abgebrochen. Es hat sich nichts geändert. Rechnen Sie noch einmal. "
    "Bricht es wieder ab, hilft der Betrieb mit dem Protokoll des Servers."
)


def ask(conference: Conference, *, seed: int | None = None, by: StaffMember | None = None) -> Allocation:
    """Queue a new proposal; an open one before it is discarded, one that waits already is returned instead.

    Without a `seed` one is drawn. Raises NotByWishes, NobodyToSeat.
    """
    staff_id = by.id if by else None
    with editing.writing(conference) as held:
        if held.group_choice is not GroupChoice.WISHES:
            raise NotByWishes
        problem = gather(held).problem
        if not any(map(problem.seekers, range(len(problem.rounds)))):
            raise NobodyToSeat
        earlier = _of(held)
        for allocation in earlier:
            if allocation.state is AllocationState.QUEUED:
                return allocation
            if allocation.state in (AllocationState.DRAFT, AllocationState.FAILED):
                allocation.state = AllocationState.DISCARDED
        made = Allocation(
            host_id=held.host_id,
            conference_id=held.id,
            number=max((allocation.number for allocation in earlier), default=0) + 1,
            seed=secrets.randbelow(_LARGEST_SEED) + 1 if seed is None else seed,
            created_by_id=staff_id,
        )
        db.session.add(made)
        db.session.flush()
        after_commit(_tell_worker)
    return made


def discard(allocation: Allocation) -> None:
    """Let an open proposal be none; doing it twice changes nothing. Raises AllocationOver for a released one."""
    allocation_id = allocation.id
    with transaction():
        versions.raise_conference(allocation.conference_id)
        held = _again(allocation_id)
        if held.state is AllocationState.RELEASED:
            raise AllocationOver
        held.state = AllocationState.DISCARDED


def compute_all(should_stop: Callable[[], bool] = lambda: False) -> None:
    """Solve every proposal that waits, one after the other."""
    while not should_stop():
        waiting = db.session.scalar(
            select(Allocation.id)
            .where(Allocation.state == AllocationState.QUEUED)
            .order_by(Allocation.id)
            .limit(1)
        )
        db.session.rollback()
        if waiting is None:
            return
        compute(waiting)


def compute(allocation_id: int) -> None:
    """Solve one proposal: afterwards it is a draft, or failed with a sentence. Nothing is locked while it is solved."""
    # Not above: pages never solve anything, and the solver takes its time and memory to load.
    from app.domain.allocation import solve

    conference_id = db.session.scalar(select(Allocation.conference_id).where(Allocation.id == allocation_id))
    if conference_id is None:
        return
    try:
        found = _begin(allocation_id, conference_id)
        if found is None:
            return
        gathered, seed = found
        solution = solve.solve(gathered.problem, seed)
        _finish(allocation_id, conference_id, gathered, solution, solve.solver())
    except solve.NoSolution:
        _fail(allocation_id, str(TIME_OVER))
    except Exception as fault:
        log_fault(log, f"allocation {allocation_id} could not be solved", fault)
        _fail(allocation_id, str(BROKEN_OFF))


def adjust(
    allocation: Allocation,
    participant: Participant,
    wanted: dict[int, int | None],
    *,
    reason: str,
    by: StaffMember | None = None,
) -> bool:
    """Propose other groups for one person: round number -> group round, None meaning no group; all or nothing.

    True when something was changed. Raises AllocationOver, AdjustmentReasonMissing, ProposedGroupFull,
    TimeCollision, NotFound.
    """
    allocation_id, participant_id, staff_id = allocation.id, participant.id, by.id if by else None
    with transaction():
        versions.raise_conference(allocation.conference_id)
        held = _again(allocation_id)
        if held.state is not AllocationState.DRAFT:
            raise AllocationOver
        places = {
            place.round_number: place
            for place in db.session.scalars(
                select(AllocationPlace).where(
                    AllocationPlace.allocation_id == allocation_id,
                    AllocationPlace.participant_id == participant_id,
                )
            )
        }
        changed = False
        for number, round_id in sorted(wanted.items()):
            place = places.get(number)
            if place is None:
                raise NotFound
            if place.group_round_id == round_id:
                continue
            if not reason.strip():
                raise AdjustmentReasonMissing
            if round_id is not None:
                _refuse_full(held, number, round_id)
            place.group_round_id = round_id
            place.rank = place.wishes.index(round_id) + 1 if round_id in place.wishes else None
            place.is_adjusted, place.reason = True, reason.strip()[:500]
            db.session.flush()
            _refuse_collision(place, places, participant_id)
            changed = True
        if changed:
            log.info("allocation %s adjusted by staff member %s", allocation_id, staff_id)
        return changed


def _refuse_full(allocation: Allocation, number: int, round_id: int) -> None:
    meeting = db.session.scalar(
        select(GroupRound).where(
            GroupRound.id == round_id,
            GroupRound.conference_id == allocation.conference_id,
            GroupRound.number == number,
        )
    )
    if meeting is None:
        raise NotFound
    proposed = db.session.scalar(
        select(func.count()).where(
            AllocationPlace.allocation_id == allocation.id, AllocationPlace.group_round_id == round_id
        )
    )
    if (proposed or 0) >= meeting.seats_free:
        raise ProposedGroupFull(group=str(meeting.group.title), field=f"round_{number}")


def _refuse_collision(
    place: AllocationPlace, places: dict[int, AllocationPlace], participant_id: int
) -> None:
    """Invariant: nobody is proposed two groups whose times overlap, nor one beside a seat they hold."""
    if place.group_round_id is None:
        return
    ids = [other.group_round_id for other in places.values() if other.group_round_id is not None]
    held = select(Seat.group_round_id).where(
        Seat.participant_id == participant_id, Seat.state.in_(HELD_STATES)
    )
    meeting = db.session.get_one(GroupRound, place.group_round_id)
    for other in db.session.scalars(
        select(GroupRound)
        .where(GroupRound.id.in_(ids) | GroupRound.id.in_(held))
        .order_by(GroupRound.number, GroupRound.id)
    ):
        if seats.collide(meeting, other):
            raise TimeCollision(
                group=str(meeting.group.title),
                other=str(other.group.title),
                field=f"round_{place.round_number}",
            )


def _begin(allocation_id: int, conference_id: int) -> tuple[Gathered, int] | None:
    """What is to be solved; None when nobody waits for it. An attempt is noted first, in case it is the last."""
    with transaction():
        versions.raise_conference(conference_id)
        allocation = db.session.get(Allocation, allocation_id)
        if allocation is None or allocation.state is not AllocationState.QUEUED:
            return None
        attempts = int(allocation.protocol.get("attempts", 0)) + 1
        if attempts > MOST_ATTEMPTS:
            allocation.state, allocation.protocol = AllocationState.FAILED, {"error": str(BROKEN_OFF)}
            return None
        allocation.protocol = {"attempts": attempts}
        gathered = gather(db.session.get_one(Conference, conference_id))
        return gathered, allocation.seed


def _finish(allocation_id: int, conference_id: int, gathered: Gathered, solution: Any, solver: str) -> None:
    with transaction():
        versions.raise_conference(conference_id)
        allocation = _again(allocation_id)
        if allocation.state is not AllocationState.QUEUED:
            return
        rows = _rows(allocation, gathered, solution.places)
        if rows:
            db.session.execute(insert(AllocationPlace), rows)
        allocation.input_sha256 = gathered.problem.sha256
        allocation.protocol = {
            "solver": solver,
            "seconds": round(solution.seconds, 1),
            "goals": [
                {"goal": told.goal.value, "value": told.value, "bound": told.bound, "gap": told.gap}
                for told in solution.goals
            ],
            "groups": _counts(gathered, solution.places),
        }
        allocation.state = AllocationState.DRAFT


def _rows(allocation: Allocation, gathered: Gathered, places: Any) -> list[dict[str, Any]]:
    """A row for each person and round without a seat; people and groups that have gone meanwhile are left out."""
    people = set(
        db.session.scalars(
            select(Participant.id).where(Participant.conference_id == allocation.conference_id)
        )
    )
    meetings = set(
        db.session.scalars(select(GroupRound.id).where(GroupRound.conference_id == allocation.conference_id))
    )
    ids = gathered.meeting_ids
    rows = []
    for household, names, given in zip(
        gathered.problem.households, gathered.participant_ids, places, strict=True
    ):
        for member, name, groups in zip(household.members, names, given, strict=True):
            for number, group in enumerate(groups):
                if member.held[number] is not None or name not in people:
                    continue
                round_id = ids[number, group] if group is not None else None
                if round_id is not None and round_id not in meetings:
                    continue
                wished = member.wishes[number]
                rows.append(
                    {
                        "host_id": allocation.host_id,
                        "conference_id": allocation.conference_id,
                        "allocation_id": allocation.id,
                        "participant_id": name,
                        "round_number": gathered.problem.rounds[number],
                        "group_round_id": round_id,
                        "rank": wished.index(group) + 1 if group in wished else None,
                        "wishes": [ids[number, wish] for wish in wished],
                        "wants_together": household.together,
                    }
                )
    return rows


def _counts(gathered: Gathered, places: Any) -> list[dict[str, Any]]:
    """For each group and round: free seats, how many wished it first, second and third, how many were given which."""
    found: dict[tuple[int, int], dict[str, Any]] = {
        place: {
            "group_round": round_id,
            "free": gathered.problem.free[place[0]][place[1]] or 0,
            "wished": [0, 0, 0],
            "given": [0, 0, 0, 0],
        }
        for place, round_id in sorted(gathered.meeting_ids.items())
    }
    for household, given in zip(gathered.problem.households, places, strict=True):
        for member, groups in zip(household.members, given, strict=True):
            for number, group in enumerate(groups):
                if member.held[number] is not None:
                    continue
                wished = member.wishes[number]
                for rank, wish in enumerate(wished):
                    found[number, wish]["wished"][rank] += 1
                if group is not None:
                    found[number, group]["given"][wished.index(group) if group in wished else 3] += 1
    return list(found.values())


def _fail(allocation_id: int, sentence: str) -> None:
    with transaction():
        allocation = db.session.get(Allocation, allocation_id)
        if allocation is not None and allocation.state is AllocationState.QUEUED:
            allocation.state, allocation.protocol = AllocationState.FAILED, {"error": sentence}


def _of(conference: Conference) -> list[Allocation]:
    return list(
        db.session.scalars(
            select(Allocation).where(Allocation.conference_id == conference.id).order_by(Allocation.number)
        )
    )


def _again(allocation_id: int) -> Allocation:
    """The proposal as it is under the lock."""
    found = db.session.get(Allocation, allocation_id)
    if found is None:
        raise NotFound
    return found


def _tell_worker() -> None:
    if on_queued is not None:
        on_queued()
