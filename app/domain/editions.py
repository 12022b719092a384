"""Editions: the results of a conference, frozen; files made of them in the background, taken back when they must."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.database import db, now
from app.models import Contribution, Edition, EditionFile, FileState, Host, StoredFile


def redact(contribution: Contribution) -> list[Edition]:
    """Take the words of a contribution out of all editions that hold them, inside the caller's transaction.

    What stays of it there is its number and that it was withdrawn. The files of those editions are removed, their
    hashes stay, and the next edition is due. Returns the editions that held it.
    """
    if contribution.number is None:
        return []
    touched = []
    editions = db.session.scalars(
        select(Edition).where(Edition.conference_id == contribution.conference_id).order_by(Edition.number)
    )
    for edition in editions:
        snapshot = dict(edition.snapshot)
        entries: list[dict[str, Any]] = snapshot["contributions"]
        if not any(
            entry["number"] == contribution.number and not entry.get("withdrawn") for entry in entries
        ):
            continue
        snapshot["contributions"] = [
            {"number": entry["number"], "withdrawn": True}
            if entry["number"] == contribution.number
            else entry
            for entry in entries
        ]
        edition.snapshot = snapshot
        edition.redacted_at = now()
        for file in edition.files:
            _remove(file)
        touched.append(edition)
    db.session.flush()
    return touched


def _remove(file: EditionFile) -> None:
    """Remove a file for good; its hash and size stay, so that a copy somebody has can be told."""
    stored_id = file.stored_file_id
    file.state, file.stored_file_id = FileState.REMOVED, None
    db.session.flush()
    if stored_id is None:
        return
    used = db.session.scalar(select(EditionFile.id).where(EditionFile.stored_file_id == stored_id).limit(1))
    is_logo = db.session.scalar(select(Host.id).where(Host.logo_id == stored_id).limit(1))
    if used is None and is_logo is None:
        db.session.execute(delete(StoredFile).where(StoredFile.id == stored_id))
