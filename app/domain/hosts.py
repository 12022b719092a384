"""Hosts: the municipalities of an installation, their settings and their files."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import files, notices, secrets, versions
from app.domain.errors import ColourUnfit, HostKeyTaken, HostKeyUnfit, LowContrast, NotFound
from app.models import AccessibilityFeedback, Host, HostKind, Translated

# First parts of an address that belong to the product, and language prefixes.
RESERVED = frozenset(
    {
        *(
            "static",
            "verwaltung",
            "api",
            "anmelden",
            "abmelden",
            "impressum",
            "datenschutz",
            "barrierefreiheit",
            "einladung",
            "passwort",
        ),
        *("hilfe", "suche", "code", "gesund", "robots", "favicon"),
        *("de", "ls", "en", "tr", "ar", "uk", "ru", "pl", "ro", "bg", "fa", "it", "el", "ku", "sq", "sr"),
    }
)
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# WCAG 2.2, 1.4.3
MIN_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

# Fields of a host's settings page that are plain columns.
SETTINGS = (
    "name",
    "street",
    "postal_code",
    "city",
    "represented_by",
    "responsible_role",
    "phone",
    "phone_hours",
    "email",
    "vat_id",
    "supervisory_authority",
    "dpo_contact",
    "accessibility_contact",
    "accessibility_gaps",
    "accessibility_reviewed_on",
    "welcome",
    "accent_colour",
)
# Without these imprint, privacy notice and accessibility statement have gaps.
NEEDED = (
    "street",
    "postal_code",
    "city",
    "represented_by",
    "responsible_role",
    "phone",
    "email",
    "supervisory_authority",
    "dpo_contact",
    "accessibility_contact",
    "accessibility_reviewed_on",
)


def create(key: str, name: str, kind: HostKind = HostKind.MUNICIPALITY, *, is_demo: bool = False) -> Host:
    """Create a host. Raises HostKeyUnfit for an address that is malformed or reserved, HostKeyTaken for a used one."""
    if not _KEY.fullmatch(key) or key in RESERVED or len(key) > 60:
        raise HostKeyUnfit(key=key)
    with transaction():
        if db.session.scalar(select(Host.id).where(Host.key == key)):
            raise HostKeyTaken(key=key)
        host = Host(key=key, name=name, kind=kind, is_demo=is_demo, welcome=Translated())
        db.session.add(host)
        db.session.flush()
    return host


def set_up(
    host: Host, *, logo: tuple[str, bytes] | None = None, without_logo: bool = False, **settings: Any
) -> None:
    """Save settings (names: SETTINGS) and a logo given as (name, content), or take it away: all or nothing.

    Raises ColourUnfit, LowContrast for a colour on which white is not legible, NotAPicture.
    """
    unknown = set(settings) - set(SETTINGS)
    if unknown:
        raise ValueError(f"no settings of a host: {sorted(unknown)}")
    colour = settings.get("accent_colour")
    if colour is not None:
        if not _COLOUR.fullmatch(colour):
            raise ColourUnfit
        if contrast(colour, "#ffffff") < MIN_CONTRAST:
            raise LowContrast
    # Outside the transaction: a big picture takes a while.
    picture = files.as_picture(logo[1]) if logo else b""
    with transaction():
        versions.raise_host(host.id)
        for name, value in settings.items():
            setattr(host, name, value)
        if without_logo:
            host.logo_id = None
        if logo:
            host.logo_id = files.keep(host, logo[0], "image/png", picture).id


def set_logo(host: Host, name: str, content: bytes) -> None:
    """Show this picture as the host's logo, freshly encoded and without metadata. Raises NotAPicture."""
    set_up(host, logo=(name, content))


def missing_settings(host: Host) -> list[str]:
    """Names of the settings without which the legal pages have gaps."""
    return [name for name in NEEDED if not getattr(host, name)]


def tell_barrier(host: Host, *, text: str, page: str, contact: str, submission: str) -> None:
    """Keep what somebody says about a barrier and tell the host; the same form sent twice is one message."""
    mark = secrets.digest("barrier", f"{host.id}:{submission}")
    with transaction():
        versions.raise_host(host.id)
        if db.session.scalar(
            select(AccessibilityFeedback.id).where(AccessibilityFeedback.submission_digest == mark)
        ):
            return
        feedback = AccessibilityFeedback(
            host_id=host.id, text=text, page=page, contact=secrets.encrypt(contact), submission_digest=mark
        )
        db.session.add(feedback)
        db.session.flush()
        notices.accessibility_feedback(feedback)


def barriers(host: Host) -> list[AccessibilityFeedback]:
    """What people told about barriers: unanswered first, the longest waiting on top."""
    return list(
        db.session.scalars(
            select(AccessibilityFeedback)
            .where(AccessibilityFeedback.host_id == host.id)
            .order_by(
                AccessibilityFeedback.answered_at.is_not(None),
                AccessibilityFeedback.created_at,
                AccessibilityFeedback.id,
            )
        )
    )


def mark_answered(host: Host, feedback_id: int) -> None:
    """Note that somebody got an answer; the first time counts. Raises NotFound."""
    with transaction():
        feedback = db.session.scalar(
            select(AccessibilityFeedback).where(
                AccessibilityFeedback.host_id == host.id, AccessibilityFeedback.id == feedback_id
            )
        )
        if feedback is None:
            raise NotFound
        if feedback.answered_at is None:
            feedback.answered_at = now()


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours "#rrggbb" from 1 to 21 (WCAG 2.2, definition of relative luminance)."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
