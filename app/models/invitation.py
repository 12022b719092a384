"""Invitations of institutions, answered by a link without an account."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.conference import Conference
from app.models.registration import Registration


class InvitationState(enum.Enum):
    # Entered, and not sent yet.
    DRAFT = "draft"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class InstitutionInvitation(Model):
    """One institution that is asked to send people."""

    __tablename__ = "institution_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    organisation: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="de")
    # Encrypted (app.domain.secrets); an e-mail address, or empty: the link is handed over in another way.
    email: Mapped[str] = mapped_column(Text, default="")
    # How many people it may send.
    most: Mapped[int] = mapped_column(default=2)
    # Goes into the reply link; a new one makes the earlier link void.
    link_nonce: Mapped[str] = mapped_column(String(32))
    state: Mapped[InvitationState] = mapped_column(
        enum_by_value(InvitationState), default=InvitationState.DRAFT
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime | None]
    # The last time it was reminded, with the same link.
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # What came of it, once it was accepted.
    registration_id: Mapped[int | None]

    conference: Mapped[Conference] = relationship(overlaps="registration")
    registration: Mapped[Registration | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
        ),
        UniqueConstraint("conference_id", "organisation"),
        UniqueConstraint("registration_id"),
        CheckConstraint("most > 0", name="most_positive"),
        Index("ix_institution_invitation_conference_id_state", "conference_id", "state"),
    )
