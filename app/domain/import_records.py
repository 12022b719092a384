"""What is remembered of the file a conference came from: marks, the way it was written, and what is kept for later."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.database import db
from app.domain import secrets
from app.models import Conference, Contribution, ImportRecord, Registration

# Raised when a later version writes `ImportRecord.kept` in another shape.
FORMAT = 3
_REGISTRATION = "registration/"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def last(conference_id: int) -> tuple[ImportRecord, dict[str, Any]] | None:
    """The last import of a conference and what it remembers; None for a conference that came from no file.

    Raises VaultLocked when the key is missing.
    """
    record = db.session.scalar(
        select(ImportRecord)
        .where(ImportRecord.conference_id == conference_id)
        .order_by(ImportRecord.imported_at.desc(), ImportRecord.id.desc())
        .limit(1)
    )
    if record is None:
        return None
    return record, opened(record.kept) if record.kept else {}


def opened(kept: str) -> dict[str, Any]:
    """What `ImportRecord.kept` holds. Raises VaultLocked when the key is missing."""
    remembered: dict[str, Any] = json.loads(secrets.decrypt(kept))
    return remembered


def add(
    conference: Conference, file_name: str, sha256: str, remembered: dict[str, Any], at: datetime
) -> None:
    """Remember one more import; earlier ones keep nothing any more, so that needs and consents are kept once."""
    db.session.execute(
        update(ImportRecord).where(ImportRecord.conference_id == conference.id).values(kept="")
    )
    db.session.add(
        ImportRecord(
            host_id=conference.host_id,
            conference_id=conference.id,
            file_name=file_name[:300],
            sha256=sha256,
            kept=_encrypted({"format": FORMAT, **remembered}),
            imported_at=at,
        )
    )
    db.session.flush()


def name_of(row: Contribution | Registration) -> str:
    """The name of a contribution or a registration in files; one from no file is named after its id."""
    if row.key is not None:
        return row.key
    if isinstance(row, Registration):
        return f"anmeldung-{row.id}"
    number, letters = row.id, ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    return f"beitrag-{letters}"


def order_of_contributions(remembered: dict[str, Any]) -> list[str]:
    """The names of the file's contributions as they stand there; in the database nothing tells their order."""
    prefix = "contribution/"
    return [name.removeprefix(prefix) for name in remembered.get("applied", {}) if name.startswith(prefix)]


def forget(contribution: Contribution) -> None:
    """Keep nothing of a withdrawn contribution but its name, inside the caller's transaction."""
    stored = last(contribution.conference_id)
    if stored and stored[1]:
        record, remembered = stored
        forget_in(remembered, name_of(contribution))
        record.kept = _encrypted(remembered)
        db.session.flush()


def forget_in(remembered: dict[str, Any], key: str) -> None:
    """Take out of `remembered` whatever the file said of the contribution `key`: words, marks of words, notes."""
    applied = remembered.get("applied", {})
    if f"contribution/{key}" in applied:
        applied[f"contribution/{key}"] = {}
    remembered["notation"] = [
        item for item in remembered.get("notation", ()) if item[0][:2] != ["contributions", key]
    ]
    kept = remembered.get("file", {}).get("contributions")
    if isinstance(kept, dict):
        kept.pop(key, None)
    elif isinstance(kept, list):
        # Remembered by a version that did not carry contributions and kept them whole.
        remembered["file"]["contributions"] = [entry for entry in kept if entry.get("id") != key]


def tells_needs(remembered: dict[str, Any]) -> bool:
    """Whether it says who needs what."""
    return (
        any("needs" in entry for entry in _registrations(remembered))
        or any(_is_about_needs(item) for item in remembered.get("notation", ()))
        or any("needs" in marks for marks in _marks_of_registrations(remembered))
    )


def forget_needs(record: ImportRecord) -> None:
    """Keep no support needs of a file, inside the caller's transaction."""
    remembered = opened(record.kept)
    forget_needs_in(remembered)
    record.kept = _encrypted(remembered)
    db.session.flush()


def forget_needs_in(remembered: dict[str, Any]) -> None:
    """Take out of `remembered` who needs what: words, marks of words, the way they were written."""
    for entry in _registrations(remembered):
        entry.pop("needs", None)
    for marks in _marks_of_registrations(remembered):
        # There are few things to need: a mark of them is as good as the words.
        marks.pop("needs", None)
    remembered["notation"] = [item for item in remembered.get("notation", ()) if not _is_about_needs(item)]


def tells_registrations(remembered: dict[str, Any]) -> bool:
    """Whether it says anything about registrations, be it marks of what they said."""
    return (
        "registrations" in remembered.get("file", {})
        or any(name.startswith(_REGISTRATION) for name in remembered.get("applied", {}))
        or any(item[0][:1] == ["registrations"] for item in remembered.get("notation", ()))
    )


def forget_registrations(record: ImportRecord) -> None:
    """Keep nothing of the registrations of a file, inside the caller's transaction."""
    remembered = opened(record.kept)
    remembered.get("file", {}).pop("registrations", None)
    applied = remembered.get("applied", {})
    remembered["applied"] = {
        name: marks for name, marks in applied.items() if not name.startswith(_REGISTRATION)
    }
    remembered["notation"] = [
        item for item in remembered.get("notation", ()) if item[0][:1] != ["registrations"]
    ]
    record.kept = _encrypted(remembered)
    db.session.flush()


def _registrations(remembered: dict[str, Any]) -> list[dict[str, Any]]:
    kept = remembered.get("file", {}).get("registrations", {})
    return list(kept.values() if isinstance(kept, dict) else kept)


def _marks_of_registrations(remembered: dict[str, Any]) -> list[dict[str, str]]:
    applied = remembered.get("applied", {})
    return [marks for name, marks in applied.items() if name.startswith(_REGISTRATION)]


def _is_about_needs(item: Any) -> bool:
    place = item[0]
    return bool(place[:1] == ["registrations"] and place[2:3] == ["needs"])


def _encrypted(remembered: dict[str, Any]) -> str:
    return secrets.encrypt(json.dumps(remembered, ensure_ascii=False))
