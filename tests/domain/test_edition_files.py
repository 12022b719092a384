"""Files of editions: made once, by one, kept with their hash; whatever goes wrong ends in a sentence."""

import errno
import hashlib
import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from app.database import db, now
from app.domain import edition_files, editions, files, taking_back
from app.domain.edition_files import BROKEN_OFF, DISK_FULL, LEASE, MEMORY_FULL, Claim, Renderer
from app.domain.errors import EditionRedacted, TextMissing
from app.models import Contribution, EditionFile, FileFormat, FileState, StoredFile
from tests import results

CSV, JSON, PDF = FileFormat.CSV, FileFormat.JSON, FileFormat.PDF


@pytest.fixture
def edition(app):
    return editions.freeze(results.rich())


def stored(edition, kind=PDF):
    return results.file_of(edition, kind)


def with_pdf(render):
    return {**results.QUICK, PDF: Renderer(render, "application/pdf", is_heavy=True)}


def raising(fault):
    def render(*_):
        raise fault

    return with_pdf(render)


def content_of(file):
    return db.session.scalar(select(StoredFile.content).where(StoredFile.id == file.stored_file_id))


def test_render_keeps_the_file_with_size_and_hash(edition):
    file = stored(edition, JSON)

    assert edition_files.render(file.id, results.QUICK) is True

    file = stored(edition, JSON)
    content = content_of(file)
    assert json.loads(content) == edition.snapshot
    assert (file.state, file.size, file.sha256) == (
        FileState.READY,
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert (file.stored_file.media_type, file.stored_file.name) == (
        "application/json",
        f"{edition.conference.host.key}-{edition.conference.key}-ausgabe-1.json",
    )
    assert file.finished_at is not None


def test_a_finished_file_shows_on_kept_pages(edition):
    before = edition.conference.version

    edition_files.render(stored(edition, JSON).id, results.QUICK)

    db.session.rollback()
    assert edition.conference.version > before


def test_render_again_does_nothing(edition):
    file = stored(edition, JSON)
    edition_files.render(file.id, results.QUICK)

    assert edition_files.render(file.id, raising(AssertionError)) is False


def test_the_renderer_gets_snapshot_and_logo_and_no_transaction_is_open(edition):
    from app.domain import hosts
    from tests.town import _picture

    hosts.set_logo(edition.conference.host, "logo.png", _picture())
    seen = []

    def render(snapshot, logo, progress):
        seen.append((snapshot, logo[0], logo[1][:4], db.session().in_transaction()))
        return b"%PDF"

    edition_files.render(stored(edition).id, with_pdf(render))

    assert seen == [(edition.snapshot, "image/png", b"\x89PNG", False)]


def test_progress_is_stored_while_it_is_made(edition, monkeypatch):
    monkeypatch.setattr(edition_files, "NOTE_EVERY_SECONDS", 0)
    seen = []

    def render(snapshot, logo, progress):
        for step in (1, 2, 9):
            progress(step, 4)
            file = stored(edition)
            seen.append((file.state, file.done, file.total))
        return b"%PDF"

    edition_files.render(stored(edition).id, with_pdf(render))

    rendering = FileState.RENDERING
    assert seen == [(rendering, 1, 4), (rendering, 2, 4), (rendering, 4, 4)]
    file = stored(edition)
    assert (file.state, file.done, file.total) == (FileState.READY, 4, 4)


def test_progress_is_not_written_more_often_than_eyes_need(edition):
    from tests import counting

    def render(snapshot, logo, progress):
        with counting.statements() as sent:
            for step in range(500):
                progress(step, 1000)
        writes.extend(statement for statement in sent if statement.startswith("UPDATE"))
        return b"%PDF"

    writes = []
    edition_files.render(stored(edition).id, with_pdf(render))

    assert 1 <= len(writes) <= 3


DISK = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (TextMissing(), str(TextMissing())),
        (DISK, str(DISK_FULL)),
        (MemoryError(), str(MEMORY_FULL)),
        (RuntimeError("Wortlaut eines Beitrags"), str(BROKEN_OFF)),
        (OSError(errno.EACCES, "nein"), str(BROKEN_OFF)),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), str(DISK_FULL)),
    ],
    ids=["refused", "disk", "memory", "fault", "other", "database"],
)
def test_what_goes_wrong_ends_as_failed_with_a_sentence(edition, caplog, fault, sentence):
    with caplog.at_level(logging.ERROR):
        assert edition_files.render(stored(edition).id, raising(fault)) is True

    file = stored(edition)
    assert (file.state, file.error, file.stored_file_id) == (FileState.FAILED, sentence, None)
    # The log says which fault it was, and repeats nobody's words.
    assert "Wortlaut" not in caplog.text
    assert (type(fault).__name__ in caplog.text) is not isinstance(fault, TextMissing)


def test_a_file_that_failed_can_be_asked_for_again(edition):
    edition_files.render(stored(edition).id, raising(DISK))

    edition_files.retry(stored(edition))

    assert (stored(edition).state, stored(edition).error) == (FileState.QUEUED, "")
    assert edition_files.render(stored(edition).id, results.QUICK) is True
    assert stored(edition).state is FileState.READY


