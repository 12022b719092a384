"""The results of a conference: recommendations with the voices behind them, minutes, the latest document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain import recommendation_status
from app.domain.recommendation_status import Gap
from app.models import (
    PUBLIC_STATUSES,
    Conference,
    Contribution,
    Edition,
    EditionFile,
    Evidence,
    FileFormat,
    FileState,
    Minutes,
    Recommendation,
    RecommendationStatus,
    WorkingGroup,
)


@dataclass(frozen=True)
class Wanted:
    """Which recommendations somebody wants to see; what is empty asks for nothing."""

    status: RecommendationStatus | None = None
    field_of_action: str = ""
    lead: str = ""

    def fits(self, recommendation: Recommendation) -> bool:
        return (
            (self.status is None or recommendation.status is self.status)
            and self.field_of_action in ("", recommendation.field_of_action)
            and self.lead in ("", recommendation.lead)
        )


@dataclass(frozen=True)
class Line:
    """A recommendation in a list."""

    recommendation: Recommendation
    # Voices one can read behind it, topics included; whoever says the same counts as well.
    voices: int
    # Rows of evidence, and how many of them are public.
    evidence: int
    standing: int

    @property
    def missing(self) -> list[Gap]:
        """What keeps it from its next status."""
        return recommendation_status.missing(self.recommendation, self.standing)


@dataclass(frozen=True)
class Results:
    """The recommendations of a conference that are wanted, and what there is to choose from."""

    lines: list[Line]
    # All of them, whatever is wanted.
    total: int
    by_status: Counter[RecommendationStatus] = field(default_factory=Counter)
    by_field: Counter[str] = field(default_factory=Counter)
    by_lead: Counter[str] = field(default_factory=Counter)

    def by_field_of_action(self) -> list[tuple[str, list[Line]]]:
        """The lines under their field of action; a field stands where its first line stands."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.recommendation.field_of_action, []).append(line)
        return list(found.items())


@dataclass(frozen=True)
class Figures:
    """What there is besides recommendations."""

    contributions: int
    groups: int
    # The latest edition, and whether its PDF can be had; None: nothing was published as a document yet.
    edition: int | None
    has_pdf: bool


def recommendations_of(
    conference: Conference, wanted: Wanted | None = None, *, public_only: bool = True
) -> Results:
    """Those with the highest priority first: three statements however many there are."""
    wanted = wanted or Wanted()
    found = list(
        db.session.scalars(
            select(Recommendation)
            .where(
                Recommendation.conference_id == conference.id,
                *([Recommendation.is_public] if public_only else []),
            )
            .order_by(Recommendation.priority.is_(None), Recommendation.priority, Recommendation.number)
        )
    )
    counted = _counted(conference.id)
    return Results(
        lines=[Line(row, *counted.get(row.id, (0, 0, 0))) for row in found if wanted.fits(row)],
        total=len(found),
        by_status=Counter(row.status for row in found),
        by_field=Counter(row.field_of_action for row in found if row.field_of_action),
        by_lead=Counter(row.lead for row in found if row.lead),
    )


def minutes_of(conference: Conference) -> list[Minutes]:
    """The minutes that are signed off, by group and round: one statement."""
    return list(
        db.session.scalars(
            select(Minutes)
            .join(Minutes.group)
            .where(Minutes.conference_id == conference.id, Minutes.signed_off)
            .options(joinedload(Minutes.group))
            .order_by(WorkingGroup.position, WorkingGroup.number, Minutes.round_number)
        )
    )


