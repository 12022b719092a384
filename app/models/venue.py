"""Venue: a house where conferences take place, with its rooms."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.models.translated import Translated, TranslatedText


class Venue(Model):
    """A house where conferences take place."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    directions: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # None: not known, and the page says nothing about it.
    step_free: Mapped[bool | None]
    accessible_wc: Mapped[bool | None]
    induction_loop: Mapped[bool | None]
    seats: Mapped[int | None]

    rooms: Mapped[list[Room]] = relationship(
        back_populates="venue", order_by="Room.name", cascade="all, delete-orphan"
    )

    __table_args__ = (
        ForeignKeyConstraint(["host_id"], ["host.id"]),
        UniqueConstraint("host_id", "id"),
        UniqueConstraint("host_id", "name"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
    )


class Room(Model):
    """A room, or a table in it, where a group meets."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    venue_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))

    venue: Mapped[Venue] = relationship(back_populates="rooms")

    __table_args__ = (
        ForeignKeyConstraint(["host_id", "venue_id"], ["venue.host_id", "venue.id"], ondelete="CASCADE"),
        UniqueConstraint("host_id", "id"),
        UniqueConstraint("venue_id", "name"),
    )
