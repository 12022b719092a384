"""Conference: what takes place when and where, with its programme and working groups."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.host import Host
from app.models.translated import Translated, TranslatedText
from app.models.venue import Room, Venue


class ConferenceKind(enum.Enum):
    SOCIAL_SPACE_CONFERENCE = "social_space_conference"
    CITY_CONFERENCE = "city_conference"
    DISTRICT_CONFERENCE = "district_conference"
    EXPERT_DIALOGUE = "expert_dialogue"
    NETWORK_MEETING = "network_meeting"


class ConferenceStatus(enum.Enum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    REGISTRATION_OPEN = "registration_open"
    REGISTRATION_CLOSED = "registration_closed"
    RUNNING = "running"
    IN_DOCUMENTATION = "in_documentation"
    IN_CORRECTION = "in_correction"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class SignupState(enum.Enum):
    """Whether one can register at a given moment, and if not, why."""

    HIDDEN = "hidden"
    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    CLOSED_BY_DATE = "closed_by_date"
    CLOSED_BY_HAND = "closed_by_hand"
    PAST = "past"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class ContributionPhase(enum.Enum):
    """Whether one can hand in a contribution at a given moment, and if not, why."""

    HIDDEN = "hidden"
    OFF = "off"
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class AgendaKind(enum.Enum):
    ARRIVAL = "arrival"
    WELCOME = "welcome"
    INPUT = "input"
    REVIEW = "review"
    PLENARY = "plenary"
    GROUP_ROUND = "group_round"
    BREAK = "break"
    DOT_VOTE = "dot_vote"
    GALLERY_WALK = "gallery_walk"
    FISHBOWL = "fishbowl"
    PODIUM = "podium"
    MARKET = "market"
    CLOSING = "closing"
    OTHER = "other"


class Conference(Model):
    """One conference of a host, from draft to archive."""

    __tablename__ = "conference"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    # Part of the address and the identity in files: lower-case ASCII, unique per host.
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ConferenceKind] = mapped_column(enum_by_value(ConferenceKind))
    # What the town calls it ("Stadtteilkonferenz"); empty: the usual label of `kind`.
    kind_label: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    status: Mapped[ConferenceStatus] = mapped_column(
        enum_by_value(ConferenceStatus), default=ConferenceStatus.DRAFT
    )
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Raised first in every write to the conference: lock and cache key in one (app.domain.versions).
    version: Mapped[int] = mapped_column(default=1)
    # SEQUENCE of the calendar entries (RFC 5545): rises with time, place and cancellation.
    calendar_sequence: Mapped[int] = mapped_column(default=0)

    title: Mapped[Translated] = mapped_column(TranslatedText)
    motto: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    teaser: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    about: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    costs: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    children: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    language_help: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    afterwards: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # Languages the conference speaks to residents in, German first.
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["de"])

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    venue_id: Mapped[int | None]

    # Places in all; None: as many as come. `walk_in_quota` of them are kept for people who come unannounced.
    capacity: Mapped[int | None]
    walk_in_quota: Mapped[int] = mapped_column(default=0)
    places_taken: Mapped[int] = mapped_column(default=0)

    contact_role: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_hours: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)

    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    # When residents can hand in contributions by themselves; without an opening they cannot.
    contributions_open_at: Mapped[datetime | None]
    contributions_close_at: Mapped[datetime | None]
    # The numbers given last; never reused, also when what had them is gone.
    last_contribution_number: Mapped[int] = mapped_column(default=0)
    last_recommendation_number: Mapped[int] = mapped_column(default=0)

    host: Mapped[Host] = relationship()
    # Optional parents are read-only: clearing one would clear `host_id` with it. Set `venue_id` instead.
    venue: Mapped[Venue | None] = relationship(viewonly=True)
    agenda: Mapped[list[AgendaItem]] = relationship(
        back_populates="conference", order_by="AgendaItem.position", cascade="all, delete-orphan"
    )
    groups: Mapped[list[WorkingGroup]] = relationship(
        back_populates="conference", order_by="WorkingGroup.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(["host_id"], ["host.id"]),
        ForeignKeyConstraint(["host_id", "venue_id"], ["venue.host_id", "venue.id"]),
        UniqueConstraint("host_id", "id"),
        UniqueConstraint("host_id", "key"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("places_taken >= 0", name="places_not_negative"),
        CheckConstraint("capacity IS NULL OR places_taken <= capacity", name="never_overbooked"),
        CheckConstraint(
            "walk_in_quota >= 0 AND (capacity IS NULL OR walk_in_quota <= capacity)", name="walk_in_quota"
        ),
        CheckConstraint(
            "contributions_close_at IS NULL OR contributions_close_at > contributions_open_at",
            name="contributions_close_after_opening",
        ),
        Index("ix_conference_host_id_starts_at", "host_id", "starts_at"),
    )

    @property
    def is_public(self) -> bool:
        """True when residents may see it."""
        return self.status not in (ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED)

    @property
    def shows_demo(self) -> bool:
        """True when every page about it must say that it is invented."""
        return self.is_demo or self.host.is_demo

    @property
    def shows_results(self) -> bool:
        """True once there can be results to read: a recommendation was begun, or the conference is being documented."""
        return bool(self.last_recommendation_number) or self.status in (
            ConferenceStatus.IN_DOCUMENTATION,
            ConferenceStatus.IN_CORRECTION,
            ConferenceStatus.PUBLISHED,
        )

    @property
    def places_free(self) -> int | None:
        """Places that can still be given to people who register; None without a limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.walk_in_quota - self.places_taken)

    def signup_state(self, at: datetime, *, as_if: ConferenceStatus | None = None) -> SignupState:
        """Whether one can register at the instant `at`; the reason where one cannot.

        `as_if` asks the same for another status than the present one.
        """
        status = as_if or self.status
        by_status = {
            ConferenceStatus.DRAFT: SignupState.HIDDEN,
            ConferenceStatus.ARCHIVED: SignupState.HIDDEN,
            ConferenceStatus.CANCELLED: SignupState.CANCELLED,
            ConferenceStatus.POSTPONED: SignupState.POSTPONED,
        }
        if status in by_status:
            return by_status[status]
        if at >= self.ends_at or status in (
            ConferenceStatus.IN_DOCUMENTATION,
            ConferenceStatus.IN_CORRECTION,
            ConferenceStatus.PUBLISHED,
        ):
            return SignupState.PAST
        if status in (ConferenceStatus.REGISTRATION_CLOSED, ConferenceStatus.RUNNING):
            return SignupState.CLOSED_BY_HAND
        if status is ConferenceStatus.ANNOUNCED:
            return SignupState.NOT_YET
        if self.registration_opens_at and at < self.registration_opens_at:
            return SignupState.NOT_YET
        if at >= (self.registration_closes_at or self.starts_at) or at >= self.starts_at:
            return SignupState.CLOSED_BY_DATE
        if self.places_free == 0:
            return SignupState.FULL
        return SignupState.OPEN

    def contribution_phase(self, at: datetime) -> ContributionPhase:
        """Whether one can hand in a contribution at the instant `at`; the reason where one cannot."""
        if self.status in (ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED):
            return ContributionPhase.HIDDEN
        if self.contributions_open_at is None:
            return ContributionPhase.OFF
        if self.status is ConferenceStatus.CANCELLED:
            return ContributionPhase.CLOSED
        if at < self.contributions_open_at:
            return ContributionPhase.NOT_YET
        if self.contributions_close_at and at >= self.contributions_close_at:
            return ContributionPhase.CLOSED
        return ContributionPhase.OPEN


