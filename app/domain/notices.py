"""Notices: what people are told, as rows of the outbox written in the transaction they tell of."""

from __future__ import annotations

import hashlib
import json
import secrets as random
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import outbox, secrets
from app.models import (
    AccessibilityFeedback,
    GroupRound,
    Host,
    InstitutionInvitation,
    Mailing,
    Message,
    MessageKind,
    MessageWay,
    Participant,
    Registration,
    Seat,
    StaffMember,
)

# What somebody did or heard on the telephone a moment ago is no reason to call them.
_JUST_HEARD = frozenset(
    {
        MessageKind.REGISTRATION_CONFIRMED,
        MessageKind.WAITLISTED,
        MessageKind.GROUPS_CHANGED,
        MessageKind.REGISTRATION_CANCELLED,
    }
)


def registration_confirmed(registration: Registration, mark: str = "1") -> Message | None:
    """Tell that the registration is accepted: once per registration and address, and for each `mark` of a new link."""
    return _to_registration(
        registration, MessageKind.REGISTRATION_CONFIRMED, mark if mark == "1" else _short_digest(mark)
    )


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
    """Tell a household that waited that it has seats: once for the place in the queue its people share."""
    return _to_registration(
        seat.participant.registration,
        MessageKind.MOVED_UP,
        f"{seat.group_round_id}.{seat.ticket}",
        {"group_round": seat.group_round_id},
    )


def place_given(registration: Registration) -> Message | None:
    """Tell a household that waited for the conference that it has its places: once per place in the queue."""
    return _to_registration(registration, MessageKind.MOVED_UP, f"place.{registration.ticket}")


def waitlisted(registration: Registration, mark: str = "") -> Message | None:
    """Tell a household that it stands in the queue of the conference: once per place in the queue, and for each `mark`
    of a new link."""
    place = str(registration.ticket)
    return _to_registration(
        registration, MessageKind.WAITLISTED, f"{place}.{_short_digest(mark)}" if mark else place
    )


def offer(registration: Registration, group_round: GroupRound | None, mark: str) -> Message | None:
    """Ask a household whether it takes what is free: seats of a group, or (None) places at the conference.

    Once for each `mark`, the name of this one offer.
    """
    return _to_registration(registration, MessageKind.OFFER, _about(group_round, mark), _asked(group_round))


def offer_lapsed(registration: Registration, group_round: GroupRound | None, mark: str) -> Message | None:
    """Tell a household that an offer has ended without an answer: once for each `mark`."""
    return _to_registration(
        registration, MessageKind.OFFER_LAPSED, _about(group_round, mark), _asked(group_round)
    )


def groups_assigned(registration: Registration, mark: str) -> Message | None:
    """Tell which groups came of the wishes: once for each `mark`, the name of the allocation that was released."""
    return _to_registration(registration, MessageKind.GROUPS_ASSIGNED, _short_digest(mark))


def need_answered(registration: Registration, mark: str) -> Message | None:
    """Tell that there is an answer about support, never which: once for each `mark`, the name of the answer."""
    return _to_registration(registration, MessageKind.NEED_ANSWERED, _short_digest(mark))


def of_mailing(mailing: Mailing, registrations: Iterable[Registration]) -> int:
    """Tell many what was released, each once per mailing and address; returns how many hear something new."""
    found = (_message(registration, mailing.kind, f"mailing.{mailing.id}") for registration in registrations)
    messages = [message for message in found if message is not None]
    for message in messages:
        message.mailing_id = mailing.id
    return outbox.add_all(messages)


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


def institution_invitation(
    invitation: InstitutionInvitation, token: str, reminder: str = ""
) -> Message | None:
    """Invite an institution by the link of `token`, which stands encrypted; without an address there is no message.

    Once per link, and once for each `reminder` of it, a mark of its own.
    """
    if not invitation.email:
        return None
    payload: dict[str, Any] = {"invitation": invitation.id, "token": token}
    if reminder:
        payload["reminder"] = reminder
    return outbox.add(
        Message(
            host_id=invitation.host_id,
            conference_id=invitation.conference_id,
            kind=MessageKind.INSTITUTION_INVITATION,
            language=invitation.language,
            recipient=invitation.email,
            payload=secrets.encrypt(json.dumps(payload)),
            idempotency_key=f"institution_invitation:{invitation.id}:{_short_digest(token + reminder)}",
        )
    )


def trial(
    registration: Registration,
    kind: MessageKind,
    to: StaffMember,
    mailing: Mailing | None = None,
    *,
    language: str = "",
) -> None:
    """Send a staff member what this registration would read, marked as a trial, and nobody else.

    It belongs to no registration: nothing in it opens one.
    """
    outbox.add(
        Message(
            host_id=registration.host_id,
            conference_id=registration.conference_id,
            mailing_id=mailing.id if mailing else None,
            kind=kind,
            language=language or registration.language,
            recipient=secrets.encrypt(to.email),
            payload=secrets.encrypt(json.dumps({"trial": registration.id})),
            idempotency_key=f"trial:{kind.value}:{random.token_hex(16)}",
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
    message = _message(registration, kind, occurrence, payload)
    return outbox.add(message) if message else None


def _message(
    registration: Registration, kind: MessageKind, occurrence: str, payload: dict[str, Any] | None = None
) -> Message | None:
    """A mail, a letter to print or a call to make; who wants to hear nothing is told nothing."""
    way = outbox.WAYS.get(registration.contact_channel)
    if way is None or (way is MessageWay.CALL and kind in _JUST_HEARD):
        return None
    return Message(
        host_id=registration.host_id,
        conference_id=registration.conference_id,
        registration_id=registration.id,
        way=way,
        kind=kind,
        language=registration.language,
        recipient=registration.contact,
        payload=secrets.encrypt(json.dumps(payload)) if payload else "",
        # Contact details that were corrected are another recipient; the digest does not tell which.
        idempotency_key=f"{kind.value}:{registration.id}:{_recipient_digest(registration)}:{occurrence}",
    )


def _asked(group_round: GroupRound | None) -> dict[str, Any] | None:
    return {"group_round": group_round.id} if group_round else None


def _about(group_round: GroupRound | None, mark: str) -> str:
    return f"{group_round.id if group_round else 'place'}.{_short_digest(mark)}"


def _recipient_digest(registration: Registration) -> str:
    contact = secrets.decrypt(registration.contact)
    return secrets.digest("recipient", contact.strip().lower())[:16]


def _short_digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
