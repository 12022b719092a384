"""Files of editions in the background: documents in a process of their own, mails not held up, nothing made twice."""

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app import jobs
from app.database import db, now, transaction
from app.domain import edition_files, editions
from app.domain.edition_files import BROKEN_OFF, LEASE, MEMORY_FULL
from app.jobs import documents, tasks
from app.models import ContactChannel, FileFormat, FileState
from tests import mailserver, make, results
from tests.databases import SECRETS
from tests.jobs.test_room import Worker, remove_queue_file, wait_until

PDF, CSV, JSON = FileFormat.PDF, FileFormat.CSV, FileFormat.JSON


@pytest.fixture
def awake(fresh_app, monkeypatch):
    """An app that wakes its worker, and whose child processes find the same database."""
    fresh_app.config["JOBS_WAKE"] = True
    monkeypatch.setattr(editions, "on_queued", None)
    remove_queue_file(fresh_app)
    jobs.install(fresh_app)
    for name, value in environment(fresh_app).items():
        monkeypatch.setenv(name, value)
    yield fresh_app
    jobs.huey.storage.close()
    monkeypatch.setattr(jobs.huey, "app", None)


def environment(app):
    return {
        "APP_ENV": "development",
        **{name: app.config[name] for name in SECRETS},
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_PATH": app.instance_path,
    }


def states(edition):
    db.session.rollback()
    return {file.format: file.state for file in edition.files}


def a_command(monkeypatch, code):
    """Let the process of a document run `code` instead."""
    monkeypatch.setattr(documents, "command", lambda _claimed: [sys.executable, "-c", code])


def test_publishing_wakes_the_worker_with_the_name_of_the_task_alone(awake):
    editions.freeze(results.over())

    (queued,) = jobs.huey.pending()
    assert (queued.name, queued.args, queued.kwargs) == ("make_files", (), {})
    jobs.huey.storage.flush_queue()


def test_all_files_are_made_the_document_in_a_process_of_its_own(awake):
    edition = editions.freeze(results.rich())

    jobs.huey.execute(jobs.huey.dequeue())

    assert states(edition) == dict.fromkeys(FileFormat, FileState.READY)
    file = results.file_of(edition, PDF)
    assert file.stored_file.content[:5] == b"%PDF-"
    assert file.size == len(file.stored_file.content)
    # This process never needed the renderer.
    code = "import sys; import app.jobs.documents; print('weasyprint' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )


def test_each_minute_what_nobody_was_woken_for_is_made(awake, monkeypatch):
    edition = editions.freeze(results.over())
    jobs.huey.storage.flush_queue()
    a_command(monkeypatch, "")

    periodic = {task.name: task for task in jobs.huey.read_periodic(now())}
    jobs.huey.execute(periodic["make_files_each_minute"])

    assert [states(edition)[kind] for kind in (CSV, JSON)] == [FileState.READY, FileState.READY]


