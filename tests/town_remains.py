"""What stands in the town of tests/town.py and was left behind: a cancelled entry, a run of erasing."""

from __future__ import annotations

from datetime import timedelta

from app.database import db, now, transaction
from app.models import CancelledEntry, Conference, RetentionRun, Translated


def fill(conference: Conference, word: str) -> None:
    """One row of each."""
    at = now()
    of = {"host_id": conference.host_id, "conference_id": conference.id}
    with transaction():
        db.session.add_all(
            [
                CancelledEntry(
                    **of,
                    uid=f"entfallen-{word}@sozialraumkonferenz",
                    sequence=2,
                    title=Translated(f"Entfallener Vortrag {word}"),
                    starts_at=conference.starts_at,
                    ends_at=conference.starts_at + timedelta(minutes=30),
                ),
                RetentionRun(
                    host_id=conference.host_id,
                    at=at,
                    report=[{"purpose": "needs", "conference": str(conference.title), "rows": 2}],
                ),
            ]
        )
