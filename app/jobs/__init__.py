"""The worker's room: a queue that wakes the worker. What there is to do stands in the database."""

from __future__ import annotations

import logging

from flask import Flask

from app.domain import outbox
from app.faults import log_fault
from app.jobs import tasks
from app.jobs.room import huey

__all__ = ["huey", "install", "wake"]

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Let `app` wake the worker after each commit that left a message; nothing is opened yet.

    Tests look into the outbox themselves: with APP_ENV=test nobody is woken unless JOBS_WAKE says so.
    """
    huey.move_to(app)
    outbox.on_new = wake if app.config.get("JOBS_WAKE", not app.testing) else None


def wake() -> None:
    """Ask the worker to deliver the outbox now. A queue that cannot be reached costs up to a minute, never a page."""
    try:
        tasks.deliver_outbox()
    except Exception as problem:
        # Whatever the queue suffers from, what was asked for has been done and committed.
        log_fault(log, "the worker could not be woken; it looks into the outbox every minute anyway", problem)
        huey.storage.close()
