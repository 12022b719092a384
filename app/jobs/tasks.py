"""What the worker does; each task is one call."""

from __future__ import annotations

import threading

from huey import crontab

from app.jobs.room import huey
from app.mail import deliver

# Set when the worker is asked to stop: between two mails is a good moment, within one is not.
stopping = threading.Event()


@huey.task()
def deliver_outbox() -> None:
    """Send what is due."""
    with huey.the_app().app_context():
        deliver(should_stop=stopping.is_set)


@huey.periodic_task(crontab(minute="*"))
def deliver_outbox_each_minute() -> None:
    """Send what is due: delayed messages, and those nobody was woken for."""
    deliver_outbox.call_local()
