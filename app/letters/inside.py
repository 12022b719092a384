"""Letters that are not about a registration: to staff, to the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import db
from app.domain import staff
from app.domain.errors import InvitationExpired
from app.letters.blocks import Block, Letter, Link, Paragraph
from app.letters.occasion import OutOfDate
from app.letters.parts import address, footer
from app.models import (
    AccessibilityFeedback,
    Host,
    Message,
)
from app.web import languages


def staff_invitation(message: Message, payload: Mapping[str, Any], language: languages.Language) -> Letter:
    try:
        staff.invited(payload["token"])
    except InvitationExpired as expired:
        raise OutOfDate(
            _l("Nicht mehr nötig: Die Einladung ist angenommen, ersetzt oder abgelaufen.")
        ) from expired
    host = db.session.get(Host, message.host_id) if message.host_id else None
    who = host.name if host else _("Die Sozialraumkonferenz")
    return Letter(
        language=language,
        host=host,
        headline=_("Ihr Zugang zur Verwaltung"),
        subject=_("Ihr Zugang zur Verwaltung: %(name)s", name=who),
        blocks=[
            Paragraph(_("%(name)s lädt Sie ein, in der Verwaltung mitzuarbeiten.", name=who)),
            Paragraph(
                _("Öffnen Sie den Link und wählen Sie ein Passwort. Der Link gilt 14 Tage und nur einmal.")
            ),
            Link(_("Passwort wählen"), address(None, "verwaltung", "einladung", payload["token"])),
            Paragraph(_("Sie haben keine Einladung erwartet? Dann löschen Sie diese E-Mail einfach.")),
        ],
        footer=footer(host, language),
        reply_to=host.email if host else "",
    )


def accessibility_feedback(
    message: Message, payload: Mapping[str, Any], language: languages.Language
) -> Letter:
    feedback = db.session.get(AccessibilityFeedback, payload["feedback"])
    if feedback is None:
        raise OutOfDate(_l("Nicht mehr nötig: Die Rückmeldung gibt es nicht mehr."))
    host = db.session.get_one(Host, message.host_id)
    blocks: list[Block] = [
        Paragraph(_("jemand hat auf Ihren Seiten eine Barriere gemeldet.")),
        # The words may tell about a person's health: they stay inside.
        Paragraph(_("Was gemeldet wurde, lesen Sie nach der Anmeldung in der Verwaltung.")),
        Link(_("Zur Verwaltung"), address(None, "verwaltung", "")),
    ]
    return Letter(
        language=language,
        host=host,
        headline=_("Eine Barriere wurde gemeldet"),
        subject=_("Eine Barriere wurde gemeldet: %(name)s", name=host.name),
        blocks=blocks,
        footer=footer(host, language),
    )