class AgendaItem(Model):
    """One point of the programme."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[AgendaKind] = mapped_column(enum_by_value(AgendaKind))
    title: Mapped[Translated] = mapped_column(TranslatedText)
    speaker_role: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Set where working groups meet: all group rounds of this number take place now.
    round_number: Mapped[int | None]
    room_id: Mapped[int | None]

    conference: Mapped[Conference] = relationship(back_populates="agenda")
    room: Mapped[Room | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["host_id", "room_id"], ["room.host_id", "room.id"]),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "round_number"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(kind = 'group_round') = (round_number IS NOT NULL)", name="round_of_groups"),
    )

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at


class WorkingGroup(Model):
    """A working group or theme table one can sign up for."""

    __tablename__ = "working_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    # Part of the address and spoken ("AG 3"); follows the order while the conference is a draft, then stays.
    number: Mapped[int]
    position: Mapped[int]
    title: Mapped[Translated] = mapped_column(TranslatedText)
    description: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # One guiding question a line.
    questions: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    facilitator_role: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    interpreter_languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    room_id: Mapped[int | None]

    conference: Mapped[Conference] = relationship(back_populates="groups")
    room: Mapped[Room | None] = relationship(viewonly=True)
    rounds: Mapped[list[GroupRound]] = relationship(
        back_populates="group", order_by="GroupRound.number", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["host_id", "room_id"], ["room.host_id", "room.id"]),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )


class GroupRound(Model):
    """One meeting of a working group: its seats, its queue and the counters both are drawn from.

    A group without rounds has one, number 1, without an agenda item.
    """

    __tablename__ = "group_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    working_group_id: Mapped[int]
    agenda_item_id: Mapped[int | None]
    number: Mapped[int]
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    # The queue number given last; never reused.
    last_ticket: Mapped[int] = mapped_column(default=0)

    group: Mapped[WorkingGroup] = relationship(back_populates="rounds")
    agenda_item: Mapped[AgendaItem | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "agenda_item_id"],
            ["agenda_item.host_id", "agenda_item.conference_id", "agenda_item.id"],
        ),
        UniqueConstraint("host_id", "conference_id", "id", "number"),
        UniqueConstraint("working_group_id", "number"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name="never_overbooked"),
        CheckConstraint("waiting >= 0", name="waiting_not_negative"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_group_round_conference_id", "conference_id"),
    )

    @property
    def seats_free(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def is_full(self) -> bool:
        """True when the next person gets a place in the queue."""
        return self.seats_free <= 0 or self.waiting > 0
