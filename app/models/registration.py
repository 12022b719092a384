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

from app.database import Model, enum_by_value, now, parent
from app.models.conference import Conference, RoleGroup
from app.models.programme import GroupRound


class RegistrationStatus(enum.Enum):
    # In the queue of the conference; holds no place and is nowhere counted as taking part.
    WAITLISTED = "waitlisted"
    # A place is kept until the offer ends.
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    # An offer nobody answered, or that was declined.
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


class RegistrationChannel(enum.Enum):
    WEB = "web"
    PHONE = "phone"
    PAPER = "paper"
    TABLE = "table"
    WALK_IN = "walk_in"


class ContactChannel(enum.Enum):
    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    NONE = "none"


class SeatState(enum.Enum):
    SEATED = "seated"
    # A seat is kept until the offer ends.
    OFFERED = "offered"
    WAITING = "waiting"
    RELEASED = "released"


class EventKind(enum.Enum):
    """What can happen to a registration and stands in its history."""

    REGISTERED = "registered"
    CHANGED = "changed"
    GROUPS_CHANGED = "groups_changed"
    WAITLISTED = "waitlisted"
    MOVED_UP = "moved_up"
    OFFERED = "offered"
    CALLED = "called"
    WRITTEN = "written"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    # An offer had ended, and the household wants to come after all.
    RETURNED = "returned"
    ALLOCATED = "allocated"
    # Staff let somebody pass the queue, or keep a place after an offer has ended; always with a reason.
    OVERRIDDEN = "overridden"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CODE_RENEWED = "code_renewed"
    CANCELLED = "cancelled"
    # What is known when the doors have closed.
    ATTENDED = "attended"
    NO_SHOW = "no_show"


# Their people take part, or took part.
PLACED_STATUSES = frozenset(
    {RegistrationStatus.CONFIRMED, RegistrationStatus.ATTENDED, RegistrationStatus.NO_SHOW}
)
# Nothing more is wanted of the conference.
ENDED_STATUSES = frozenset({RegistrationStatus.CANCELLED, RegistrationStatus.LAPSED})
# Offered seats are counted like taken ones: nobody else can have them.
HELD_STATES = frozenset({SeatState.SEATED, SeatState.OFFERED})


_EXPIRES = "offer_expires_at IS NOT NULL"


class Registration(Model):
    """One contact with one code for a household: places at the conference for its people, or one in the queue."""

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
    # Place in the queue of the conference, drawn from Conference.last_ticket and never reused.
    ticket: Mapped[int | None]
    offered_at: Mapped[datetime | None]
    # None while an offered household has not been reached by telephone: the clock starts with the call.
    offer_expires_at: Mapped[datetime | None]
    # Where groups are given by wishes: its people want to be in the same group.
    wants_together: Mapped[bool] = mapped_column(default=False)
    # Added to the SEQUENCE of its calendar entries: rises when a group, a room or a time of its own changes.
    calendar_sequence: Mapped[int] = mapped_column(default=0)

    conference: Mapped[Conference] = parent("Registration.conference_id", "Conference.id")
    participants: Mapped[list[Participant]] = relationship(
        back_populates="registration", order_by="Participant.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "ticket"),
        CheckConstraint("(contact_channel = 'none') = (contact = '')", name="contact_matches_channel"),
        CheckConstraint(
            "status NOT IN ('waitlisted', 'offered') OR ticket IS NOT NULL", name="queue_has_ticket"
        ),
        CheckConstraint("(status = 'offered') = (offered_at IS NOT NULL)", name="offer_has_start"),
        Index("ix_registration_conference_id_created_at", "conference_id", "created_at"),
        Index("ix_registration_conference_id_status_ticket", "conference_id", "status", "ticket"),
        # Offers that have ended are looked for each minute.
        Index(
            "ix_registration_offer_expires_at",
            "offer_expires_at",
            sqlite_where=text(_EXPIRES),
            postgresql_where=text(_EXPIRES),
        ),
    )

    @property
    def is_live(self) -> bool:
        """True while its people take part, wait, or hold an offer."""
        return self.status not in ENDED_STATUSES

    @property
    def has_place(self) -> bool:
        """True when its people take part; not in the queue and not while an offer waits for an answer."""
        return self.status in PLACED_STATUSES


