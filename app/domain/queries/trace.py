"""The trace both ways: from a voice to what became of it, from a recommendation to the voices behind it.

Who says the same counts together: what carries the original carries its duplicates, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.recommendation_status import DECISIONS, ENDS
from app.models import (
    PUBLIC_STATUSES,
    Contribution,
    ContributionStatus,
    Evidence,
    Minutes,
    Recommendation,
    RecommendationStatus,
    StatusUpdate,
    Topic,
)

# So long nothing was heard before a page says so.
SILENT_DAYS = 90
# More numbers than this are not named one by one in a statement.
_MOST_NAMED = 500


@dataclass(frozen=True)
class Step:
    """A recommendation that carries a contribution; `directly` when it names it, else through its topic."""

    recommendation: Recommendation
    directly: bool
    # The latest entry of its history, and the one with which it was decided about.
    latest: StatusUpdate | None
    decision: StatusUpdate | None


@dataclass(frozen=True)
class Trace:
    """What became of one contribution."""

    steps: list[Step]
    # Who owes an answer, and since when; None when everybody has answered.
    owed_by: str = ""
    owed_since: date | None = None

    @property
    def is_answered(self) -> bool:
        return self.owed_since is None


@dataclass(frozen=True)
class Voices:
    """What one recommendation rests on; no voice stands in it twice."""

    # Public contributions it names, in the order of its evidence.
    contributions: list[Contribution] = field(default_factory=list)
    # Public contributions that say the same as one of those.
    alike: list[Contribution] = field(default_factory=list)
    # Public contributions of the topics it names, by topic, that it does not name themselves.
    through: dict[int, list[Contribution]] = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)
    # Minutes that are signed off; what stands there is nobody's single voice.
    minutes: list[Minutes] = field(default_factory=list)
    # Named, but no longer to be seen: taken back by their authors, and hidden by staff.
    withdrawn: int = 0
    hidden: int = 0

    @property
    def count(self) -> int:
        """How many voices one can read."""
        return len(self.contributions) + len(self.alike) + sum(map(len, self.through.values()))


@dataclass(frozen=True)
class Turn:
    """Who owes the next step of a recommendation, and since when nothing was heard; nobody when it has ended."""

    owed_by: str
    # It lies with whoever decides: the council or one of its committees.
    is_with_politics: bool
    since: date
    is_silent: bool


def of_contribution(contribution: Contribution, *, contact_role: str = "") -> Trace:
    """What became of it; `contact_role` owes the answer where no recommendation carries it yet."""
    return of_contributions([contribution], contact_role=contact_role)[contribution.id]


def of_contributions(contributions: Iterable[Contribution], *, contact_role: str = "") -> dict[int, Trace]:
    """The same for many of one conference, by id: four statements however many there are."""
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
    history = _histories(conference_id)
    named_by, through_by = _links(conference_id, recommendations)
    families = _families(conference_id, wanted)
    found = {}
    for contribution in wanted:
        family = families.get(_root(contribution), []) if contribution.is_public else []
        named = named_by.get(_root(contribution), set()) if family else set()
        through = set().union(*(through_by.get(member.topic_id, set()) for member in family)) - named
        steps = [
            _step(recommendations[key], key in named, history.get(key, []))
            for key in sorted(
                named | through, key=lambda key: (key not in named, recommendations[key].number)
            )
        ]
        is_answered = bool(contribution.answer) or any(member.is_answered for member in family)
        found[contribution.id] = _with_debt(contribution, steps, is_answered, contact_role)
    return found


def of_recommendation(recommendation: Recommendation) -> Voices:
    """The voices behind it: two statements however many there are."""
    named, topics, minutes = [], [], []
    withdrawn = hidden = 0
    for row in evidence_of(recommendation):
        voice = row.contribution
        if voice is not None:
            named += [voice] if voice.is_public else []
            withdrawn += voice.status is ContributionStatus.WITHDRAWN
            hidden += not voice.is_public and voice.status is not ContributionStatus.WITHDRAWN
        elif row.topic is not None:
            topics.append(row.topic)
        elif row.minutes is not None and row.minutes.signed_off:
            minutes.append(row.minutes)
    known = {voice.id for voice in named}
    roots = {_root(voice) for voice in named}
    through: dict[int, list[Contribution]] = {topic.id: [] for topic in topics}
    others = [voice for voice in _carried(recommendation) if voice.id not in known]
    # Whoever says the same as a voice of a topic stands there with it.
    place = {_root(voice): voice.topic_id for voice in reversed(others) if voice.topic_id in through}
    alike = [voice for voice in others if _root(voice) in roots]
    for voice in others:
        if _root(voice) not in roots:
            topic_id = voice.topic_id if voice.topic_id in through else place[_root(voice)]
            through[topic_id or 0].append(voice)
    return Voices(named, alike, through, topics, minutes, withdrawn, hidden)


def evidence_of(recommendation: Recommendation) -> list[Evidence]:
    """All it rests on, public or not, in order, with what each row names: one statement."""
    return list(
        db.session.scalars(
            select(Evidence)
            .where(Evidence.recommendation_id == recommendation.id)
            .options(
                joinedload(Evidence.contribution),
                joinedload(Evidence.topic),
                joinedload(Evidence.minutes).joinedload(Minutes.group),
            )
            .order_by(Evidence.position, Evidence.id)
        )
    )


def turn_of(recommendation: Recommendation, *, today: date, contact_role: str = "") -> Turn | None:
    """Who owes its next step; None when it has ended or nothing is known of its history."""
    latest = recommendation.history[-1] if recommendation.history else None
    if latest is None or recommendation.status in ENDS:
        return None
    owed_by, is_with_politics = recommendation.lead or contact_role, False
    if recommendation.status is RecommendationStatus.SUBMITTED:
        owed_by, is_with_politics = "", True
    elif recommendation.status in (RecommendationStatus.PLANNED, RecommendationStatus.IN_PROGRESS):
        owed_by = recommendation.caretaker or owed_by
    silent = (today - latest.happened_on).days >= SILENT_DAYS
    return Turn(owed_by, is_with_politics, latest.happened_on, silent)


def _root(row: Any) -> int:
    """The one all that say the same count for."""
    return int(row.duplicate_of_id or row.id)


_ROOT = func.coalesce(Contribution.duplicate_of_id, Contribution.id)


def _histories(conference_id: int) -> dict[int, list[StatusUpdate]]:
    found: dict[int, list[StatusUpdate]] = {}
    for update in db.session.scalars(
        select(StatusUpdate)
        .where(StatusUpdate.conference_id == conference_id)
        .order_by(StatusUpdate.recommendation_id, StatusUpdate.id)
    ):
        found.setdefault(update.recommendation_id, []).append(update)
    return found


def _links(
    conference_id: int, recommendations: dict[int, Recommendation]
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Which recommendations name a voice or one that says the same, and which name a topic."""
    rows = db.session.execute(
        select(Evidence.recommendation_id, _ROOT, Evidence.topic_id)
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .where(
            Evidence.conference_id == conference_id,
            or_(Evidence.topic_id.is_not(None), Contribution.status.in_(PUBLIC_STATUSES)),
        )
    )
    named: dict[int, set[int]] = {}
    through: dict[int, set[int]] = {}
    for recommendation_id, root, topic_id in rows:
        if recommendation_id in recommendations:
            if topic_id is not None:
                through.setdefault(topic_id, set()).add(recommendation_id)
            else:
                named.setdefault(root, set()).add(recommendation_id)
    return named, through


