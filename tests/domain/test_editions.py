"""Freezing what is public, and taking it back."""

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from app.database import after_commit, db, now, transaction
from app.domain import editions, local_time, snapshot, taking_back
from app.domain.errors import Changed, CorrectionPassed, DomainError, NotPublicYet
from app.domain.queries import editions as queries
from app.models import Conference, ConferenceStatus, Edition, FileFormat, FileState, StoredFile
from tests import counting, make, results


def test_freeze_keeps_what_is_public_now_and_queues_its_files(app, clock):
    conference = results.rich()

    edition = editions.freeze(conference, note="Erste Fassung.", correction_until=results.DAY)

    assert (edition.number, edition.published_on, edition.note) == (1, results.DAY, "Erste Fassung.")
    assert edition.correction_until == results.DAY
    assert edition.sha256 == snapshot.sha256(edition.snapshot)
    assert [entry["number"] for entry in edition.snapshot["contributions"]] == [1, 2, 3, 4]
    assert edition.snapshot["changes"] is None
    assert {(file.format, file.state) for file in edition.files} == {
        (kind, FileState.QUEUED) for kind in FileFormat
    }


def test_freeze_publishes_a_conference_that_is_over(app):
    conference = results.over()
    version = conference.host.version

    editions.freeze(conference)

    assert conference.status is ConferenceStatus.PUBLISHED
    # The start page of the host shows the status.
    assert conference.host.version > version


@pytest.mark.parametrize(
    "status", [ConferenceStatus.CANCELLED, ConferenceStatus.POSTPONED, ConferenceStatus.ANNOUNCED]
)
def test_freeze_leaves_a_status_that_says_something_else(app, status):
    conference = results.over(status=status)

    editions.freeze(conference)

    assert conference.status is status


def test_freeze_before_the_end_leaves_the_status(app):
    conference = make.conference()

    editions.freeze(conference)

    assert conference.status is ConferenceStatus.REGISTRATION_OPEN


@pytest.mark.parametrize("status", [ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED])
def test_freeze_of_a_conference_that_is_not_public_is_refused(app, status):
    conference = results.over(status=status)

    with pytest.raises(NotPublicYet):
        editions.freeze(conference)

    assert editions.latest_of(conference) is None


def test_freeze_with_a_deadline_that_has_passed_is_refused(app):
    conference = results.over()

    with pytest.raises(CorrectionPassed) as refusal:
        editions.freeze(conference, correction_until=local_time.day_of(now()) - timedelta(days=1))

    assert refusal.value.field == "correction_until"
    assert editions.latest_of(conference) is None


def test_freeze_for_the_same_number_twice_gives_one_edition(app):
    conference = results.rich()

    first = editions.freeze(conference, number=1, note="Erste Fassung.")
    second = editions.freeze(conference, number=1, note="Ein Doppelklick.")

    assert second == first
    assert (second.note, db.session.scalar(select(func.count(Edition.id)))) == ("Erste Fassung.", 1)


@pytest.mark.parametrize("number", [-3, 0, 2, 99])
def test_freeze_for_a_number_that_is_not_the_next_is_refused(app, number):
    conference = results.over()

    with pytest.raises(Changed):
        editions.freeze(conference, number=number)


def test_freeze_wakes_the_worker_after_the_commit_only(app, monkeypatch):
    conference = results.over()
    seen = []
    monkeypatch.setattr(editions, "on_queued", lambda: seen.append(db.session.scalar(select(Edition.number))))

    with transaction():
        editions.freeze(conference)
        after_commit(lambda: None)
        assert seen == []

    assert seen == [1]


def test_what_changes_later_does_not_change_the_edition(app):
    conference = results.rich()
    edition = editions.freeze(conference)
    before, sha256 = dict(edition.snapshot), edition.sha256

    results.voice(conference, "Später dazugekommen.")
    with transaction():
        db.session.get_one(Conference, conference.id).contact_role = "Ein anderes Amt"

    assert (edition.snapshot, edition.sha256) == (before, sha256)


def test_the_next_edition_tells_what_changed(app):
    conference = results.rich()
    editions.freeze(conference)
    with transaction():
        recommendation = results.recommendation(conference, title="Schatten pflanzen")
    results.voice(conference, "Später dazugekommen.")

    second = editions.freeze(conference)

    assert second.number == 2
    assert second.snapshot["changes"] == {
        "since": 1,
        "recommendations": {"added": [recommendation.number], "removed": [], "changed": []},
        "contributions": {"added": [5], "withdrawn": [], "changed": []},
    }


def test_preview_shows_the_next_edition_and_writes_nothing(app):
    conference = results.rich()

    first = editions.preview(conference)
    editions.freeze(conference)
    second = editions.preview(conference)
    results.voice(conference)
    third = editions.preview(conference)

    assert (first.number, first.latest, first.changes, first.is_due) == (1, None, None, False)
    assert (second.number, second.differences, second.is_due) == (2, 0, False)
    assert (third.number, third.differences, third.withdrawn, third.is_due) == (2, 1, 0, True)
    assert db.session.scalar(select(func.count(Edition.id))) == 1


def test_a_withdrawal_makes_the_next_edition_due(app):
    conference = results.rich()
    edition = results.published(conference)

    taking_back.withdraw(voice_of(conference, 1))
    due = editions.preview(conference)

    assert edition.redacted_at is not None
    assert local_time.time_of(edition.redacted_at) == time()
    assert (due.withdrawn, due.is_due) == (1, True)
    assert editions.freeze(conference).snapshot["changes"]["contributions"]["withdrawn"] == [1]
    assert editions.preview(conference).is_due is False


def voice_of(conference, number):
    from app.models import Contribution

    return db.session.scalars(
        select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == number)
    ).one()


def test_editions_are_listed_with_their_changes_in_few_statements(app):
    conference = results.rich()
    counted = []
    for size in (1, 2, 5):
        while (latest := editions.latest_of(conference)) is None or latest.number < size:
            editions.freeze(conference)
        db.session.rollback()
        number = conference.id
        db.session.rollback()
        with counting.statements() as sent:
            listed = queries.of_conference(conference)
            told = [(entry.edition.number, len(entry.edition.files)) for entry in listed]
        counted.append(len(sent))
        assert told == [(place, 3) for place in range(size, 0, -1)], number

    assert counted[0] == counted[1] == counted[2]
    assert [entry.changes and entry.changes["since"] for entry in listed] == [4, 3, 2, 1, None]


def test_what_stays_out_is_counted(app):
    found = queries.staying_out(results.rich())

    assert found == queries.StayingOut(undecided=1, rejected=2, forwarded=0, recommendations=1, minutes=1)


def test_an_edition_of_an_empty_conference_is_a_valid_one(app):
    edition = results.published(results.over())

    assert {file.state for file in edition.files} == {FileState.READY}


def test_redacting_removes_files_and_keeps_number_and_hashes(app):
    conference = results.rich()
    edition = results.published(conference)
    hashes = {file.format: (file.sha256, file.size) for file in edition.files}
    sha256 = edition.sha256
    assert all(sha and size for sha, size in hashes.values())

    taking_back.withdraw(voice_of(conference, 1))

    db.session.rollback()
    assert {file.state for file in edition.files} == {FileState.REMOVED}
    assert {file.format: (file.sha256, file.size) for file in edition.files} == hashes
    assert edition.sha256 == sha256
    assert db.session.scalar(select(func.count(StoredFile.id))) == 0


def test_a_refusal_is_a_sentence(app):
    for error in (NotPublicYet(), CorrectionPassed(), Changed()):
        assert isinstance(error, DomainError)
        assert str(error).endswith(".")
