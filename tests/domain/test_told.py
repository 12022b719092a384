"""Letters that were printed and calls that were made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import offers, registrations, told
from app.domain.errors import NoOffer, OfferNotTold
from app.models import (
    Conference,
    ContactChannel,
    Message,
    MessageKind,
    MessageState,
    Registration,
    StaffRole,
)
from tests import make

BY_POST = {"contact_channel": ContactChannel.POST, "contact": "Weg 1, 12345 Stadt"}
BY_PHONE = {"contact_channel": ContactChannel.PHONE, "contact": "02000 4711"}


@pytest.fixture
def conference(app, clock) -> Conference:
    return make.conference(
        capacity=1, makes_offers=True, offer_hours=48, starts_at=make.at("2026-05-20 15:00")
    )


def offered(conference: Conference, **contact: object) -> tuple[Registration, Message]:
    """A household that is offered the only place, and the message that tells it."""
    leaving = make.registration(conference)
    waiting = make.registration(conference, **contact)
    registrations.cancel(leaving)
    message = db.session.scalars(select(Message).where(Message.kind == MessageKind.OFFER)).one()
    return waiting, message


def expiry(registration: Registration) -> object:
    db.session.expire_all()
    (offer,) = offers.of(registration)
    return offer.expires_at


def test_a_printed_letter_starts_the_clock_once(conference: Conference, clock) -> None:
    waiting, message = offered(conference, **BY_POST)
    team = make.staff_member(StaffRole.ORGANIZER, conference.host)
    until = now() + timedelta(hours=48, days=3)
    assert expiry(waiting) is None

    first = told.printed(conference, [message], team)
    clock.shift(timedelta(days=1))
    again = told.printed(conference, [message], team)

    assert (first, again) == (1, 0)
    assert expiry(waiting) == until
    assert offers.lapse_due(until - timedelta(seconds=1)) == 0
    assert message.state is MessageState.SENT


def test_a_letter_answered_by_telephone_meanwhile_is_printed_and_starts_nothing(
    conference: Conference,
) -> None:
    waiting, message = offered(conference, **BY_POST)
    team = make.staff_member(StaffRole.ORGANIZER, conference.host)
    offers.accept(waiting, None, by=team)

    assert told.printed(conference, [message], team) == 1

    db.session.expire_all()
    assert (waiting.has_place, waiting.offer_expires_at) == (True, None)


def test_a_call_starts_the_clock_and_without_an_offer_nothing_is_noted(conference: Conference) -> None:
    waiting, message = offered(conference, **BY_PHONE)
    team = make.staff_member(StaffRole.ORGANIZER, conference.host)
    with transaction():
        db.session.merge(message).state = MessageState.QUEUED

    assert told.called(conference, message, team) == 1
    assert expiry(waiting) == now() + timedelta(hours=48)

    offers.decline(waiting, None)
    with transaction():
        db.session.merge(message).state = MessageState.QUEUED
    with pytest.raises(NoOffer):
        told.called(conference, message, team)
    db.session.expire_all()
    assert message.state is MessageState.QUEUED


def test_a_call_about_an_open_offer_stays_on_the_list_until_it_is_answered(conference: Conference) -> None:
    waiting, message = offered(conference, **BY_PHONE)

    with pytest.raises(OfferNotTold):
        told.needless(conference, message, "so vermerkt")
    assert message.state is MessageState.QUEUED

    offers.decline(waiting, None)
    assert told.needless(conference, message, "so vermerkt") == 1
    assert told.needless(conference, message, "so vermerkt") == 0
    db.session.expire_all()
    assert (message.state, message.last_error) == (MessageState.NEEDLESS, "so vermerkt")
