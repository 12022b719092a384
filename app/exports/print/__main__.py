"""Draws one print pack: HTML on the way in, PDF on the way out, `python -m app.exports.print COLOUR`."""

from __future__ import annotations

import logging
import os
import sys

from app.exports.print import pack
from app.processes import end_with_parent

# Pages come first: on a busy machine a pack gets a third of what they get.
NICENESS = 5


def main(accent: str) -> int:
    """Read, draw, write; return the exit code."""
    end_with_parent()
    os.nice(NICENESS)
    # Warnings of the drawing program quote what it draws.
    logging.disable(logging.CRITICAL)
    sys.stdout.buffer.write(pack.draw(sys.stdin.buffer.read().decode(), accent))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
