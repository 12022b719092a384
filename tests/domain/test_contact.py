"""A household is reached another way: nothing goes to the old one, and what was sent there opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import letters
from app.database import db, now, transaction
from app.domain import contact, notices, outbox, registrations, retention, secrets, support
from app.domain.errors import AlreadyCancelled, NotFound
from app.models import (
    Conference,
    ContactChannel,
    EventKind,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    NeedKind,
    Registration,
    RegistrationEvent,
    SupportNeed,
)
from tests import make

OLD, NEW = "alt@post.example", "neu@post.example"
CHAIR = support.Wanted(NeedKind.WHEELCHAIR)


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=10)


def by_mail(conference: Conference, **more: object) -> Registration:
    return make.registration(conference, contact_channel=ContactChannel.EMAIL, contact=OLD, **more)


def waiting(registration: Registration) -> list[tuple[MessageKind, MessageWay, str]]:
    """What waits for this household: what, how, and where to."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(Message)
        .filter_by(registration_id=registration.id, state=MessageState.QUEUED)
        .order_by(Message.id)
    )
    return [(row.kind, row.way, secrets.decrypt(row.recipient)) for row in rows]


def send_all() -> None:
    while claim := outbox.claim(now()):
        outbox.mark_sent(claim)


@pytest.mark.parametrize(
    ("channel", "address", "way"),
    [
        (ContactChannel.EMAIL, NEW, MessageWay.EMAIL),
        (ContactChannel.POST, "Weg 1, 12345 Stadt", MessageWay.LETTER),
    ],
)
def test_another_address_ends_the_links_and_is_told_there(
    conference: Conference, channel: ContactChannel, address: str, way: MessageWay
) -> None:
    registration = by_mail(conference)
    send_all()
    token, mark = registrations.link_token(registration), registrations.holding_mark(registration)

    assert contact.change(registration, channel, address, "ar") is True
    assert contact.change(registration, channel, address, "ar") is False

    assert waiting(registration) == [(MessageKind.REGISTRATION_CONFIRMED, way, address)]
    message = db.session.scalars(select(Message).filter_by(state=MessageState.QUEUED)).one()
    assert message.language == "ar"
    assert letters.write(message).subject
    with pytest.raises(NotFound):
        registrations.by_link(conference, token)
    assert registrations.holding_mark(registration) != mark
    events = db.session.scalars(select(RegistrationEvent.kind).filter_by(registration_id=registration.id))
    assert list(events) == [EventKind.REGISTERED, EventKind.CHANGED]


def test_what_waits_goes_to_the_new_address_once(conference: Conference) -> None:
    registration = by_mail(conference)
    with transaction():
        notices.groups_changed(registration)
    claim = outbox.claim(now())

    contact.change(registration, ContactChannel.EMAIL, NEW, "de")

    assert waiting(registration) == [
        (MessageKind.GROUPS_CHANGED, MessageWay.EMAIL, NEW),
        (MessageKind.REGISTRATION_CONFIRMED, MessageWay.EMAIL, NEW),
    ]
    # Neither does what was about to be sent go to the old one.
    assert claim is not None
    assert secrets.decrypt(db.session.get_one(Message, claim.message_id).recipient) == NEW


def test_back_to_the_first_address_tells_the_new_link_again(conference: Conference) -> None:
    registration = by_mail(conference)
    send_all()
    contact.change(registration, ContactChannel.EMAIL, NEW, "de")
    send_all()

    contact.change(registration, ContactChannel.EMAIL, OLD, "de")

    assert waiting(registration) == [(MessageKind.REGISTRATION_CONFIRMED, MessageWay.EMAIL, OLD)]


