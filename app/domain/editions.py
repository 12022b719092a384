"""Editions: the results of a conference, frozen as they were published, and taken back where they must be."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.database import after_commit, db, now
from app.domain import changes, editing, local_time, snapshot, versions
from app.domain.errors import Changed, CorrectionPassed, NotPublicYet
from app.domain.snapshot import Changes, Snapshot
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    Edition,
    EditionFile,
    FileFormat,
    FileState,
    Host,
    StaffMember,
    StoredFile,
)

log = logging.getLogger(__name__)

# Called after a commit that left files to be made.
on_queued: Callable[[], None] | None = None

# A conference that is over goes on from these to "published" with its first edition.
_BEFORE_RESULTS = frozenset(
    {
        ConferenceStatus.REGISTRATION_OPEN,
        ConferenceStatus.REGISTRATION_CLOSED,
        ConferenceStatus.RUNNING,
        ConferenceStatus.IN_DOCUMENTATION,
        ConferenceStatus.IN_CORRECTION,
    }
)


@dataclass
class _Surroundings:
    """What editions need to know of the installation: its address, and the German words for enum members."""

    base_url: str = ""
    word: Callable[[enum.Enum], str] = lambda member: str(member.value)


_surroundings = _Surroundings()


@dataclass(frozen=True)
class Preview:
    """What would be published now."""

    number: int
    snapshot: Snapshot
    # The edition it would follow, and what differs from that one; None before the first.
    latest: Edition | None
    changes: Changes | None

    @property
    def withdrawn(self) -> int:
        """How many voices were taken out of the latest edition since it was published."""
        return len(self.changes["contributions"]["withdrawn"]) if self.changes else 0

    @property
    def differences(self) -> int:
        """How many recommendations and contributions differ from the latest edition."""
        return changes.count(self.changes) if self.changes else 0

    @property
    def is_due(self) -> bool:
        """True when the latest edition says something else than what is public now."""
        return bool(self.differences)


def configure(*, base_url: str, word: Callable[[enum.Enum], str]) -> None:
    """Say under which address the installation is reached, and how enum members are called in German."""
    _surroundings.base_url, _surroundings.word = base_url, word


def freeze(
    conference: Conference,
    *,
    number: int | None = None,
    note: str = "",
    correction_until: date | None = None,
    by: StaffMember | None = None,
) -> Edition:
    """Publish what is public now as the next edition; its files are made in the background.

    `number` is the one the form was opened for: asking for it again returns the edition that has it, and nothing is
    published twice. A conference that is over is `published` afterwards. Raises NotPublicYet, CorrectionPassed,
    Changed for a number that is not the next one.
    """
    staff_id = by.id if by else None
    with editing.writing(conference):
        if not conference.is_public:
            raise NotPublicYet
        latest = latest_of(conference)
        coming = latest.number + 1 if latest else 1
        if number is not None and number != coming:
            earlier = db.session.scalar(
                select(Edition).where(Edition.conference_id == conference.id, Edition.number == number)
            )
            if earlier is None:
                raise Changed
            return earlier
        today = local_time.day_of(now())
        if correction_until is not None and correction_until < today:
            raise CorrectionPassed
        taken = _take(conference, coming, latest, today, note=note, correction_until=correction_until)
        edition = Edition(
            host_id=conference.host_id,
            conference_id=conference.id,
            number=coming,
            published_on=today,
            note=note,
            correction_until=correction_until,
            snapshot=cast(dict[str, Any], taken),
            sha256=snapshot.sha256(taken),
        )
        edition.files = [
            EditionFile(host_id=conference.host_id, conference_id=conference.id, format=kind)
            for kind in FileFormat
        ]
        db.session.add(edition)
        db.session.flush()
        log.info("edition %s of conference %s by staff member %s", coming, conference.id, staff_id)
        if conference.status in _BEFORE_RESULTS and conference.ends_at <= now():
            conference.status = ConferenceStatus.PUBLISHED
            db.session.flush()
            versions.raise_host(conference.host_id)
        after_commit(tell_worker)
    return edition


def preview(conference: Conference) -> Preview:
    """What would be published now, beside the latest edition; nothing is written."""
    latest = latest_of(conference)
    number = latest.number + 1 if latest else 1
    taken = _take(conference, number, latest, local_time.day_of(now()))
    return Preview(number, taken, latest, taken["changes"])


def latest_of(conference: Conference) -> Edition | None:
    """The edition with the highest number, with its snapshot; None before the first."""
    return db.session.scalar(
        select(Edition)
        .where(Edition.conference_id == conference.id)
        .options(undefer(Edition.snapshot))
        .order_by(Edition.number.desc())
        .limit(1)
    )


def redact(contribution: Contribution) -> list[Edition]:
    """Take the words of a contribution out of all editions that hold them, inside the caller's transaction.

    What stays of it there is its number and that it was withdrawn. The files of those editions are removed, their
    hashes stay, and the next edition is due. Returns the editions that held it.
    """
    if contribution.number is None:
        return []
    touched = []
    editions = db.session.scalars(
        select(Edition)
        .where(Edition.conference_id == contribution.conference_id)
        .options(undefer(Edition.snapshot))
        .order_by(Edition.number)
    )
    for edition in editions:
        held = dict(edition.snapshot)
        entries: list[dict[str, Any]] = held["contributions"]
        if not any(
            entry["number"] == contribution.number and not entry.get("withdrawn") for entry in entries
        ):
            continue
        held["contributions"] = [
            {"number": entry["number"], "withdrawn": True, "redacted": True}
            if entry["number"] == contribution.number
            else entry
            for entry in entries
        ]
        edition.snapshot = held
        # The day alone: the minute could be compared with when somebody cancelled a registration.
        edition.redacted_at = local_time.instant(local_time.day_of(now()), time())
        for file in edition.files:
            _remove(file)
        touched.append(edition)
    db.session.flush()
    return touched


def tell_worker() -> None:
    """Wake whoever makes the files."""
    if on_queued is not None:
        on_queued()


def _take(
    conference: Conference,
    number: int,
    latest: Edition | None,
    published_on: date,
    *,
    note: str = "",
    correction_until: date | None = None,
) -> Snapshot:
    taken = snapshot.take(
        conference,
        number=number,
        published_on=published_on,
        correction_until=correction_until,
        note=note,
        base_url=_surroundings.base_url,
        word=_surroundings.word,
    )
    if latest is not None:
        taken["changes"] = changes.between(cast(Snapshot, latest.snapshot), taken)
    return taken


def _remove(file: EditionFile) -> None:
    """Remove a file for good; its hash and size stay, so that a copy somebody has can be told."""
    stored_id = file.stored_file_id
    file.state, file.stored_file_id = FileState.REMOVED, None
    file.error = ""
    db.session.flush()
    if stored_id is None:
        return
    used = db.session.scalar(select(EditionFile.id).where(EditionFile.stored_file_id == stored_id).limit(1))
    is_logo = db.session.scalar(select(Host.id).where(Host.logo_id == stored_id).limit(1))
    if used is None and is_logo is None:
        db.session.execute(delete(StoredFile).where(StoredFile.id == stored_id))