def _families(conference_id: int, wanted: list[Contribution]) -> dict[int, list[Any]]:
    """Public voices that say the same as one of those wanted: topic and whether answered, by their root."""
    statement = select(
        Contribution.id,
        Contribution.duplicate_of_id,
        Contribution.topic_id,
        (Contribution.answer != "").label("is_answered"),
    ).where(Contribution.conference_id == conference_id, Contribution.status.in_(PUBLIC_STATUSES))
    roots = {_root(row) for row in wanted if row.status in PUBLIC_STATUSES}
    if len(roots) <= _MOST_NAMED:
        statement = statement.where(_ROOT.in_(roots))
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(_root(row), []).append(row)
    return found


def _carried(recommendation: Recommendation) -> list[Contribution]:
    """Public voices it names, those of its topics, and those who say the same: one statement, by number."""
    own = select(Evidence.contribution_id).where(
        Evidence.recommendation_id == recommendation.id, Evidence.contribution_id.is_not(None)
    )
    topics = select(Evidence.topic_id).where(
        Evidence.recommendation_id == recommendation.id, Evidence.topic_id.is_not(None)
    )
    of_conference = (
        Contribution.conference_id == recommendation.conference_id,
        Contribution.status.in_(PUBLIC_STATUSES),
    )
    roots = select(_ROOT).where(
        *of_conference, or_(Contribution.id.in_(own), Contribution.topic_id.in_(topics))
    )
    return list(
        db.session.scalars(
            select(Contribution).where(*of_conference, _ROOT.in_(roots)).order_by(Contribution.number)
        )
    )


def _step(recommendation: Recommendation, directly: bool, history: list[StatusUpdate]) -> Step:
    # News under a decision is no decision of its own.
    decisions = [
        update
        for before, update in zip([None, *history], history, strict=False)
        if update.status in DECISIONS and (before is None or before.status is not update.status)
    ]
    return Step(
        recommendation,
        directly,
        latest=history[-1] if history else None,
        decision=decisions[-1] if decisions else None,
    )


def _with_debt(contribution: Contribution, steps: list[Step], is_answered: bool, contact_role: str) -> Trace:
    since = contribution.decided_on or contribution.received_on
    if contribution.status in (ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN):
        return Trace(steps)
    if contribution.status is ContributionStatus.FORWARDED:
        return Trace(steps, contribution.forwarded_to, since)
    if is_answered or any(step.recommendation.answer for step in steps):
        return Trace(steps)
    for step in steps:
        if step.recommendation.lead:
            return Trace(steps, step.recommendation.lead, step.latest.happened_on if step.latest else since)
    return Trace(steps, contact_role, since)
