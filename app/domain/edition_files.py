"""The files of editions: made one by one in the background, each by one process at a time, and kept with their hash."""

from __future__ import annotations

import errno
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import undefer

from app.database import after_commit, db, now, transaction
from app.domain import editing, editions, files
from app.domain.errors import DomainError, EditionRedacted, NotFound
from app.domain.snapshot import Snapshot
from app.faults import log_fault
from app.models import Conference, Edition, EditionFile, FileFormat, FileState, Host, StoredFile

log = logging.getLogger(__name__)

# Whoever makes a file shows a sign of life this often at least; without one it is queued again.
LEASE = timedelta(minutes=3)
# Progress is for eyes: noting it more often would only keep others from writing.
NOTE_EVERY_SECONDS = 0.5

Progress = Callable[[int, int], None]
Logo = tuple[str, bytes]
"""Media type and bytes of the host's logo."""

DISK_FULL = _l(
    "Auf dem Server ist kein Platz mehr. Die Datei fehlt noch, sonst ist nichts verloren. "
    "Bitten Sie den Betrieb, Platz zu schaffen, und lassen Sie die Datei dann noch einmal erstellen."
)
MEMORY_FULL = _l(
    "Der Arbeitsspeicher des Servers hat nicht gereicht. Die Datei fehlt noch, sonst ist nichts verloren. "
    "Bitten Sie den Betrieb um Hilfe, und lassen Sie die Datei dann noch einmal erstellen."
)
BROKEN_OFF = _l(
    "Das Erstellen ist unerwartet abgebrochen. Die Datei fehlt noch, sonst ist nichts verloren. "
    "Lassen Sie sie noch einmal erstellen. Bricht es wieder ab, hilft der Betrieb mit dem Protokoll des Servers."
)


@dataclass(frozen=True)
class Renderer:
    """How the bytes of one format are made of a snapshot, and what they are called."""

    render: Callable[[Snapshot, Logo | None, Progress], bytes]
    media_type: str
    # One that needs much time or memory is made in a process of its own.
    is_heavy: bool = False


Renderers = Mapping[FileFormat, Renderer]


@dataclass(frozen=True)
class Claim:
    """The right to make one file. When it was given tells it apart from later ones of the same file."""

    file_id: int
    started_at: datetime


class _Superseded(Exception):
    """The file is not ours any more: something in it was withdrawn, or we were thought lost."""


def render(file_id: int, renderers: Renderers) -> bool:
    """Make a queued file and keep it; False when somebody else makes it, or nobody has to.

    Afterwards it is ready with hash and size, or failed with a sentence for staff. No error is raised.
    """
    claimed = claim(file_id)
    if claimed is None:
        return False
    make(claimed, renderers)
    return True


def claim(file_id: int) -> Claim | None:
    """Take a queued file; until the claim ends nobody else gets it. None: it is not queued."""
    at = now()
    with transaction():
        won = db.session.scalar(
            update(EditionFile)
            .where(EditionFile.id == file_id, EditionFile.state == FileState.QUEUED)
            .values(
                state=FileState.RENDERING,
                started_at=at,
                held_until=at + LEASE,
                finished_at=None,
                done=0,
                total=0,
                error="",
            )
            .returning(EditionFile.id)
            .execution_options(synchronize_session=False)
        )
        db.session.expire_all()
    return Claim(won, at) if won is not None else None


def claim_next() -> tuple[Claim, FileFormat] | None:
    """Take the file that waits longest, data before documents, which take longer. None: nothing waits."""
    while True:
        row = db.session.execute(
            select(EditionFile.id, EditionFile.format)
            .where(EditionFile.state == FileState.QUEUED)
            .order_by(
                case((EditionFile.format == FileFormat.PDF, 1), else_=0),
                EditionFile.requested_at,
                EditionFile.id,
            )
            .limit(1)
        ).first()
        db.session.rollback()
        if row is None:
            return None
        claimed = claim(row.id)
        if claimed is not None:
            return claimed, row.format


def make(claimed: Claim, renderers: Renderers) -> None:
    """Make the file that was claimed, without any open transaction while it is rendered; see `render`."""
    try:
        content, media_type = _rendered(claimed, renderers)
        _store(claimed, content, media_type)
    except (_Superseded, NotFound):
        log.info("file %s is not needed any more; what was made of it is thrown away", claimed.file_id)
    except DomainError as refusal:
        fail(claimed, str(refusal))
    except Exception as fault:
        log_fault(log, f"file {claimed.file_id} of an edition could not be made", fault)
        fail(claimed, str(_sentence(fault)))
    finally:
        db.session.rollback()


def beat(claimed: Claim, done: int | None = None, total: int | None = None) -> bool:
    """Show a sign of life, with the steps done where they are known; False when the claim has ended."""
    values: dict[str, Any] = {"held_until": now() + LEASE}
    if done is not None and total is not None:
        values |= {"done": max(0, min(done, total)), "total": max(0, total)}
    return _change(claimed, **values)


def fail(claimed: Claim, sentence: str) -> None:
    """Note why the file could not be made; staff can ask again. A claim that has ended changes nothing."""
    try:
        _change(claimed, state=FileState.FAILED, error=sentence, held_until=None, finished_at=now())
    except SQLAlchemyError as fault:
        # Not even that could be written (a full disk): without a sign of life it is queued again.
        log_fault(log, f"file {claimed.file_id} of an edition: its failure could not be noted", fault)


