"""Faults in the log: their kind and the lines they passed, never their message, which may quote what somebody typed."""

from __future__ import annotations

import logging
import traceback


def log_fault(log: logging.Logger, what: str, fault: BaseException) -> None:
    """Log that `what` went wrong by `fault`."""
    lines = "".join(traceback.format_tb(fault.__traceback__))
    log.error("%s: %s\n%s", what, type(fault).__name__, lines)
