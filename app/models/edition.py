"""Edition: the results of a conference as they were published, and the files made of them."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.conference import Conference
from app.models.host import StoredFile


class FileFormat(enum.Enum):
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"


class FileState(enum.Enum):
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    # It could not be made; `error` says why and staff can ask again.
    FAILED = "failed"
    # It held something that was withdrawn.
    REMOVED = "removed"


class Edition(Model):
    """One frozen state of the results. Page, PDF, CSV and JSON all read the same snapshot, so they cannot disagree."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    number: Mapped[int]
    published_on: Mapped[date]
    # What the editors say about it, for everybody.
    note: Mapped[str] = mapped_column(Text, default="")
    # Until then readers are asked to say what is wrong.
    correction_until: Mapped[date | None]
    # Shape: app.domain.snapshot. Changed by nothing but a withdrawal, which takes the withdrawn words out.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    # Of the snapshot as it was published; stays after a withdrawal.
    sha256: Mapped[str] = mapped_column(String(64))
    # Something in it was withdrawn since: its files are gone and a next edition is due.
    redacted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    conference: Mapped[Conference] = relationship()
    files: Mapped[list[EditionFile]] = relationship(
        back_populates="edition", order_by="EditionFile.format", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )


class EditionFile(Model):
    """One file of an edition: made once, in the background, and kept with its SHA-256."""

    __tablename__ = "edition_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    edition_id: Mapped[int]
    format: Mapped[FileFormat] = mapped_column(enum_by_value(FileFormat))
    state: Mapped[FileState] = mapped_column(enum_by_value(FileState), default=FileState.QUEUED)
    # Steps done of `total` while it is being made.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    # A sentence for staff where it failed.
    error: Mapped[str] = mapped_column(Text, default="")
    # Both stay when the file is removed: whoever has a copy can still check it.
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    stored_file_id: Mapped[int | None]
    requested_at: Mapped[datetime] = mapped_column(default=now)
    # Who makes it is known by when they began; a sign of life is due until `held_until`, else it is queued again.
    started_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    edition: Mapped[Edition] = relationship(back_populates="files")
    stored_file: Mapped[StoredFile | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "edition_id"],
            ["edition.host_id", "edition.conference_id", "edition.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["host_id", "stored_file_id"], ["stored_file.host_id", "stored_file.id"]),
        UniqueConstraint("edition_id", "format"),
        CheckConstraint("(state = 'ready') = (stored_file_id IS NOT NULL)", name="ready_has_file"),
        Index("ix_edition_file_state", "state"),
        Index("ix_edition_file_stored_file_id", "stored_file_id"),
    )
