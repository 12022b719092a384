"""Told by hand: letters that were printed and calls that were made. What they offer can be answered from then on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.database import db, transaction
from app.domain import offers, outbox, secrets, versions
from app.domain.errors import NoOffer, OfferNotTold
from app.models import Conference, Message, MessageKind, MessageState, MessageWay, Registration, StaffMember


def printed(conference: Conference, messages: Sequence[Message], by: StaffMember) -> int:
    """These letters are on their way; returns how many waited until now. Offers in them can be answered from now on,
    and the days a letter takes are added. Twice changes nothing. Raises VaultLocked.
    """
    numbers = [message.id for message in messages]
    offered = [(message.id, *_about(message)) for message in messages if message.kind is MessageKind.OFFER]
    with transaction():
        if offered:
            versions.raise_conference(conference.id)
        for number, registration_id, group_round_id in offered:
            if db.session.get_one(Message, number).state is not MessageState.QUEUED:
                continue
            try:
                _start_clock(registration_id, group_round_id, by)
            except NoOffer:
                # Answered while the printer ran: the letter goes out and nothing is left to count.
                continue
        return outbox.mark_told(conference, numbers, MessageWay.LETTER)


def called(conference: Conference, message: Message, by: StaffMember) -> int:
    """This call was made; returns 1 if it waited until now. An offer can be answered from now on.

    Raises NoOffer, with nothing noted, when there is nothing left to offer.
    """
    number, is_offer = message.id, message.kind is MessageKind.OFFER
    registration_id, group_round_id = _about(message)
    with transaction():
        if is_offer:
            versions.raise_conference(conference.id)
            _start_clock(registration_id, group_round_id, by)
        return outbox.mark_told(conference, [number], MessageWay.CALL)


def needless(conference: Conference, message: Message, reason: str) -> int:
    """There is nothing left to say in this call; returns 1 if it waited until now. `reason` says why, for staff.

    Raises OfferNotTold while it is about an offer whose clock has not started: nobody would hear of the place, and
    nobody else would get it.
    """
    number, is_offer = message.id, message.kind is MessageKind.OFFER
    registration_id, group_round_id = _about(message)
    with transaction():
        if is_offer:
            versions.raise_conference(conference.id)
            if offers.is_untold(db.session.get_one(Registration, registration_id), group_round_id):
                raise OfferNotTold
        return outbox.mark_needless(conference, [number], MessageWay.CALL, reason)


def _about(message: Message) -> tuple[int | None, int | None]:
    """Whom it tells, and which round of a group it is about."""
    payload = json.loads(secrets.decrypt(message.payload) or "{}")
    return message.registration_id, payload.get("group_round")


def _start_clock(registration_id: int | None, group_round_id: int | None, by: StaffMember) -> None:
    offers.note_call(db.session.get_one(Registration, registration_id), group_round_id, by)
