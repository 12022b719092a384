"""Calls: what to say to somebody who wants to be told by telephone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.database import now
from app.domain import moving_up, placeholders
from app.domain.queries.messages import Call
from app.letters import worded
from app.models import Conference, ContactChannel, MessageKind, MessageText
from app.web import filters, languages

_K = MessageKind
# %(what)s is the group, or the conference; %(when)s its day.
_SAY: Mapping[MessageKind, Any] = {
    _K.OFFER: _l(
        "Frei geworden ist: %(what)s. Möchten Sie das annehmen? "
        "Sie können gleich antworten. Sonst halten wir es ab jetzt %(hours)s für Sie frei."
    ),
    _K.OFFER_LAPSED: _l("Die Frist für das Angebot ist vorbei: %(what)s. Es ist an die Nächsten gegangen."),
    _K.MOVED_UP: _l("Sie sind nachgerückt und haben jetzt einen festen Platz: %(what)s."),
    _K.GROUPS_ASSIGNED: _l("Die Arbeitsgruppen sind eingeteilt. Lesen Sie vor, was in der Anmeldung steht."),
    _K.NEED_ANSWERED: _l("Zu Ihrer Anmeldung gibt es eine Antwort. Sie steht in der Anmeldung."),
    _K.REMINDER: _l("Die Konferenz ist am %(when)s. Wir freuen uns auf Sie. Kommen Sie?"),
    _K.SCHEDULE_CHANGED: _l("Zeit oder Raum hat sich geändert. Die Konferenz ist am %(when)s."),
    _K.CONFERENCE_POSTPONED: _l(
        "Die Konferenz wird verschoben. Ihre Anmeldung gilt weiter. Der neue Termin steht noch nicht fest."
    ),
    _K.CONFERENCE_CANCELLED: _l("Die Konferenz fällt aus. Sie müssen nichts tun."),
    _K.THANKS: _l("Danke, dass Sie dabei waren."),
    _K.RESULTS_OUT: _l("Es gibt Ergebnisse der Konferenz. Sie stehen auf der Seite der Konferenz."),
}


@dataclass(frozen=True)
class Script:
    """What to say on the telephone in one language, paragraph by paragraph."""

    language: languages.Language
    paragraphs: Sequence[str]
    # The words of the conference, where it has some of its own for this message.
    is_own: bool = False


def scripts(
    call: Call, conference: Conference, own: Mapping[tuple[MessageKind, str], MessageText]
) -> list[Script]:
    """What to say in German, then in the language of the person, then in the words of the conference (`own`)."""
    kind, spoken = call.message.kind, languages.get(call.person.language)
    found = [Script(languages.GERMAN, [_say(call, conference, languages.GERMAN)])]
    if spoken is not languages.GERMAN:
        found.append(Script(spoken, [_say(call, conference, spoken)]))
    text = own.get((kind, spoken.code))
    if text is not None:
        found.append(Script(spoken, _worded(call, conference, text.body, spoken), is_own=True))
    return found


def _say(call: Call, conference: Conference, language: languages.Language) -> str:
    with force_locale(language.locale):
        words = str(_SAY.get(call.message.kind, _l("Es gibt eine Nachricht zu Ihrer Anmeldung."))) % {
            "what": _offered(call, language),
            "when": filters.datetime_long(conference.starts_at),
            "hours": ngettext("%(num)s Stunde", "%(num)s Stunden", conference.offer_hours),
        }
    return f"{words} {call.note.passage(language.code).text}".strip()


def _offered(call: Call, language: languages.Language) -> str:
    title = call.group_title.passage(language.code).text
    words: str = (
        _("Platz in der Arbeitsgruppe „%(group)s“", group=title) if title else _("Platz bei der Konferenz")
    )
    return words


def _worded(call: Call, conference: Conference, body: str, language: languages.Language) -> list[str]:
    """A text of the conference as it is read out: without its links and lists, which stand in the registration."""
    with force_locale(language.locale):
        by_phone = moving_up.answer_by(conference, ContactChannel.PHONE, now())
        values = {
            **worded.values_of(conference, language),
            "name": call.person.name,
            "angebot": _offered(call, language),
            "frist": filters.datetime_long(by_phone),
        }
    note = call.note.passage(language.code).text
    said = []
    for text, is_part in placeholders.parts(body):
        if not is_part:
            said.append(placeholders.fill(text, values).strip())
        elif text == placeholders.NOTE.name:
            said.append(note)
    if note and placeholders.NOTE.name not in placeholders.names(body):
        said.insert(0, note)
    return [text for text in said if text]
