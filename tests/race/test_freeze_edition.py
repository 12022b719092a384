"""One edition asked for by many at once is published once, and its files are made once."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.database import db
from app.models import Edition, EditionFile, FileState
from tests import results
from tests.race import crowd

PEOPLE = 12


def _editions() -> list[Edition]:
    db.session.rollback()
    return list(db.session.scalars(select(Edition).order_by(Edition.number)))


def test_freeze_by_a_look_before_the_lock_goes_wrong(fresh_app: Flask) -> None:
    conference = results.rich()

    outcomes = crowd.rush(fresh_app, crowd.freeze_carelessly, conference.id, [1] * PEOPLE)

    refused = [outcome.result for outcome in outcomes if not outcome.result.isdigit()]
    # A second edition, or a second line of defence that somebody runs into: the number is unique.
    assert {result.partition(":")[0] for result in refused} <= {"IntegrityError"}
    assert len(_editions()) > 1 or refused


def test_freeze_for_one_number_by_many_publishes_one(fresh_app: Flask) -> None:
    conference = results.rich()

    outcomes = crowd.rush(fresh_app, crowd.freeze, conference.id, [1] * PEOPLE)

    (edition,) = _editions()
    assert {outcome.result for outcome in outcomes} == {str(edition.id)}
    assert edition.number == 1
    assert [file.state for file in edition.files] == [FileState.QUEUED] * 3


def test_many_workers_make_each_file_once(fresh_app: Flask) -> None:
    first, second = results.rich(), results.rich()
    crowd.rush(fresh_app, crowd.freeze, first.id, [1])
    crowd.rush(fresh_app, crowd.freeze, second.id, [1])

    outcomes = crowd.rush(fresh_app, crowd.render, first.id, range(4))

    made = " ".join(outcome.result for outcome in outcomes).split()
    assert sorted(made) == ["csv", "csv", "json", "json", "pdf", "pdf"]
    db.session.rollback()
    files = db.session.scalars(select(EditionFile)).all()
    assert [file.state for file in files] == [FileState.READY] * 6
