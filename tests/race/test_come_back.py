"""Households whose offers have ended come back all at once: with the lock exactly as many places as there are."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from app.database import db
from app.domain import admission, offers, registrations
from app.models import Conference, Registration, RegistrationStatus
from tests import make
from tests.race import crowd

CAPACITY = 5
PEOPLE = 24


def test_come_back_without_the_lock_overbooks(fresh_app: Flask) -> None:
    conference, people = _lapsed()
    crowd.without_checks()
    _without_tickets_of_their_own()

    outcomes = crowd.rush(fresh_app, crowd.come_back_carelessly, conference.id, people)

    assert [outcome.result for outcome in outcomes].count("confirmed") > CAPACITY


def test_come_back_with_the_lock_gives_exactly_the_places_there_are(fresh_app: Flask) -> None:
    conference, people = _lapsed()
    before = conference.last_ticket

    outcomes = crowd.rush(fresh_app, crowd.come_back, conference.id, people)

    results = [outcome.result for outcome in outcomes]
    assert sorted(results) == ["confirmed"] * CAPACITY + ["waitlisted"] * (PEOPLE - CAPACITY)
    db.session.refresh(conference)
    assert (conference.places_taken, conference.waiting) == (CAPACITY, PEOPLE - CAPACITY)
    rows = db.session.query(Registration).filter(Registration.id.in_(people)).order_by(Registration.ticket)
    found = [(row.ticket, row.status) for row in rows]
    assert found[:CAPACITY] == [
        (before + place, RegistrationStatus.CONFIRMED) for place in range(1, CAPACITY + 1)
    ]
    # Each queue number was drawn once, and the first to come got the places.
    assert [status for _ticket, status in found[CAPACITY:]] == [RegistrationStatus.WAITLISTED] * (
        PEOPLE - CAPACITY
    )


def _without_tickets_of_their_own() -> None:
    """Take away what would refuse two of the careless by chance: each draws a queue number."""
    # A table that is being read cannot be altered.
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(
                text("ALTER TABLE registration DROP CONSTRAINT uq_registration_conference_id_ticket")
            )


def _lapsed() -> tuple[Conference, list[int]]:
    """Everybody was offered the only place and did not want it; now there are some more."""
    conference = make.conference(capacity=1, makes_offers=True)
    first = make.registration(conference)
    waiting = [make.registration(conference) for _ in range(PEOPLE)]
    registrations.cancel(first)
    for registration in waiting:
        offers.decline(registration, None)
    admission.set_frame(conference, capacity=CAPACITY, walk_in_quota=0, quotas={})
    return conference, [registration.id for registration in waiting]
