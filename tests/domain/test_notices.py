"""Who is told what: one row per recipient, kind and occurrence, and nothing readable in it."""

import json

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import households, notices, outbox, registrations, seats, secrets, staff
from app.models import (
    AccessibilityFeedback,
    ContactChannel,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    StaffRole,
)
from tests import make

ADDRESS = "amina@post.example"


def by_mail(conference, *group_rounds, address=ADDRESS, **details):
    return make.registration(
        conference, *group_rounds, contact_channel=ContactChannel.EMAIL, contact=address, **details
    )


def kinds(registration=None):
    messages = db.session.scalars(select(Message).order_by(Message.id))
    return [
        message.kind.value
        for message in messages
        if registration is None or message.registration_id == registration.id
    ]


@pytest.fixture
def woken(monkeypatch):
    """How often the worker was woken, and what it would have found then."""
    found = []
    monkeypatch.setattr(
        outbox, "on_new", lambda: found.append(len(db.session.scalars(select(Message)).all()))
    )
    return found


def test_registering_with_an_address_leaves_one_confirmation(app, woken):
    conference = make.conference()

    registration = by_mail(conference, language="ar")

    message = db.session.scalars(select(Message)).one()
    assert (message.kind, message.state) == (MessageKind.REGISTRATION_CONFIRMED, MessageState.QUEUED)
    assert (message.host_id, message.conference_id) == (conference.host_id, conference.id)
    assert (message.registration_id, message.language) == (registration.id, "ar")
    assert secrets.decrypt(message.recipient) == ADDRESS
    assert woken == [1]


@pytest.mark.parametrize(
    ("channel", "contact"),
    [(ContactChannel.NONE, ""), (ContactChannel.PHONE, "02000 1")],
)
def test_what_one_has_just_said_on_the_telephone_leaves_no_message(app, woken, channel, contact):
    conference = make.conference()
    group_round = make.group_round(conference)
    registration = make.registration(conference, contact_channel=channel, contact=contact)

    households.change_groups(registration, {registration.participants[0].id: {1: group_round}})
    registrations.cancel(registration)

    assert kinds() == []
    assert woken == []


def test_registering_with_a_postal_address_leaves_a_letter_to_print(app, woken):
    make.registration(make.conference(), contact_channel=ContactChannel.POST, contact="Weg 1, 12345 Stadt")

    message = db.session.scalars(select(Message)).one()
    assert (message.way, message.kind) == (MessageWay.LETTER, MessageKind.REGISTRATION_CONFIRMED)
    assert message.state is MessageState.QUEUED
    assert not outbox.is_anything_due(now())
    assert outbox.claim(now()) is None
    assert woken == []


def told_by(notice, *about, **contact):
    """The ways by which a household with this contact hears of something; telling it twice changes nothing."""
    registration = make.registration(make.conference(), **contact)
    with transaction():
        message = notice(registration, *about)
        assert notice(registration, *about) is None
    return message and message.way


@pytest.mark.parametrize(
    ("channel", "contact", "way"),
    [
        (ContactChannel.EMAIL, ADDRESS, MessageWay.EMAIL),
        (ContactChannel.POST, "Weg 1, 12345 Stadt", MessageWay.LETTER),
        (ContactChannel.PHONE, "02000 1", MessageWay.CALL),
        (ContactChannel.NONE, "", None),
    ],
)
def test_the_contact_decides_the_way_of_what_is_news(app, channel, contact, way):
    how = {"contact_channel": channel, "contact": contact}

    assert told_by(notices.offer, None, "7", **how) is way
    assert told_by(notices.offer_lapsed, None, "7", **how) is way
    assert told_by(notices.place_given, **how) is way
    assert told_by(notices.groups_assigned, "3", **how) is way
    assert told_by(notices.need_answered, "3", **how) is way


def test_another_offer_of_the_same_seats_is_told_again(app):
    conference = make.conference()
    group_round = make.group_round(conference)
    registration = by_mail(conference)

    with transaction():
        told = [
            notices.offer(registration, group, mark)
            for group, mark in ((group_round, "1"), (group_round, "1"), (group_round, "2"), (None, "1"))
        ]

    assert [message is not None for message in told] == [True, False, True, True]


def test_a_confirmation_told_twice_is_one_message(app):
    registration = by_mail(make.conference())

    with transaction():
        again = notices.registration_confirmed(registration)

    assert again is None
    assert kinds() == ["registration_confirmed"]


def test_a_corrected_address_is_told_again(app):
    registration = by_mail(make.conference(), address="falsch@post.example")

    with transaction():
        registration.contact = secrets.encrypt(ADDRESS)
        notices.registration_confirmed(registration)

    addresses = [secrets.decrypt(message.recipient) for message in db.session.scalars(select(Message))]
    assert sorted(addresses) == [ADDRESS, "falsch@post.example"]


