"""Programme: the points of a conference, its working groups and their rounds."""

from __future__ import annotations

import enum
import secrets
from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now, parent
from app.models.conference import Conference
from app.models.translated import Translated, TranslatedText
from app.models.venue import Room


def new_mark() -> str:
    """A name for calendar entries that nothing else has or will have."""
    return secrets.token_hex(8)


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


class AgendaItem(Model):
    """One point of the programme."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    position: Mapped[int]
    # Names its calendar entry; ids of removed rows can be given again, this never is.
    calendar_mark: Mapped[str] = mapped_column(String(16), default=new_mark)
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
    # Names its calendar entries, as at AgendaItem.
    calendar_mark: Mapped[str] = mapped_column(String(16), default=new_mark)
    title: Mapped[Translated] = mapped_column(TranslatedText)
    description: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # One guiding question a line.
    questions: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    facilitator_role: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    interpreter_languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    room_id: Mapped[int | None]

    conference: Mapped[Conference] = parent(
        "WorkingGroup.conference_id", "Conference.id", back_populates="groups"
    )
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
    # Seats given and seats an offer is open for.
    seats_taken: Mapped[int] = mapped_column(default=0)
    # People in the queue.
    waiting: Mapped[int] = mapped_column(default=0)
    # The queue number given last; never reused.
    last_ticket: Mapped[int] = mapped_column(default=0)

    group: Mapped[WorkingGroup] = parent(
        "GroupRound.working_group_id", "WorkingGroup.id", back_populates="rounds"
    )
    agenda_item: Mapped[AgendaItem | None] = parent(
        "GroupRound.agenda_item_id", "AgendaItem.id", viewonly=True
    )

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
        """True when nobody finds a seat any more. Beside free seats only households wait that are larger than that."""
        return self.seats_free <= 0


class CancelledEntry(Model):
    """A calendar entry that no longer takes place: feeds go on telling so, else it would stay in calendars."""

    __tablename__ = "cancelled_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    # Whose calendar it stands in; None: that of the conference, for everybody.
    registration_id: Mapped[int | None] = mapped_column(index=True)
    uid: Mapped[str] = mapped_column(String(200))
    sequence: Mapped[int]
    title: Mapped[Translated] = mapped_column(TranslatedText)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("conference_id", "uid"),
    )
