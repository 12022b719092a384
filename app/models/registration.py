"""Registration: one contact and one code, its participants and their seats in working groups."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.conference import Conference, GroupRound


class RegistrationStatus(enum.Enum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


class RegistrationChannel(enum.Enum):
    WEB = "web"
    PHONE = "phone"
    PAPER = "paper"
    WALK_IN = "walk_in"


class RoleGroup(enum.Enum):
    """As what somebody takes part."""

    RESIDENT = "resident"
    INSTITUTION = "institution"
    POLITICS = "politics"
    ADMINISTRATION = "administration"
    PRESS = "press"


class ContactChannel(enum.Enum):
    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    NONE = "none"


class SeatState(enum.Enum):
    SEATED = "seated"
    WAITING = "waiting"
    RELEASED = "released"


class Registration(Model):
    """One contact with one code; a place at the conference for each participant while it is not cancelled."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    # The name a file gives it; opens nothing.
    key: Mapped[str | None] = mapped_column(String(60))
    status: Mapped[RegistrationStatus] = mapped_column(
        enum_by_value(RegistrationStatus), default=RegistrationStatus.CONFIRMED
    )
    channel: Mapped[RegistrationChannel] = mapped_column(enum_by_value(RegistrationChannel))
    role_group: Mapped[RoleGroup] = mapped_column(enum_by_value(RoleGroup))
    display_name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(12), default="de")
    contact_channel: Mapped[ContactChannel] = mapped_column(
        enum_by_value(ContactChannel), default=ContactChannel.NONE
    )
    # Encrypted (app.domain.secrets); empty without a contact.
    contact: Mapped[str] = mapped_column(Text, default="")
    # HMACs with a pepper kept outside the database (app.domain.codes).
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    submission_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    # Goes into the link of the mails; a new one makes all earlier links void.
    link_nonce: Mapped[str] = mapped_column(String(32))
    # SHA-256 of the privacy notice that was shown.
    notice_digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    cancelled_at: Mapped[datetime | None]

    conference: Mapped[Conference] = relationship()
    participants: Mapped[list[Participant]] = relationship(
        back_populates="registration", order_by="Participant.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        CheckConstraint("(contact_channel = 'none') = (contact = '')", name="contact_matches_channel"),
        Index("ix_registration_conference_id_created_at", "conference_id", "created_at"),
    )

    @property
    def is_live(self) -> bool:
        return self.status is not RegistrationStatus.CANCELLED


class Participant(Model):
    """One person of a registration."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    registration_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=1)

    registration: Mapped[Registration] = relationship(back_populates="participants")
    seats: Mapped[list[Seat]] = relationship(
        back_populates="participant", order_by="Seat.round_number", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("registration_id", "position"),
    )

    @property
    def live_seats(self) -> list[Seat]:
        """Seats and queue places held now, by round."""
        return [seat for seat in self.seats if seat.state is not SeatState.RELEASED]


_LIVE = "state <> 'released'"


class Seat(Model):
    """One participant's place in one round of a working group, seated or waiting."""

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    group_round_id: Mapped[int]
    round_number: Mapped[int]
    participant_id: Mapped[int]
    state: Mapped[SeatState] = mapped_column(enum_by_value(SeatState))
    # Drawn from GroupRound.last_ticket and never reused: no clock decides the queue.
    ticket: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(default=now)

    group_round: Mapped[GroupRound] = relationship(overlaps="seats")
    participant: Mapped[Participant] = relationship(back_populates="seats", overlaps="group_round")

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("group_round_id", "participant_id"),
        UniqueConstraint("group_round_id", "ticket"),
        # One group per round: nobody holds two live places at the same time.
        Index(
            "uq_seat_participant_id_round_number_live",
            "participant_id",
            "round_number",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index("ix_seat_group_round_id_state_ticket", "group_round_id", "state", "ticket"),
    )
