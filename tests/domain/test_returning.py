"""Coming back after an offer has ended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import admission, offers, registrations, returning
from app.domain.errors import (
    AlreadyCancelled,
    ConferenceFull,
    NoSignupHere,
    OverrideReasonMissing,
    SignupClosed,
)
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    EventKind,
    Message,
    MessageKind,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    SeatState,
)
from tests import make

pytestmark = pytest.mark.usefixtures("app")

BY_MAIL = {"contact_channel": ContactChannel.EMAIL, "contact": "a@example.org"}


def lapsed(*group_rounds: Any, conference: Conference, people: int = 1) -> Registration:
    """A household that waited, was asked, and did not take it; somebody else sits there now."""
    with transaction():
        conference.capacity, conference.makes_offers = people, True
    taken = make.registered(conference, people=people)[0]
    waiting = make.registered(conference, *group_rounds, people=people, **BY_MAIL)[0]
    registrations.cancel(taken)
    offers.decline(waiting, None)
    assert waiting.status is RegistrationStatus.LAPSED
    return waiting


def kinds(registration: Registration) -> list[tuple[EventKind, str, int | None]]:
    rows = db.session.scalars(
        select(RegistrationEvent)
        .where(RegistrationEvent.registration_id == registration.id)
        .order_by(RegistrationEvent.id)
    )
    return [(row.kind, row.reason, row.by_id) for row in rows][-2:]


def told(registration: Registration) -> list[MessageKind]:
    rows = select(Message.kind).where(Message.registration_id == registration.id).order_by(Message.id)
    return list(db.session.scalars(rows))


def test_where_places_are_free_the_household_has_them_with_its_groups() -> None:
    conference = make.conference()
    group_round = make.group_round(conference)
    registration = lapsed(group_round, conference=conference, people=2)
    code = registration.code_digest

    returning.come_back(registration)
    returning.come_back(registration)

    db.session.refresh(conference)
    assert (conference.places_taken, conference.waiting) == (2, 0)
    assert registration.status is RegistrationStatus.CONFIRMED
    assert [[seat.state for seat in person.live_seats] for person in registration.participants] == [
        [SeatState.SEATED]
    ] * 2
    assert registration.code_digest == code
    assert kinds(registration) == [(EventKind.DECLINED, "", None), (EventKind.RETURNED, "", None)]
    assert told(registration) == [MessageKind.WAITLISTED, MessageKind.OFFER, MessageKind.MOVED_UP]


def test_where_nothing_is_free_it_stands_at_the_end_of_the_queue() -> None:
    conference = make.conference()
    registration = lapsed(conference=conference)
    make.registration(conference)
    before = make.registration(conference)
    member = make.staff_member()

    returning.come_back(registration, reason="Lag im Krankenhaus", by=member)

    db.session.refresh(conference)
    assert (conference.places_taken, conference.waiting) == (1, 2)
    assert admission.queue_positions([before, registration]) == {before.id: 1, registration.id: 2}
    assert kinds(registration) == [
        (EventKind.RETURNED, "Lag im Krankenhaus", member.id),
        (EventKind.WAITLISTED, "", member.id),
    ]
    assert told(registration) == [MessageKind.WAITLISTED, MessageKind.OFFER, MessageKind.WAITLISTED]


def test_an_offer_after_coming_back_is_an_offer_of_its_own() -> None:
    conference = make.conference()
    registration = lapsed(conference=conference)
    sitting = make.registration(conference)
    returning.come_back(registration)

    registrations.cancel(sitting)

    assert registration.status is RegistrationStatus.OFFERED
    assert told(registration).count(MessageKind.OFFER) == 2


def test_staff_say_why_and_may_do_it_after_closing() -> None:
    conference = make.conference()
    registration = lapsed(conference=conference)
    member = make.staff_member()
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    with pytest.raises(OverrideReasonMissing):
        returning.come_back(registration, reason="  ", by=member)
    with pytest.raises(SignupClosed):
        returning.come_back(registration)
    returning.come_back(registration, reason="Hat angerufen", by=member)

    assert registration.status is RegistrationStatus.CONFIRMED


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"status": ConferenceStatus.CANCELLED}, NoSignupHere),
        ({"has_queue": False, "capacity": 0}, ConferenceFull),
    ],
)
def test_nobody_comes_back_where_nobody_is_taken(change: dict[str, Any], error: type[Exception]) -> None:
    conference = make.conference()
    registration = lapsed(conference=conference)
    with transaction():
        for name, value in change.items():
            setattr(conference, name, value)
    tickets = conference.last_ticket

    with pytest.raises(error):
        returning.come_back(registration)

    db.session.expire_all()
    assert (registration.status, conference.last_ticket) == (RegistrationStatus.LAPSED, tickets)


def test_a_cancelled_one_does_not_come_back() -> None:
    registration = make.registration(make.conference())
    registrations.cancel(registration)

    with pytest.raises(AlreadyCancelled):
        returning.come_back(registration)
