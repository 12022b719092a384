"""Outbox: a message is a row written with the change it tells of, and delivered afterwards."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, enum_by_value, now


class MessageKind(enum.Enum):
    REGISTRATION_CONFIRMED = "registration_confirmed"
    GROUPS_CHANGED = "groups_changed"
    MOVED_UP = "moved_up"
    REGISTRATION_CANCELLED = "registration_cancelled"
    STAFF_INVITATION = "staff_invitation"
    ACCESSIBILITY_FEEDBACK = "accessibility_feedback"


class MessageState(enum.Enum):
    QUEUED = "queued"
    # Handed to the mail server at this moment.
    SENDING = "sending"
    SENT = "sent"
    # Refused for good; staff can send it again.
    FAILED = "failed"
    # The process ended between handing over and noting it: it may have been sent.
    UNKNOWN = "unknown"


class Message(Model):
    """One mail to one recipient. The text is made when it is sent; secrets never stand here."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int | None]
    conference_id: Mapped[int | None]
    registration_id: Mapped[int | None]
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
        Index("ix_message_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_message_conference_id_created_at", "conference_id", "created_at"),
        Index("ix_message_registration_id", "registration_id"),
    )
