"""What was erased on time: a report of each nightly run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, now


class RetentionRun(Model):
    """One run at one host: how many rows of which kind were erased because they were due. Counts only."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    # Purpose, conference and number of rows of each kind.
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    __table_args__ = (
        ForeignKeyConstraint(["host_id"], ["host.id"]),
        Index("ix_retention_run_host_id_at", "host_id", "at"),
    )