class Participant(Model):
    """One person of a registration; a child is told by its age and has no name."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    registration_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=1)
    # For name tags and the list at the door; voluntary.
    name: Mapped[str] = mapped_column(String(120), default="")
    # Years, of a child; None: an adult.
    age: Mapped[int | None]

    registration: Mapped[Registration] = parent(
        "Participant.registration_id", "Registration.id", back_populates="participants"
    )
    seats: Mapped[list[Seat]] = relationship(
        back_populates="participant", order_by="[Seat.round_number, Seat.id]", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("registration_id", "position"),
        CheckConstraint("age >= 0 AND age <= 17", name="age_of_a_child"),
        CheckConstraint("age IS NULL OR name = ''", name="children_have_no_name"),
    )

    @property
    def is_child(self) -> bool:
        return self.age is not None

    @property
    def live_seats(self) -> list[Seat]:
        """Seats, offers and queue places held now, by round."""
        return [seat for seat in self.seats if seat.state is not SeatState.RELEASED]


_SEATED = "state = 'seated'"
_QUEUED = "state IN ('waiting', 'offered')"


class Seat(Model):
    """One participant's place in one round of a working group: seated, offered or waiting.

    Who sits in one group may wait for another of the same round: getting that one gives up the first.
    """

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    group_round_id: Mapped[int]
    round_number: Mapped[int]
    participant_id: Mapped[int]
    state: Mapped[SeatState] = mapped_column(enum_by_value(SeatState))
    # Drawn from GroupRound.last_ticket and never reused: no clock decides the queue. People of one household who wait
    # for the same group stand where the first of them stands.
    ticket: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    offered_at: Mapped[datetime | None]
    # None while a household has not been reached by telephone: the clock starts with the call.
    offer_expires_at: Mapped[datetime | None]

    group_round: Mapped[GroupRound] = parent("Seat.group_round_id", "GroupRound.id")
    participant: Mapped[Participant] = parent("Seat.participant_id", "Participant.id", back_populates="seats")

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
        CheckConstraint("(state = 'offered') = (offered_at IS NOT NULL)", name="offer_has_start"),
        # One seat per round: nobody sits at two tables at the same time.
        Index(
            "uq_seat_participant_id_round_number_seated",
            "participant_id",
            "round_number",
            unique=True,
            sqlite_where=text(_SEATED),
            postgresql_where=text(_SEATED),
        ),
        # And one queue per round.
        Index(
            "uq_seat_participant_id_round_number_queued",
            "participant_id",
            "round_number",
            unique=True,
            sqlite_where=text(_QUEUED),
            postgresql_where=text(_QUEUED),
        ),
        Index("ix_seat_group_round_id_state_ticket", "group_round_id", "state", "ticket"),
        Index("ix_seat_participant_id", "participant_id"),
        Index(
            "ix_seat_offer_expires_at",
            "offer_expires_at",
            sqlite_where=text(_EXPIRES),
            postgresql_where=text(_EXPIRES),
        ),
    )


class RegistrationEvent(Model):
    """One line of a registration's history. Only ever added to."""

    __tablename__ = "registration_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    registration_id: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(enum_by_value(EventKind))
    at: Mapped[datetime] = mapped_column(default=now)
    # The group it is about; the words stay when the group goes.
    subject: Mapped[str] = mapped_column(String(300), default="")
    # Why, in the words of staff.
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))

    registration: Mapped[Registration] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("kind <> 'overridden' OR reason <> ''", name="override_has_reason"),
        Index("ix_registration_event_registration_id_at", "registration_id", "at"),
    )


_DOOR = "group_round_id IS NULL"


class CheckIn(Model):
    """Somebody has arrived: at the conference, or in a room for one round of a group."""

    __tablename__ = "check_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    participant_id: Mapped[int]
    # None: at the door of the conference.
    group_round_id: Mapped[int | None] = mapped_column(ForeignKey("group_round.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))

    participant: Mapped[Participant] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("participant_id", "group_round_id"),
        Index(
            "uq_check_in_participant_id_door",
            "participant_id",
            unique=True,
            sqlite_where=text(_DOOR),
            postgresql_where=text(_DOOR),
        ),
        Index("ix_check_in_conference_id_group_round_id", "conference_id", "group_round_id"),
    )
