"""A table of registrations that was uploaded and waits to be confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, now


class RegistrationImport(Model):
    """An uploaded table: its rows stand encrypted until it is confirmed or a day has passed, then they are gone."""

    __tablename__ = "registration_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    # Encrypted JSON (app.domain.secrets): the rows as they were read; "" once it is over.
    rows: Mapped[str] = mapped_column(Text, default="")
    # How many rows there are, can be taken, and were taken.
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        Index("ix_registration_import_conference_id_uploaded_at", "conference_id", "uploaded_at"),
    )
