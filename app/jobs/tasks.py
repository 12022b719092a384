"""What the worker does; each task is one call."""

from __future__ import annotations

import threading

from huey import crontab

from app.database import empty_journal, now
from app.domain import contributions, offers, retention
from app.jobs import documents
from app.jobs.room import huey
from app.mail import deliver

# Set when the worker is asked to stop: between two mails is a good moment, within one is not.
stopping = threading.Event()

# Files are made by one worker thread at a time: the other one always has time for mails.
_files_wanted = threading.Event()
_making_files = threading.Lock()


@huey.task()
def deliver_outbox() -> None:
    """Send what is due."""
    with huey.the_app().app_context():
        deliver(should_stop=stopping.is_set)


@huey.periodic_task(crontab(minute="*"))
def deliver_outbox_each_minute() -> None:
    """Send what is due: delayed messages, and those nobody was woken for."""
    deliver_outbox.call_local()


@huey.task()
def make_files() -> None:
    """Make the files of editions that wait for it; while that goes on, a further call only asks for another look."""
    _files_wanted.set()
    while _files_wanted.is_set() and not stopping.is_set() and _making_files.acquire(blocking=False):
        try:
            _files_wanted.clear()
            with huey.the_app().app_context():
                documents.make_all(should_stop=stopping.is_set)
        finally:
            _making_files.release()


@huey.periodic_task(crontab(minute="*"))
def make_files_each_minute() -> None:
    """Make what nobody was woken for, and what a worker that died has left."""
    make_files.call_local()


@huey.periodic_task(crontab(minute="47", hour="2"))
def erase_each_night() -> None:
    """Erase what is due."""
    with huey.the_app().app_context():
        retention.run_everywhere(now())


@huey.periodic_task(crontab(minute="7"))
def erase_after_a_missed_night() -> None:
    """Erase what is due where nothing ran at night, on a machine that is switched off then."""
    with huey.the_app().app_context():
        retention.catch_up(now())


@huey.periodic_task(crontab(minute="17", hour="3"))
def blend_contributions_each_night() -> None:
    """Let rows not tell in which order people handed in what they had to say."""
    with huey.the_app().app_context():
        contributions.blend()


@huey.periodic_task(crontab(minute="*"))
def empty_journal_each_minute() -> None:
    """Leave nothing of what was erased, or of who wrote after whom, beside the database."""
    with huey.the_app().app_context():
        empty_journal()


@huey.periodic_task(crontab(minute="*"))
def lapse_offers_each_minute() -> None:
    """Let what was offered and not answered in time go to the next."""
    with huey.the_app().app_context():
        offers.lapse_due(now())
