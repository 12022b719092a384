"""Outbox: which message is sent next, who has it in hand, and what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Executable, case, delete, insert, select, update

from app.database import after_commit, db, now, transaction
from app.domain.errors import CannotSendAgain
from app.models import (
    Conference,
    ContactChannel,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    Registration,
    StaffMember,
)

log = logging.getLogger(__name__)

# How long to wait after each failed attempt; after the last one, about five days later, the message has failed.
DELAYS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440)
)
# Longer than a mail server may take with all its timeouts: whoever holds a message longer has died.
LEASE = timedelta(minutes=5)

WAYS = {
    ContactChannel.EMAIL: MessageWay.EMAIL,
    ContactChannel.POST: MessageWay.LETTER,
    ContactChannel.PHONE: MessageWay.CALL,
}
"""How somebody hears of something, by the contact they gave."""

# Rows written, or looked for, by one statement.
BATCH = 500

# Letters wait for the printer and calls for somebody to make them.
_BY_MAIL = (Message.state == MessageState.QUEUED, Message.way == MessageWay.EMAIL)

# What a message to a registration is about are ids; whoever sends it again needs them. All others may hold a token.
_KEPT_PAYLOAD = case((Message.registration_id.is_(None), ""), else_=Message.payload)

# Set by the jobs room: called after a commit that left something to send. It must not raise.
on_new: Callable[[], None] | None = None


@dataclass(frozen=True)
class Claim:
    """The right to send one message until an instant; the instant tells this claim from later ones."""

    message_id: int
    until: datetime


def add(message: Message) -> Message | None:
    """Put `message` in the outbox within the open transaction; None when the same was put there before.

    The worker is woken after the commit.
    """
    known = select(Message.id).where(Message.idempotency_key == message.idempotency_key)
    if db.session.scalar(known) is not None:
        return None
    db.session.add(message)
    db.session.flush()
    if message.way is MessageWay.EMAIL:
        after_commit(_tell_worker)
    return message


def add_all(messages: Sequence[Message]) -> int:
    """Put those that are new in the outbox within the open transaction; returns how many."""
    added = 0
    for start in range(0, len(messages), BATCH):
        batch = messages[start : start + BATCH]
        known = set(
            db.session.scalars(
                select(Message.idempotency_key).where(
                    Message.idempotency_key.in_([message.idempotency_key for message in batch])
                )
            )
        )
        fresh = [_row(message) for message in batch if message.idempotency_key not in known]
        if fresh:
            db.session.execute(insert(Message), fresh)
        added += len(fresh)
    if added:
        after_commit(_tell_worker)
    return added


def _row(message: Message) -> dict[str, Any]:
    """What was said about a message that is written with others in one statement."""
    return {name: value for name, value in vars(message).items() if not name.startswith("_")}


def is_anything_due(at: datetime) -> bool:
    """Whether a mail waits to be sent at the instant `at`."""
    return db.session.scalar(select(Message.id).where(*_due(at)).limit(1)) is not None


def claim(at: datetime) -> Claim | None:
    """Take the mail that is due longest; until the claim ends nobody else gets it. None: nothing is due."""
    while True:
        with transaction():
            message_id = db.session.scalar(
                select(Message.id).where(*_due(at)).order_by(Message.next_attempt_at, Message.id).limit(1)
            )
            if message_id is None:
                return None
            until = at + LEASE
            won = db.session.scalar(
                update(Message)
                .where(Message.id == message_id, *_due(at))
                .values(state=MessageState.SENDING, attempts=Message.attempts + 1, next_attempt_at=until)
                .returning(Message.id)
                .execution_options(synchronize_session=False)
            )
            if won is not None:
                return Claim(message_id, until)


def mark_sent(claim: Claim) -> None:
    """The mail server took it: the address is erased, and what was kept beside it for somebody without registration."""
    _close(
        claim,
        state=MessageState.SENT,
        sent_at=now(),
        recipient="",
        payload=_KEPT_PAYLOAD,
        last_error="",
        next_attempt_at=now(),
    )


def mark_told(conference: Conference, message_ids: Collection[int], way: MessageWay) -> int:
    """These letters are printed, or these calls made; returns how many waited until now. Twice changes nothing."""
    conference_id = conference.id
    with transaction():
        return len(
            db.session.scalars(
                update(Message)
                .where(*_waiting(conference_id, message_ids, way))
                .values(
                    state=MessageState.SENT, sent_at=now(), recipient="", payload=_KEPT_PAYLOAD, last_error=""
                )
                .returning(Message.id)
                .execution_options(synchronize_session=False)
            ).all()
        )


def mark_needless(conference: Conference, message_ids: Collection[int], way: MessageWay, reason: str) -> int:
    """These letters or calls would tell what is no longer so; returns how many waited until now."""
    conference_id = conference.id
    with transaction():
        return len(
            db.session.scalars(
                update(Message)
                .where(*_waiting(conference_id, message_ids, way))
                .values(**_needless(reason))
                .returning(Message.id)
                .execution_options(synchronize_session=False)
            ).all()
        )


def mark_out_of_date(claim: Claim, reason: str) -> None:
    """What it says is no longer so: nobody gets it, and its address is erased as if it were sent."""
    _close(claim, **_needless(reason))


def _needless(reason: str) -> dict[str, Any]:
    return {
        "state": MessageState.NEEDLESS,
        "recipient": "",
        "payload": _KEPT_PAYLOAD,
        "last_error": reason[:300],
    }


def _waiting(conference_id: int, message_ids: Collection[int], way: MessageWay) -> tuple[Any, ...]:
    return (
        Message.conference_id == conference_id,
        Message.id.in_(message_ids),
        Message.way == way,
        Message.state == MessageState.QUEUED,
    )


def mark_delayed(claim: Claim, reason: str) -> None:
    """Not sent this time: it waits longer with each attempt, and after the last one it has failed."""
    with transaction():
        attempts = db.session.scalar(select(Message.attempts).where(Message.id == claim.message_id))
        if attempts is None:
            return
        if attempts > len(DELAYS):
            mark_failed(claim, reason)
        else:
            _close(
                claim,
                state=MessageState.QUEUED,
                next_attempt_at=now() + DELAYS[attempts - 1],
                last_error=reason[:300],
            )


def mark_failed(claim: Claim, reason: str) -> None:
    """Refused for good. The address stays, so that staff can send it again."""
    _close(claim, state=MessageState.FAILED, last_error=reason[:300])


def mark_unknown(claim: Claim, reason: str) -> None:
    """It may have been sent or not; only a person decides to send it again."""
    _close(claim, state=MessageState.UNKNOWN, last_error=reason[:300])


def give_up_lost(at: datetime, reason: str) -> int:
    """Messages whose sender has died become `unknown`; returns how many. They are never sent again by themselves."""
    lost = (Message.state == MessageState.SENDING, Message.next_attempt_at <= at)
    if db.session.scalar(select(Message.id).where(*lost).limit(1)) is None:
        return 0
    with transaction():
        return len(
            db.session.scalars(
                update(Message)
                .where(*lost)
                .values(state=MessageState.UNKNOWN, last_error=reason[:300])
                .returning(Message.id)
                .execution_options(synchronize_session=False)
            ).all()
        )


def note_waiting(reason: str) -> None:
    """Every mail that waits says why, without using up an attempt."""
    silent = (*_BY_MAIL, Message.last_error != reason[:300])
    if db.session.scalar(select(Message.id).where(*silent).limit(1)) is None:
        return
    with transaction():
        db.session.execute(
            update(Message)
            .where(*silent)
            .values(last_error=reason[:300])
            .execution_options(synchronize_session=False)
        )


def redirect(registration: Registration, *, told_anew: Collection[MessageKind]) -> None:
    """Nothing goes to the address `registration` had: what waits goes the way it is reached now, within the open
    transaction. Kinds that are `told_anew` are dropped while they wait; without an address the others end."""
    way = WAYS.get(registration.contact_channel)
    theirs = Message.registration_id == registration.id
    waits = (theirs, Message.state == MessageState.QUEUED)
    _write(delete(Message).where(*waits, Message.kind.in_(told_anew)))
    if way is None:
        reason = str(_l("Nicht mehr nötig: Diese Anmeldung möchte keine Nachrichten mehr."))
        _write(update(Message).where(*waits).values(**_needless(reason)))
    else:
        _write(
            update(Message)
            .where(*waits)
            .values(
                way=way,
                language=registration.language,
                attempts=0,
                next_attempt_at=now(),
                last_error="",
            )
        )
    # Also of what is being sent and of what could be sent again: the address is read just before.
    kept = (theirs, Message.state.not_in((MessageState.SENT, MessageState.NEEDLESS)))
    _write(update(Message).where(*kept).values(recipient=registration.contact))
    if way is MessageWay.EMAIL:
        after_commit(_tell_worker)


def _write(statement: Executable) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": "fetch"})


def send_again(message: Message, by: StaffMember) -> None:
    """Queue a message once more, to the address its registration has now; while it waits this changes nothing.

    Raises CannotSendAgain when no address is left.
    """
    message_id, staff_id = message.id, by.id
    with transaction():
        way, recipient = _address_now(message)
        if not recipient:
            raise CannotSendAgain
        won = db.session.scalar(
            update(Message)
            .where(
                Message.id == message_id,
                Message.state.not_in((MessageState.QUEUED, MessageState.SENDING)),
            )
            .values(
                state=MessageState.QUEUED,
                way=way,
                recipient=recipient,
                attempts=0,
                next_attempt_at=now(),
                last_error="",
            )
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        db.session.expire_all()
        if won is not None:
            log.info("message %s is queued again by staff member %s", message_id, staff_id)
            after_commit(_tell_worker)


def _address_now(message: Message) -> tuple[MessageWay, str]:
    """Way and encrypted address: those of the registration where there is one, else what is kept with the message."""
    if message.registration_id is None:
        return message.way, message.recipient
    registration = db.session.get(Registration, message.registration_id)
    way = WAYS.get(registration.contact_channel) if registration else None
    return (way, registration.contact) if registration and way else (message.way, "")


def _due(at: datetime) -> tuple[Any, ...]:
    return (*_BY_MAIL, Message.next_attempt_at <= at)


def _close(claim: Claim, **values: Any) -> None:
    """End a claim. One that was thought lost may still end; one that was given anew since may not."""
    with transaction():
        db.session.execute(
            update(Message)
            .where(
                Message.id == claim.message_id,
                Message.next_attempt_at == claim.until,
                Message.state.in_((MessageState.SENDING, MessageState.UNKNOWN)),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _tell_worker() -> None:
    if on_new is not None:
        on_new()
