"""Editions as they are listed, and what a next one would leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain.snapshot import Changes
from app.models import (
    UNDECIDED_STATUSES,
    Conference,
    Contribution,
    ContributionStatus,
    Edition,
    EditionFile,
    FileState,
    Minutes,
    Recommendation,
    StoredFile,
)


@dataclass(frozen=True)
class Listed:
    """An edition with what differs from the one before it; None in the first."""

    edition: Edition
    changes: Changes | None


@dataclass(frozen=True)
class StayingOut:
    """What is there and not public, and so in no edition."""

    undecided: int
    rejected: int
    forwarded: int
    recommendations: int
    minutes: int


def of_conference(conference: Conference) -> list[Listed]:
    """All editions, the latest first, with their files: two statements, and no snapshot is loaded whole."""
    rows = db.session.execute(
        select(Edition, Edition.snapshot["changes"])
        .where(Edition.conference_id == conference.id)
        .options(selectinload(Edition.files))
        .order_by(Edition.number.desc())
    )
    return [Listed(edition, changes) for edition, changes in rows]


def content_of(file: EditionFile) -> bytes | None:
    """The bytes of a finished file; None when it was removed meanwhile."""
    return db.session.scalar(
        select(StoredFile.content)
        .join(EditionFile, EditionFile.stored_file_id == StoredFile.id)
        .where(EditionFile.id == file.id, EditionFile.state == FileState.READY)
    )


def staying_out(conference: Conference) -> StayingOut:
    """What an edition published now would not hold: three statements."""
    by_status: dict[Any, int] = dict(
        db.session.execute(
            select(Contribution.status, func.count())
            .where(Contribution.conference_id == conference.id)
            .group_by(Contribution.status)
        ).all()
    )
    return StayingOut(
        undecided=sum(by_status.get(status, 0) for status in UNDECIDED_STATUSES),
        rejected=by_status.get(ContributionStatus.REJECTED, 0),
        forwarded=by_status.get(ContributionStatus.FORWARDED, 0),
        recommendations=_count(Recommendation, conference, Recommendation.is_public.is_(False)),
        minutes=_count(Minutes, conference, Minutes.signed_off.is_(False)),
    )


def outdated(host_ids: Iterable[int]) -> dict[int, int]:
    """Conferences whose latest edition had something withdrawn since, by id: the number of that edition."""
    latest = (
        select(Edition.conference_id, func.max(Edition.number).label("number"))
        .where(Edition.host_id.in_(list(host_ids)))
        .group_by(Edition.conference_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Edition.conference_id, Edition.number)
        .join(
            latest,
            (latest.c.conference_id == Edition.conference_id) & (latest.c.number == Edition.number),
        )
        .where(Edition.redacted_at.is_not(None))
    )
    return dict(rows.all())


def failed(host_ids: Iterable[int]) -> dict[int, int]:
    """How many files could not be made, by the id of their conference."""
    rows = db.session.execute(
        select(EditionFile.conference_id, func.count())
        .where(EditionFile.host_id.in_(list(host_ids)), EditionFile.state == FileState.FAILED)
        .group_by(EditionFile.conference_id)
    )
    return dict(rows.all())


def _count(model: Any, conference: Conference, condition: Any) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(model).where(model.conference_id == conference.id, condition)
        )
        or 0
    )
