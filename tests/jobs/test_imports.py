"""The worker takes what is left of confirmed tables of registrations."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import jobs
from app.database import db
from app.domain import registration_imports
from app.jobs import imports, tasks
from app.models import Registration, RegistrationImport
from tests import make
from tests.jobs.test_room import remove_queue_file


@pytest.fixture
def awake(fresh_app: Flask, monkeypatch: pytest.MonkeyPatch):
    """An app that wakes its worker."""
    fresh_app.config["JOBS_WAKE"] = True
    monkeypatch.setattr(registration_imports, "on_left", None)
    remove_queue_file(fresh_app)
    jobs.install(fresh_app)
    yield fresh_app
    jobs.huey.storage.close()
    monkeypatch.setattr(jobs.huey, "app", None)


def confirmed() -> RegistrationImport:
    conference = make.conference()
    stored = registration_imports.upload(conference, "liste.csv", b"Name;Kommt als\nA;Politik\nB;Presse")
    registration_imports.confirm(
        conference, stored, seen=registration_imports.judged(conference, stored).seen
    )
    return stored


def registered() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Registration.id))) or 0


def test_a_page_that_ran_out_of_time_wakes_the_worker_with_the_name_of_the_task_alone(awake: Flask) -> None:
    stored = confirmed()
    assert jobs.huey.pending() == []

    registration_imports.carry_on(stored, should_stop=lambda: True)

    (task,) = jobs.huey.pending()
    assert (task.name, task.args, task.kwargs) == ("take_tables", (), {})
    assert registered() == 0
    jobs.huey.execute(jobs.huey.dequeue())
    assert registered() == 2


def test_each_minute_what_nobody_was_woken_for_is_taken_once(awake: Flask) -> None:
    confirmed()

    for _ in range(2):
        imports.take_tables_each_minute.call_local()

    assert registered() == 2


def test_a_worker_that_is_asked_to_stop_takes_nothing_more(
    awake: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed()
    tasks.stopping.set()
    try:
        imports.take_tables.call_local()
    finally:
        tasks.stopping.clear()

    assert registered() == 0
