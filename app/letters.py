"""Letters: what a message says, made at the moment it is sent and in the language of whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.database import db
from app.domain import registrations, seats, secrets
from app.exports import calendar
from app.models import (
    AccessibilityFeedback,
    Conference,
    ConferenceStatus,
    GroupRound,
    Host,
    Message,
    MessageKind,
    Participant,
    Passage,
    Registration,
    Seat,
    SeatState,
    Translated,
)
from app.web import filters, languages


class OutOfDate(Exception):
    """What the message tells is no longer so; it must not be sent. `reason` says why, for staff."""

    def __init__(self, reason: Any) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    kind: str = "link"


Words = str | Passage | Link


@dataclass(frozen=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: Words
    kind: str = "paragraph"


@dataclass(frozen=True)
class Facts:
    """Pairs of a word and what is to be known about it."""

    rows: list[tuple[str, list[Words]]]
    kind: str = "facts"


@dataclass(frozen=True)
class Entry:
    """One group of a list: where it stands in the programme, its title and what to know."""

    where: str
    title: Words
    lines: list[str]


@dataclass(frozen=True)
class Entries:
    items: list[Entry]
    kind: str = "entries"


Block = Heading | Paragraph | Facts | Entries | Link


@dataclass(frozen=True)
class Letter:
    """A finished letter, in words; how it is laid out is the matter of templates/mail."""

    language: languages.Language
    host: Host | None
    headline: str
    subject: str
    blocks: list[Block]
    footer: list[Words]
    reply_to: str = ""
    calendar: calendar.File | None = None

    @property
    def html(self) -> str:
        """The letter as a page without anything loaded from elsewhere."""
        return self._render("mail/letter.html")

    @property
    def text(self) -> str:
        """The letter as plain text, with at most one empty line in a row."""
        lines = [line.rstrip() for line in self._render("mail/letter.txt").strip().splitlines()]
        kept = [line for number, line in enumerate(lines) if line or lines[number - 1]]
        return "\n".join(kept) + "\n"

    def _render(self, template: str) -> str:
        # Not render_template(): the context of pages belongs to a request, and a worker has none.
        with force_locale(self.language.locale):
            return current_app.jinja_env.get_template(template).render(letter=self, language=self.language)


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
    seat = db.session.scalar(
        select(Seat).where(
            Seat.group_round_id == payload.get("group_round"),
            Seat.participant_id == payload.get("participant"),
            Seat.state == SeatState.SEATED,
        )
    )
    if payload and seat is None:
        raise OutOfDate(_l("Nicht mehr nötig: Der Platz wurde inzwischen wieder abgegeben."))
    first: list[Block] = [
        Paragraph(_("ein Platz ist frei geworden. Sie sind nachgerückt und haben jetzt einen festen Platz:"))
    ]
    if seat is not None:
        first.append(Entries([_entry(seat, None, _has_rounds([seat]), language)]))
    return _to_registration(registration, language, headline=_("Sie haben jetzt einen Platz"), first=first)


def _registration_cancelled(
    registration: Registration, payload: dict[str, Any], language: languages.Language
) -> Letter:
    conference = registration.conference
    blocks: list[Block] = [
        Paragraph(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben.")),
        Paragraph(_("Ihr Platz ist wieder frei für andere. Sie müssen nichts mehr tun.")),
        _what_when_where(conference, language),
        Heading(_("Das war ein Versehen?")),
        Paragraph(_("Rufen Sie uns an oder melden Sie sich neu an.")),
        Link(_("Zur Seite der Konferenz"), _address(language, conference.host.key, conference.key, "")),
        *_contact(conference, language),
    ]
    return _letter(conference, language, _("Ihre Anmeldung ist abgesagt"), blocks)


_WRITERS: dict[MessageKind, Callable[[Registration, dict[str, Any], languages.Language], Letter]] = {
    MessageKind.REGISTRATION_CONFIRMED: _registration_confirmed,
    MessageKind.GROUPS_CHANGED: _groups_changed,
    MessageKind.MOVED_UP: _moved_up,
    MessageKind.REGISTRATION_CANCELLED: _registration_cancelled,
}


def _staff_invitation(message: Message, payload: dict[str, Any], language: languages.Language) -> Letter:
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
            Link(_("Passwort wählen"), _address(None, "verwaltung", "einladung", payload["token"])),
            Paragraph(_("Sie haben keine Einladung erwartet? Dann löschen Sie diese E-Mail einfach.")),
        ],
        footer=_footer(host, language),
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
        Link(_("Zur Verwaltung"), _address(None, "verwaltung", "")),
    ]
    return Letter(
        language=language,
        host=host,
        headline=_("Eine Barriere wurde gemeldet"),
        subject=_("Eine Barriere wurde gemeldet: %(name)s", name=host.name),
        blocks=blocks,
        footer=_footer(host, language),
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
        _what_when_where(conference, language),
        *_groups(registration, language),
        Heading(_("Ihre Anmeldung")),
        Paragraph(
            _("Mit diesem Link sehen Sie Ihre Anmeldung. Sie können die Gruppe wechseln oder absagen.")
        ),
        Link(
            _("Meine Anmeldung ansehen"),
            _address(language, conference.host.key, conference.key, "meine-anmeldung", "link", token),
        ),
        Paragraph(_("Der Link gehört nur Ihnen. Bitte geben Sie ihn nicht weiter.")),
        Heading(_("Sie können nicht kommen?")),
        Paragraph(_("Bitte sagen Sie ab, auch kurz vorher. Dann kann jemand anderes Ihren Platz haben.")),
        Paragraph(
            _("Sie sagen mit dem Link oben ab oder am Telefon.")
            if _phone(conference)
            else _("Sie sagen mit dem Link oben ab.")
        ),
        *_contact(conference, language),
    ]
    return _letter(
        conference,
        language,
        headline,
        blocks,
        calendar.personal_calendar(registration, language.code, current_app.config["BASE_URL"]),
    )


def _letter(
    conference: Conference,
    language: languages.Language,
    headline: str,
    blocks: list[Block],
    attached: calendar.File | None = None,
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
            *_footer(conference.host, language),
        ],
        reply_to=conference.contact_email or conference.host.email,
        calendar=attached,
    )


def _what_when_where(conference: Conference, language: languages.Language) -> Block:
    rows: list[tuple[str, list[Words]]] = [
        (_("Was"), [conference.title.passage(language.code)]),
        (_("Wann"), _when(conference)),
    ]
    if conference.venue:
        venue = conference.venue
        place: list[Words] = [venue.name]
        if venue.street:
            place.append(venue.street)
        town = f"{venue.postal_code} {venue.city}".strip()
        if town:
            place.append(town)
        rows.append((_("Wo"), place))
        if venue.directions:
            rows.append((_("So kommen Sie hin"), [venue.directions.passage(language.code)]))
    if conference.costs:
        rows.append((_("Kosten"), [conference.costs.passage(language.code)]))
    return Facts(rows)


def _when(conference: Conference) -> list[Words]:
    start, end = conference.starts_at, conference.ends_at
    if conference.status is ConferenceStatus.POSTPONED:
        return [_("Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest.")]
    if filters.date_long(start) == filters.date_long(end):
        lines: list[Words] = [filters.date_long(start), _span(start, end)]
    else:
        lines = [
            _("%(start)s bis %(end)s", start=filters.datetime_long(start), end=filters.datetime_long(end))
        ]
    if conference.status is ConferenceStatus.CANCELLED:
        return [_("Die Konferenz fällt aus."), *lines]
    return lines


def _span(start: datetime, end: datetime) -> str:
    words: str = _("%(start)s bis %(end)s Uhr", start=filters.clock(start), end=filters.clock(end))
    return words


def _groups(registration: Registration, language: languages.Language) -> Iterable[Block]:
    held = {participant.id: participant.live_seats for participant in registration.participants}
    everything = [seat for live in held.values() for seat in live]
    conference_has_groups = bool(registration.conference.groups)
    if not everything:
        if conference_has_groups:
            yield Heading(_("Ihre Arbeitsgruppen"))
            yield Paragraph(
                _("Sie haben noch keine Arbeitsgruppe gewählt. Das geht auch später, mit Ihrem Link.")
            )
        return
    positions = seats.queue_positions(everything)
    has_rounds = _has_rounds(everything)
    for number, participant in enumerate(registration.participants, start=1):
        if len(registration.participants) == 1:
            yield Heading(_("Ihre Arbeitsgruppen"))
        else:
            yield Heading(_("Arbeitsgruppen von Person %(number)s", number=number))
        yield Entries(
            [_entry(seat, positions.get(seat.id), has_rounds, language) for seat in _in_order(participant)]
        )


def _in_order(participant: Participant) -> list[Seat]:
    return sorted(participant.live_seats, key=lambda seat: seat.round_number)


def _has_rounds(held: Iterable[Seat]) -> bool:
    """Whether the conference has more than one round, so that its number says something."""
    for seat in held:
        more = select(GroupRound.id).where(
            GroupRound.conference_id == seat.conference_id, GroupRound.number > 1
        )
        return db.session.scalar(more.limit(1)) is not None
    return False


def _entry(seat: Seat, position: int | None, has_rounds: bool, language: languages.Language) -> Entry:
    group_round = seat.group_round
    group = group_round.group
    where = []
    if has_rounds:
        where.append(_("Runde %(number)s", number=group_round.number))
    if group_round.agenda_item:
        where.append(_span(group_round.agenda_item.starts_at, group_round.agenda_item.ends_at))
    where.append(_("Arbeitsgruppe %(number)s", number=group.number))
    lines = []
    if group.room:
        lines.append(_("Raum: %(room)s", room=group.room.name))
    if seat.state is SeatState.WAITING:
        lines.append(_("Warteliste: Sie stehen auf Platz %(number)s.", number=position or 1))
        lines.append(_("Wird ein Platz frei, bekommen Sie ihn. Wir schreiben Ihnen dann."))
    else:
        lines.append(_("Sie haben einen Platz."))
    return Entry(" · ".join(where), group.title.passage(language.code), lines)


def _contact(conference: Conference, language: languages.Language) -> Iterable[Block]:
    host = conference.host
    rows: list[tuple[str, list[Words]]] = []
    phone = _phone(conference)
    if phone:
        digits = "".join(sign for sign in phone if sign.isascii() and (sign.isdigit() or sign == "+"))
        rows.append((_("Telefon"), [Link(phone, f"tel:{digits}")]))
        hours: Translated = conference.contact_hours if conference.contact_phone else host.phone_hours
        if hours:
            rows.append((_("Erreichbar"), [hours.passage(language.code)]))
    email = conference.contact_email or host.email
    if email:
        rows.append((_("E-Mail"), [Link(email, f"mailto:{quote(email, safe='@')}")]))
    if rows:
        yield Heading(_("Haben Sie Fragen?"))
        yield Facts([(_("Wer"), [conference.contact_role or host.name]), *rows])


def _phone(conference: Conference) -> str:
    return conference.contact_phone or conference.host.phone


def _footer(host: Host | None, language: languages.Language) -> list[Words]:
    lines: list[Words] = [_("Diese E-Mail wurde automatisch verschickt.")]
    if host:
        lines = [
            host.name,
            *lines,
            Link(_("Impressum"), _address(language, host.key, "impressum")),
            Link(_("Datenschutz"), _address(language, host.key, "datenschutz")),
        ]
    return lines


def _address(language: languages.Language | None, *parts: str) -> str:
    """The full address of a page; `language` None for pages that exist in German only."""
    prefix = [] if language is None or language is languages.GERMAN else [language.code]
    return "/".join([current_app.config["BASE_URL"], *prefix, *(quote(part, safe="") for part in parts)])
