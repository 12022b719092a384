"""Host: the municipality, district or state body a page, a conference and all data belong to."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value, now
from app.models.translated import Translated, TranslatedText


class HostKind(enum.Enum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    STATE_BODY = "state_body"


class Host(Model):
    """One tenant. Its settings fill imprint, privacy notice and accessibility statement."""

    __tablename__ = "host"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Part of the address: lower-case ASCII, never one of the reserved words (app.domain.hosts.RESERVED).
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[HostKind] = mapped_column(enum_by_value(HostKind), default=HostKind.MUNICIPALITY)
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Raised with every change that shows on a public page.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)

    # Imprint (§5 DDG) and contact on every page.
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    represented_by: Mapped[str] = mapped_column(String(300), default="")
    responsible_role: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    phone_hours: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    email: Mapped[str] = mapped_column(String(254), default="")
    vat_id: Mapped[str] = mapped_column(String(30), default="")
    supervisory_authority: Mapped[str] = mapped_column(String(300), default="")
    # Privacy notice (Art. 13 GDPR).
    dpo_contact: Mapped[str] = mapped_column(Text, default="")
    # Accessibility statement (§10d BGG NRW).
    accessibility_contact: Mapped[str] = mapped_column(Text, default="")
    accessibility_gaps: Mapped[str] = mapped_column(Text, default="")
    accessibility_reviewed_on: Mapped[date | None]
    # Words of greeting on the host's start page.
    welcome: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)
    # Colour of banner and buttons, "#rrggbb"; contrast is checked when it is saved.
    accent_colour: Mapped[str] = mapped_column(String(7), default="#00615a")
    logo_id: Mapped[int | None]

    logo: Mapped[StoredFile | None] = relationship(
        foreign_keys="[Host.id, Host.logo_id]",
        primaryjoin="and_(Host.id == StoredFile.host_id, foreign(Host.logo_id) == StoredFile.id)",
        viewonly=True,
    )

    __table_args__ = (CheckConstraint("length(accent_colour) = 7", name="accent_colour"),)


class StoredFile(Model):
    """A file of a host, found by its content: the same bytes are kept once per host."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        ForeignKeyConstraint(["host_id"], ["host.id"]),
        UniqueConstraint("host_id", "id"),
        UniqueConstraint("host_id", "sha256"),
    )


class AccessibilityFeedback(Model):
    """A barrier somebody met, told through the form of the accessibility statement."""

    __tablename__ = "accessibility_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(index=True)
    page: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text)
    # Encrypted (app.domain.secrets): who wants an answer leaves an address or a number.
    contact: Mapped[str] = mapped_column(Text, default="")
    # The same form sent twice is one message.
    submission_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    __table_args__ = (ForeignKeyConstraint(["host_id"], ["host.id"]),)
