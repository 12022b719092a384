"""What recommendations rest on: voices, topics and minutes, each in a row of its own kind, all of them public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.database import db, now
from app.domain import editing
from app.domain.errors import (
    ContributionNotPublic,
    ContributionTakenBack,
    ContributionUndecided,
    EvidenceNeeded,
    MinutesNotSignedOff,
    NotFound,
)
from app.domain.recommendation_status import OPEN
from app.models import (
    PUBLIC_STATUSES,
    Contribution,
    ContributionStatus,
    Evidence,
    Minutes,
    Recommendation,
    Topic,
)


@contextmanager
def writing(recommendation: Recommendation) -> Iterator[None]:
    """Hold its conference for a write and read everything again. Raises NotFound when somebody removed it meanwhile."""
    recommendation_id = recommendation.id
    with editing.writing(recommendation.conference):
        if db.session.get(Recommendation, recommendation_id) is None:
            raise NotFound
        yield


def add(
    recommendation: Recommendation,
    *,
    contribution_ids: Iterable[int] = (),
    topic_ids: Iterable[int] = (),
    minutes_ids: Iterable[int] = (),
) -> None:
    """Let it rest on these as well, in the order given; what it rests on already stays as it is.

    Raises ContributionNotPublic, ContributionTakenBack, ContributionUndecided, MinutesNotSignedOff, and NotFound for
    what does not belong to this conference.
    """
    with writing(recommendation):
        append(recommendation, contribution_ids, topic_ids, minutes_ids)
        recommendation.changed_at = now()


def remove(recommendation: Recommendation, evidence_id: int) -> None:
    """Let it no longer rest on this; what is gone already changes nothing.

    Raises EvidenceNeeded when nothing that is public would be left and it has been submitted.
    """
    with writing(recommendation):
        found = next((row for row in recommendation.evidence if row.id == evidence_id), None)
        if found is None:
            return
        others = standing(recommendation, besides=evidence_id)
        if recommendation.status not in OPEN and not others:
            raise EvidenceNeeded
        recommendation.evidence.remove(found)
        recommendation.changed_at = now()


def reorder(recommendation: Recommendation, order: Sequence[int]) -> None:
    """Put its evidence in this order of ids. Raises OrderUnfit unless it names each exactly once."""
    with writing(recommendation):
        rows = {row.id: row for row in recommendation.evidence}
        for position, evidence_id in enumerate(editing.complete_order(order, rows), start=1):
            rows[evidence_id].position = position


def move(recommendation: Recommendation, evidence_id: int, *, up: bool) -> None:
    """Move a piece of evidence one place. Raises OrderUnfit when it is gone."""
    with writing(recommendation):
        order = [row.id for row in recommendation.evidence]
        reorder(recommendation, editing.moved(order, evidence_id, up=up))


def inherit(original: Contribution, heir: Contribution) -> None:
    """Let what rests on `original` rest on `heir` too, which says the same and stands by itself from now on.

    Inside the caller's transaction.
    """
    rows = list(db.session.scalars(select(Evidence).where(Evidence.contribution_id == original.id)))
    for row in rows:
        append(row.recommendation, [heir.id])


def standing(recommendation: Recommendation, *, besides: int | None = None) -> int:
    """How many pieces of evidence are public: voices, topics with voices, minutes that are signed off."""
    rows = db.session.execute(
        select(Evidence.id, Evidence.topic_id, Contribution.status, Minutes.signed_off)
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .outerjoin(Minutes, Minutes.id == Evidence.minutes_id)
        .where(Evidence.recommendation_id == recommendation.id)
    ).all()
    topics = {topic_id for _, topic_id, _, _ in rows if topic_id is not None}
    with_voices = set(
        db.session.scalars(
            select(Contribution.topic_id)
            .where(Contribution.topic_id.in_(topics), Contribution.status.in_(PUBLIC_STATUSES))
            .distinct()
        )
    )
    return sum(
        status in PUBLIC_STATUSES or topic_id in with_voices or bool(signed_off)
        for evidence_id, topic_id, status, signed_off in rows
        if evidence_id != besides
    )


def append(
    recommendation: Recommendation,
    contribution_ids: Iterable[int] = (),
    topic_ids: Iterable[int] = (),
    minutes_ids: Iterable[int] = (),
) -> None:
    """The same as `add`, inside the caller's transaction."""
    wanted: tuple[tuple[str, Any, list[int]], ...] = (
        ("contribution_id", Contribution, list(dict.fromkeys(contribution_ids))),
        ("topic_id", Topic, list(dict.fromkeys(topic_ids))),
        ("minutes_id", Minutes, list(dict.fromkeys(minutes_ids))),
    )
    present = list(recommendation.evidence)
    position = max((row.position for row in present), default=0)
    for column, model, ids in wanted:
        known = {getattr(row, column) for row in present}
        found = _rows(model, recommendation.conference_id, ids)
        for row_id in ids:
            if row_id in known:
                continue
            _refuse_unfit(found.get(row_id))
            position += 1
            recommendation.evidence.append(
                Evidence(
                    host_id=recommendation.host_id,
                    conference_id=recommendation.conference_id,
                    position=position,
                    **{column: row_id},
                )
            )
    db.session.flush()


def _rows(model: Any, conference_id: int, ids: list[int]) -> dict[int, Any]:
    if not ids:
        return {}
    rows = db.session.scalars(select(model).where(model.conference_id == conference_id, model.id.in_(ids)))
    return {row.id: row for row in rows}


def _refuse_unfit(row: Contribution | Topic | Minutes | None) -> None:
    if row is None:
        raise NotFound
    if isinstance(row, Minutes) and not row.signed_off:
        raise MinutesNotSignedOff
    if not isinstance(row, Contribution) or row.status in PUBLIC_STATUSES:
        return
    if row.status is ContributionStatus.WITHDRAWN:
        raise ContributionTakenBack
    if row.number is None:
        raise ContributionUndecided
    raise ContributionNotPublic(number=row.number)
