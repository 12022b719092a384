"""Mailings: who is meant, and that each is told once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import mail
from app.database import db, transaction
from app.domain import editing, lifecycle, mailings, outbox, registrations, secrets
from app.domain.errors import (
    AudienceGroupGone,
    ChangedMeanwhile,
    MailingClosed,
    MailingOutOfDate,
    NobodyReached,
    NotFound,
    PlaceholderInNote,
)
from app.domain.mailings import Audience
from app.domain.queries import messages as read
from app.models import (
    ContactChannel,
    MailingState,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    RoleGroup,
)
from tests import mailserver, make
from tests.counting import statements

REMINDER = MessageKind.REMINDER


def person(conference, *group_rounds, channel=ContactChannel.EMAIL, **more):
    contact = {
        ContactChannel.EMAIL: f"{more.get('name', 'jemand').lower()}@post.example",
        ContactChannel.POST: "Weg 1, 12345 Stadt",
        ContactChannel.PHONE: "02000 1",
        ContactChannel.NONE: "",
    }[channel]
    return make.registration(conference, *group_rounds, contact_channel=channel, contact=contact, **more)


@pytest.fixture
def conference(app):
    return make.conference(capacity=None)


def told(kind=REMINDER):
    db.session.expire_all()
    found = db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    return [message.registration_id for message in found if message.registration_id]


def test_releasing_tells_everybody_with_a_place_once_by_their_way(conference):
    people = [person(conference, channel=channel) for channel in ContactChannel]
    registrations.cancel(person(conference))
    mailing = mailings.draft(conference, REMINDER, Audience())
    by = make.staff_member()

    assert mailings.counts(mailing) == (Counter(dict.fromkeys(MessageWay, 1)), 1)
    assert told() == []
    assert mailings.release(mailing, by) == 3
    assert mailings.release(mailing, by) == 0

    assert told() == [each.id for each in people if each.contact_channel is not ContactChannel.NONE]
    assert (mailing.state, mailing.released_by_id) == (MailingState.RELEASED, by.id)
    assert mailings.became_of([mailing]) == {mailing.id: Counter({MessageState.QUEUED: 3})}


def test_a_note_with_a_placeholder_is_refused_with_its_place(conference):
    with pytest.raises(PlaceholderInNote) as problem:
        mailings.draft(conference, REMINDER, Audience(), {"de": "Bis bald!", "de-x-ls": "Guten Tag {name}"})

    assert (problem.value.field, problem.value.values["near"]) == ("note_de_x_ls", "Guten Tag {name}")
    mailing = mailings.draft(conference, REMINDER, Audience(), {"de": "Bis bald!"})
    with pytest.raises(PlaceholderInNote):
        mailings.change(mailing, Audience(), {"de": "Eine Klammer } allein"})
    assert mailing.note == {"de": "Bis bald!"}


def test_the_audience_is_by_group_language_role_way_and_queue(app):
    conference = make.conference(capacity=5)
    housing, poverty = make.group(conference, title="Wohnen"), make.group(conference, title="Armut")
    anna = person(conference, housing.rounds[0], name="Anna", language="ar")
    ben = person(conference, poverty.rounds[0], name="Ben", role_group=RoleGroup.POLITICS)
    chris = person(conference, name="Chris", channel=ContactChannel.POST)
    rest = [person(conference, name=f"Person{number}") for number in range(2)]
    waiting = person(conference, name="Wartet")

    def meant(**conditions):
        return [
            each.id for each in mailings.reached(mailings.draft(conference, REMINDER, Audience(**conditions)))
        ]

    everybody = [each.id for each in (anna, ben, chris, *rest)]
    assert meant() == everybody
    assert meant(waiting=True) == [*everybody, waiting.id]
    assert meant(groups=(housing.id,)) == [anna.id]
    assert meant(languages=("ar",)) == [anna.id]
    assert meant(roles=(RoleGroup.POLITICS,)) == [ben.id]
    assert meant(ways=(MessageWay.LETTER,)) == [chris.id]


def test_an_audience_is_the_same_after_it_was_stored():
    audience = Audience(True, (3, 1), ("de",), (RoleGroup.PRESS,), (MessageWay.LETTER,))

    again = Audience.stored(audience.as_stored())

    assert again == Audience(True, (1, 3), ("de",), (RoleGroup.PRESS,), (MessageWay.LETTER,))


def test_a_group_of_another_conference_is_refused(conference):
    foreign = make.group()

    with pytest.raises(AudienceGroupGone):
        mailings.draft(conference, REMINDER, Audience(groups=(foreign.id,)))
    with pytest.raises(NotFound):
        mailings.draft(conference, MessageKind.OFFER, Audience())


def test_what_was_released_or_discarded_stays(conference):
    person(conference)
    mailing, other = (mailings.draft(conference, REMINDER, Audience()) for _ in range(2))
    mailings.release(mailing, make.staff_member())
    mailings.discard(other)
    mailings.discard(other)

    for closed in (mailing, other):
        with pytest.raises(MailingClosed):
            mailings.change(closed, Audience(waiting=True), {})
    with pytest.raises(MailingClosed):
        mailings.discard(mailing)
    with pytest.raises(MailingClosed):
        mailings.release(other, make.staff_member())


def test_changing_over_somebody_elses_change_is_refused(conference):
    mailing = mailings.draft(conference, REMINDER, Audience(), {"de": "Bitte warm anziehen."})
    shown = editing.seen(mailings.values(mailing))
    mailings.change(mailing, Audience(waiting=True), {"de": "Bringen Sie Ideen mit."}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        mailings.change(mailing, Audience(), {"de": "Etwas anderes."}, shown=shown)

    assert mailing.note == {"de": "Bringen Sie Ideen mit."}


def test_a_mailing_to_nobody_stays_a_draft(conference):
    person(conference, channel=ContactChannel.NONE)
    mailing = mailings.draft(conference, REMINDER, Audience())

    with pytest.raises(NobodyReached):
        mailings.release(mailing, make.staff_member())

    assert mailing.state is MailingState.DRAFT


def test_a_reminder_of_a_cancelled_conference_is_not_released(conference):
    person(conference)
    mailing = mailings.draft(conference, REMINDER, Audience())
    lifecycle.cancel(conference)

    with pytest.raises(MailingOutOfDate, match="Die Konferenz ist inzwischen abgesagt"):
        mailings.release(mailing, make.staff_member())

    assert told() == []


@pytest.mark.parametrize(
    ("step", "word"), [(lifecycle.cancel, "abgesagt"), (lifecycle.postpone, "verschoben")]
)
def test_a_reminder_released_before_is_not_sent_after(conference, monkeypatch, tmp_path, app, step, word):
    monkeypatch.setitem(app.config, "MAIL_URL", tmp_path.as_uri())
    person(conference)
    mail.deliver()
    mailings.release(mailings.draft(conference, REMINDER, Audience()), make.staff_member())
    step(conference)

    assert mail.deliver() == 0

    message = db.session.scalars(select(Message).where(Message.kind == REMINDER)).one()
    assert (message.state, message.last_error) == (
        MessageState.NEEDLESS,
        f"Nicht mehr nötig: Die Konferenz ist inzwischen {word}.",
    )


def test_a_mailing_arrives_with_its_note_and_names_nobody_else(conference, monkeypatch, app):
    person(conference, name="Erste")
    person(conference, name="Zweite")
    mailing = mailings.draft(conference, REMINDER, Audience(), {"de": "Der Eingang ist hinten."})

    with mailserver.running() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{postbox.port}")
        mail.deliver()
        mailings.release(mailing, make.staff_member())
        assert mail.deliver() == 2

    texts = [
        received.get_body(("plain",)).get_content()
        for received in postbox.mails
        if "Bald" in received["Subject"]
    ]
    assert len(texts) == 2
    for text in texts:
        assert "Der Eingang ist hinten." in text
        assert "Erste" not in text
        assert "Zweite" not in text


def test_a_crash_between_sending_and_marking_shows_unknown_and_nobody_is_told_twice(
    conference, monkeypatch, app, clock
):
    class Crash(BaseException):
        pass

    def crash(_claim):
        raise Crash

    people = [person(conference, name=name) for name in ("Eins", "Zwei", "Drei")]
    mailing = mailings.draft(conference, REMINDER, Audience())
    with mailserver.running() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{postbox.port}")
        mail.deliver()
        mailings.release(mailing, make.staff_member())
        with monkeypatch.context() as broken:
            broken.setattr(outbox, "mark_sent", crash)
            with pytest.raises(Crash):
                mail.deliver()
        clock.shift(outbox.LEASE.total_seconds() + 1)
        assert mail.deliver() == 2
        assert mail.deliver() == 0

    assert Counter(postbox.recipients) == Counter({secrets.decrypt(each.contact): 2 for each in people})
    assert mailings.became_of([mailing])[mailing.id] == Counter(
        {MessageState.SENT: 2, MessageState.UNKNOWN: 1}
    )


def test_a_test_goes_to_the_one_who_asks_and_opens_nothing(conference, monkeypatch, app):
    registration = person(conference, name="Amina")
    by = make.staff_member(email="ich@stadt.example")
    mailing = mailings.draft(conference, REMINDER, Audience())

    with mailserver.running() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{postbox.port}")
        mail.deliver()
        mailings.try_out(registration, REMINDER, by, mailing)
        assert mail.deliver() == 1

    assert postbox.recipients[-1] == "ich@stadt.example"
    received = postbox.mails[-1]
    assert received["Subject"].startswith("Test: Bald ist es so weit")
    assert "/link/" not in received.as_string()
    assert [part.get_content_type() for part in received.iter_attachments()] == []
    assert mailings.became_of([mailing]) == {mailing.id: Counter()}


@pytest.mark.parametrize("number", [1, 30])
def test_releasing_needs_the_same_statements_for_one_and_for_many(conference, number):
    for index in range(number):
        person(conference, name=f"P{index}")
    mailing = mailings.draft(conference, REMINDER, Audience())
    by = make.staff_member()
    db.session.rollback()

    with statements() as sent:
        mailings.release(mailing, by)

    assert len(sent) <= 12


def kinds(conference):
    return [suggestion.kind for suggestion in read.to_tell(conference)]


def test_nothing_is_to_be_told_while_nobody_is_registered_or_nothing_has_changed(conference):
    with transaction():
        editing.touch_calendar(conference)
    assert kinds(conference) == []

    person(conference)

    assert kinds(conference) == []


def test_a_change_of_the_schedule_is_to_be_told_until_somebody_begins(conference, clock):
    person(conference)
    clock.shift(60)
    with transaction():
        editing.touch_calendar(conference)

    assert kinds(conference) == [MessageKind.SCHEDULE_CHANGED]
    mailing = mailings.draft(conference, MessageKind.SCHEDULE_CHANGED, Audience())
    assert kinds(conference) == []
    clock.shift(60)
    mailings.release(mailing, make.staff_member())
    assert kinds(conference) == []
    clock.shift(60)
    with transaction():
        editing.touch_calendar(conference)
    assert kinds(conference) == [MessageKind.SCHEDULE_CHANGED]


def test_a_cancelled_and_a_postponed_conference_are_to_be_told(app, clock):
    first, second = make.conference(), make.conference()
    for conference, step in ((first, lifecycle.cancel), (second, lifecycle.postpone)):
        person(conference)
        clock.shift(60)
        step(conference)

    assert kinds(first) == [MessageKind.CONFERENCE_CANCELLED]
    assert kinds(second) == [MessageKind.CONFERENCE_POSTPONED]


def test_a_reminder_is_to_be_told_in_the_last_week(conference, clock):
    person(conference)

    clock.move_to(conference.starts_at - timedelta(days=8))
    assert kinds(conference) == []
    clock.move_to(conference.starts_at - timedelta(days=6))
    assert kinds(conference) == [REMINDER]
