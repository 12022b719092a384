"""What confirming a table would do now: who gets a place, who waits, whom nothing can be done for.

It follows the rules of app.domain.admission and app.domain.seats in the order of the table. Places can go to others
between the look and the deed: what counts is decided under the lock, one household after another.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.registration_table.faults import Fault, Flaw
from app.domain.registration_table.frame import Frame
from app.domain.registration_table.households import Household
from app.models import Conference, RoleGroup


class Outcome(enum.Enum):
    GOOD = "good"
    WAITS = "waits"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Verdict:
    """One household and what would become of it; `waits_for` are titles of groups, "" the conference itself."""

    household: Household
    outcome: Outcome
    waits_for: tuple[str, ...] = ()


@dataclass
class _Places:
    """The places of a conference, counted on."""

    capacity: int | None
    taken: int
    kept_for_walk_ins: int
    # Of each audience: places kept for it, and how many of it hold one.
    quotas: dict[RoleGroup, list[int]] = field(default_factory=dict)

    def take(self, role: RoleGroup, people: int) -> bool:
        """Give this many of this audience a place; False where they do not fit."""
        if self.capacity is not None:
            kept = sum(
                max(0, places - taken) for other, (places, taken) in self.quotas.items() if other is not role
            )
            if people > max(0, self.capacity - self.taken - kept - self.kept_for_walk_ins):
                return False
        self.taken += people
        if role in self.quotas:
            self.quotas[role][1] += people
        return True


def forecast(conference: Conference, households: Sequence[Household], frame: Frame) -> list[Verdict]:
    """A verdict for each household, in the order of the table; the quotas of the conference are read."""
    places = _Places(
        capacity=conference.capacity,
        taken=conference.places_taken,
        kept_for_walk_ins=max(0, conference.walk_in_quota - conference.walk_ins_taken),
        quotas={quota.role_group: [quota.places, quota.taken] for quota in conference.quotas},
    )
    free = {meeting.id: meeting.seats_free for meeting in frame.meetings.values()}
    found = []
    for household in households:
        if household.faults:
            found.append(Verdict(household, Outcome.FAULTY))
        elif places.take(household.details.role_group, len(household.people)):
            waits_for = _sit_down(household, free, frame)
            found.append(Verdict(household, Outcome.WAITS if waits_for else Outcome.GOOD, waits_for))
        elif conference.has_queue:
            found.append(Verdict(household, Outcome.WAITS, ("",)))
        else:
            household.faults.append(Fault(household.first, "", Flaw.FULL))
            found.append(Verdict(household, Outcome.FAULTY))
    return found


def _sit_down(household: Household, free: dict[int, int], frame: Frame) -> tuple[str, ...]:
    """Take the seats that are free for all who want them; returns the groups in which they wait."""
    joining: dict[int, int] = {}
    for person in household.people:
        for meeting_id in person.groups.values():
            joining[meeting_id] = joining.get(meeting_id, 0) + 1
    waits_for = []
    for meeting_id, people in sorted(joining.items()):
        if people <= free[meeting_id]:
            free[meeting_id] -= people
        else:
            waits_for.append(frame.meetings[meeting_id].title)
    return tuple(waits_for)