def test_a_rollback_takes_the_message_with_it(app, woken):
    registration = make.registration(make.conference())

    def tell_and_fail():
        with transaction():
            registration.contact_channel = ContactChannel.EMAIL
            registration.contact = secrets.encrypt(ADDRESS)
            assert notices.registration_confirmed(registration)
            raise LookupError

    with pytest.raises(LookupError):
        tell_and_fail()

    assert kinds() == []
    assert woken == []


def test_each_change_of_groups_is_told_once_even_back_and_forth(app):
    conference = make.conference()
    first, second = make.group_round(conference), make.group_round(conference)
    registration = by_mail(conference, first)

    households.change_groups(registration, {registration.participants[0].id: {1: second}})
    households.change_groups(registration, {registration.participants[0].id: {1: first}})
    households.change_groups(registration, {registration.participants[0].id: {1: first}})
    with transaction():
        notices.groups_changed(registration)

    assert kinds() == ["registration_confirmed", "groups_changed", "groups_changed"]


def test_moving_up_tells_the_one_who_waited_and_nobody_else(app, woken):
    conference = make.conference()
    group_round = make.group_round(conference, capacity=1)
    seated = by_mail(conference, group_round, address="erste@post.example")
    waiting = by_mail(conference, group_round)
    woken.clear()

    seats.release(seated.participants[0].live_seats[0])

    assert kinds(seated) == ["registration_confirmed"]
    assert kinds(waiting) == ["registration_confirmed", "moved_up"]
    told = db.session.scalars(select(Message).where(Message.kind == MessageKind.MOVED_UP)).one()
    assert json.loads(secrets.decrypt(told.payload)) == {"group_round": group_round.id}
    assert woken == [3]


def test_cancelling_twice_tells_once(app):
    registration = by_mail(make.conference())

    registrations.cancel(registration)
    registrations.cancel(registration)

    assert kinds() == ["registration_confirmed", "registration_cancelled"]


def test_an_invitation_keeps_its_token_encrypted(app, woken):
    host = make.host()

    member, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, host)

    message = db.session.scalars(select(Message)).one()
    assert (message.kind, message.host_id) == (MessageKind.STAFF_INVITATION, host.id)
    assert secrets.decrypt(message.recipient) == member.email
    assert json.loads(secrets.decrypt(message.payload)) == {"token": token}
    assert woken == [1]


def test_inviting_again_sends_the_new_token(app):
    host = make.host()
    staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, host)

    _, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, host)

    payloads = [secrets.decrypt(message.payload) for message in db.session.scalars(select(Message))]
    assert len(payloads) == 2
    assert sum(token in payload for payload in payloads) == 1


def test_somebody_without_a_host_is_invited_too(app):
    staff.invite("leitung@land.example", "Leitung", StaffRole.INSTANCE_ADMIN, None)

    assert db.session.scalars(select(Message)).one().host_id is None


def feedback(host):
    made = AccessibilityFeedback(
        host_id=host.id, text="Ich kann die Karte nicht lesen.", contact="", submission_digest="d" * 64
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_feedback_tells_the_host(app):
    host = make.host(email="rathaus@stadt.example")

    with transaction():
        given = feedback(host)
        notices.accessibility_feedback(given)
        notices.accessibility_feedback(given)

    message = db.session.scalars(select(Message)).one()
    assert secrets.decrypt(message.recipient) == "rathaus@stadt.example"
    assert "Karte" not in secrets.decrypt(message.payload)


def test_feedback_to_a_host_without_an_address_is_no_message(app):
    host = make.host(email="")

    with transaction():
        assert notices.accessibility_feedback(feedback(host)) is None

    assert kinds() == []


def test_nothing_readable_stands_in_the_outbox(app):
    conference = make.conference()
    group_round = make.group_round(conference, capacity=1)
    seated = by_mail(conference, group_round, name="Frau Beispiel")
    waiting = by_mail(conference, group_round, name="Herr Muster", address="muster@post.example")
    seats.release(seated.participants[0].live_seats[0])
    _, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, conference.host)
    link = registrations.link_token(waiting)

    rows = [dict(row) for row in db.session.execute(select(Message.__table__)).mappings()]

    assert len(rows) == 4
    for word in (ADDRESS, "muster@post", "neu@stadt", "Beispiel", "Muster", token, link, waiting.link_nonce):
        assert word not in repr(rows)


def test_notices_need_a_transaction(app):
    registration = make.registration(make.conference())
    message = Message(
        host_id=registration.host_id,
        kind=MessageKind.MOVED_UP,
        recipient="x",
        idempotency_key="k",
        next_attempt_at=now(),
    )

    with pytest.raises(RuntimeError, match="open transaction"):
        outbox.add(message)
    db.session.rollback()
