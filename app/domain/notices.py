"""Notices: what people are told, as rows of the outbox written in the transaction they tell of."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import outbox, secrets
from app.models import (
    AccessibilityFeedback,
    ContactChannel,
    Host,
    Message,
    MessageKind,
    Participant,
    Registration,
    Seat,
    StaffMember,
)


def registration_confirmed(registration: Registration) -> Message | None:
    """Tell that the registration is accepted: once per registration and address."""
    return _to_registration(registration, MessageKind.REGISTRATION_CONFIRMED, "1")


def groups_changed(registration: Registration) -> Message | None:
    """Tell which groups it is now: once for each set of places."""
    places = db.session.execute(
        select(Seat.group_round_id, Seat.participant_id, Seat.ticket, Seat.state)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Participant.registration_id == registration.id)
        .order_by(Seat.group_round_id, Seat.participant_id)
    )
    # Tickets are never reused: the same groups after a detour are another set of places.
    return _to_registration(
        registration,
        MessageKind.GROUPS_CHANGED,
        _short_digest([[*numbers, state.value] for *numbers, state in places]),
    )


def moved_up(seat: Seat) -> Message | None:
    """Tell somebody who waited that they have a seat: once per place in the queue."""
    return _to_registration(
        seat.participant.registration,
        MessageKind.MOVED_UP,
        f"{seat.id}.{seat.ticket}",
        {"group_round": seat.group_round_id, "participant": seat.participant_id},
    )


def registration_cancelled(registration: Registration) -> Message | None:
    """Tell that the registration is cancelled: once per registration and address."""
    return _to_registration(registration, MessageKind.REGISTRATION_CANCELLED, "1")


def staff_invitation(staff_member: StaffMember, token: str) -> Message | None:
    """Send the invitation with its token; it stands encrypted in the outbox until it is sent."""
    host_id = next((held.host_id for held in staff_member.assignments if held.host_id is not None), None)
    return outbox.add(
        Message(
            host_id=host_id,
            kind=MessageKind.STAFF_INVITATION,
            recipient=secrets.encrypt(staff_member.email),
            payload=secrets.encrypt(json.dumps({"token": token})),
            idempotency_key=f"staff_invitation:{staff_member.id}:{_short_digest(token)}",
        )
    )


def accessibility_feedback(feedback: AccessibilityFeedback) -> Message | None:
    """Tell the host that somebody met a barrier; a host without an address sees it in the list only."""
    host = db.session.get(Host, feedback.host_id)
    if host is None or not host.email:
        return None
    return outbox.add(
        Message(
            host_id=host.id,
            kind=MessageKind.ACCESSIBILITY_FEEDBACK,
            recipient=secrets.encrypt(host.email),
            payload=secrets.encrypt(json.dumps({"feedback": feedback.id})),
            idempotency_key=f"accessibility_feedback:{feedback.id}",
        )
    )


def _to_registration(
    registration: Registration, kind: MessageKind, occurrence: str, payload: dict[str, Any] | None = None
) -> Message | None:
    """Queue a message for the registration's e-mail address; without one there is nobody to write to."""
    if registration.contact_channel is not ContactChannel.EMAIL:
        return None
    address = secrets.decrypt(registration.contact)
    return outbox.add(
        Message(
            host_id=registration.host_id,
            conference_id=registration.conference_id,
            registration_id=registration.id,
            kind=kind,
            language=registration.language,
            recipient=registration.contact,
            payload=secrets.encrypt(json.dumps(payload)) if payload else "",
            # An address that was corrected is another recipient; the digest does not tell which.
            idempotency_key=f"{kind.value}:{registration.id}:{_recipient_digest(address)}:{occurrence}",
        )
    )


def _recipient_digest(address: str) -> str:
    return secrets.digest("recipient", address.strip().lower())[:16]


def _short_digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
