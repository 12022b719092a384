"""The worker erases each night what is due, and catches up a night in which nothing ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.jobs import tasks
from app.jobs.room import huey
from app.models import Conference, RetentionRun
from tests import erasing


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    huey.move_to(app)
    made = erasing.conference()
    erasing.household(made)
    erasing.go(clock, made, 14)
    return made


def reports() -> list[list[dict[str, object]]]:
    db.session.rollback()
    return [run.report for run in db.session.scalars(select(RetentionRun).order_by(RetentionRun.id))]


def test_the_night_erases_what_is_due_once(app: Flask, conference: Conference) -> None:
    tasks.erase_each_night.call_local()
    tasks.erase_each_night.call_local()

    assert reports() == [[{"purpose": "needs", "conference": "zukunft", "count": 1}], []]


def test_a_missed_night_is_caught_up_in_the_next_hour(
    app: Flask, conference: Conference, clock: time_machine.Traveller
) -> None:
    tasks.erase_after_a_missed_night.call_local()
    assert reports() == []
    tasks.erase_each_night.call_local()
    clock.shift(timedelta(hours=25, minutes=1))

    tasks.erase_after_a_missed_night.call_local()
    tasks.erase_after_a_missed_night.call_local()

    assert [len(report) for report in reports()] == [1, 0]


def test_the_queue_knows_when(app: Flask) -> None:
    """Once a night, and once an hour."""
    times = [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=number) for number in range(24 * 60)]
    due = {
        task.name: sum(task.validate_datetime(at) for at in times) for task in huey._registry.periodic_tasks
    }

    assert (due["erase_each_night"], due["erase_after_a_missed_night"]) == (1, 24)
