"""Messages: a row written with the change it tells of, and delivered afterwards; how they are worded."""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, enum_by_value, now
from app.models.translated import Translated, TranslatedText


class MessageKind(enum.Enum):
    REGISTRATION_CONFIRMED = "registration_confirmed"
    GROUPS_CHANGED = "groups_changed"
    MOVED_UP = "moved_up"
    REGISTRATION_CANCELLED = "registration_cancelled"
    STAFF_INVITATION = "staff_invitation"
    ACCESSIBILITY_FEEDBACK = "accessibility_feedback"
    WAITLISTED = "waitlisted"
    OFFER = "offer"
    OFFER_LAPSED = "offer_lapsed"
    GROUPS_ASSIGNED = "groups_assigned"
    NEED_ANSWERED = "need_answered"
    REMINDER = "reminder"
    SCHEDULE_CHANGED = "schedule_changed"
    CONFERENCE_POSTPONED = "conference_postponed"
    CONFERENCE_CANCELLED = "conference_cancelled"
    THANKS = "thanks"
    RESULTS_OUT = "results_out"
    INSTITUTION_INVITATION = "institution_invitation"


class MessageWay(enum.Enum):
    EMAIL = "email"
    # Printed by staff; sent once it was printed.
    LETTER = "letter"
    # Told by telephone; sent once staff noted the call.
    CALL = "call"


class MailingState(enum.Enum):
    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"


class MessageState(enum.Enum):
    QUEUED = "queued"
    # Handed to the mail server at this moment.
    SENDING = "sending"
    SENT = "sent"
    # Refused for good; staff can send it again.
    FAILED = "failed"
    # The process ended between handing over and noting it: it may have been sent.
    UNKNOWN = "unknown"
    # Not sent because what it says was no longer so; the reason stands with it.
    NEEDLESS = "needless"


class MessageText(Model):
    """How a conference words one kind of message in one language; without one the usual words are used."""

    __tablename__ = "message_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(enum_by_value(MessageKind))
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    # With placeholders (app.domain.placeholders).
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("conference_id", "kind", "language"),
    )


class Mailing(Model):
    """One message to many: a draft until somebody releases it, then a message to each recipient."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(enum_by_value(MessageKind))
    state: Mapped[MailingState] = mapped_column(enum_by_value(MailingState), default=MailingState.DRAFT)
    # Which registrations get it: names of conditions (app.domain.mailings) and their values.
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What staff add for this one time, by language.
    note: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="release_has_time"),
        Index("ix_mailing_conference_id_created_at", "conference_id", "created_at"),
    )


class Message(Model):
    """One mail, letter or call to one recipient. The text is made when it is sent; secrets never stand here."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int | None]
    conference_id: Mapped[int | None]
    registration_id: Mapped[int | None]
    mailing_id: Mapped[int | None]
    way: Mapped[MessageWay] = mapped_column(enum_by_value(MessageWay), default=MessageWay.EMAIL)
    kind: Mapped[MessageKind] = mapped_column(enum_by_value(MessageKind))
    language: Mapped[str] = mapped_column(String(12), default="de")
    # Encrypted address and encrypted JSON; both emptied once sent.
    recipient: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text, default="")
    # The same event for the same recipient is told once.
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[MessageState] = mapped_column(enum_by_value(MessageState), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=now)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["host_id"], ["host.id"]),
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "mailing_id"],
            ["mailing.host_id", "mailing.conference_id", "mailing.id"],
        ),
        Index("ix_message_mailing_id", "mailing_id"),
        Index("ix_message_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_message_conference_id_created_at", "conference_id", "created_at"),
        Index("ix_message_registration_id", "registration_id"),
    )
