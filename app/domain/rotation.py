"""Changing the key of encrypted data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.database import db, transaction
from app.domain import secrets
from app.models import (
    AccessibilityFeedback,
    Answer,
    ImportRecord,
    InstitutionInvitation,
    Message,
    Registration,
    RegistrationImport,
    SupportNeed,
)

ENCRYPTED: tuple[tuple[Any, str], ...] = (
    (Registration, "contact"),
    (AccessibilityFeedback, "contact"),
    (Message, "recipient"),
    (Message, "payload"),
    (ImportRecord, "kept"),
    (SupportNeed, "content"),
    (Answer, "value"),
    (InstitutionInvitation, "email"),
    (RegistrationImport, "rows"),
)
"""Every encrypted column; tests compare it with what is written."""


def rotate_all() -> int:
    """Encrypt everything again with the first key of DATA_KEY; returns how many values. All or nothing."""
    count = 0
    with transaction():
        for model, column in ENCRYPTED:
            for row in db.session.scalars(select(model)):
                old = getattr(row, column)
                if old:
                    setattr(row, column, secrets.rotate(old))
                    count += 1
    return count
