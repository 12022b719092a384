"""Takes confirmed tables of registrations, household by household, where the page that was asked ran out of time."""

from __future__ import annotations

import threading

from huey import crontab

from app.domain import registration_imports
from app.jobs.room import huey
from app.jobs.tasks import stopping

_wanted = threading.Event()
_taking = threading.Lock()


@huey.task()
def take_tables() -> None:
    """Take what is left; while that goes on, a further call only asks for another look: the other thread has mails."""
    _wanted.set()
    while _wanted.is_set() and not stopping.is_set() and _taking.acquire(blocking=False):
        try:
            _wanted.clear()
            with huey.the_app().app_context():
                registration_imports.carry_on_all(should_stop=stopping.is_set)
        finally:
            _taking.release()


@huey.periodic_task(crontab(minute="*"))
def take_tables_each_minute() -> None:
    """Take what nobody was woken for, and what a process that died has left."""
    take_tables.call_local()