def test_a_process_that_is_killed_for_want_of_memory_is_told(awake, monkeypatch, caplog):
    edition = editions.freeze(results.over())
    a_command(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")

    with caplog.at_level(logging.ERROR, "app.jobs.documents"):
        documents.make_all()

    file = results.file_of(edition, PDF)
    assert (file.state, file.error) == (FileState.FAILED, str(MEMORY_FULL))
    # The others are there all the same.
    assert states(edition)[CSV] is FileState.READY
    assert "its process ended with -9" in caplog.text


def test_a_process_that_breaks_down_is_told(awake, monkeypatch):
    edition = editions.freeze(results.over())
    a_command(monkeypatch, "raise SystemExit(3)")

    documents.make_all()

    file = results.file_of(edition, PDF)
    assert (file.state, file.error) == (FileState.FAILED, str(BROKEN_OFF))


def test_a_long_document_shows_signs_of_life(awake, monkeypatch):
    edition = editions.freeze(results.over())
    monkeypatch.setattr(documents, "BEAT_SECONDS", 0.1)
    a_command(monkeypatch, "import time; time.sleep(1.5)")
    beaten = []
    real = edition_files.beat
    monkeypatch.setattr(edition_files, "beat", lambda *claimed: beaten.append(1) or real(*claimed))

    documents.make_all()

    assert len(beaten) >= 2
    # It ended well and stored nothing: without a further sign of life it is queued again.
    assert states(edition)[PDF] is FileState.RENDERING
    assert edition_files.queue_lost(now() + LEASE) == 1


def test_a_document_nobody_needs_any_more_is_ended(awake, monkeypatch):
    from tests.domain.test_edition_files import withdraw_first

    edition = editions.freeze(results.rich())
    monkeypatch.setattr(documents, "BEAT_SECONDS", 0.1)
    a_command(monkeypatch, "import time; time.sleep(60)")
    app = awake

    def take_back():
        with app.app_context():
            withdraw_first(db.session.get_one(type(edition), edition_id))

    edition_id = edition.id
    db.session.rollback()
    timer = threading.Timer(0.7, take_back)
    timer.start()
    started = time.monotonic()
    documents.make_all()
    timer.join()

    assert time.monotonic() - started < 30
    assert states(edition) == dict.fromkeys(FileFormat, FileState.REMOVED)


def test_a_worker_that_is_asked_to_stop_puts_the_document_back(awake, monkeypatch):
    edition = editions.freeze(results.over())
    a_command(monkeypatch, "import time; time.sleep(60)")
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    started = time.monotonic()

    documents.make_all(stop.is_set)

    assert time.monotonic() - started < 10
    assert states(edition)[PDF] is FileState.QUEUED


def test_a_second_call_meanwhile_only_asks_for_another_look(awake, monkeypatch):
    looks = []

    def make_all(should_stop):
        looks.append(1)
        if len(looks) == 1:
            # As if somebody published while a document is made: the other thread must be free at once.
            tasks.make_files.call_local()
            assert len(looks) == 1

    monkeypatch.setattr(documents, "make_all", make_all)

    tasks.make_files.call_local()

    assert len(looks) == 2


def test_two_workers_make_each_file_once(awake):
    edition = editions.freeze(results.rich())
    db.session.rollback()
    made = []

    def work():
        with awake.app_context():
            while found := edition_files.claim_next():
                made.append(found[1])
                edition_files.make(found[0], results.QUICK)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made, key=lambda kind: kind.value) == [CSV, JSON, PDF]
    assert states(edition) == dict.fromkeys(FileFormat, FileState.READY)


def test_no_write_lock_is_held_while_a_document_is_made(awake):
    """Somebody else writes while the renderer runs; with a lock held this would wait for it, or fail."""
    edition = editions.freeze(results.rich())
    took = []

    def render(snapshot, logo, progress):
        def write():
            with awake.app_context():
                started = time.monotonic()
                make.conference()
                took.append(time.monotonic() - started)

        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=15)
        return b"%PDF"

    renderers = {**results.QUICK, PDF: edition_files.Renderer(render, "application/pdf")}
    edition_files.render(results.file_of(edition, PDF).id, renderers)

    assert len(took) == 1
    assert took[0] < 5
    assert states(edition)[PDF] is FileState.READY


def test_the_worker_process_sends_mails_while_a_document_is_made(awake):
    """The mail arrives long before the document is ready."""
    edition = long_document()
    with mailserver.running() as postbox:
        worker = Worker(awake, f"smtp://127.0.0.1:{postbox.port}")
        try:
            wait_until(lambda: states(edition)[PDF] is FileState.RENDERING)
            make.registration(
                make.conference(), contact_channel=ContactChannel.EMAIL, contact="amina@post.example"
            )
            wait_until(lambda: len(postbox.mails) == 1)
            when_mail_came = states(edition)[PDF]
            wait_until(lambda: states(edition)[PDF] is FileState.READY, seconds=240)
        finally:
            out, err = worker.stop()

    assert when_mail_came is FileState.RENDERING
    assert worker.process.returncode == 0
    assert "Traceback" not in err
    assert "amina" not in out + err


def test_a_worker_that_is_killed_takes_its_document_with_it_and_the_next_one_makes_it(awake):
    edition = long_document()
    worker = Worker(awake, "")
    # It has told a step: it runs our code.
    wait_until(lambda: results.file_of(edition, PDF).total > 0)
    child = child_of(worker.process.pid)

    worker.process.send_signal(signal.SIGKILL)
    worker.process.communicate()

    wait_until(lambda: not is_alive(child), seconds=10)
    assert states(edition)[PDF] is FileState.RENDERING
    assert edition_files.queue_lost(now() + LEASE) == 1
    documents.make_all()
    assert states(edition)[PDF] is FileState.READY


def child_of(pid):
    """The process that makes the document."""
    (child,) = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    assert "app.jobs.documents" in Path(f"/proc/{child}/cmdline").read_text()
    return child


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def long_document():
    """An edition whose document takes seconds."""
    conference = results.rich()
    with transaction():
        for place in range(150):
            results.voice(conference, f"Stimme {place}: " + "Ein langer Satz über Bänke im Park. " * 20)
    edition = editions.freeze(conference)
    jobs.huey.storage.flush_queue()
    return edition
