"""Coming back: a household whose offer has ended wants to come after all, with its code and all it has said."""

from __future__ import annotations

from app.database import db, now, transaction
from app.domain import admission, history, notices, versions
from app.domain.errors import AlreadyCancelled, NoSignupHere, OverrideReasonMissing, SignupClosed
from app.models import EventKind, Registration, RegistrationStatus, SignupState, StaffMember


def come_back(registration: Registration, *, reason: str = "", by: StaffMember | None = None) -> None:
    """Give a household its places where they are free, else the last place of the queue: as if it registered now.

    The groups it had chosen are tried again. Doing it twice changes nothing. Staff (`by`) say why, which stands in the
    history, and may do it after closing. Raises OverrideReasonMissing, SignupClosed, NoSignupHere, ConferenceFull where
    there is no queue, AlreadyCancelled for one that was cancelled.
    """
    if by is not None and not reason.strip():
        raise OverrideReasonMissing
    with transaction():
        versions.raise_conference(registration.conference_id)
        if registration.status is RegistrationStatus.CANCELLED:
            raise AlreadyCancelled
        if registration.is_live:
            return
        conference = registration.conference
        state = conference.signup_state(now())
        if state in (SignupState.HIDDEN, SignupState.CANCELLED):
            raise NoSignupHere
        if by is None and state not in (SignupState.OPEN, SignupState.FULL):
            raise SignupClosed
        # A ticket of its own, also where nobody waits: what was told about the earlier one is told anew.
        conference.last_ticket += 1
        registration.ticket = conference.last_ticket
        admission.enter(registration, may_wait=True)
        registration.changed_at = now()
        db.session.flush()
        history.note(registration, EventKind.RETURNED, reason=reason, by=by)
        if registration.has_place:
            admission.take_remembered_groups(registration)
            notices.place_given(registration)
        else:
            history.note(registration, EventKind.WAITLISTED, by=by)
            notices.waitlisted(registration)
