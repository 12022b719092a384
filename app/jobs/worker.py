"""The background worker: `python -m app.jobs.worker`. SIGTERM and SIGINT let it finish the mail in hand."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType

from app import create_app
from app.jobs import huey, tasks

# One waits while a document is made, the other delivers mails meanwhile.
WORKERS = 2
# With SQLite the worker looks for wake-up calls this often when nothing happens.
IDLE_SECONDS = 1.0
# A mail in hand gets this long; what is not finished then is `unknown` and staff decide.
FINISH_SECONDS = 15.0
HEALTH_CHECK_SECONDS = 1.0


def main() -> int:
    """Work until asked to stop; return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    create_app()
    stop = threading.Event()

    def asked_to_stop(_number: int, _frame: FrameType | None) -> None:
        tasks.stopping.set()
        stop.set()

    consumer = huey.create_consumer(workers=WORKERS, max_delay=IDLE_SECONDS, shutdown_timeout=FINISH_SECONDS)
    consumer.start()
    # After start(), which sets handlers of its own: those would end a mail in the middle.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked_to_stop)
    while not stop.wait(HEALTH_CHECK_SECONDS):
        consumer.check_worker_health()
    consumer.stop(graceful=True)
    huey.storage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
