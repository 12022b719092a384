"""Erasing on time: each rule at its day and not before, counts as they were, nothing left that leads to somebody."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import (
    history,
    import_records,
    registrations,
    retention,
    retention_due,
    secrets,
    support,
)
from app.models import (
    Answer,
    Conference,
    ConferenceStatus,
    ConsentPurpose,
    EventKind,
    ImportRecord,
    NeedKind,
    Question,
    QuestionKind,
    RegistrationImport,
    RegistrationStatus,
    RetentionRun,
    SupportNeed,
    Translated,
)
from tests import erasing, make
from tests.counting import statements
from tests.erasing import add, agree, count, due, go, household, leads_nowhere, of, run
from tests.town import stored

Person = registrations.Person
CHAIR = support.Wanted(NeedKind.WHEELCHAIR)


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    return erasing.conference()


# --- Needs, answers, tables ------------------------------------------------------------------------------------------


def test_needs_go_fourteen_days_after_the_end(conference: Conference, clock: time_machine.Traveller) -> None:
    household(conference)
    go(clock, conference, 13.99)
    assert (due(conference), run(conference), count(SupportNeed)) == ({}, {}, 1)

    go(clock, conference, 14)

    assert (run(conference), count(SupportNeed)) == ({"needs": 1}, 0)
    assert run(conference) == {}


def test_needs_of_whose_offer_has_lapsed_go_the_next_night(conference: Conference) -> None:
    kept, gone = household(conference), household(conference)
    with transaction():
        gone.status = RegistrationStatus.LAPSED

    assert run(conference) == {"needs": 1}
    assert db.session.scalars(select(SupportNeed)).one().participant.registration_id == kept.id


def test_a_postponed_conference_keeps_its_people_for_the_new_date(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    household(conference)
    with transaction():
        conference.status = ConferenceStatus.POSTPONED
    go(clock, conference, 300)
    assert due(conference) == {}

    go(clock, conference, 14 + 365)

    assert due(conference) == {"needs": 1}


def test_answers_go_as_long_after_the_end_as_their_question_says(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = household(conference, Person())
    for position, days in enumerate((10, 20), start=1):
        question = Question(
            **of(conference),
            key=f"frage-{days}",
            position=position,
            kind=QuestionKind.TEXT,
            label=Translated("Was noch?"),
            retention_days=days,
        )
        add(question)
        add(
            Answer(
                **of(conference),
                registration_id=registration.id,
                question_id=question.id,
                value=secrets.encrypt('"viel"'),
            )
        )
    go(clock, conference, 9.99)
    assert due(conference) == {}

    go(clock, conference, 10)
    assert (run(conference), count(Answer)) == ({"answers": 1}, 1)
    go(clock, conference, 20)
    assert (run(conference), count(Answer), count(Question)) == ({"answers": 1}, 0, 2)


def test_rows_of_an_uploaded_table_go_after_a_day(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    add(RegistrationImport(**of(conference), name="liste.csv", sha256="0" * 64, rows=secrets.encrypt("[1]")))
    clock.shift(timedelta(hours=23))
    assert due(conference) == {}

    clock.shift(timedelta(hours=1))

    assert run(conference) == {"tables": 1}
    table = db.session.scalars(select(RegistrationImport)).one()
    assert (table.rows, table.name) == ("", "liste.csv")


# --- What stands beside the registrations ----------------------------------------------------------------------------


def test_what_is_kept_of_a_file_loses_needs_first_and_its_people_later(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    remembered = {
        "format": import_records.FORMAT,
        "applied": {"conference": {"title": "1"}, "registration/BAUM-47": {"display_name": "2"}},
        "file": {
            "registrations": {"BAUM-47": {"needs": [{"type": "access"}], "consents": {"press": True}}},
            "outreach": {"et-1": {"guests": 6}},
        },
        "notation": [
            [["registrations", "BAUM-47", "needs"], "", True, []],
            [["registrations", "BAUM-47", "status"], "", True, "attended"],
            [["conference", "motto"], "", True, ""],
        ],
    }
    add(
        ImportRecord(
            **of(conference),
            file_name="rheine.yaml",
            sha256="0" * 64,
            kept=secrets.encrypt(json.dumps(remembered)),
        )
    )

    def kept() -> dict[str, Any]:
        stored = import_records.last(conference.id)
        assert stored is not None
        return stored[1]

    go(clock, conference, 14)
    assert run(conference) == {"file_needs": 1}
    assert kept()["file"]["registrations"] == {"BAUM-47": {"consents": {"press": True}}}
    assert [item[0][-1] for item in kept()["notation"]] == ["status", "motto"]

    go(clock, conference, 365)
    assert run(conference) == {"files": 1}
    assert kept() == {
        "format": import_records.FORMAT,
        "applied": {"conference": {"title": "1"}},
        "file": {"outreach": {"et-1": {"guests": 6}}},
        "notation": [[["conference", "motto"], "", True, ""]],
    }
    assert run(conference) == {}


def test_a_file_whose_key_is_lost_stops_nothing(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    household(conference)
    add(ImportRecord(**of(conference), file_name="x", sha256="0" * 64, kept="gAAAA"))
    go(clock, conference, 14)

    assert run(conference) == {"needs": 1}


# --- The run ---------------------------------------------------------------------------------------------------------


def test_looking_changes_nothing_and_says_what_the_run_erases(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    household(conference)
    agree(household(conference), ConsentPurpose.PHOTO_PRESS)
    registrations.cancel(household(conference))
    go(clock, conference, 3 * 365)
    before = stored()

    expected = due(conference)

    assert stored() == before
    assert expected == {
        "needs": 2,
        "never_placed": 1,
        "contacts": 2,
        "messages": 4,
        "consents": 1,
        "people": 2,
    }
    assert run(conference) == expected
    assert (due(conference), run(conference)) == ({}, {})


def test_a_run_touches_no_other_host(conference: Conference, clock: time_machine.Traveller) -> None:
    other = make.conference(make.host())
    elsewhere = household(other, Person(name="Zilpzalp"))
    household(conference)
    go(clock, conference, 3 * 365)

    run(conference)

    assert not leads_nowhere(elsewhere)
    assert [report.host_id for report in db.session.scalars(select(RetentionRun))] == [conference.host_id]


def test_reports_hold_counts_alone_and_stay_a_year(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    household(conference)
    go(clock, conference, 14)
    retention.run(conference.host, now())
    clock.shift(timedelta(days=365))
    retention.run(conference.host, now())
    assert retention.runs(conference.host)[1].report == [
        {"purpose": "needs", "conference": "zukunft", "count": 1}
    ]

    clock.shift(timedelta(hours=1))
    retention.run(conference.host, now())

    assert [len(report.report) for report in retention.runs(conference.host)] == [0, 3]


def test_a_missed_night_is_caught_up_and_a_new_host_waits_for_its_first(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    household(conference)
    go(clock, conference, 13)
    assert retention.catch_up(now()) == {}
    retention.run_everywhere(now())
    clock.shift(timedelta(hours=25))
    assert retention.catch_up(now()) == {}

    clock.shift(timedelta(minutes=1))

    (report,) = retention.catch_up(now()).values()
    assert report.report == [{"purpose": "needs", "conference": "zukunft", "count": 1}]


@pytest.mark.parametrize("size", [1, 3, 300])
def test_looking_needs_the_same_number_of_statements_for_many(app: Flask, size: int) -> None:
    host = make.host()
    for _ in range(min(size, 30)):
        conference = make.conference(host)
    make.support_offers(conference, NeedKind.WHEELCHAIR)
    with transaction():
        for _ in range(size):
            household(conference)
    at = now() + timedelta(days=400)
    retention.due(host, at)

    with statements() as sent:
        found = retention.due(host, at)

    assert {entry.purpose: entry.count for entry in found} == {
        "needs": size,
        "contacts": size,
        "messages": size,
        "people": size,
    }
    # One for each rule, the conferences, the periods of questions, and two that open what is kept of files.
    assert len(sent) == len(retention.RULES) + 4


def test_what_is_erased_is_no_longer_in_the_file_of_the_database(
    conference: Conference, engine_name: str, clock: time_machine.Traveller
) -> None:
    if engine_name == "postgres":
        # Pages there are cleared by autovacuum, in its own time (docs/decisions/0017).
        assert retention_due.NEEDS_DAYS == 14
        return
    registration = household(conference)
    with transaction():
        history.note(registration, EventKind.OVERRIDDEN, reason="Rohrdommel")
    sealed = [
        registration.contact.encode(),
        db.session.scalars(select(SupportNeed.content)).one().encode(),
        registration.code_digest.encode(),
    ]
    words = [b"Zwergotter", b"Zilpzalp", b"Kiebitz", b"Rohrdommel", *sealed]
    file = Path(db.engine.url.database or "")

    def content() -> bytes:
        db.session.rollback()
        return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))

    found = content()
    assert [word for word in words if word not in found] == []
    go(clock, conference, 365)

    run(conference)

    found = content()
    assert [word for word in words if word in found] == []
