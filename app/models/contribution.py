"""Contribution: what residents say, by topic, with the decisions about it and the minutes of the groups."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import RANDOM_ID, Model, enum_by_value, now, random_id
from app.models.conference import Conference
from app.models.programme import WorkingGroup
from app.models.staff import StaffMember
from app.models.translated import RIGHT_TO_LEFT, Translated, TranslatedText


class ContributionKind(enum.Enum):
    IDEA = "idea"
    NEED = "need"
    PROBLEM = "problem"
    PRAISE = "praise"
    QUESTION = "question"
    # Found in the minutes of a group; residents are not asked for them.
    STRENGTH = "strength"
    OPEN_QUESTION = "open_question"


RESIDENT_KINDS = (
    ContributionKind.IDEA,
    ContributionKind.NEED,
    ContributionKind.PROBLEM,
    ContributionKind.PRAISE,
    ContributionKind.QUESTION,
)


class ContributionChannel(enum.Enum):
    WEB = "web"
    CARD = "card"
    PHONE = "phone"
    LETTER = "letter"
    OUTREACH = "outreach"
    SURVEY = "survey"
    TABLE_MINUTES = "table_minutes"


class ContributionStatus(enum.Enum):
    RECEIVED = "received"
    # Somebody has looked at it and has not decided.
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    # Says the same as another one; keeps its own words, number and page.
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    # Given to an office that can act at once, such as a pothole; not a matter of the conference.
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn"


PUBLIC_STATUSES = (ContributionStatus.PUBLISHED, ContributionStatus.DUPLICATE)
UNDECIDED_STATUSES = (ContributionStatus.RECEIVED, ContributionStatus.IN_REVIEW)


class RejectionReason(enum.Enum):
    PERSONAL_DATA = "personal_data"
    INSULT = "insult"
    ACCUSATION = "accusation"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"
    ILLEGIBLE = "illegible"


class TranslatedBy(enum.Enum):
    HUMAN = "human"
    MACHINE = "machine"


class ReportReason(enum.Enum):
    """Why a reader reports a published contribution."""

    PERSONAL_DATA = "personal_data"
    INSULT = "insult"
    UNTRUE = "untrue"
    OTHER = "other"


class Topic(Model):
    """A bundle of contributions about the same thing, found with the group or at the desk."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    # Part of the address and of the documents.
    number: Mapped[int]
    position: Mapped[int]
    title: Mapped[Translated] = mapped_column(TranslatedText)
    summary: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # The group that found it; None: it lies across the groups.
    working_group_id: Mapped[int | None]

    conference: Mapped[Conference] = relationship()
    group: Mapped[WorkingGroup | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_topic_working_group_id", "working_group_id"),
    )


