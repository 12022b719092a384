"""The worker's room: a queue that wakes the worker. What there is to do stands in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.domain import editions, outbox, registration_imports
from app.domain.allocation import propose
from app.faults import log_fault
from app.jobs import allocation, imports, tasks
from app.jobs.room import huey

__all__ = ["huey", "install", "wake", "wake_for_allocations", "wake_for_files", "wake_for_tables"]

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Let `app` wake the worker after each commit that left a message or a file to make; nothing is opened yet.

    Tests look into the outbox themselves: with APP_ENV=test nobody is woken unless JOBS_WAKE says so.
    """
    huey.move_to(app)
    wakes = app.config.get("JOBS_WAKE", not app.testing)
    outbox.on_new = wake if wakes else None
    editions.on_queued = wake_for_files if wakes else None
    propose.on_queued = wake_for_allocations if wakes else None
    registration_imports.on_left = wake_for_tables if wakes else None


def wake() -> None:
    """Ask the worker to deliver the outbox now. A queue that cannot be reached costs up to a minute, never a page."""
    _ask(tasks.deliver_outbox, "it looks into the outbox every minute anyway")


def wake_for_files() -> None:
    """Ask the worker to make the files of editions now; the same holds for a queue that cannot be reached."""
    _ask(tasks.make_files, "it looks for files to make every minute anyway")


def wake_for_allocations() -> None:
    """Ask the worker to solve proposals of who sits where now; the same holds for a queue that cannot be reached."""
    _ask(allocation.solve_allocations, "it looks for proposals to solve every minute anyway")


def wake_for_tables() -> None:
    """Ask the worker to take what is left of a table now; the same holds for a queue that cannot be reached."""
    _ask(imports.take_tables, "it looks for tables to take every minute anyway")


def _ask(task: Callable[[], Any], comfort: str) -> None:
    try:
        task()
    except Exception as problem:
        # Whatever the queue suffers from, what was asked for has been done and committed.
        log_fault(log, f"the worker could not be woken; {comfort}", problem)
        huey.storage.close()