def put_back(claimed: Claim) -> None:
    """Queue the file again, because whoever makes it is asked to stop."""
    _change(claimed, state=FileState.QUEUED, started_at=None, held_until=None, done=0, total=0)


def queue_lost(at: datetime) -> int:
    """Queue again what shows no sign of life any more at the instant `at`; returns how many files."""
    lost = (
        EditionFile.state == FileState.RENDERING,
        or_(EditionFile.held_until.is_(None), EditionFile.held_until <= at),
    )
    if db.session.scalar(select(EditionFile.id).where(*lost).limit(1)) is None:
        return 0
    with transaction():
        found = db.session.scalars(
            update(EditionFile)
            .where(*lost)
            .values(state=FileState.QUEUED, started_at=None, held_until=None, done=0, total=0)
            .returning(EditionFile.id)
            .execution_options(synchronize_session=False)
        ).all()
        db.session.expire_all()
    return len(found)


def retry(file: EditionFile) -> None:
    """Queue a file that failed once more; one that waits, is being made or is ready stays as it is.

    Raises EditionRedacted for one that was removed.
    """
    file_id, number = file.id, file.edition.number
    with transaction():
        state = db.session.scalar(select(EditionFile.state).where(EditionFile.id == file_id))
        if state is FileState.REMOVED:
            raise EditionRedacted(number=number)
        db.session.execute(
            update(EditionFile)
            .where(EditionFile.id == file_id, EditionFile.state == FileState.FAILED)
            .values(state=FileState.QUEUED, error="", requested_at=now(), done=0, total=0)
            .execution_options(synchronize_session=False)
        )
        db.session.expire_all()
        after_commit(editions.tell_worker)


def file_name(snapshot: Snapshot, kind: FileFormat) -> str:
    """`rheine-konferenz-2023-ausgabe-1.pdf`: what the file is called where it is saved."""
    parts = (snapshot["host"]["key"], snapshot["conference"]["key"])
    return f"{'-'.join(parts)}-ausgabe-{snapshot['edition']['number']}.{kind.value}"


def _rendered(claimed: Claim, renderers: Renderers) -> tuple[bytes, str]:
    row = db.session.execute(
        select(EditionFile.format, Edition, Host.logo_id)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .join(Host, Host.id == EditionFile.host_id)
        .where(_is_ours(claimed))
        .options(undefer(Edition.snapshot))
    ).first()
    if row is None:
        raise _Superseded
    kind, snapshot = row.format, cast(Snapshot, row.Edition.snapshot)
    logo = db.session.execute(
        select(StoredFile.media_type, StoredFile.content).where(StoredFile.id == row.logo_id)
    ).first()
    db.session.rollback()
    renderer = renderers[kind]
    content = renderer.render(snapshot, (logo[0], logo[1]) if logo else None, _noting(claimed))
    return content, renderer.media_type


def _noting(claimed: Claim) -> Progress:
    noted_at = 0.0

    def note(done: int, total: int) -> None:
        nonlocal noted_at
        if time.monotonic() - noted_at < NOTE_EVERY_SECONDS and done < total:
            return
        noted_at = time.monotonic()
        if not beat(claimed, done, total):
            raise _Superseded

    return note


def _store(claimed: Claim, content: bytes, media_type: str) -> None:
    """Keep the bytes, unless something in them was withdrawn while they were made."""
    conference = db.session.scalar(
        select(Conference)
        .join(EditionFile, EditionFile.conference_id == Conference.id)
        .where(EditionFile.id == claimed.file_id)
    )
    if conference is None:
        raise _Superseded
    with editing.writing(conference) as held:
        file = db.session.scalar(select(EditionFile).where(_is_ours(claimed)))
        if file is None or file.edition.redacted_at is not None:
            raise _Superseded
        snapshot = cast(Snapshot, file.edition.snapshot)
        stored = files.keep(held.host, file_name(snapshot, file.format), media_type, content)
        file.sha256, file.size = hashlib.sha256(content).hexdigest(), len(content)
        file.state, file.stored_file_id = FileState.READY, stored.id
        file.done, file.total = max(file.total, 1), max(file.total, 1)
        file.held_until, file.finished_at = None, now()


def _is_ours(claimed: Claim) -> ColumnElement[bool]:
    return (
        (EditionFile.id == claimed.file_id)
        & (EditionFile.state == FileState.RENDERING)
        & (EditionFile.started_at == claimed.started_at)
    )


def _change(claimed: Claim, **values: Any) -> bool:
    """Write to the file while the claim holds; False when it has ended."""
    with transaction():
        found = db.session.scalar(
            update(EditionFile)
            .where(_is_ours(claimed))
            .values(**values)
            .returning(EditionFile.id)
            .execution_options(synchronize_session=False)
        )
        db.session.expire_all()
    return found is not None


def _sentence(fault: BaseException) -> Any:
    """What staff are told; which fault it was stands in the log."""
    if isinstance(fault, MemoryError):
        return MEMORY_FULL
    cause: BaseException | None = fault
    while cause is not None:
        is_full = isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
        # SQLite has no kind of its own for it, Postgres tells it by its code.
        if is_full or "disk is full" in str(cause) or getattr(cause, "sqlstate", "") == "53100":
            return DISK_FULL
        cause = cause.__cause__ or cause.__context__
    return BROKEN_OFF
