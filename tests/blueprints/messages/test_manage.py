"""Mails as staff see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, now
from app.domain import outbox, registrations
from app.models import (
    Conference,
    ContactChannel,
    Host,
    Message,
    MessageState,
    Registration,
    RoleGroup,
    StaffRole,
)
from tests import make
from tests.browse import Page, visit
from tests.visitor import Visitor

PLACE = {"host": "beispiel", "conference": "konferenz"}
ADDRESS = "/verwaltung/beispiel/konferenz/nachrichten/postausgang"


def page_of(client: Visitor, registration: Registration) -> Page:
    return visit(client, "signup.registration", **PLACE, registration=registration.id)


def with_mail(conference: Conference, name: str = "Paul") -> Registration:
    return make.registration(
        conference, name=name, contact_channel=ContactChannel.EMAIL, contact="paul@example.org"
    )


def fail(reason: str = "Das Postfach gibt es nicht.") -> Message:
    claim = outbox.claim(now() + timedelta(seconds=1))
    outbox.mark_failed(claim, reason)
    return db.session.get(Message, claim.message_id)


def test_outbox_without_mails_says_what_will_stand_here(
    staff_client: Visitor, conference: Conference
) -> None:
    assert "Keine Nachrichten" in visit(staff_client, "messages.outbox", **PLACE).text


def test_outbox_shows_states_and_reasons(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference, "Erste")
    fail()
    with_mail(conference, "Zweite")

    page = visit(staff_client, "messages.outbox", **PLACE)

    assert "nicht zustellbar (1)" in page.text
    assert (
        "nicht zustellbar Das Postfach gibt es nicht. Prüfen Sie die Adresse in der Anmeldung." in page.text
    )
    assert "paul@example.org" not in page.response.text
    waiting = visit(staff_client, "messages.outbox", **PLACE, stand="queued")
    assert "Zweite" in waiting.text
    assert "Erste" not in waiting.text


def test_outbox_tells_what_happened_and_what_comes(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference, "Später")
    outbox.mark_delayed(outbox.claim(now() + timedelta(seconds=1)), "Der Mailserver antwortet nicht.")
    with_mail(conference, "Unklar")
    outbox.mark_unknown(outbox.claim(now() + timedelta(seconds=1)), "")
    with_mail(conference, "Gesendet")
    outbox.mark_sent(outbox.claim(now() + timedelta(seconds=1)))

    text = visit(staff_client, "messages.outbox", **PLACE).text

    assert "nächster Versuch am" in text
    assert "Der Mailserver antwortet nicht." in text
    assert "Vielleicht ist die Nachricht angekommen." in text
    assert "gesendet am " in text


@pytest.mark.parametrize("query", [{"stand": "rubbish"}, {"seite": "x"}, {"seite": "99"}])
def test_outbox_survives_any_query(
    staff_client: Visitor, conference: Conference, query: dict[str, str]
) -> None:
    with_mail(conference)

    assert "Paul" in visit(staff_client, "messages.outbox", **PLACE, **query).text


def test_send_again_queues_the_mail(staff_client: Visitor, conference: Conference) -> None:
    registration = with_mail(conference)
    message = fail()
    address = f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal"

    page = page_of(staff_client, registration).form(address).send()

    assert page.location.endswith(f"/anmeldungen/{registration.id}")
    assert "Die Nachricht wird noch einmal gesendet." in page.follow().text
    db.session.refresh(message)
    assert message.state is MessageState.QUEUED


def test_send_again_from_the_outbox_returns_there(staff_client: Visitor, conference: Conference) -> None:
    with_mail(conference)
    message = fail()

    page = visit(staff_client, "messages.outbox", **PLACE).form().send()

    assert page.location == ADDRESS
    db.session.refresh(message)
    assert message.state is MessageState.QUEUED


def test_send_again_without_an_address_says_why(staff_client: Visitor, conference: Conference) -> None:
    registration = with_mail(conference)
    message = fail()
    registrations.correct(
        registration,
        registrations.Details(role_group=RoleGroup.RESIDENT, contact_channel=ContactChannel.NONE),
    )

    page = visit(staff_client, "messages.outbox", **PLACE).form().send().follow()

    assert "Die Adresse ist nicht mehr gespeichert." in page.text
    db.session.refresh(message)
    assert message.state is MessageState.FAILED


def test_send_again_of_an_invitation_is_none_of_an_organizer(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    from app.domain import staff

    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    message = fail()

    answer = staff_client.post(f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal")

    assert answer.status_code == 404


def test_send_again_with_an_old_token_does_nothing(
    app: Flask, staff_client: Visitor, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(conference)
    message = fail()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = staff_client.post(
        f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal", data={"csrf_token": "old"}
    )

    assert answer.status_code == 302
    assert "noch einmal" in visit(staff_client, "messages.outbox", **PLACE).text
    db.session.refresh(message)
    assert message.state is MessageState.FAILED


def test_a_mail_that_was_no_longer_needed_is_no_failure_and_can_still_be_sent_again(
    staff_client: Visitor, conference: Conference
) -> None:
    with_mail(conference)
    claim = outbox.claim(now() + timedelta(seconds=1))
    assert claim is not None
    outbox.mark_out_of_date(claim, "Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt.")

    listed = visit(staff_client, "messages.outbox", **PLACE, stand="needless")
    assert "nicht mehr nötig Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt." in listed.text
    assert "nicht zustellbar" not in listed.text
    assert "Nicht zustellbar 0" in visit(staff_client, "messages.overview", **PLACE).text
    assert "nicht zugestellt" not in visit(staff_client, "accounts.dashboard").text

    listed.form().send()
    message = db.session.scalars(select(Message)).one()
    assert (message.state, bool(message.recipient), message.last_error) == (MessageState.QUEUED, True, "")
