"""Letters: what a message says, made at the moment it is sent and in the language of whoever reads it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import db
from app.domain import message_texts, secrets
from app.letters import inside, institutions, usual, worded
from app.letters.blocks import Letter, Paragraph
from app.letters.occasion import Occasion, OutOfDate
from app.letters.parts import demo_note, footer
from app.models import Mailing, Message, MessageKind, MessageWay, Registration
from app.web import languages

__all__ = ["Letter", "Occasion", "OutOfDate", "sample", "write"]

_K = MessageKind
_INSIDE: dict[MessageKind, Callable[[Message, Mapping[str, Any], languages.Language], Letter]] = {
    _K.STAFF_INVITATION: inside.staff_invitation,
    _K.ACCESSIBILITY_FEEDBACK: inside.accessibility_feedback,
    _K.INSTITUTION_INVITATION: institutions.invitation,
}
# These are not about a time. Who waits or is asked has an entry that is not certain; a lapsed offer calls it off.
_WITHOUT_CALENDAR = frozenset({_K.NEED_ANSWERED, _K.THANKS, _K.RESULTS_OUT})


def write(message: Message) -> Letter:
    """The letter of a message. Raises OutOfDate, VaultLocked."""
    language = languages.get(message.language)
    payload = json.loads(secrets.decrypt(message.payload) or "{}")
    mailing = db.session.get(Mailing, message.mailing_id) if message.mailing_id else None
    with force_locale(language.locale):
        if message.kind in _INSIDE:
            return _INSIDE[message.kind](message, payload, language)
        trial = payload.get("trial")
        registration = db.session.get(Registration, trial or message.registration_id)
        if registration is None or registration.conference_id != message.conference_id:
            raise OutOfDate(_l("Nicht mehr nötig: Die Anmeldung gibt es nicht mehr."))
        return _to_household(
            Occasion(
                message.kind,
                registration,
                language,
                way=message.way,
                payload=payload,
                mailing=mailing,
                is_trial=trial is not None,
            )
        )


def sample(
    registration: Registration,
    kind: MessageKind,
    mailing: Mailing | None = None,
    *,
    text: tuple[str, str] | None = None,
    language: str | None = None,
) -> Letter:
    """What this registration would read now, without its link: for a look before anything is sent.

    `text` (subject and body) stands in for what is saved.
    """
    spoken = languages.get(language or registration.language)
    with force_locale(spoken.locale):
        occasion = Occasion(kind, registration, spoken, mailing=mailing, is_trial=True)
        return _to_household(occasion, text)


def _to_household(occasion: Occasion, text: tuple[str, str] | None = None) -> Letter:
    if not occasion.is_trial:
        occasion.refuse_out_of_date()
    conference, language = occasion.conference, occasion.language
    own = message_texts.find(conference.id, occasion.kind, language.code)
    if text is None and own is not None:
        text = (own.subject, own.body)
    if text is not None:
        headline, blocks = worded.blocks(occasion, *text)
        subject = headline
    else:
        headline, blocks = usual.blocks(occasion)
        subject = f"{headline}: {conference.title.passage(language.code).text}"
    subject, blocks = demo_note(conference, subject, blocks)
    letter = Letter(
        language=language,
        host=conference.host,
        headline=headline,
        subject=subject,
        blocks=blocks,
        footer=[
            _(
                "Wir haben diese Adresse bei einer Anmeldung bekommen. War das ein Irrtum? Antworten Sie uns kurz."
            ),
            *footer(conference.host, language),
        ],
        reply_to=conference.contact_email or conference.host.email,
        calendar_of=(
            occasion.registration
            if occasion.kind not in _WITHOUT_CALENDAR and occasion.way is MessageWay.EMAIL
            else None
        ),
    )
    return _as_trial(letter) if occasion.is_trial else letter


def _as_trial(letter: Letter) -> Letter:
    note = _("Das ist ein Test. Außer Ihnen bekommt ihn niemand. Der Link führt nicht in die Anmeldung.")
    return dataclasses.replace(
        letter,
        subject=f"{_('Test')}: {letter.subject}",
        blocks=[Paragraph(note), *letter.blocks],
        calendar_of=None,
    )
