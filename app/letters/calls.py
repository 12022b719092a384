"""Calls: what to say to somebody who wants to be told by telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.models import Conference, MessageKind
from app.web import filters

_K = MessageKind
# %(what)s is the group, or the conference; %(when)s its day.
_SAY: Mapping[MessageKind, Any] = {
    _K.OFFER: _l(
        "Frei geworden ist: %(what)s. Möchten Sie das annehmen? "
        "Sie können gleich antworten. Sonst halten wir es ab jetzt %(hours)s Stunden für Sie frei."
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


def say(kind: MessageKind, conference: Conference, group_title: str, note: str = "") -> str:
    """What to say, in German; `note` is what was added for this one time."""
    what = (
        _("Platz in der Arbeitsgruppe „%(group)s“", group=group_title)
        if group_title
        else _("Platz bei der Konferenz")
    )
    words = str(_SAY.get(kind, _l("Es gibt eine Nachricht zu Ihrer Anmeldung."))) % {
        "what": what,
        "when": filters.datetime_long(conference.starts_at),
        "hours": conference.offer_hours,
    }
    return f"{words} {note}".strip()
