"""Wishes for groups, and the proposal that gives out seats by them."""

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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.programme import GroupRound
from app.models.registration import Participant


class AllocationState(enum.Enum):
    # Waits for the worker.
    QUEUED = "queued"
    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"
    FAILED = "failed"


class Wish(Model):
    """One group somebody would like to be in for one round; rank 1 is the dearest.

    Also kept for households in the queue of the conference: what they chose is tried when they get a place.
    """

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    participant_id: Mapped[int]
    group_round_id: Mapped[int]
    round_number: Mapped[int]
    rank: Mapped[int]

    participant: Mapped[Participant] = relationship(overlaps="group_round")
    group_round: Mapped[GroupRound] = relationship(overlaps="participant")

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("participant_id", "round_number", "rank"),
        UniqueConstraint("participant_id", "group_round_id"),
        CheckConstraint("rank >= 1 AND rank <= 3", name="rank_of_three"),
        Index("ix_wish_conference_id", "conference_id"),
        Index("ix_wish_group_round_id", "group_round_id"),
    )


class Allocation(Model):
    """One proposal of who sits where, solved from all wishes; the seats are given when it is released."""

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[AllocationState] = mapped_column(
        enum_by_value(AllocationState), default=AllocationState.QUEUED
    )
    # Decides among solutions that are equally good; with the input it makes the result reproducible.
    seed: Mapped[int]
    # SHA-256 of what was solved: people, wishes, seats.
    input_sha256: Mapped[str] = mapped_column(String(64), default="")
    # The protocol: solver and version, goals in their order with value, bound and gap, counts.
    protocol: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))

    places: Mapped[list[AllocationPlace]] = relationship(
        back_populates="allocation", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("host_id", "conference_id", "id"),
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="release_has_time"),
    )


class AllocationPlace(Model):
    """Where one participant sits in one round of a proposal; without a group where there was no seat."""

    __tablename__ = "allocation_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    allocation_id: Mapped[int]
    participant_id: Mapped[int]
    round_number: Mapped[int]
    group_round_id: Mapped[int | None]
    # Which wish it is; None: none of them.
    rank: Mapped[int | None]
    # What was wished when it was solved, ids of group rounds, dearest first, and whether to be with the household.
    wishes: Mapped[list[int]] = mapped_column(JSON, default=list)
    wants_together: Mapped[bool] = mapped_column(default=False)
    # Placed by a person, not by the solver; the reason stands with it.
    is_adjusted: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500), default="")

    allocation: Mapped[Allocation] = relationship(back_populates="places")
    participant: Mapped[Participant] = relationship(viewonly=True)
    group_round: Mapped[GroupRound | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "allocation_id"],
            ["allocation.host_id", "allocation.conference_id", "allocation.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("allocation_id", "participant_id", "round_number"),
        Index("ix_allocation_place_group_round_id", "group_round_id"),
        Index("ix_allocation_place_participant_id", "participant_id"),
    )
