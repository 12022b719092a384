"""Parts that several letters have: what, when and where, the groups, whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.domain import seats
from app.letters.blocks import Block, Entries, Entry, Facts, Heading, Link, Paragraph, Words
from app.models import (
    Conference,
    ConferenceStatus,
    GroupChoice,
    GroupRound,
    Host,
    Participant,
    Passage,
    Registration,
    Seat,
    SeatState,
    Translated,
)
from app.web import filters, languages


def what_when_where(conference: Conference, language: languages.Language) -> Block:
    rows: list[tuple[str, list[Words]]] = [
        (_("Was"), [conference.title.passage(language.code)]),
        (_("Wann"), _when(conference)),
    ]
    if conference.venue:
        rows.append((_("Wo"), [_german(line, language) for line in where(conference)]))
        if conference.venue.directions:
            rows.append((_("So kommen Sie hin"), [conference.venue.directions.passage(language.code)]))
    if conference.costs:
        rows.append((_("Kosten"), [conference.costs.passage(language.code)]))
    return Facts(rows)


def where(conference: Conference) -> list[str]:
    """Name and address of the house, line by line; nothing while there is none."""
    venue = conference.venue
    if venue is None:
        return []
    return [line for line in (venue.name, venue.street, f"{venue.postal_code} {venue.city}".strip()) if line]


def _when(conference: Conference) -> list[Words]:
    start, end = conference.starts_at, conference.ends_at
    if conference.status is ConferenceStatus.POSTPONED:
        return [_("Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest.")]
    if filters.date_long(start) == filters.date_long(end):
        lines: list[Words] = [filters.date_long(start), span(start, end)]
    else:
        lines = [
            _("%(start)s bis %(end)s", start=filters.datetime_long(start), end=filters.datetime_long(end))
        ]
    if conference.status is ConferenceStatus.CANCELLED:
        return [_("Die Konferenz fällt aus."), *lines]
    return lines


def span(start: datetime, end: datetime) -> str:
    words: str = _("%(start)s bis %(end)s Uhr", start=filters.clock(start), end=filters.clock(end))
    return words


def groups(registration: Registration, language: languages.Language) -> Iterable[Block]:
    held = {participant.id: participant.live_seats for participant in registration.participants}
    everything = [seat for live in held.values() for seat in live]
    conference_has_groups = bool(registration.conference.groups)
    if not everything:
        if conference_has_groups:
            yield Heading(_("Ihre Arbeitsgruppen"))
            yield Paragraph(
                _(
                    "Die Arbeitsgruppen werden nach den Wünschen aller eingeteilt. Wir sagen Ihnen dann Bescheid."
                )
                if registration.conference.group_choice is GroupChoice.WISHES
                else _("Sie haben noch keine Arbeitsgruppe gewählt. Das geht auch später, mit Ihrem Link.")
            )
        return
    positions = seats.queue_positions(everything)
    several = has_rounds(registration.conference)
    for number, participant in enumerate(registration.participants, start=1):
        if len(registration.participants) == 1:
            yield Heading(_("Ihre Arbeitsgruppen"))
        else:
            yield Heading(_("Arbeitsgruppen von Person %(number)s", number=number))
        yield Entries(
            [entry(seat, positions.get(seat.id), several, language) for seat in _in_order(participant)]
        )


def _in_order(participant: Participant) -> list[Seat]:
    return sorted(participant.live_seats, key=lambda seat: seat.round_number)


def has_rounds(conference: Conference) -> bool:
    """Whether groups meet more than once, so that the number of the round says something."""
    more = (
        select(GroupRound.id).where(GroupRound.conference_id == conference.id, GroupRound.number > 1).limit(1)
    )
    return db.session.scalar(more) is not None


def entry(seat: Seat, position: int | None, several: bool, language: languages.Language) -> Entry:
    group_round = seat.group_round
    group = group_round.group
    where = []
    if several:
        where.append(_("Runde %(number)s", number=group_round.number))
    if group_round.agenda_item:
        where.append(span(group_round.agenda_item.starts_at, group_round.agenda_item.ends_at))
    where.append(_("Arbeitsgruppe %(number)s", number=group.number))
    lines = []
    if group.room:
        lines.append(_("Raum: %(room)s", room=group.room.name))
    if seat.state is SeatState.WAITING:
        lines.append(_("Warteliste: Sie stehen auf Platz %(number)s.", number=position or 1))
        lines.append(_("Wird ein Platz frei, bekommen Sie ihn. Wir schreiben Ihnen dann."))
    elif seat.state is SeatState.OFFERED:
        lines.append(_("Ein Platz ist frei und wird für Sie freigehalten, bis Sie antworten."))
    else:
        lines.append(_("Sie haben einen Platz."))
    return Entry(" · ".join(where), group.title.passage(language.code), lines)


def demo_note(conference: Conference, subject: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    """The same; for an invented conference both say so."""
    if not conference.shows_demo:
        return subject, blocks
    demo = _("Demo: erfunden")
    return f"{demo} – {subject}", [Paragraph(f"{demo}. " + _("Diese Konferenz gibt es nicht.")), *blocks]


def contact(conference: Conference, language: languages.Language) -> Iterable[Block]:
    host = conference.host
    rows: list[tuple[str, list[Words]]] = []
    phone = phone_of(conference)
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
        yield Facts([(_("Wer"), [_german(conference.contact_role or host.name, language)]), *rows])


def phone_of(conference: Conference) -> str:
    return conference.contact_phone or conference.host.phone


def footer(host: Host | None, language: languages.Language) -> list[Words]:
    lines: list[Words] = [_("Diese E-Mail wurde automatisch verschickt.")]
    if host:
        lines = [
            _german(host.name, language),
            *lines,
            Link(_("Impressum"), address(language, host.key, "impressum")),
            Link(_("Datenschutz"), address(language, host.key, "datenschutz")),
        ]
    return lines


def _german(text: str, language: languages.Language) -> Words:
    """Names and addresses exist in German only; between other words they keep their own direction."""
    return Passage(text, languages.GERMAN.code, language is not languages.GERMAN)


def address(language: languages.Language | None, *parts: str) -> str:
    """The full address of a page; `language` None for pages that exist in German only."""
    prefix = [] if language is None or language is languages.GERMAN else [language.code]
    return "/".join([current_app.config["BASE_URL"], *prefix, *(quote(part, safe="") for part in parts)])