class Contribution(Model):
    """One voice, in its own words.

    Anonymous means detached: the id is random, the time is a day, and no column leads to a registration, a session,
    an address or whoever typed it in.
    """

    __tablename__ = "contribution"

    id: Mapped[int] = mapped_column(RANDOM_ID, primary_key=True, default=random_id, autoincrement=False)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    # Its name in the file it came from.
    key: Mapped[str | None] = mapped_column(String(60))
    # Given in the order of the decisions, so that it does not tell when somebody wrote; None: never public.
    number: Mapped[int | None]
    kind: Mapped[ContributionKind] = mapped_column(enum_by_value(ContributionKind))
    channel: Mapped[ContributionChannel] = mapped_column(enum_by_value(ContributionChannel))
    # Language of `text`, which no translation ever overwrites. Erased when it is withdrawn.
    language: Mapped[str] = mapped_column(String(12), default="de")
    text: Mapped[str | None] = mapped_column(Text)
    german: Mapped[str] = mapped_column(Text, default="")
    german_by: Mapped[TranslatedBy | None] = mapped_column(enum_by_value(TranslatedBy))
    # A machine's translation is marked as such until a person has read it.
    german_reviewed: Mapped[bool] = mapped_column(default=False)
    # Shown with the words; only what the author wrote there for that purpose.
    display_name: Mapped[str] = mapped_column(String(80), default="")
    working_group_id: Mapped[int | None]
    topic_id: Mapped[int | None]

    status: Mapped[ContributionStatus] = mapped_column(
        enum_by_value(ContributionStatus), default=ContributionStatus.RECEIVED
    )
    received_on: Mapped[date]
    decided_on: Mapped[date | None]
    rejection_reason: Mapped[RejectionReason | None] = mapped_column(enum_by_value(RejectionReason))
    # For the author alone, who reads it with the code.
    reply: Mapped[str] = mapped_column(Text, default="")
    forwarded_to: Mapped[str] = mapped_column(String(200), default="")
    duplicate_of_id: Mapped[int | None] = mapped_column(RANDOM_ID)
    # For everybody, beside the words.
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]

    # None: handed in on paper or by phone without a slip, or from a file.
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    submission_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    notice_digest: Mapped[str] = mapped_column(String(64), default="")
    # What one can search for: words and their stems, each between blanks. Empty unless it is public.
    search_words: Mapped[str] = mapped_column(Text, default="", deferred=True)

    conference: Mapped[Conference] = relationship()
    group: Mapped[WorkingGroup | None] = relationship(viewonly=True)
    topic: Mapped[Topic | None] = relationship(viewonly=True)
    duplicate_of: Mapped[Contribution | None] = relationship(
        viewonly=True,
        remote_side="Contribution.id",
        primaryjoin="foreign(Contribution.duplicate_of_id) == remote(Contribution.id)",
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "topic_id"], ["topic.host_id", "topic.conference_id", "topic.id"]
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "duplicate_of_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint(
            "status NOT IN ('published', 'duplicate') OR number IS NOT NULL", name="public_number"
        ),
        CheckConstraint("(status = 'withdrawn') = (text IS NULL)", name="withdrawn_is_erased"),
        CheckConstraint("(status = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_of"),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_of_itself"),
        CheckConstraint("status <> 'rejected' OR rejection_reason IS NOT NULL", name="reason"),
        CheckConstraint("status <> 'forwarded' OR forwarded_to <> ''", name="office"),
        Index("ix_contribution_conference_id_status_number", "conference_id", "status", "number"),
        Index("ix_contribution_conference_id_status_received_on", "conference_id", "status", "received_on"),
        Index("ix_contribution_topic_id", "topic_id"),
        Index("ix_contribution_working_group_id", "working_group_id"),
        Index("ix_contribution_duplicate_of_id", "duplicate_of_id"),
    )

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED_STATUSES

    @property
    def dir(self) -> str:
        """Writing direction of the words: `rtl` or `ltr`."""
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


class ModerationDecision(Model):
    """One decision about a contribution; never changed, so that what happened stays known."""

    __tablename__ = "moderation_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    contribution_id: Mapped[int] = mapped_column(RANDOM_ID)
    status: Mapped[ContributionStatus] = mapped_column(enum_by_value(ContributionStatus))
    reason: Mapped[RejectionReason | None] = mapped_column(enum_by_value(RejectionReason))
    # For staff alone.
    note: Mapped[str] = mapped_column(Text, default="")
    # None: the author (withdrawn by code) or a file.
    staff_member_id: Mapped[int | None]
    decided_on: Mapped[date]

    staff_member: Mapped[StaffMember | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["staff_member_id"], ["staff_member.id"]),
        Index("ix_moderation_decision_contribution_id", "contribution_id"),
    )


class ContributionReport(Model):
    """A reader says that something is wrong with a published contribution."""

    __tablename__ = "contribution_report"

    id: Mapped[int] = mapped_column(RANDOM_ID, primary_key=True, default=random_id, autoincrement=False)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    contribution_id: Mapped[int] = mapped_column(RANDOM_ID)
    reason: Mapped[ReportReason] = mapped_column(enum_by_value(ReportReason))
    text: Mapped[str] = mapped_column(Text, default="")
    submission_digest: Mapped[str] = mapped_column(String(64), unique=True)
    reported_on: Mapped[date]
    handled_at: Mapped[datetime | None]

    contribution: Mapped[Contribution] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            ondelete="CASCADE",
        ),
        Index("ix_contribution_report_conference_id_handled_at", "conference_id", "handled_at"),
        Index("ix_contribution_report_contribution_id", "contribution_id"),
    )


class Minutes(Model):
    """What one group wrote down in one round."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    working_group_id: Mapped[int]
    round_number: Mapped[int]
    # Who sat at the table, counted; None: nobody counted.
    participants: Mapped[int | None]
    # One point a line, in German.
    main_points: Mapped[str] = mapped_column(Text, default="")
    # Public once whoever led the group has agreed to them.
    signed_off: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    group: Mapped[WorkingGroup] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("working_group_id", "round_number"),
        CheckConstraint("participants >= 0", name="participants_not_negative"),
        Index("ix_minutes_conference_id", "conference_id"),
    )

    @property
    def points(self) -> list[str]:
        """The main points, one by one."""
        return [line.strip() for line in self.main_points.splitlines() if line.strip()]
