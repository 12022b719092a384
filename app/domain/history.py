"""The history of a registration: what happened, when, by whom and why. Lines are only ever added."""

from __future__ import annotations

from app.database import db
from app.domain import calendar
from app.models import EventKind, Registration, RegistrationEvent, StaffMember


def note(
    registration: Registration,
    kind: EventKind,
    *,
    subject: str = "",
    reason: str = "",
    by: StaffMember | None = None,
) -> RegistrationEvent:
    """Add a line within the open transaction: `subject` is the group it is about, `reason` the words of staff.

    What shows in the calendar of the household raises the SEQUENCE of its entries.
    """
    calendar.note_event(registration, kind)
    event = RegistrationEvent(
        host_id=registration.host_id,
        conference_id=registration.conference_id,
        registration_id=registration.id,
        kind=kind,
        subject=subject[:300],
        reason=reason.strip()[:500],
        by_id=by.id if by else None,
    )
    db.session.add(event)
    db.session.flush()
    return event
