"""The last places, taken by tables staff confirm and by people on the web at once; a pair, as for taking a seat."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.domain import registration_imports
from app.models import Conference, Participant, Registration, RegistrationStatus
from tests import make
from tests.race import crowd

CAPACITY = 5
TABLES = 12
ON_THE_WEB = 12


def conference_with_tables() -> tuple[Conference, list[int]]:
    """Each table has one household of one person; who comes by the web has a number below zero."""
    conference = make.conference(capacity=CAPACITY)
    tables = [
        registration_imports.upload(
            conference, "liste.csv", f"Name;Kommt als\nPerson {number};Einwohner".encode()
        ).id
        for number in range(TABLES)
    ]
    web = [-number for number in range(1, ON_THE_WEB + 1)]
    return conference, [person for pair in zip(tables, web, strict=True) for person in pair]


def with_place(conference: Conference) -> int:
    return (
        db.session.scalar(
            select(func.count(Participant.id))
            .join(Registration)
            .where(
                Registration.conference_id == conference.id,
                Registration.status == RegistrationStatus.CONFIRMED,
            )
        )
        or 0
    )


def test_import_without_the_lock_overbooks(fresh_app: Flask) -> None:
    conference, people = conference_with_tables()
    crowd.without_checks()

    outcomes = crowd.rush(fresh_app, crowd.take_table_or_register_carelessly, conference.id, people)

    assert [outcome.result for outcome in outcomes].count("confirmed") > CAPACITY
    assert with_place(conference) > CAPACITY


def test_import_with_the_lock_gives_exactly_the_places_there_are(fresh_app: Flask) -> None:
    conference, people = conference_with_tables()

    outcomes = crowd.rush(fresh_app, crowd.take_table_or_register, conference.id, people)

    late = TABLES + ON_THE_WEB - CAPACITY
    assert sorted(outcome.result for outcome in outcomes) == ["confirmed"] * CAPACITY + ["waitlisted"] * late
    assert with_place(conference) == CAPACITY
    db.session.refresh(conference)
    assert (conference.places_taken, conference.waiting) == (CAPACITY, late)
    tickets = db.session.scalars(select(Registration.ticket).where(Registration.ticket.is_not(None))).all()
    assert sorted(tickets) == list(range(1, late + 1))


def test_one_table_confirmed_by_all_is_taken_once(fresh_app: Flask) -> None:
    conference = make.conference(capacity=CAPACITY)
    stored = registration_imports.upload(conference, "liste.csv", b"Name;Kommt als\nPerson;Einwohner")

    outcomes = crowd.rush(fresh_app, crowd.take_table_or_register, conference.id, [stored.id] * 8)

    assert {outcome.result for outcome in outcomes} == {"confirmed"}
    assert with_place(conference) == 1
    db.session.refresh(stored)
    assert (stored.rows, stored.counts["left"]) == ("", 0)