def test_who_wants_to_hear_nothing_more_hears_nothing(conference: Conference) -> None:
    registration = by_mail(conference)
    with transaction():
        notices.groups_changed(registration)

    contact.change(registration, ContactChannel.NONE, "", "de")

    assert waiting(registration) == []
    assert (registration.contact_channel, registration.contact) == (ContactChannel.NONE, "")
    left = db.session.scalars(select(Message)).all()
    assert [(message.state, message.recipient) for message in left] == [(MessageState.NEEDLESS, "")]


def test_another_language_alone_keeps_links_and_tells_nothing(conference: Conference) -> None:
    registration = by_mail(conference)
    send_all()
    token = registrations.link_token(registration)

    assert contact.change(registration, ContactChannel.EMAIL, OLD, "ar") is False

    assert (registration.language, waiting(registration)) == ("ar", [])
    assert registrations.by_link(conference, token) == registration


def test_in_the_queue_and_with_an_offer_the_new_address_hears_that(conference: Conference) -> None:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    first, second = make.registration(conference), by_mail(conference)
    third = by_mail(conference)
    send_all()
    registrations.cancel(first)
    send_all()

    contact.change(second, ContactChannel.EMAIL, NEW, "de")
    contact.change(third, ContactChannel.PHONE, "0209 123456", "de")

    assert waiting(second) == [(MessageKind.OFFER, MessageWay.EMAIL, NEW)]
    # Who has just said so on the telephone is not called about it.
    assert waiting(third) == []


def test_when_it_has_ended_nothing_changes(conference: Conference) -> None:
    registration = by_mail(conference)
    registrations.cancel(registration)

    with pytest.raises(AlreadyCancelled):
        contact.change(registration, ContactChannel.EMAIL, NEW, "de")

    assert secrets.decrypt(registration.contact) == OLD


def test_staff_who_correct_an_address_end_its_links_too(conference: Conference) -> None:
    registration = by_mail(conference)
    send_all()
    token = registrations.link_token(registration)
    details = registrations.Details(
        role_group=registration.role_group, contact_channel=ContactChannel.EMAIL, contact=NEW
    )

    registrations.correct(registration, details, by=make.staff_member())

    assert waiting(registration) == [(MessageKind.REGISTRATION_CONFIRMED, MessageWay.EMAIL, NEW)]
    with pytest.raises(NotFound):
        registrations.by_link(conference, token)


# --- Needs, when they are no longer needed ---------------------------------------------------------------------------


@pytest.fixture
def answered(conference: Conference) -> Registration:
    """A household with a need that was answered."""
    make.support_offers(conference, NeedKind.WHEELCHAIR)
    registration = by_mail(conference)
    with transaction():
        support.save(registration.participants[0], [CHAIR])
        notices.need_answered(registration, "1")
    return registration


def left() -> tuple[int, int]:
    """How many needs there are, and messages about them."""
    messages = db.session.scalars(select(Message.id).filter_by(kind=MessageKind.NEED_ANSWERED)).all()
    return len(db.session.scalars(select(SupportNeed.id)).all()), len(messages)


def test_cancelling_erases_needs_and_that_there_was_an_answer(answered: Registration) -> None:
    assert left() == (1, 1)

    registrations.cancel(answered)

    assert left() == (0, 0)
    lines = db.session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id))
    assert [(line.kind, line.subject, line.reason) for line in lines] == [
        (EventKind.REGISTERED, "", ""),
        (EventKind.CANCELLED, "", ""),
    ]


def test_messages_about_needs_are_erased_with_the_needs(
    conference: Conference, answered: Registration
) -> None:
    send_all()
    at = conference.ends_at + timedelta(days=14)

    early = retention.due(conference.host, at - timedelta(minutes=1))
    found = {entry.purpose: entry.count for entry in retention.due(conference.host, at)}
    report = retention.run(conference.host, at)

    assert early == []
    assert found == {"needs": 1, "need_messages": 1}
    assert [(line["purpose"], line["count"]) for line in report.report] == [
        ("needs", 1),
        ("need_messages", 1),
    ]
    assert left() == (0, 0)
