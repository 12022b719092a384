"""Taking words back: what is no longer public goes out of everything that was published from it, at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from app.database import db
from app.domain import contributions, editing, editions, evidence, import_records, moderation
from app.models import Contribution, ContributionStatus, ModerationDecision, RejectionReason, StaffMember


def withdraw(contribution: Contribution, *, by: StaffMember | None = None) -> None:
    """Erase the words for good; doing it twice changes nothing. `by`: who does it for an author who has called.

    It leaves pages, search, the snapshots of all editions and what is remembered of the file it came from; the
    editions' files are removed and the next edition is due.
    Number and counts stay, and recommendations that rest on it say that a voice was withdrawn.
    """
    with _taking_back(contribution, quietly=True):
        if contribution.status is ContributionStatus.WITHDRAWN:
            return
        contributions.erase(contribution)
        db.session.add(
            ModerationDecision(
                host_id=contribution.host_id,
                conference_id=contribution.conference_id,
                contribution_id=contribution.id,
                status=ContributionStatus.WITHDRAWN,
                staff_member_id=by.id if by else None,
                decided_on=contribution.decided_on,
            )
        )
        editions.redact(contribution)
        import_records.forget(contribution)


def reject(
    contribution: Contribution,
    reason: RejectionReason,
    reply: str,
    *,
    by: StaffMember | None = None,
    note: str = "",
    shown: str | None = None,
) -> None:
    """Reject it (app.domain.moderation.reject), and take it out of the editions where it was public."""
    with _taking_back(contribution):
        moderation.reject(contribution, reason, reply, by=by, note=note, shown=shown)
        editions.redact(contribution)


def forward(
    contribution: Contribution,
    office: str,
    reply: str = "",
    *,
    by: StaffMember | None = None,
    note: str = "",
    shown: str | None = None,
) -> None:
    """Hand it to an office (app.domain.moderation.forward), and take it out of the editions where it was public."""
    with _taking_back(contribution):
        moderation.forward(contribution, office, reply, by=by, note=note, shown=shown)
        editions.redact(contribution)


@contextmanager
def _taking_back(contribution: Contribution, *, quietly: bool = False) -> Iterator[None]:
    """Hold its conference; recommendations that rested on it afterwards rest on what said the same and still stands."""
    with editing.writing(contribution.conference, quietly=quietly):
        twins = list(
            db.session.scalars(select(Contribution).where(Contribution.duplicate_of_id == contribution.id))
        )
        yield
        for twin in twins:
            if twin.duplicate_of_id is None:
                evidence.inherit(contribution, twin)
