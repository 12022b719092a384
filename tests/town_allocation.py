"""A proposal of who sits where in the town of tests/town.py."""

from __future__ import annotations

from typing import Any

from app.database import db, transaction
from app.models import Allocation, AllocationPlace, AllocationState, Conference, Registration, Wish


def fill(conference: Conference, registration: Registration, first: int) -> dict[str, Any]:
    """The draft with number `first`; the first person of the registration has no seat in round 1 of it."""
    with transaction():
        made = Allocation(
            host_id=conference.host_id,
            conference_id=conference.id,
            number=first,
            state=AllocationState.DRAFT,
            seed=7,
            protocol={"solver": "HiGHS", "seconds": 0.1, "goals": [], "groups": []},
        )
        db.session.add(made)
        db.session.flush()
        db.session.add(
            AllocationPlace(
                host_id=conference.host_id,
                conference_id=conference.id,
                allocation_id=made.id,
                participant_id=registration.participants[0].id,
                round_number=1,
            )
        )
        db.session.add(
            Wish(
                host_id=conference.host_id,
                conference_id=conference.id,
                participant_id=registration.participants[0].id,
                group_round_id=conference.groups[0].rounds[0].id,
                round_number=conference.groups[0].rounds[0].number,
                rank=1,
            )
        )
    return {"allocation": made.number}
