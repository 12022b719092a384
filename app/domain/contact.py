"""Where a household is reached: with another address the links sent before end, and it hears of it there alone."""

from __future__ import annotations

import secrets as random

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import editing, history, notices, outbox, secrets, versions
from app.domain.errors import AlreadyCancelled
from app.models import (
    ContactChannel,
    EventKind,
    GroupRound,
    MessageKind,
    Participant,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
    StaffMember,
)

# What holds now is told anew under the new address; the same that still waits would come twice.
_TOLD_ANEW = (MessageKind.REGISTRATION_CONFIRMED, MessageKind.WAITLISTED, MessageKind.OFFER)


def values(registration: Registration) -> dict[str, str]:
    """How it is reached, and in which language. Raises VaultLocked."""
    return _values(registration.contact_channel, secrets.decrypt(registration.contact), registration.language)


def change(
    registration: Registration,
    channel: ContactChannel,
    contact: str,
    language: str,
    *,
    shown: str | None = None,
    by: StaffMember | None = None,
) -> bool:
    """Let `registration` be reached this way and in this language; True when the way is another one (see `put`).

    Doing it twice changes nothing. Raises AlreadyCancelled, and ChangedMeanwhile for a page that has `shown` other
    values (editing.seen).
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        editing.refuse_if_changed(values(registration), _values(channel, contact, language), shown)
        before = registration.language
        registration.language = language
        moved = put(registration, channel, contact)
        if moved or before != language:
            registration.changed_at = now()
            history.note(registration, EventKind.CHANGED, by=by)
        return moved


def put(registration: Registration, channel: ContactChannel, contact: str) -> bool:
    """Let `registration` be reached this way, within the open transaction; True when it is another one than before.

    Then all links that were sent end, what waits goes the new way, and what holds now is told there. Nothing more goes
    to the old address. Raises VaultLocked.
    """
    if not contact or channel is ContactChannel.NONE:
        channel, contact = ContactChannel.NONE, ""
    before = registration.contact_channel, secrets.decrypt(registration.contact)
    if before == (channel, contact):
        return False
    registration.contact_channel = channel
    registration.contact = secrets.encrypt(contact)
    # Who has never been written to has no links.
    if before[0] is not ContactChannel.NONE:
        registration.link_nonce = random.token_hex(16)
    db.session.flush()
    outbox.redirect(registration, told_anew=_TOLD_ANEW)
    _tell(registration)
    return True


def _values(channel: ContactChannel, contact: str, language: str) -> dict[str, str]:
    reached = channel is not ContactChannel.NONE and bool(contact)
    return {
        "contact_channel": (channel if reached else ContactChannel.NONE).value,
        "contact": contact if reached else "",
        "language": language,
    }


def _tell(registration: Registration) -> None:
    if registration.conference.ends_at <= now():
        return
    mark = registration.link_nonce
    if registration.status is RegistrationStatus.WAITLISTED:
        notices.waitlisted(registration, mark)
    elif registration.status is RegistrationStatus.OFFERED:
        notices.offer(registration, None, mark)
    elif registration.status is RegistrationStatus.CONFIRMED:
        notices.registration_confirmed(registration, mark)
        offered = (
            select(GroupRound)
            .where(
                GroupRound.id.in_(
                    select(Seat.group_round_id)
                    .join(Participant, Seat.participant_id == Participant.id)
                    .where(Participant.registration_id == registration.id, Seat.state == SeatState.OFFERED)
                )
            )
            .order_by(GroupRound.id)
        )
        for group_round in db.session.scalars(offered):
            notices.offer(registration, group_round, mark)
