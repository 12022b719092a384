"""Documents drawn in a process of their own: HTML on the way in, PDF on the way out.

`python -m app.exports.apart COLOUR SHEET` draws one. Drawing keeps a processor busy for seconds and leaves much memory
behind: done in the server, every page would wait. The words pass from one process to the other and lie in no file.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

from app.config import ROOT
from app.domain.errors import PrintBusy, PrintFailed
from app.exports import pdf
from app.processes import end_with_parent

log = logging.getLogger(__name__)

# Far beyond what the largest pack needs.
PATIENCE_SECONDS = 50
# Pages come first: on a busy machine a document gets a third of what they get.
NICENESS = 5
# Of the threads of a web process one may wait for its document, and one for its turn; all others answer pages.
_one_at_a_time = threading.Lock()
_places = threading.BoundedSemaphore(2)


def draw(source: str, accent: str, sheet: str) -> bytes:
    """Set `source` on pages with the styles `sheet`; the same words give the same bytes.

    Raises PrintFailed, and PrintBusy at once where others wait already.
    """
    if not _places.acquire(blocking=False):
        raise PrintBusy
    try:
        if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
            raise PrintBusy
        try:
            return _run(source, accent, sheet)
        finally:
            _one_at_a_time.release()
    finally:
        _places.release()


def command(accent: str, sheet: str) -> list[str]:
    """The command that reads a document as HTML and writes the PDF."""
    return [sys.executable, "-m", "app.exports.apart", accent, sheet]


def main(accent: str, sheet: str) -> int:
    """Read, draw, write; return the exit code."""
    end_with_parent()
    os.nice(NICENESS)
    # Warnings of the drawing program quote what it draws.
    logging.disable(logging.CRITICAL)
    sys.stdout.buffer.write(pdf.draw(sys.stdin.buffer.read().decode(), accent, sheet=sheet))
    return 0


def _run(source: str, accent: str, sheet: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command(accent, sheet),
            input=source.encode(),
            capture_output=True,
            cwd=ROOT,
            # No keys: it needs none.
            env={name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ},
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        # What the process said may hold names.
        log.error("a document was not drawn: %s", type(error).__name__)
        raise PrintFailed from error
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
