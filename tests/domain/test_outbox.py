"""Who may send a message, and what staff can do about one that did not arrive."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import mail
from app.database import db, now, transaction
from app.domain import outbox, secrets, staff
from app.domain.errors import CannotSendAgain
from app.models import ContactChannel, Message, MessageState, StaffRole
from tests import mailserver, make

ADDRESS = "amina@post.example"


def by_mail(conference=None, address=ADDRESS):
    return make.registration(
        conference or make.conference(), contact_channel=ContactChannel.EMAIL, contact=address
    )


def only_message():
    db.session.expire_all()
    return db.session.scalars(select(Message)).one()


def test_a_message_is_claimed_once(app, clock):
    by_mail()

    claim = outbox.claim(now())

    assert claim == outbox.Claim(only_message().id, now() + outbox.LEASE)
    assert outbox.claim(now()) is None
    assert (only_message().state, only_message().attempts) == (MessageState.SENDING, 1)


def test_messages_are_claimed_in_the_order_they_came(app, clock):
    conference = make.conference()
    for number in range(3):
        by_mail(conference, f"person{number}@post.example")
        clock.shift(1)

    claimed = [outbox.claim(now()) for _ in range(3)]

    recipients = [
        secrets.decrypt(db.session.get_one(Message, claim.message_id).recipient) for claim in claimed
    ]
    assert recipients == ["person0@post.example", "person1@post.example", "person2@post.example"]


def test_nothing_is_claimed_before_its_time(app, clock):
    by_mail()
    outbox.mark_delayed(outbox.claim(now()), "Warten.")

    assert not outbox.is_anything_due(now() + timedelta(seconds=59))
    assert outbox.claim(now() + timedelta(seconds=59)) is None
    assert outbox.is_anything_due(now() + timedelta(seconds=60))


def test_a_sender_thought_lost_may_still_say_that_it_sent(app, clock):
    by_mail()
    claim = outbox.claim(now())
    clock.shift(outbox.LEASE.total_seconds())
    assert outbox.give_up_lost(now(), "Abgebrochen.") == 1
    assert outbox.give_up_lost(now(), "Abgebrochen.") == 0
    assert (only_message().state, only_message().last_error) == (MessageState.UNKNOWN, "Abgebrochen.")

    outbox.mark_sent(claim)

    assert (only_message().state, only_message().last_error) == (MessageState.SENT, "")


def test_a_sender_whose_message_was_given_anew_changes_nothing(app, clock):
    by_mail()
    lost = outbox.claim(now())
    clock.shift(outbox.LEASE.total_seconds())
    outbox.give_up_lost(now(), "Abgebrochen.")
    outbox.send_again(only_message(), make.staff_member())
    second = outbox.claim(now())

    outbox.mark_failed(lost, "Zu spät.")

    assert (only_message().state, only_message().last_error) == (MessageState.SENDING, "")
    outbox.mark_sent(second)
    assert only_message().state is MessageState.SENT


def test_a_message_deleted_meanwhile_is_no_obstacle(app):
    by_mail()
    claim = outbox.claim(now())
    with transaction():
        db.session.delete(only_message())

    outbox.mark_delayed(claim, "Warten.")
    outbox.mark_sent(claim)

    assert db.session.scalars(select(Message)).all() == []


def test_long_reasons_are_cut(app):
    by_mail()

    outbox.note_waiting("x" * 1000)
    outbox.note_waiting("x" * 1000)
    assert only_message().last_error == "x" * 300
    outbox.mark_failed(outbox.claim(now()), "y" * 1000)
    assert only_message().last_error == "y" * 300


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr(outbox, "on_new", lambda: calls.append(1))
    return calls


def test_staff_send_again_to_the_address_of_now(app, woken, caplog):
    registration = by_mail(address="falsch@post.example")
    member = make.staff_member()
    outbox.mark_failed(outbox.claim(now()), "Abgelehnt.")
    with transaction():
        registration.contact = secrets.encrypt(ADDRESS)
    woken.clear()

    with caplog.at_level(logging.INFO, "app.domain.outbox"):
        outbox.send_again(only_message(), member)
        outbox.send_again(only_message(), member)

    message = only_message()
    assert (message.state, message.attempts, message.last_error) == (MessageState.QUEUED, 0, "")
    assert secrets.decrypt(message.recipient) == ADDRESS
    assert woken == [1]
    assert caplog.messages == [f"message {message.id} is queued again by staff member {member.id}"]


def test_a_message_sent_long_ago_can_be_sent_again_as_another_mail(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", tmp_path.as_uri())
    by_mail()
    mail.deliver()

    outbox.send_again(only_message(), make.staff_member())
    mail.deliver()

    first, second = (file.read_text() for file in sorted(tmp_path.iterdir()))
    numbers = [text.partition("Message-ID: ")[2].partition("\n")[0] for text in (first, second)]
    assert numbers[0] != numbers[1]


def test_a_message_being_sent_is_left_alone(app):
    by_mail()
    outbox.claim(now())

    outbox.send_again(only_message(), make.staff_member())

    assert only_message().state is MessageState.SENDING


def test_without_an_address_nothing_can_be_sent_again(app):
    registration = by_mail()
    outbox.mark_failed(outbox.claim(now()), "Abgelehnt.")
    with transaction():
        registration.contact, registration.contact_channel = "", ContactChannel.NONE

    with pytest.raises(CannotSendAgain, match="nicht mehr gespeichert"):
        outbox.send_again(only_message(), make.staff_member())
    assert only_message().state is MessageState.FAILED


def test_an_invitation_is_sent_again_only_while_its_token_is_there(app):
    staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, make.host())
    outbox.mark_failed(outbox.claim(now()), "Abgelehnt.")

    outbox.send_again(only_message(), make.staff_member())
    assert only_message().state is MessageState.QUEUED

    outbox.mark_sent(outbox.claim(now()))
    with pytest.raises(CannotSendAgain):
        outbox.send_again(only_message(), make.staff_member())


def at_once(app, count, work):
    """Run `work` in `count` threads that start together; return what they returned."""
    start = threading.Barrier(count)
    results, errors = [], []

    def run():
        with app.app_context():
            start.wait()
            try:
                results.append(work())
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


def claim_without_guard():
    """What claiming would be with a look and a write that do not belong together."""
    message_id = db.session.scalar(select(Message.id).where(Message.state == MessageState.QUEUED).limit(1))
    db.session.rollback()
    both_have_looked.wait(timeout=10)
    with transaction():
        db.session.get_one(Message, message_id).state = MessageState.SENDING
    return message_id


both_have_looked = threading.Barrier(2)


def test_without_the_guard_two_would_claim_the_same_message(fresh_app):
    by_mail()
    message_id = only_message().id
    db.session.rollback()

    assert at_once(fresh_app, 2, claim_without_guard) == [message_id, message_id]


def test_two_deliverers_at_once_send_each_message_once(fresh_app, monkeypatch):
    conference = make.conference()
    addresses = [f"person{number}@post.example" for number in range(12)]
    for address in addresses:
        by_mail(conference, address)
    db.session.rollback()

    with mailserver.running() as postbox:
        monkeypatch.setitem(fresh_app.config, "MAIL_URL", f"smtp://127.0.0.1:{postbox.port}")
        counts = at_once(fresh_app, 4, mail.deliver)

    assert sum(counts) == 12
    assert sorted(postbox.recipients) == sorted(addresses)
    db.session.expire_all()
    assert {message.state for message in db.session.scalars(select(Message))} == {MessageState.SENT}
