"""Letters in the words of a conference: its text with every placeholder filled."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.domain import placeholders
from app.letters.blocks import Block, Paragraph
from app.letters.occasion import Occasion
from app.letters.parts import contact, groups, phone_of, span, where
from app.letters.usual import offered
from app.models import Conference, MessageKind, MessageWay
from app.web import filters, languages


def blocks(occasion: Occasion, subject: str, body: str) -> tuple[str, list[Block]]:
    """Headline and blocks; whom to ask stands at the end of every letter, whatever the text says."""
    values = _values(occasion, f"{subject}\n{body}")
    made: list[Block] = []
    for text, is_part in placeholders.parts(body):
        if is_part:
            made += _part(occasion, text)
        elif said := placeholders.fill(text, values).strip():
            made.append(Paragraph(said))
    if "hinweis" not in placeholders.names(body):
        # What was added for this one time is never lost.
        made = [*_note(occasion), *made]
    return placeholders.fill(subject, values).strip(), [
        *made,
        *contact(occasion.conference, occasion.language),
    ]


def values_of(conference: Conference, language: languages.Language) -> dict[str, str]:
    """What placeholders stand for that are the same for everybody; dates in the language of the moment."""
    return {
        "titel": conference.title.passage(language.code).text,
        "tag": filters.date_long(conference.starts_at),
        "uhrzeit": span(conference.starts_at, conference.ends_at),
        "ort": ", ".join(where(conference)),
        "veranstalter": conference.host.name,
        "telefon": phone_of(conference),
    }


def _values(occasion: Occasion, text: str) -> dict[str, str]:
    asked = set(placeholders.names(text))
    values = {
        **values_of(occasion.conference, occasion.language),
        "name": occasion.registration.display_name,
    }
    # These ask the database.
    if "angebot" in asked:
        values["angebot"] = offered(occasion)
    if "frist" in asked:
        values["frist"] = filters.datetime_long(occasion.deadline())
    if "warteplatz" in asked:
        values["warteplatz"] = str(occasion.position())
    return values


def _part(occasion: Occasion, name: str) -> Iterable[Block]:
    if name == "gruppen":
        return groups(occasion.registration, occasion.language)
    if name == "hinweis":
        return _note(occasion)
    if occasion.kind is MessageKind.OFFER:
        link = occasion.link(_("Annehmen oder ablehnen"))
    else:
        link = occasion.link(_("Meine Anmeldung ansehen"))
    if occasion.way is MessageWay.LETTER:
        return [
            link,
            Paragraph(_("Sie brauchen dort Ihren Code. Wenn Sie ihn nicht mehr haben, rufen Sie uns an.")),
        ]
    return [link]


def _note(occasion: Occasion) -> list[Block]:
    if occasion.mailing is None or not occasion.mailing.note:
        return []
    return [Paragraph(occasion.mailing.note.passage(occasion.language.code))]
