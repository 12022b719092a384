"""Solves proposals of who sits where, one at a time; a page that waits for one is told by its state."""

from __future__ import annotations

import threading

from huey import crontab

from app.domain.allocation import propose
from app.jobs.room import huey
from app.jobs.tasks import stopping

_wanted = threading.Event()
_solving = threading.Lock()


@huey.task()
def solve_allocations() -> None:
    """Solve what waits; while that goes on, a further call only asks for another look: the other thread has mails."""
    _wanted.set()
    while _wanted.is_set() and not stopping.is_set() and _solving.acquire(blocking=False):
        try:
            _wanted.clear()
            with huey.the_app().app_context():
                propose.compute_all(should_stop=stopping.is_set)
        finally:
            _solving.release()


@huey.periodic_task(crontab(minute="*"))
def solve_allocations_each_minute() -> None:
    """Solve what nobody was woken for, and what a worker that died has left."""
    solve_allocations.call_local()
