"""Import record: the file a conference came from, whole, with the parts the product does not carry yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, now


class ImportRecord(Model):
    """One import of one file: nothing that stood in it is lost."""

    __tablename__ = "import_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    # Encrypted JSON of what is kept for later; it may hold support needs (Art. 9 GDPR).
    kept: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        Index("ix_import_record_conference_id_imported_at", "conference_id", "imported_at"),
    )
