"""Conference: what takes place when and where, for whom, and how many find a place."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.host import Host
from app.models.translated import Translated, TranslatedText
from app.models.venue import Venue

if TYPE_CHECKING:
    from app.models.programme import AgendaItem, WorkingGroup


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


class GroupChoice(enum.Enum):
    """How participants get into working groups."""

    # Whoever comes first takes the seat.
    DIRECT = "direct"
    # Everybody names up to three wishes a round, and seats are given out together.
    WISHES = "wishes"


class RoleGroup(enum.Enum):
    """As what somebody takes part."""

    RESIDENT = "resident"
    INSTITUTION = "institution"
    POLITICS = "politics"
    ADMINISTRATION = "administration"
    PRESS = "press"


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
    # Raised with it, but not by somebody who registers: what a form asks and says holds while this one does.
    form_version: Mapped[int] = mapped_column(default=1)
    # SEQUENCE of the calendar entries (RFC 5545): rises with time, place and cancellation.
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    # When it last rose: who registered before has been told something else.
    calendar_changed_at: Mapped[datetime | None]

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
    # People with a place and people an offer is open for.
    places_taken: Mapped[int] = mapped_column(default=0)
    # Those of them who came unannounced.
    walk_ins_taken: Mapped[int] = mapped_column(default=0)
    # Places kept for audiences that nobody of them has taken yet: the sum of AudienceQuota.open.
    reserved_open: Mapped[int] = mapped_column(default=0)
    # Whether households can wait for a place when the conference is full; how many people do.
    has_queue: Mapped[bool] = mapped_column(default=True)
    waiting: Mapped[int] = mapped_column(default=0)
    # The queue number given last; never reused.
    last_ticket: Mapped[int] = mapped_column(default=0)
    # Whether whoever is next is asked first, and how many hours they have to answer; else they are moved up at once.
    makes_offers: Mapped[bool] = mapped_column(default=False)
    offer_hours: Mapped[int] = mapped_column(default=48)
    group_choice: Mapped[GroupChoice] = mapped_column(enum_by_value(GroupChoice), default=GroupChoice.DIRECT)

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
    quotas: Mapped[list[AudienceQuota]] = relationship(
        back_populates="conference", order_by="AudienceQuota.role_group", cascade="all, delete-orphan"
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
        CheckConstraint(
            "walk_ins_taken >= 0 AND waiting >= 0 AND reserved_open >= 0", name="counts_not_negative"
        ),
        CheckConstraint("offer_hours > 0", name="offer_hours_positive"),
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
    def places_open(self) -> int | None:
        """Places not taken and not kept for people who come unannounced; None without a limit."""
        if self.capacity is None:
            return None
        kept = max(0, self.walk_in_quota - self.walk_ins_taken)
        return max(0, self.capacity - self.places_taken - kept)

    @property
    def places_free(self) -> int | None:
        """Places that can still be given to anybody who registers, kept ones left out; None without a limit."""
        return None if self.places_open is None else max(0, self.places_open - self.reserved_open)

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
        if self.places_open == 0:
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


class AudienceQuota(Model):
    """Places of a conference that are kept for one audience."""

    __tablename__ = "audience_quota"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    role_group: Mapped[RoleGroup] = mapped_column(enum_by_value(RoleGroup))
    places: Mapped[int]
    # How many people of this audience hold a place or an offer, also beyond the kept ones; without walk-ins.
    taken: Mapped[int] = mapped_column(default=0)

    conference: Mapped[Conference] = relationship(back_populates="quotas")

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("conference_id", "role_group"),
        CheckConstraint("places >= 0 AND taken >= 0", name="counts_not_negative"),
    )

    @property
    def open(self) -> int:
        """Kept places nobody of the audience has taken yet."""
        return max(0, self.places - self.taken)
