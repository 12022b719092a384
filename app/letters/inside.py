"""Letters that are not about a registration: to staff, to the host, to institutions."""

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
from app.letters.parts import address, contact, demo_note, footer, what_when_where
from app.models import (
    AccessibilityFeedback,
    ConferenceStatus,
    Host,
    InstitutionInvitation,
    InvitationState,
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


def institution_invitation(
    message: Message, payload: Mapping[str, Any], language: languages.Language
) -> Letter:
    invitation = db.session.get(InstitutionInvitation, payload["invitation"])
    if invitation is None or invitation.state in (InvitationState.ACCEPTED, InvitationState.DECLINED):
        raise OutOfDate(_l("Nicht mehr nötig: Die Einrichtung hat schon geantwortet oder ist ausgetragen."))
    conference = invitation.conference
    if not conference.is_public or conference.status is ConferenceStatus.CANCELLED:
        raise OutOfDate(_l("Nicht mehr nötig: Die Konferenz ist abgesagt oder nicht öffentlich."))
    title = conference.title.passage(language.code).text
    headline = _("Einladung an Ihre Einrichtung")
    blocks: list[Block] = [
        Paragraph(
            _(
                "%(host)s lädt %(organisation)s zu dieser Konferenz ein.",
                host=conference.host.name,
                organisation=invitation.organisation,
            )
        ),
    ]
    if conference.teaser:
        blocks.append(Paragraph(conference.teaser.passage(language.code)))
    blocks += [
        what_when_where(conference, language),
        Paragraph(_("Sie können bis zu %(number)s Personen anmelden.", number=invitation.most)),
        Link(
            _("Zusagen oder absagen"),
            address(language, conference.host.key, conference.key, "einladung", payload["token"]),
        ),
        Paragraph(_("Der Link gehört zu Ihrer Einrichtung. Bitte veröffentlichen Sie ihn nicht.")),
        *contact(conference, language),
    ]
    subject, blocks = demo_note(conference, f"{headline}: {title}", blocks)
    return Letter(
        language=language,
        host=conference.host,
        headline=headline,
        subject=subject,
        blocks=blocks,
        footer=footer(conference.host, language),
        reply_to=conference.contact_email or conference.host.email,
    )
