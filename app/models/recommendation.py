"""Recommendation: what the conference asks for, on which evidence, and what is done about it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import RANDOM_ID, Model, enum_by_value, now
from app.models.conference import Conference
from app.models.contribution import Contribution, Minutes, Topic
from app.models.staff import StaffMember


class RecommendationStatus(enum.Enum):
    COLLECTED = "collected"
    DRAFTED = "drafted"
    IN_CONSULTATION = "in_consultation"
    PRIORITISED = "prioritised"
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    NOTED = "noted"
    REJECTED = "rejected"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    STOPPED = "stopped"
    DEFERRED = "deferred"


class Horizon(enum.Enum):
    """How long it takes: under a year, one to three years, longer."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Recommendation(Model):
    """One recommendation to the town, with its fields in German."""

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    # Part of the address and of the documents; never given twice.
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    field_of_action: Mapped[str] = mapped_column(String(120), default="")
    target_groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    need: Mapped[str] = mapped_column(Text, default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The office that is responsible, its partners, and who cares for it ("Kümmerer"): offices and roles, no names.
    lead: Mapped[str] = mapped_column(String(200), default="")
    partners: Mapped[list[str]] = mapped_column(JSON, default=list)
    caretaker: Mapped[str] = mapped_column(String(200), default="")
    horizon: Mapped[Horizon | None] = mapped_column(enum_by_value(Horizon))
    target_date: Mapped[date | None]
    # 1 comes first.
    priority: Mapped[int | None]
    status: Mapped[RecommendationStatus] = mapped_column(
        enum_by_value(RecommendationStatus), default=RecommendationStatus.COLLECTED
    )
    # Whether residents see it; from the consultation on they always do.
    is_public: Mapped[bool] = mapped_column(default=False)
    # For residents, in plain language.
    answer: Mapped[str] = mapped_column(Text, default="")
    # What has come of it; needed for "done".
    result: Mapped[str] = mapped_column(Text, default="")
    # Of the form that drafted it: sent twice it drafts one.
    submission_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    conference: Mapped[Conference] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="recommendation", order_by="Evidence.position", cascade="all, delete-orphan"
    )
    history: Mapped[list[StatusUpdate]] = relationship(
        back_populates="recommendation", order_by="StatusUpdate.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("priority IS NULL OR priority > 0", name="priority_positive"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("status <> 'done' OR result <> ''", name="done_has_result"),
        Index("ix_recommendation_conference_id_status", "conference_id", "status"),
    )


class Evidence(Model):
    """One thing a recommendation rests on: exactly one of a voice, a topic, the minutes of a group."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    recommendation_id: Mapped[int]
    position: Mapped[int]
    contribution_id: Mapped[int | None] = mapped_column(RANDOM_ID)
    topic_id: Mapped[int | None]
    minutes_id: Mapped[int | None]

    recommendation: Mapped[Recommendation] = relationship(back_populates="evidence")
    contribution: Mapped[Contribution | None] = relationship(viewonly=True)
    topic: Mapped[Topic | None] = relationship(viewonly=True)
    minutes: Mapped[Minutes | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "recommendation_id"],
            ["recommendation.host_id", "recommendation.conference_id", "recommendation.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "topic_id"], ["topic.host_id", "topic.conference_id", "topic.id"]
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "minutes_id"],
            ["minutes.host_id", "minutes.conference_id", "minutes.id"],
        ),
        UniqueConstraint("recommendation_id", "contribution_id"),
        UniqueConstraint("recommendation_id", "topic_id"),
        UniqueConstraint("recommendation_id", "minutes_id"),
        CheckConstraint(
            "(CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN topic_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN minutes_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="exactly_one",
        ),
        Index("ix_evidence_contribution_id", "contribution_id"),
        Index("ix_evidence_topic_id", "topic_id"),
        Index("ix_evidence_minutes_id", "minutes_id"),
    )


class StatusUpdate(Model):
    """One step of a recommendation; only ever added."""

    __tablename__ = "status_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    recommendation_id: Mapped[int]
    status: Mapped[RecommendationStatus] = mapped_column(enum_by_value(RecommendationStatus))
    # The day it happened, which may lie before the day it was noted.
    happened_on: Mapped[date]
    # What happened, and who decided (a committee, an office); both for everybody.
    text: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    # None: from a file.
    staff_member_id: Mapped[int | None]
    noted_at: Mapped[datetime] = mapped_column(default=now)

    recommendation: Mapped[Recommendation] = relationship(back_populates="history")
    staff_member: Mapped[StaffMember | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "recommendation_id"],
            ["recommendation.host_id", "recommendation.conference_id", "recommendation.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["staff_member_id"], ["staff_member.id"]),
        Index("ix_status_update_recommendation_id", "recommendation_id"),
    )
