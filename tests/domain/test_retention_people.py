"""Who is forgotten when: nothing leads to them any more, and they are still counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import (
    codes,
    history,
    notices,
    registrations,
    retention,
)
from app.domain.errors import NotFound, UnknownCode
from app.models import (
    Conference,
    ConferenceStatus,
    Consent,
    ConsentPurpose,
    EventKind,
    Message,
    MessageState,
    Registration,
    RegistrationStatus,
)
from tests import erasing, make
from tests.erasing import aggregates, agree, count, go, household, leads_nowhere, publish, run


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    return erasing.conference()


def test_who_never_had_a_place_is_forgotten_after_thirty_days_and_still_counted(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    with transaction():
        conference.capacity = 2
    household(conference)
    waiting = household(conference)
    agree(waiting, ConsentPurpose.PHOTO_PRESS)
    assert waiting.status is RegistrationStatus.WAITLISTED
    before = aggregates(conference)
    go(clock, conference, 29.99)
    retention.run(conference.host, now())
    assert not leads_nowhere(waiting)

    go(clock, conference, 30)

    assert run(conference) == {"never_placed": 1}
    assert leads_nowhere(waiting)
    assert (count(Consent), aggregates(conference)) == (0, before)
    assert run(conference) == {}


def test_who_has_cancelled_is_forgotten_thirty_days_after_that(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    with transaction():
        conference.starts_at += timedelta(days=200)
        conference.ends_at += timedelta(days=200)
    gone, there = household(conference), household(conference)
    registrations.cancel(gone)
    clock.shift(timedelta(days=30))

    assert run(conference) == {"never_placed": 1}
    assert (leads_nowhere(gone), leads_nowhere(there)) == (True, False)


@pytest.mark.parametrize(
    ("published_after", "is_cancelled", "erased_after"),
    [(20, False, 110), (None, False, 365), (None, True, 90), (400, False, 365)],
    ids=["documented", "never documented", "cancelled conference", "documented very late"],
)
def test_people_are_forgotten_three_months_after_the_documentation_at_the_latest_after_a_year(
    conference: Conference,
    clock: time_machine.Traveller,
    published_after: int | None,
    is_cancelled: bool,
    erased_after: int,
) -> None:
    registration = household(conference)
    staff = make.staff_member(of=conference.host)
    with transaction():
        history.note(registration, EventKind.OVERRIDDEN, reason="Frau Zwergotter hat angerufen", by=staff)
        registration.key = "BAUM-47"
        conference.status = (
            ConferenceStatus.CANCELLED if is_cancelled else ConferenceStatus.REGISTRATION_CLOSED
        )
    before = aggregates(conference)
    if published_after:
        go(clock, conference, published_after)
        publish(conference)
    go(clock, conference, erased_after - 1.1)
    retention.run(conference.host, now())
    assert (leads_nowhere(registration), registration.key) == (False, "BAUM-47")

    go(clock, conference, erased_after)

    erased = run(conference)
    assert {name: erased[name] for name in ("contacts", "people", "reasons", "messages")} == {
        "contacts": 1,
        "people": 1,
        # Registered, and the one with a reason.
        "reasons": 1,
        "messages": 1,
    }
    assert leads_nowhere(registration)
    assert aggregates(conference) == before
    assert run(conference) == {}


def test_code_link_and_form_of_somebody_who_is_forgotten_open_nothing(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    registration, code = make.registered(conference, submission="dieselbe-Seite")
    link = registrations.link_token(registration)
    go(clock, conference, 400)

    run(conference)

    with pytest.raises(UnknownCode):
        registrations.by_code(conference.host_id, code)
    with pytest.raises(NotFound):
        registrations.by_link(conference, link)
    assert db.session.scalar(select(Registration.code_digest)) != codes.digest(code)


def test_who_wants_to_hear_of_later_conferences_keeps_the_address_until_that_is_taken_back(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = household(conference)
    consent = agree(registration, ConsentPurpose.CONTACT_LATER)
    go(clock, conference, 400)
    assert "contacts" not in run(conference)
    assert registration.contact

    with transaction():
        consent.withdrawn_at = now()

    assert run(conference) == {"contacts": 1}
    # The name stays as long as the proof, which is three years.
    assert (registration.contact, registration.display_name) == ("", "Amina Zwergotter")
    clock.shift(timedelta(days=3 * 365))
    assert run(conference) == {"consents": 1, "people": 1}
    assert leads_nowhere(registration)


def test_a_consent_to_photos_keeps_the_name_as_its_proof_for_three_years_and_not_the_address(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = household(conference)
    agree(registration, ConsentPurpose.PHOTO_WEBSITE)
    go(clock, conference, 365)

    assert run(conference) == {"needs": 1, "contacts": 1, "messages": 1}
    assert (registration.contact, registration.display_name) == ("", "Amina Zwergotter")
    go(clock, conference, 3 * 365)
    assert run(conference) == {"consents": 1, "people": 1}


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.NEEDLESS])
def test_messages_that_are_done_with_stay_as_counts_and_others_go(
    conference: Conference, clock: time_machine.Traveller, state: MessageState
) -> None:
    registration = household(conference)
    with transaction():
        first = db.session.scalars(select(Message)).one()
        first.state, first.recipient, first.sent_at = state, "", now()
        notices.groups_changed(registration)
    with transaction():
        second = db.session.scalars(select(Message).filter_by(state=MessageState.QUEUED)).one()
        second.state, second.last_error = MessageState.FAILED, "550 amina@zwergotter.example"
    go(clock, conference, 365)

    assert run(conference)["messages"] == 2

    (left,) = db.session.scalars(select(Message))
    assert (left.id, left.state, left.idempotency_key) == (first.id, state, f"erased:{first.id}")


def test_what_was_written_just_now_is_still_sent(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = household(conference)
    agree(registration, ConsentPurpose.CONTACT_LATER)
    go(clock, conference, 400)
    with transaction():
        notices.groups_changed(registration)

    run(conference)

    assert [message.state for message in db.session.scalars(select(Message))] == [MessageState.QUEUED]
