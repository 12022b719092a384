"""What the pages about messages share: their frame, their addresses, and the names of kinds in addresses."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import letters
from app.database import db
from app.domain import mailings
from app.domain.queries import messages as read
from app.models import Conference, Mailing, MessageKind, Registration
from app.policies import Permission, may
from app.web import access, navigation
from app.web.forms import BaseForm, SelectChoice
from app.web.labels import kind_words

_K = MessageKind
# How kinds are named in addresses.
SLUGS = {
    _K.REGISTRATION_CONFIRMED: "bestaetigung",
    _K.WAITLISTED: "warteliste",
    _K.OFFER: "angebot",
    _K.OFFER_LAPSED: "angebot-abgelaufen",
    _K.MOVED_UP: "nachgerueckt",
    _K.GROUPS_CHANGED: "gruppen-geaendert",
    _K.GROUPS_ASSIGNED: "gruppen-eingeteilt",
    _K.NEED_ANSWERED: "antwort",
    _K.REGISTRATION_CANCELLED: "absage",
    _K.REMINDER: "erinnerung",
    _K.SCHEDULE_CHANGED: "zeit-oder-raum-geaendert",
    _K.CONFERENCE_POSTPONED: "verschoben",
    _K.CONFERENCE_CANCELLED: "konferenz-abgesagt",
    _K.THANKS: "dank",
    _K.RESULTS_OUT: "ergebnisse",
}
_BY_SLUG = {slug: kind for kind, slug in SLUGS.items()}


class Confirm(BaseForm):
    """Only the token: somebody said yes."""


def kind_of(slug: str) -> MessageKind:
    """The kind an address names; 404 for none."""
    if slug not in _BY_SLUG:
        abort(404)
    return _BY_SLUG[slug]


def page(template: str, conference: Conference, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A staff page with the side navigation of the conference."""
    body = render_template(
        f"messages/{template}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        slugs=SLUGS,
        may_give_access=may(access.me(), Permission.GIVE_ACCESS, conference),
        kind_words=partial(kind_words, sees_needs=sees_needs(conference)),
        **values,
    )
    return body, status


def sees_needs(conference: Conference) -> bool:
    """Whether the signed-in person is in charge of support needs, and may know that a message is about one."""
    return may(access.me(), Permission.SEE_NEEDS, conference)


def not_theirs(conference: Conference) -> frozenset[MessageKind]:
    """Calls somebody else makes: about support only those in charge of it."""
    return frozenset() if sees_needs(conference) else frozenset({MessageKind.NEED_ANSWERED})


def address(endpoint: str, conference: Conference, **parts: Any) -> str:
    """The address of such a page; host and conference as the address of this page names them."""
    return url_for(f"messages.{endpoint}", host=g.host.key, conference=conference.key, **parts)


def can_be_found(number: int) -> bool:
    """False for a number Postgres refuses to look for instead of not finding it: ids here have 32 bits."""
    return 0 < number < 2**31


def chosen(conference: Conference, known: list[tuple[int, str]]) -> Registration | None:
    """The registration a message is looked at with: the one asked for, else the first; None where nobody is registered.

    What the address names is found only at this conference.
    """
    asked = request.values.get("an", type=int)
    number = asked if asked is not None and can_be_found(asked) else known[0][0] if known else None
    found = db.session.get(Registration, number) if number else None
    if found is not None and found.conference_id != conference.id:
        abort(404)
    return found


def looked_at(
    conference: Conference, kind: MessageKind, mailing: Mailing | None = None, **how: Any
) -> dict[str, Any]:
    """What a page needs to show a message as one recipient would read it."""
    known = read.samples(conference)
    recipient = chosen(conference, known)
    letter = letters.sample(recipient, kind, mailing, **how) if recipient else None
    return {"recipients": known, "recipient": recipient, "letter": letter}


def recipient_choices(form: Any, seen: dict[str, Any]) -> Any:
    """The form in which one chooses with whose registration to look."""
    form.an.choices = [
        SelectChoice(str(number), name or _("Anmeldung Nr. %(number)s", number=number))
        for number, name in seen["recipients"]
    ]
    form.an.data = str(seen["recipient"].id) if seen["recipient"] else ""
    return form


def sent_to_oneself(
    conference: Conference, kind: MessageKind, mailing: Mailing | None = None, *, language: str = ""
) -> None:
    """Send what one recipient would read to the signed-in person, and say so."""
    recipient = chosen(conference, read.samples(conference))
    if recipient is None:
        flash(_("Noch ist niemand angemeldet. Ein Test braucht eine Anmeldung als Beispiel."), "warning")
        return
    me = access.me()
    email = me.email
    mailings.try_out(recipient, kind, me, mailing, language=language)
    flash(_("Der Test geht an %(email)s und an niemanden sonst.", email=email), "success")