def figures_of(conference: Conference) -> Figures:
    """Counts, and the latest document: two statements."""
    row = db.session.execute(
        select(
            select(func.count())
            .where(Contribution.conference_id == conference.id, Contribution.status.in_(PUBLIC_STATUSES))
            .scalar_subquery()
            .label("contributions"),
            select(func.count())
            .where(WorkingGroup.conference_id == conference.id)
            .scalar_subquery()
            .label("groups"),
        )
    ).one()
    latest = db.session.execute(
        select(Edition.number, EditionFile.state)
        .outerjoin(
            EditionFile, (EditionFile.edition_id == Edition.id) & (EditionFile.format == FileFormat.PDF)
        )
        .where(Edition.conference_id == conference.id)
        .order_by(Edition.number.desc())
        .limit(1)
    ).first()
    return Figures(
        row.contributions,
        row.groups,
        edition=latest.number if latest else None,
        has_pdf=bool(latest and latest.state is FileState.READY),
    )


def ids_by_number(conference: Conference, numbers: Iterable[int]) -> dict[int, int]:
    """The ids of contributions by their public numbers, withdrawn ones included: one statement."""
    rows = db.session.execute(
        select(Contribution.number, Contribution.id).where(
            Contribution.conference_id == conference.id, Contribution.number.in_(list(numbers))
        )
    )
    return {number: contribution_id for number, contribution_id in rows if number is not None}


def by_numbers(conference: Conference, numbers: Iterable[int]) -> list[Contribution]:
    """Those of the public contributions with these numbers, in that order: one statement."""
    order = {number: place for place, number in enumerate(numbers)}
    found = db.session.scalars(
        select(Contribution).where(
            Contribution.conference_id == conference.id,
            Contribution.number.in_(list(order)),
            Contribution.status.in_(PUBLIC_STATUSES),
        )
    )
    return sorted(found, key=lambda row: order[row.number or 0])


def _counted(conference_id: int) -> dict[int, tuple[int, int, int]]:
    """Voices, rows of evidence and public ones among them, by recommendation: two statements."""
    root = func.coalesce(Contribution.duplicate_of_id, Contribution.id)
    rows = db.session.execute(
        select(
            Evidence.recommendation_id,
            Evidence.contribution_id,
            Evidence.topic_id,
            Contribution.status,
            root.label("root"),
            Minutes.signed_off,
        )
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .outerjoin(Minutes, Minutes.id == Evidence.minutes_id)
        .where(Evidence.conference_id == conference_id)
    ).all()
    voices: Counter[int] = Counter()
    roots_of: dict[int, set[int]] = defaultdict(set)
    for voice_root, topic_id, count in _voices(conference_id, root):
        voices[voice_root] += count
        if topic_id is not None:
            roots_of[topic_id].add(voice_root)
    roots: dict[int, set[int]] = defaultdict(set)
    evidence: Counter[int] = Counter()
    standing: Counter[int] = Counter()
    for row in rows:
        evidence[row.recommendation_id] += 1
        behind: set[int] = set()
        if row.topic_id is not None:
            behind = roots_of.get(row.topic_id, set())
        elif row.status in PUBLIC_STATUSES:
            behind = {row.root}
        roots[row.recommendation_id] |= behind
        standing[row.recommendation_id] += bool(behind or row.signed_off)
    return {
        key: (sum(voices[voice_root] for voice_root in roots[key]), count, standing[key])
        for key, count in evidence.items()
    }


def _voices(conference_id: int, root: Any) -> Iterable[Any]:
    """How many public voices say the same, by topic: only those that some recommendation rests on."""
    of_conference = (
        Contribution.conference_id == conference_id,
        Contribution.status.in_(PUBLIC_STATUSES),
    )
    named = select(Evidence.contribution_id).where(
        Evidence.conference_id == conference_id, Evidence.contribution_id.is_not(None)
    )
    topics = select(Evidence.topic_id).where(
        Evidence.conference_id == conference_id, Evidence.topic_id.is_not(None)
    )
    carried = select(root).where(
        *of_conference, or_(Contribution.id.in_(named), Contribution.topic_id.in_(topics))
    )
    return db.session.execute(
        select(root, Contribution.topic_id, func.count())
        .where(*of_conference, root.in_(carried))
        .group_by(root, Contribution.topic_id)
    ).all()
