"""The part of a snapshot that is said and recommended: topics, contributions, recommendations, people counted."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import date
from typing import Literal, NotRequired, TypedDict

from sqlalchemy import func, select

from app.database import db
from app.domain.queries import trace
from app.models import (
    PLACED_STATUSES,
    Conference,
    Contribution,
    Evidence,
    Minutes,
    Participant,
    Recommendation,
    Registration,
    RoleGroup,
    StatusUpdate,
    Topic,
    WorkingGroup,
)


class RecommendationOf(TypedDict):
    """A recommendation that carries a contribution; `directly` when it names it, else through its topic."""

    number: int
    directly: bool


class ContributionEntry(TypedDict):
    number: int
    kind: str
    channel: str
    lang: str
    dir: Literal["ltr", "rtl"]
    text: str
    # A translation, "human" or "machine" made, and whether a person has read it; empty for German words.
    german: str
    german_by: str | None
    german_reviewed: bool
    display_name: str
    group: int | None
    topic: int | None
    status: Literal["published", "duplicate"]
    duplicate_of: int | None
    received_on: str
    answer: str
    answered_on: str | None
    recommendations: list[RecommendationOf]
    # Who owes an answer, and since when; empty when everybody has answered.
    owed_by: str
    owed_since: str | None


class WithdrawnEntry(TypedDict):
    """What is left of a voice that was public once: its number."""

    number: int
    withdrawn: Literal[True]
    # It stood in this edition when that was published; the words were taken out later.
    redacted: NotRequired[Literal[True]]


class TopicEntry(TypedDict):
    number: int
    title: str
    summary: str
    group: int | None


class HistoryEntry(TypedDict):
    status: str
    status_label: str
    happened_on: str
    text: str
    decided_by: str


class ContributionEvidence(TypedDict):
    kind: Literal["contribution"]
    number: int


class TopicEvidence(TypedDict):
    kind: Literal["topic"]
    number: int


class MinutesEvidence(TypedDict):
    kind: Literal["minutes"]
    group: int
    round: int


class RecommendationEntry(TypedDict):
    number: int
    title: str
    field_of_action: str
    target_groups: list[str]
    need: str
    goal: str
    measures: list[str]
    lead: str
    partners: list[str]
    caretaker: str
    horizon: str | None
    target_date: str | None
    priority: int | None
    status: str
    status_label: str
    history: list[HistoryEntry]
    answer: str
    result: str
    evidence: list[ContributionEvidence | TopicEvidence | MinutesEvidence]


def people_by_role(conference: Conference) -> list[tuple[RoleGroup, int]]:
    """How many people have or had a place in each role, in the order of the roles; one statement.

    Who waits, holds an offer, let it lapse or has cancelled does not take part.
    """
    counts = dict(
        db.session.execute(
            select(Registration.role_group, func.count(Participant.id))
            .join(Participant, Participant.registration_id == Registration.id)
            .where(
                Registration.conference_id == conference.id,
                Registration.status.in_(PLACED_STATUSES),
            )
            .group_by(Registration.role_group)
        ).all()
    )
    return [(role, counts[role]) for role in RoleGroup if role in counts]


def topics(conference: Conference) -> list[TopicEntry]:
    """All topics, in the order of their numbers; one statement."""
    rows = db.session.execute(
        select(Topic, WorkingGroup.number)
        .outerjoin(WorkingGroup, WorkingGroup.id == Topic.working_group_id)
        .where(Topic.conference_id == conference.id)
        .order_by(Topic.number)
    )
    return [
        {"number": topic.number, "title": str(topic.title), "summary": str(topic.summary), "group": group}
        for topic, group in rows
    ]


def contributions(conference: Conference, *, contact_role: str) -> list[ContributionEntry | WithdrawnEntry]:
    """Whatever has a number: public voices with their words, others as withdrawn; six statements."""
    rows = db.session.scalars(
        select(Contribution)
        .where(Contribution.conference_id == conference.id, Contribution.number.is_not(None))
        .order_by(Contribution.number)
    ).all()
    public = [row for row in rows if row.is_public]
    traces = trace.of_contributions(public, contact_role=contact_role)
    groups = _numbers(WorkingGroup, conference)
    topic_numbers = _numbers(Topic, conference)
    numbers = {row.id: row.number for row in rows}
    found: list[ContributionEntry | WithdrawnEntry] = []
    for row in rows:
        number = numbers[row.id] or 0
        if not row.is_public:
            found.append({"number": number, "withdrawn": True})
            continue
        became = traces[row.id]
        found.append(
            {
                "number": number,
                "kind": row.kind.value,
                "channel": row.channel.value,
                "lang": row.language,
                "dir": "rtl" if row.dir == "rtl" else "ltr",
                "text": row.text or "",
                "german": row.german,
                "german_by": row.german_by.value if row.german_by else None,
                "german_reviewed": row.german_reviewed,
                "display_name": row.display_name,
                "group": groups.get(row.working_group_id or 0),
                "topic": topic_numbers.get(row.topic_id or 0),
                "status": "duplicate" if row.duplicate_of_id is not None else "published",
                "duplicate_of": numbers.get(row.duplicate_of_id or 0),
                "received_on": row.received_on.isoformat(),
                "answer": row.answer,
                "answered_on": _day(row.answered_on),
                "recommendations": [
                    {"number": step.recommendation.number, "directly": step.directly} for step in became.steps
                ],
                "owed_by": became.owed_by,
                "owed_since": _day(became.owed_since),
            }
        )
    return found


def recommendations(conference: Conference, word: Callable[[enum.Enum], str]) -> list[RecommendationEntry]:
    """All public recommendations, in the order of their numbers; three statements."""
    rows = db.session.scalars(
        select(Recommendation)
        .where(Recommendation.conference_id == conference.id, Recommendation.is_public)
        .order_by(Recommendation.number)
    ).all()
    evidence = _evidence(conference)
    history: dict[int, list[HistoryEntry]] = {}
    for update in db.session.scalars(
        select(StatusUpdate)
        .where(StatusUpdate.conference_id == conference.id)
        .order_by(StatusUpdate.recommendation_id, StatusUpdate.id)
    ):
        history.setdefault(update.recommendation_id, []).append(
            {
                "status": update.status.value,
                "status_label": word(update.status),
                "happened_on": update.happened_on.isoformat(),
                "text": update.text,
                "decided_by": update.decided_by,
            }
        )
    return [
        {
            "number": row.number,
            "title": row.title,
            "field_of_action": row.field_of_action,
            "target_groups": list(row.target_groups),
            "need": row.need,
            "goal": row.goal,
            "measures": list(row.measures),
            "lead": row.lead,
            "partners": list(row.partners),
            "caretaker": row.caretaker,
            "horizon": row.horizon.value if row.horizon else None,
            "target_date": _day(row.target_date),
            "priority": row.priority,
            "status": row.status.value,
            "status_label": word(row.status),
            "history": history.get(row.id, []),
            "answer": row.answer,
            "result": row.result,
            "evidence": evidence.get(row.id, []),
        }
        for row in rows
    ]


def _evidence(
    conference: Conference,
) -> dict[int, list[ContributionEvidence | TopicEvidence | MinutesEvidence]]:
    """What each recommendation rests on, by its id: voices that never were public and unsigned minutes stay out."""
    found: dict[int, list[ContributionEvidence | TopicEvidence | MinutesEvidence]] = {}
    rows = db.session.execute(
        select(
            Evidence.recommendation_id,
            Evidence.topic_id,
            Contribution.number,
            Topic.number,
            WorkingGroup.number,
            Minutes.round_number,
            Minutes.signed_off,
        )
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .outerjoin(Topic, Topic.id == Evidence.topic_id)
        .outerjoin(Minutes, Minutes.id == Evidence.minutes_id)
        .outerjoin(WorkingGroup, WorkingGroup.id == Minutes.working_group_id)
        .where(Evidence.conference_id == conference.id)
        .order_by(Evidence.recommendation_id, Evidence.position, Evidence.id)
    )
    for recommendation_id, topic_id, voice, topic, group, round_number, signed_off in rows:
        entries = found.setdefault(recommendation_id, [])
        if voice is not None:
            entries.append({"kind": "contribution", "number": voice})
        elif topic_id is not None:
            entries.append({"kind": "topic", "number": topic})
        elif signed_off:
            entries.append({"kind": "minutes", "group": group, "round": round_number})
    return found


def _numbers(model: type[WorkingGroup] | type[Topic], conference: Conference) -> dict[int, int]:
    """Number by id."""
    rows = db.session.execute(select(model.id, model.number).where(model.conference_id == conference.id))
    return dict(rows.all())


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