def test_retry_of_a_file_that_did_not_fail_changes_nothing(edition):
    edition_files.retry(stored(edition))
    edition_files.render(stored(edition).id, results.QUICK)
    before = stored(edition).stored_file_id

    edition_files.retry(stored(edition))

    assert (stored(edition).state, stored(edition).stored_file_id) == (FileState.READY, before)


def test_retry_wakes_the_worker(edition, monkeypatch):
    woken = []
    monkeypatch.setattr(editions, "on_queued", lambda: woken.append(1))

    edition_files.retry(stored(edition))

    assert woken == [1]


def test_a_full_disk_while_the_file_is_stored_loses_nothing(fresh_app, caplog):
    """The database itself is full: SQLite may not grow any more; elsewhere the store says so."""
    edition = editions.freeze(results.rich())
    file_id = stored(edition).id
    big = with_pdf(lambda *_: b"%PDF" + b"x" * 3_000_000)
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        pages = db.session.scalar(text("PRAGMA page_count"))
        db.session.execute(text(f"PRAGMA max_page_count={pages + 5}"))
        db.session.rollback()
        edition_files.render(file_id, big)
        db.session.execute(text("PRAGMA max_page_count=1000000"))
        db.session.rollback()
    else:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "keep", lambda *_: (_ for _ in ()).throw(DISK))
            edition_files.render(file_id, big)

    file = stored(edition)
    assert (file.state, file.error) == (FileState.FAILED, str(DISK_FULL))
    edition_files.retry(file)
    assert edition_files.render(file_id, big) is True
    assert (stored(edition).state, stored(edition).size) == (FileState.READY, 3_000_004)


def test_when_not_even_the_failure_can_be_written_the_file_is_queued_again_later(
    edition, monkeypatch, caplog
):
    def full(*_, **__):
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(edition_files, "_change", full)
        edition_files.render(stored(edition).id, raising(DISK))

    assert stored(edition).state is FileState.RENDERING
    assert edition_files.queue_lost(now()) == 0
    assert edition_files.queue_lost(now() + LEASE) == 1
    assert stored(edition).state is FileState.QUEUED


def withdraw_first(edition):
    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(
                Contribution.conference_id == edition.conference_id, Contribution.number == 1
            )
        ).one()
    )


def test_a_file_is_thrown_away_when_something_in_it_was_withdrawn_meanwhile(edition):
    def render(snapshot, logo, progress):
        withdraw_first(edition)
        return b"%PDF Mehr Baenke im Park"

    edition_files.render(stored(edition).id, with_pdf(render))

    assert stored(edition).state is FileState.REMOVED
    assert db.session.scalars(select(StoredFile.id)).all() == []


def test_a_renderer_stops_at_its_next_step_when_something_was_withdrawn(edition):
    seen = []

    def render(snapshot, logo, progress):
        progress(1, 3)
        withdraw_first(edition)
        progress(3, 3)
        seen.append("it goes on")
        return b"%PDF"

    edition_files.render(stored(edition).id, with_pdf(render))

    assert seen == []
    assert stored(edition).state is FileState.REMOVED


def test_queued_files_of_a_redacted_edition_are_never_made(edition):
    withdraw_first(edition)

    assert edition_files.claim_next() is None
    assert edition_files.render(stored(edition).id, results.QUICK) is False
    with pytest.raises(EditionRedacted) as refusal:
        edition_files.retry(stored(edition))
    assert str(refusal.value).startswith("Aus Ausgabe 1 ist etwas zurückgezogen worden.")


def test_only_one_gets_a_file(edition):
    file_id = stored(edition).id

    first, second = edition_files.claim(file_id), edition_files.claim(file_id)

    assert first is not None
    assert second is None


def test_the_one_who_was_thought_lost_stores_nothing(edition, clock):
    file_id = stored(edition).id
    lost = edition_files.claim(file_id)
    clock.shift(LEASE)
    edition_files.queue_lost(now())
    again = edition_files.claim(file_id)

    edition_files.make(lost, with_pdf(lambda *_: b"%PDF zu spaet"))
    edition_files.fail(lost, "zu spät")
    assert (edition_files.beat(lost), stored(edition).state) == (False, FileState.RENDERING)
    edition_files.make(again, with_pdf(lambda *_: b"%PDF"))

    assert content_of(stored(edition)) == b"%PDF"


def test_a_sign_of_life_keeps_the_claim(edition, clock):
    claimed = edition_files.claim(stored(edition).id)
    clock.shift(LEASE - timedelta(seconds=1))

    assert edition_files.beat(claimed) is True
    clock.shift(LEASE - timedelta(seconds=1))

    assert edition_files.queue_lost(now()) == 0


def test_who_is_asked_to_stop_puts_the_file_back(edition):
    claimed = edition_files.claim(stored(edition).id)

    edition_files.put_back(claimed)

    file = stored(edition)
    assert (file.state, file.started_at, file.held_until) == (FileState.QUEUED, None, None)


def test_data_are_made_before_documents(edition):
    order = []
    while found := edition_files.claim_next():
        order.append(found[1])

    assert set(order[:2]) == {CSV, JSON}
    assert order[2] is PDF


def test_a_conference_that_is_gone_leaves_nothing_to_do(app):
    missing = Claim(4711, now())

    edition_files.make(missing, results.QUICK)

    assert db.session.scalars(select(EditionFile.id)).all() == []
