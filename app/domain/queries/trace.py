"""The trace both ways: from a voice to what became of it, from a recommendation to the voices behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select

from app.database import db
from app.models import (
    PUBLIC_STATUSES,
    Contribution,
    ContributionStatus,
    Evidence,
    Minutes,
    Recommendation,
    RecommendationStatus,
    StatusUpdate,
)

# From here on a recommendation has been decided about.
DECISIONS = (
    RecommendationStatus.ADOPTED,
    RecommendationStatus.ADOPTED_AMENDED,
    RecommendationStatus.NOTED,
    RecommendationStatus.REJECTED,
)


@dataclass(frozen=True)
class Step:
    """A recommendation that carries a contribution; `directly` when it names it, else through its topic or group."""

    recommendation: Recommendation
    directly: bool
    # The latest step of its history, and the one with which it was decided about.
    latest: StatusUpdate | None
    decision: StatusUpdate | None


@dataclass(frozen=True)
class Trace:
    """What became of one contribution."""

    steps: list[Step]
    # Who owes an answer, and since when; empty when everybody has answered.
    owed_by: str = ""
    owed_since: date | None = None

    @property
    def is_answered(self) -> bool:
        return not self.owed_by


@dataclass(frozen=True)
class Voices:
    """What one recommendation rests on, withdrawn voices included as such."""

    contributions: list[Contribution] = field(default_factory=list)
    # Public contributions of the topics and groups it names that it does not name themselves.
    through: dict[int, list[Contribution]] = field(default_factory=dict)
    minutes: list[Minutes] = field(default_factory=list)
    withdrawn: int = 0


def of_contribution(contribution: Contribution, *, contact_role: str = "") -> Trace:
    """What became of it; `contact_role` owes the answer where no recommendation carries it yet."""
    return of_contributions([contribution], contact_role=contact_role)[contribution.id]


def of_contributions(contributions: Iterable[Contribution], *, contact_role: str = "") -> dict[int, Trace]:
    """The same for many, by id: three statements however many there are."""
    wanted = list(contributions)
    if not wanted:
        return {}
    conference_id = wanted[0].conference_id
    recommendations = {
        row.id: row
        for row in db.session.scalars(
            select(Recommendation).where(
                Recommendation.conference_id == conference_id, Recommendation.is_public
            )
        )
    }
    links = db.session.execute(
        select(Evidence.recommendation_id, Evidence.contribution_id, Evidence.topic_id)
        .where(
            Evidence.conference_id == conference_id,
            or_(Evidence.contribution_id.is_not(None), Evidence.topic_id.is_not(None)),
        )
        .order_by(Evidence.recommendation_id, Evidence.position)
    ).all()
    history: dict[int, list[StatusUpdate]] = {}
    for update in db.session.scalars(
        select(StatusUpdate)
        .where(StatusUpdate.conference_id == conference_id)
        .order_by(StatusUpdate.recommendation_id, StatusUpdate.id)
    ):
        history.setdefault(update.recommendation_id, []).append(update)
    direct: dict[int, set[int]] = {}
    by_topic: dict[int, set[int]] = {}
    for recommendation_id, contribution_id, topic_id in links:
        if recommendation_id not in recommendations:
            continue
        if contribution_id is not None:
            direct.setdefault(contribution_id, set()).add(recommendation_id)
        elif topic_id is not None:
            by_topic.setdefault(topic_id, set()).add(recommendation_id)
    found = {}
    for contribution in wanted:
        # A duplicate counts with its original: what carries the one carries the other.
        named = direct.get(contribution.id, set()) | direct.get(contribution.duplicate_of_id or 0, set())
        through = by_topic.get(contribution.topic_id or 0, set()) - named
        steps = [
            _step(recommendations[number], number in named, history.get(number, []))
            for number in sorted(
                named | through, key=lambda key: (key not in named, recommendations[key].number)
            )
        ]
        found[contribution.id] = _with_debt(contribution, steps, contact_role)
    return found


def of_recommendation(recommendation: Recommendation) -> Voices:
    """The voices behind it: three statements."""
    named, minutes, topics = [], [], []
    withdrawn = 0
    for evidence in recommendation.evidence:
        if evidence.contribution is not None:
            if evidence.contribution.status in PUBLIC_STATUSES:
                named.append(evidence.contribution)
            else:
                withdrawn += 1
        elif evidence.topic_id is not None:
            topics.append(evidence.topic_id)
        elif evidence.minutes is not None:
            minutes.append(evidence.minutes)
    through: dict[int, list[Contribution]] = {topic_id: [] for topic_id in topics}
    known = {contribution.id for contribution in named}
    if topics:
        for contribution in db.session.scalars(
            select(Contribution)
            .where(Contribution.topic_id.in_(topics), Contribution.status.in_(PUBLIC_STATUSES))
            .order_by(Contribution.number)
        ):
            if contribution.id not in known and contribution.topic_id is not None:
                through[contribution.topic_id].append(contribution)
    return Voices(named, through, minutes, withdrawn)


def _step(recommendation: Recommendation, directly: bool, history: list[StatusUpdate]) -> Step:
    decisions = [update for update in history if update.status in DECISIONS]
    return Step(
        recommendation,
        directly,
        latest=history[-1] if history else None,
        decision=decisions[-1] if decisions else None,
    )


def _with_debt(contribution: Contribution, steps: list[Step], contact_role: str) -> Trace:
    if contribution.answer or any(step.recommendation.answer for step in steps):
        return Trace(steps)
    if contribution.status is ContributionStatus.DUPLICATE and not steps:
        # Its original is answered for both.
        return Trace(steps)
    for step in steps:
        if step.recommendation.lead:
            since = step.latest.happened_on if step.latest else contribution.decided_on
            return Trace(steps, step.recommendation.lead, since)
    return Trace(steps, contact_role, contribution.decided_on or contribution.received_on)
