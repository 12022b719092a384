"""Makes the files of editions: data here, documents in a process of their own, `python -m app.jobs.documents`.

A document needs seconds to minutes and hundreds of megabytes. In its own process it gives all memory back, and when it
is killed for want of memory the mails go on.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime

from app.config import ROOT
from app.database import now
from app.domain import edition_files
from app.domain.edition_files import BROKEN_OFF, MEMORY_FULL, Claim
from app.exports.results import RENDERERS
from app.processes import end_with_parent

log = logging.getLogger(__name__)

TICK = 0.2
# Well within the lease of a file: its process may be busy for long without a step it can tell.
BEAT_SECONDS = 20.0
KILL_AFTER = 5.0
# Pages and mails come first: on a busy machine a document gets a third of what they get.
NICENESS = 5


def make_all(should_stop: Callable[[], bool] = lambda: False) -> None:
    """Make every file that waits, one after the other; what a process that died has left is queued again first."""
    edition_files.queue_lost(now())
    while not should_stop() and (found := edition_files.claim_next()):
        claimed, kind = found
        if RENDERERS[kind].is_heavy:
            _make_in_a_process(claimed, should_stop)
        else:
            edition_files.make(claimed, RENDERERS)


def _make_in_a_process(claimed: Claim, should_stop: Callable[[], bool]) -> None:
    # What a process that is killed leaves lying about goes with the folder.
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TMPDIR": folder}
        _watch(
            subprocess.Popen(  # noqa: S603 - our own module
                command(claimed), cwd=ROOT, stdin=subprocess.DEVNULL, env=environment
            ),
            claimed,
            should_stop,
        )


def _watch(process: subprocess.Popen[bytes], claimed: Claim, should_stop: Callable[[], bool]) -> None:
    beaten_at = time.monotonic()
    while process.poll() is None and not should_stop():
        if time.monotonic() - beaten_at > BEAT_SECONDS:
            beaten_at = time.monotonic()
            if not edition_files.beat(claimed):
                # Something in it was withdrawn: nobody needs it any more.
                break
        try:
            process.wait(TICK)
        except subprocess.TimeoutExpired:
            continue
    was_ended = process.poll() is None
    if was_ended:
        _end(process)
    if should_stop() and process.returncode:
        edition_files.put_back(claimed)
    elif process.returncode and not was_ended:
        log.error("file %s of an edition: its process ended with %s", claimed.file_id, process.returncode)
        # Nobody else sends SIGKILL than a system that is out of memory.
        edition_files.fail(claimed, str(MEMORY_FULL if process.returncode == -signal.SIGKILL else BROKEN_OFF))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(KILL_AFTER)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def command(claimed: Claim) -> list[str]:
    """The command that makes a claimed file."""
    return [
        # The package has imported this module by then; Python would warn of it each time.
        *(sys.executable, "-W", "ignore::RuntimeWarning:runpy", "-m", "app.jobs.documents"),
        *(str(claimed.file_id), claimed.started_at.isoformat()),
    ]


def main(arguments: list[str]) -> int:
    """Make the file that the process which started this one has claimed; return the exit code."""
    end_with_parent()
    os.nice(NICENESS)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # Every page would be a line in the log; how far a document is stands in the database.
    for talkative in ("fontTools", "weasyprint.progress"):
        logging.getLogger(talkative).propagate = False
    from app import create_app  # not above: create_app() itself imports the jobs

    file_id, started_at = arguments
    with create_app().app_context():
        edition_files.make(Claim(int(file_id), datetime.fromisoformat(started_at)), RENDERERS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
