"""Letters to institutions: the invitation and its reminder, in the usual words or in those of the conference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import db
from app.domain import message_texts, placeholders
from app.letters import worded
from app.letters.blocks import Block, Letter, Link, Paragraph
from app.letters.occasion import OutOfDate
from app.letters.parts import address, contact, demo_note, footer, what_when_where
from app.models import (
    Conference,
    ConferenceStatus,
    InstitutionInvitation,
    InvitationState,
    Message,
    MessageKind,
)
from app.web import filters, languages

KIND = MessageKind.INSTITUTION_INVITATION


def invitation(message: Message, payload: Mapping[str, Any], language: languages.Language) -> Letter:
    """The invitation, or its reminder. Raises OutOfDate."""
    found = db.session.get(InstitutionInvitation, payload["invitation"])
    if found is None or found.state in (InvitationState.ACCEPTED, InvitationState.DECLINED):
        raise OutOfDate(_l("Nicht mehr nötig: Die Einrichtung hat schon geantwortet oder ist ausgetragen."))
    conference = found.conference
    if not conference.is_public or conference.status is ConferenceStatus.CANCELLED:
        raise OutOfDate(_l("Nicht mehr nötig: Die Konferenz ist abgesagt oder nicht öffentlich."))
    own = message_texts.find(conference.id, KIND, language.code)
    return _letter(
        conference,
        language,
        organisation=found.organisation,
        most=found.most,
        token=payload["token"],
        text=(own.subject, own.body) if own else None,
        invited_at=found.invited_at if payload.get("reminder") else None,
    )


def sample(
    conference: Conference, language: languages.Language, text: tuple[str, str] | None = None
) -> Letter:
    """What an institution would read, for a look: with an invented name and without a link that opens anything.

    `text` (subject and body) stands in for what is saved.
    """
    own = message_texts.find(conference.id, KIND, language.code)
    with force_locale(language.locale):
        return _letter(
            conference,
            language,
            organisation=_("Verein Beispiel"),
            most=2,
            token="",
            text=text or ((own.subject, own.body) if own else None),
        )


def _letter(
    conference: Conference,
    language: languages.Language,
    *,
    organisation: str,
    most: int,
    token: str,
    text: tuple[str, str] | None,
    invited_at: datetime | None = None,
) -> Letter:
    place = [conference.host.key, conference.key]
    # An example leads to the conference, which everybody may see.
    link = Link(
        _("Zusagen oder absagen"), address(language, *place, *(["einladung", token] if token else []))
    )
    if text is None:
        headline = _("Einladung an Ihre Einrichtung")
        subject = f"{headline}: {conference.title.passage(language.code).text}"
        blocks = _usual(conference, language, organisation, most, link)
    else:
        headline, blocks = _own(conference, language, organisation, most, link, *text)
        subject = headline
    if invited_at is not None:
        subject = _("Erinnerung: %(subject)s", subject=subject)
        note = _(
            "am %(day)s haben wir Sie eingeladen. Wir haben noch keine Antwort von Ihnen.",
            day=filters.date_long(invited_at),
        )
        blocks = [Paragraph(note), *blocks]
    subject, blocks = demo_note(conference, subject, blocks)
    return Letter(
        language=language,
        host=conference.host,
        headline=headline,
        subject=subject,
        blocks=blocks,
        footer=footer(conference.host, language),
        reply_to=conference.contact_email or conference.host.email,
    )


def _usual(
    conference: Conference, language: languages.Language, organisation: str, most: int, link: Link
) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(
            _(
                "%(host)s lädt %(organisation)s zu dieser Konferenz ein.",
                host=conference.host.name,
                organisation=organisation,
            )
        ),
    ]
    if conference.teaser:
        blocks.append(Paragraph(conference.teaser.passage(language.code)))
    return [
        *blocks,
        what_when_where(conference, language),
        Paragraph(_("Sie können bis zu %(number)s Personen anmelden.", number=most)),
        link,
        Paragraph(_("Der Link gehört zu Ihrer Einrichtung. Bitte veröffentlichen Sie ihn nicht.")),
        *contact(conference, language),
    ]


def _own(
    conference: Conference,
    language: languages.Language,
    organisation: str,
    most: int,
    link: Link,
    subject: str,
    body: str,
) -> tuple[str, list[Block]]:
    values = {
        **worded.values_of(conference, language),
        "einrichtung": organisation,
        "personen": str(most),
    }
    blocks: list[Block] = []
    for text, is_part in placeholders.parts(body):
        if is_part:
            blocks += [
                link,
                Paragraph(_("Der Link gehört zu Ihrer Einrichtung. Bitte veröffentlichen Sie ihn nicht.")),
            ]
        elif said := placeholders.fill(text, values).strip():
            blocks.append(Paragraph(said))
    return placeholders.fill(subject, values).strip(), [*blocks, *contact(conference, language)]
