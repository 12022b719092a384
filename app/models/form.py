"""The registration form of a conference: its own questions and consents, and what was answered."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.registration import Registration
from app.models.translated import Translated, TranslatedText


class QuestionKind(enum.Enum):
    SINGLE = "single"
    MULTI = "multi"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    RANKING = "ranking"
    SOCIAL_SPACE = "social_space"


class ConsentPurpose(enum.Enum):
    PHOTO_DOCUMENTATION = "photo_documentation"
    PHOTO_PRESS = "photo_press"
    PHOTO_WEBSITE = "photo_website"
    NEWSLETTER = "newsletter"
    # To be told of later conferences.
    CONTACT_LATER = "contact_later"


class ConsentMethod(enum.Enum):
    WEB = "web"
    PAPER = "paper"
    # Said on the telephone or at the desk, noted by staff.
    ORAL = "oral"


class Question(Model):
    """One question of the conference's own."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(enum_by_value(QuestionKind))
    label: Mapped[Translated] = mapped_column(TranslatedText)
    help: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    is_required: Mapped[bool] = mapped_column(default=False)
    # Off: neither shown nor accepted; answers given before stay until they are due.
    is_on: Mapped[bool] = mapped_column(default=True)
    # For kinds with a choice: [{"key": "…", "label": {"de": "…"}}], in order.
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    least: Mapped[int | None]
    most: Mapped[int | None]
    # Shown only when another question, which stands before it, was answered with one of these option keys.
    shown_if_id: Mapped[int | None]
    shown_if_options: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Days after the end of the conference until the answers are erased.
    retention_days: Mapped[int] = mapped_column(default=90)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "shown_if_id"],
            ["question.host_id", "question.conference_id", "question.id"],
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        CheckConstraint("retention_days >= 0", name="retention_not_negative"),
        CheckConstraint("most >= least", name="most_not_below_least"),
        Index("ix_question_conference_id_position", "conference_id", "position"),
    )


class Answer(Model):
    """What one registration answered to one question."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    registration_id: Mapped[int]
    question_id: Mapped[int]
    # Encrypted JSON (app.domain.secrets): option key, list of keys, number or text, by the kind of the question.
    value: Mapped[str] = mapped_column(Text)

    registration: Mapped[Registration] = relationship(overlaps="question")
    question: Mapped[Question] = relationship(overlaps="registration")

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "question_id"],
            ["question.host_id", "question.conference_id", "question.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("registration_id", "question_id"),
        Index("ix_answer_question_id", "question_id"),
    )


_CURRENT = "is_current"


class ConsentText(Model):
    """The words of one consent in one version. A version somebody agreed to is never changed: a new one follows it."""

    __tablename__ = "consent_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_by_value(ConsentPurpose))
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[Translated] = mapped_column(TranslatedText)
    # The one that is asked for now; none of a purpose: it is not asked for.
    is_current: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "purpose", "version"),
        Index(
            "uq_consent_text_conference_id_purpose_current",
            "conference_id",
            "purpose",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
    )


class Consent(Model):
    """One consent given by a registration for its people, with the version of the words that were shown."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    registration_id: Mapped[int]
    consent_text_id: Mapped[int]
    # In which language the words were read.
    language: Mapped[str] = mapped_column(String(12), default="de")
    method: Mapped[ConsentMethod] = mapped_column(enum_by_value(ConsentMethod))
    given_at: Mapped[datetime] = mapped_column(default=now)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(overlaps="consent_text")
    consent_text: Mapped[ConsentText] = relationship(overlaps="registration")

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "consent_text_id"],
            ["consent_text.host_id", "consent_text.conference_id", "consent_text.id"],
        ),
        Index("ix_consent_registration_id", "registration_id"),
        Index("ix_consent_consent_text_id", "consent_text_id"),
    )
