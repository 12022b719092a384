"""Codes that staff have just made for somebody, kept in their browser for a while so that they can be printed."""

from __future__ import annotations

from flask import session

from app.database import now
from app.domain import codes
from app.models import Registration

# How long a browser can print a code again.
LETTER_SECONDS = 3600


def remember_code(registration: Registration, code: str) -> None:
    """Let this browser print the code for a while."""
    session["letter"] = [registration.id, code, int(now().timestamp()) + LETTER_SECONDS]


def remembered_code(registration: Registration) -> str:
    """The code that was made in this browser a moment ago and still opens the registration; else nothing."""
    registration_id, code, until = session.get("letter", (0, "", 0))
    if registration_id != registration.id or until <= now().timestamp():
        return ""
    # Somebody else may have given a newer one since.
    return str(code) if codes.digest(str(code)) == registration.code_digest else ""
