"""People who work with the product: accounts, invitations and their roles."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.host import Host


class StaffRole(enum.Enum):
    # Runs the installation: creates hosts, invites staff everywhere.
    INSTANCE_ADMIN = "instance_admin"
    # Everything of one host, staff and settings included.
    HOST_ADMIN = "host_admin"
    # Conferences and registrations of one host.
    ORGANIZER = "organizer"
    # Enters registrations and stands at the door; passes nobody by, invites nobody, and sees counts of support needs,
    # never whose they are.
    HELPER = "helper"


class StaffMember(Model):
    """An account. Without a password it is an open invitation."""

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    # A new stamp ends all sessions of this person.
    session_stamp: Mapped[str] = mapped_column(String(32))
    invitation_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    invitation_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    signed_in_at: Mapped[datetime | None]

    assignments: Mapped[list[RoleAssignment]] = relationship(
        back_populates="staff_member", cascade="all, delete-orphan", lazy="selectin"
    )


class RoleAssignment(Model):
    """A role of a staff member at one host; the instance admin's has no host."""

    __tablename__ = "role_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    role: Mapped[StaffRole] = mapped_column(enum_by_value(StaffRole))

    staff_member: Mapped[StaffMember] = relationship(back_populates="assignments")
    host: Mapped[Host | None] = relationship()

    __table_args__ = (
        UniqueConstraint("staff_member_id", "host_id", "role"),
        Index("ix_role_assignment_staff_member_id", "staff_member_id"),
    )
