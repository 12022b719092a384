"""The queue that wakes the worker: opened late, never in the way."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from huey.storage import MemoryStorage
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app import jobs, mail
from app.database import db, now
from app.domain import outbox
from app.jobs import tasks
from app.jobs.room import Room, open_storage
from app.jobs.worker import FINISH_SECONDS
from app.models import ContactChannel, Message, MessageState
from tests import mailserver, make

ROOT = Path(__file__).parents[2]


def by_mail(conference=None):
    return make.registration(
        conference or make.conference(), contact_channel=ContactChannel.EMAIL, contact="amina@post.example"
    )


def only_message():
    db.session.rollback()
    return db.session.scalars(select(Message)).one()


@pytest.fixture
def awake(fresh_app, monkeypatch):
    """An app that wakes its worker, as outside of tests."""
    fresh_app.config["JOBS_WAKE"] = True
    monkeypatch.setattr(outbox, "on_new", None)
    jobs.install(fresh_app)
    yield fresh_app
    jobs.huey.storage.close()
    monkeypatch.setattr(jobs.huey, "app", None)


def queue_place(app):
    """The file or the schema of the queue, if it is there."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        return list(Path(url.database).parent.glob("jobs.sqlite3"))
    with psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        return connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'jobs'").fetchall()


def remove_queue_file(app):
    """Test databases share a folder, and the queue lies beside them."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        for file in Path(url.database).parent.glob("jobs.sqlite3*"):
            file.unlink()


def test_importing_and_installing_open_nothing(awake):
    remove_queue_file(awake)
    code = "import sys; import app.jobs; print(app.jobs.huey.app, app.jobs.huey.storage._real)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout == "None None\n"
    assert queue_place(awake) == []


def test_a_commit_wakes_the_worker_once_and_only_with_the_name_of_the_task(awake):
    by_mail()

    assert len(queue_place(awake)) == 1
    (queued,) = jobs.huey.pending()
    assert (queued.name, queued.args, queued.kwargs) == ("deliver_outbox", (), {})
    jobs.huey.storage.flush_queue()


def test_the_worker_delivers_what_it_is_woken_for(awake, tmp_path):
    awake.config["MAIL_URL"] = tmp_path.as_uri()
    by_mail()

    jobs.huey.execute(jobs.huey.dequeue())

    assert only_message().state is MessageState.SENT
    assert len(list(tmp_path.iterdir())) == 1


def test_each_minute_what_nobody_was_woken_for_is_delivered(awake, tmp_path):
    awake.config["MAIL_URL"] = tmp_path.as_uri()
    by_mail()
    jobs.huey.storage.flush_queue()

    periodic = {task.name: task for task in jobs.huey.read_periodic(now())}
    jobs.huey.execute(periodic["deliver_outbox_each_minute"])

    assert only_message().state is MessageState.SENT


def test_a_queue_that_cannot_be_reached_never_stops_a_registration(awake, caplog):
    remove_queue_file(awake)
    url = make_url(awake.config["SQLALCHEMY_DATABASE_URI"])
    holder = None
    if url.get_backend_name() == "sqlite":
        holder = sqlite3.connect(Path(url.database).with_name("jobs.sqlite3"), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        with psycopg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        ) as connection:
            # A schema of somebody else, in which nothing can be made.
            connection.execute("CREATE SCHEMA jobs; CREATE VIEW jobs.huey_task AS SELECT 1 AS id")
    started = time.monotonic()

    with caplog.at_level(logging.ERROR, "app.jobs"):
        registration = by_mail()

    if holder:
        holder.close()
    assert registration.id
    assert time.monotonic() - started < 10
    assert [record.getMessage().partition(": ")[0] for record in caplog.records] == [
        "the worker could not be woken; it looks into the outbox every minute anyway"
    ]
    assert only_message().state is MessageState.QUEUED


def test_after_trouble_the_queue_is_opened_again(awake, caplog):
    jobs.wake()
    real = jobs.huey.storage._real
    real.enqueue = None

    with caplog.at_level(logging.CRITICAL):
        jobs.wake()
    jobs.wake()

    assert jobs.huey.storage._real is not real
    assert jobs.huey.storage.queue_size() == 2
    jobs.huey.storage.flush_queue()


def test_tests_are_not_woken(app):
    jobs.install(app)

    assert outbox.on_new is None


def test_a_database_in_memory_has_its_queue_there():
    assert isinstance(open_storage(make_url("sqlite:///:memory:")), MemoryStorage)


def test_a_room_without_an_app_makes_one_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setattr(jobs.huey, "app", None)

    made = jobs.huey.the_app()

    assert made.instance_path == str(tmp_path)
    assert jobs.huey.app is made
    assert jobs.huey.the_app() is made
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_worker_starts_no_further_mail(awake, tmp_path, monkeypatch):
    awake.config["MAIL_URL"] = tmp_path.as_uri()
    by_mail()
    tasks.stopping.set()
    monkeypatch.setattr(tasks.stopping, "is_set", lambda: True)
    try:
        tasks.deliver_outbox.call_local()
    finally:
        tasks.stopping.clear()

    assert only_message().state is MessageState.QUEUED


class Worker:
    """The background worker as a process."""

    def __init__(self, app, mail_url):
        environment = {
            **os.environ,
            "APP_ENV": "development",
            "SECRET_KEY": app.config["SECRET_KEY"],
            "CODE_PEPPER": app.config["CODE_PEPPER"],
            "DATA_KEY": app.config["DATA_KEY"],
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "INSTANCE_PATH": app.instance_path,
            "MAIL_URL": mail_url,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.jobs.worker"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self, number=signal.SIGTERM):
        started = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        self.took = time.monotonic() - started
        return out, err


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_process_delivers_and_stops_quickly_when_idle(awake, number):
    by_mail()
    jobs.huey.storage.flush_queue()
    with mailserver.running() as postbox:
        worker = Worker(awake, f"smtp://127.0.0.1:{postbox.port}")
        try:
            # At its start it looks by itself …
            wait_until(lambda: len(postbox.mails) == 1)
            # … and then when it is woken, long before the next minute.
            by_mail()
            wait_until(lambda: len(postbox.mails) == 2, seconds=10)
        finally:
            out, err = worker.stop(number)

    assert worker.process.returncode == 0
    # Far from what a mail in hand would be given.
    assert worker.took < FINISH_SECONDS / 2
    assert "Traceback" not in err
    assert "amina" not in out + err


def test_a_worker_that_is_killed_in_the_middle_leaves_unknown_and_one_mail(awake):
    """The mail server took the mail and the process died before noting it."""
    by_mail()
    with mailserver.running() as postbox:
        postbox.waits_before_answer = True
        worker = Worker(awake, f"smtp://127.0.0.1:{postbox.port}")
        wait_until(lambda: len(postbox.mails) == 1)
        worker.process.kill()
        worker.process.communicate()
        assert only_message().state is MessageState.SENDING
        postbox.waits_before_answer = False
        awake.config["MAIL_URL"] = f"smtp://127.0.0.1:{postbox.port}"

        outbox.give_up_lost(now() + outbox.LEASE, "Abgebrochen.")
        assert mail.deliver() == 0

    assert len(postbox.mails) == 1
    assert only_message().state is MessageState.UNKNOWN


def test_the_queue_of_huey_itself_can_be_run_too(awake):
    assert isinstance(jobs.huey, Room)
    assert {"deliver_outbox", "deliver_outbox_each_minute"} <= {
        name.rpartition(".")[2] for name in jobs.huey._registry._registry
    }
