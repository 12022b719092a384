"""Letters: what a message says, made at the moment it is sent and in the language of whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.database import db
from app.domain import registrations, secrets, staff
from app.domain.errors import InvitationExpired
from app.letters.blocks import Block, Entries, Heading, Letter, Link, Paragraph
from app.letters.parts import address, contact, entry, footer, groups, has_rounds, phone_of, what_when_where
from app.models import (
    AccessibilityFeedback,
    Conference,
    Host,
    Message,
    MessageKind,
    Participant,
    Registration,
    Seat,
    SeatState,
)
from app.web import languages


class OutOfDate(Exception):
    """What the message tells is no longer so; it must not be sent. `reason` says why, for staff."""

    def __init__(self, reason: Any) -> None:
        super().__init__()
        self.reason = reason


def write(message: Message) -> Letter:
    """The letter of a message. Raises OutOfDate, VaultLocked."""
    language = languages.get(message.language)
    payload = json.loads(secrets.decrypt(message.payload) or "{}")
    with force_locale(language.locale):
        if message.kind is MessageKind.STAFF_INVITATION:
            return _staff_invitation(message, payload, language)
        if message.kind is MessageKind.ACCESSIBILITY_FEEDBACK:
            return _accessibility_feedback(message, payload, language)
        registration = db.session.get_one(Registration, message.registration_id)
        return _WRITERS[message.kind](registration, payload, language)


def _registration_confirmed(
    registration: Registration, payload: dict[str, Any], language: languages.Language
) -> Letter:
    _refuse_cancelled(registration)
    return _to_registration(
        registration,
        language,
        headline=_("Sie sind angemeldet"),
        first=[Paragraph(_("schön, dass Sie dabei sind. Sie haben einen Platz bei dieser Konferenz:"))],
    )


def _groups_changed(
    registration: Registration, payload: dict[str, Any], language: languages.Language
) -> Letter:
    _refuse_cancelled(registration)
    return _to_registration(
        registration,
        language,
        headline=_("Ihre Arbeitsgruppen haben sich geändert"),
        first=[Paragraph(_("Ihre Arbeitsgruppen haben sich geändert. Hier steht, was jetzt gilt."))],
    )


def _moved_up(registration: Registration, payload: dict[str, Any], language: languages.Language) -> Letter:
    _refuse_cancelled(registration)
    held = _seats_in(registration, payload.get("group_round"), SeatState.SEATED)
    if payload and not held:
        raise OutOfDate(_l("Nicht mehr nötig: Der Platz wurde inzwischen wieder abgegeben."))
    first: list[Block] = [
        Paragraph(_("ein Platz ist frei geworden. Sie sind nachgerückt und haben jetzt einen festen Platz:"))
    ]
    if held:
        first.append(Entries([entry(held[0], None, has_rounds(registration.conference), language)]))
    return _to_registration(registration, language, headline=_("Sie haben jetzt einen Platz"), first=first)


def _seats_in(registration: Registration, group_round_id: int | None, state: SeatState) -> list[Seat]:
    return list(
        db.session.scalars(
            select(Seat)
            .join(Participant, Seat.participant_id == Participant.id)
            .where(
                Participant.registration_id == registration.id,
                Seat.group_round_id == group_round_id,
                Seat.state == state,
            )
            .order_by(Participant.position)
        )
    )


def _registration_cancelled(
    registration: Registration, payload: dict[str, Any], language: languages.Language
) -> Letter:
    conference = registration.conference
    blocks: list[Block] = [
        Paragraph(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben.")),
        Paragraph(_("Ihr Platz ist wieder frei für andere. Sie müssen nichts mehr tun.")),
        what_when_where(conference, language),
        Heading(_("Das war ein Versehen?")),
        Paragraph(_("Rufen Sie uns an oder melden Sie sich neu an.")),
        Link(_("Zur Seite der Konferenz"), address(language, conference.host.key, conference.key, "")),
        *contact(conference, language),
    ]
    headline = _("Ihre Anmeldung ist abgesagt")
    return _letter(conference, language, headline, blocks, calendar_of=registration)


_WRITERS: dict[MessageKind, Callable[[Registration, dict[str, Any], languages.Language], Letter]] = {
    MessageKind.REGISTRATION_CONFIRMED: _registration_confirmed,
    MessageKind.GROUPS_CHANGED: _groups_changed,
    MessageKind.MOVED_UP: _moved_up,
    MessageKind.REGISTRATION_CANCELLED: _registration_cancelled,
}


def _staff_invitation(message: Message, payload: dict[str, Any], language: languages.Language) -> Letter:
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


def _accessibility_feedback(
    message: Message, payload: dict[str, Any], language: languages.Language
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


def _refuse_cancelled(registration: Registration) -> None:
    if not registration.is_live:
        raise OutOfDate(_l("Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt."))


def _to_registration(
    registration: Registration, language: languages.Language, *, headline: str, first: list[Block]
) -> Letter:
    """What somebody who takes part needs to have at hand, after the news itself."""
    conference = registration.conference
    token = registrations.link_token(registration)
    blocks: list[Block] = [
        *first,
        what_when_where(conference, language),
        *groups(registration, language),
        Heading(_("Ihre Anmeldung")),
        Paragraph(
            _("Mit diesem Link sehen Sie Ihre Anmeldung. Sie können die Gruppe wechseln oder absagen.")
        ),
        Link(
            _("Meine Anmeldung ansehen"),
            address(language, conference.host.key, conference.key, "meine-anmeldung", "link", token),
        ),
        Paragraph(_("Der Link gehört nur Ihnen. Bitte geben Sie ihn nicht weiter.")),
        Heading(_("Sie können nicht kommen?")),
        Paragraph(_("Bitte sagen Sie ab, auch kurz vorher. Dann kann jemand anderes Ihren Platz haben.")),
        Paragraph(
            _("Sie sagen mit dem Link oben ab oder am Telefon.")
            if phone_of(conference)
            else _("Sie sagen mit dem Link oben ab.")
        ),
        *contact(conference, language),
    ]
    return _letter(conference, language, headline, blocks, calendar_of=registration)


def _letter(
    conference: Conference,
    language: languages.Language,
    headline: str,
    blocks: list[Block],
    calendar_of: Registration | None = None,
) -> Letter:
    title = conference.title.passage(language.code).text
    subject = f"{headline}: {title}"
    if conference.shows_demo:
        demo = _("Demo: erfunden")
        subject = f"{demo} – {subject}"
        blocks = [Paragraph(f"{demo}. " + _("Diese Konferenz gibt es nicht.")), *blocks]
    return Letter(
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
        calendar_of=calendar_of,
    )
