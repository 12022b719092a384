"""What the town of tests/town.py has published: an edition with its three files."""

from __future__ import annotations

from typing import Any

from app.database import db, transaction
from app.domain import edition_files, editions
from app.models import Conference
from tests import results


def fill(town: Any, conference: Conference, first: int) -> None:
    """The edition with number `first`, its files made."""
    edition = editions.freeze(conference, note=f"Vorläufig, sagt {town.word}.")
    with transaction():
        edition.number = first
        edition.snapshot = {
            **edition.snapshot,
            "edition": {**edition.snapshot["edition"], "number": first},
        }
    for file_id in [file.id for file in edition.files]:
        assert edition_files.render(file_id, results.QUICK)
    db.session.expire_all()
    town.published = {"edition": first, "format": "json"}
