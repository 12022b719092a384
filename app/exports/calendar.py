"""Calendar files (RFC 5545): a conference, and what one registration takes part in."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from app.domain import secrets
from app.models import (
    Conference,
    ConferenceStatus,
    GroupRound,
    Participant,
    Passage,
    Registration,
    Seat,
    SeatState,
)
from app.models.translated import SOURCE_LANGUAGE

BERLIN = ZoneInfo("Europe/Berlin")
MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
# Rules instead of a list of dates: calendars were seen to read only the first date of such a list.
BERLIN_RULES = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")


class File(NamedTuple):
    content: bytes
    name: str
    media_type: str


def conference_calendar(conference: Conference, language: str, base_url: str) -> File:
    """The conference as one entry. The same conference gives the same bytes until it changes.

    Words that the product adds come in the locale that is set while this is called.
    """
    calendar = _calendar(conference, language)
    calendar.add_component(_conference_event(conference, language, base_url))
    return File(calendar.to_ical(), f"{conference.key}.ics", MEDIA_TYPE)


def personal_calendar(registration: Registration, language: str, base_url: str) -> File:
    """The conference and the rounds this registration has places in; groups given up come as cancelled entries.

    No personal link and no name stands in it: calendars are shared in families and offices.
    """
    conference = registration.conference
    calendar = _calendar(conference, language)
    calendar.add_component(_conference_event(conference, language, base_url))
    many = len(registration.participants) > 1
    for participant in registration.participants:
        for seat in _place_of_each_round(participant):
            event = _round_event(seat, registration, language, base_url, many)
            if event is not None:
                calendar.add_component(event)
    return File(calendar.to_ical(), f"{conference.key}.ics", MEDIA_TYPE)


def _calendar(conference: Conference, language: str) -> Calendar:
    # Not Calendar.new(): it draws a random UID, and no two answers would be alike.
    calendar = Calendar()
    calendar.add("prodid", "-//Sozialraumkonferenz//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _one_line(str(conference.title.passage(language))))
    calendar.add_component(Timezone.from_ical(BERLIN_RULES))
    return calendar


def _conference_event(conference: Conference, language: str, base_url: str) -> Event:
    title = conference.title.passage(language)
    event = _event(conference, _uid(f"konferenz-{conference.id}", conference), title, language, base_url)
    event.add("dtstamp", conference.changed_at)
    event.add("last-modified", conference.changed_at)
    event.add("dtstart", conference.starts_at.astimezone(BERLIN))
    event.add("dtend", conference.ends_at.astimezone(BERLIN))
    lines = [
        str(conference.teaser.passage(language)),
        _how_to_ask(conference),
        _page(conference, language, base_url),
    ]
    if conference.status is ConferenceStatus.POSTPONED:
        lines.insert(0, _("Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest."))
    event.add("description", "\n\n".join(line for line in lines if line))
    # Whoever has a postponed conference in the calendar sees why it is no longer certain; it must not just vanish.
    event.add(
        "status",
        {ConferenceStatus.CANCELLED: "CANCELLED", ConferenceStatus.POSTPONED: "TENTATIVE"}.get(
            conference.status, "CONFIRMED"
        ),
    )
    return event


def _round_event(
    seat: Seat, registration: Registration, language: str, base_url: str, many: bool
) -> Event | None:
    group_round: GroupRound = seat.group_round
    if group_round.agenda_item is None:
        return None
    conference = registration.conference
    participant = seat.participant
    group = group_round.group
    title = group.title.passage(language)
    words = _("Arbeitsgruppe %(number)s: %(title)s", number=group.number, title=title.text)
    if seat.state is SeatState.WAITING:
        words = _("Warteliste: %(title)s", title=words)
    if many:
        words += " " + _("(Person %(number)s)", number=participant.position)
    # The same round keeps its entry when the group is changed; another household's entry is another one.
    whose = secrets.digest("calendar", str(registration.id))[:16]
    uid = _uid(f"runde-{group_round.number}-{participant.position}-{whose}", conference)
    event = _event(conference, uid, Passage(words, title.lang, title.is_fallback), language, base_url)
    changed_at = max(conference.changed_at, registration.changed_at, seat.changed_at)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", group_round.agenda_item.starts_at.astimezone(BERLIN))
    event.add("dtend", group_round.agenda_item.ends_at.astimezone(BERLIN))
    if group.room:
        event.add("description", _("Raum: %(room)s", room=group.room.name))
    if conference.status is ConferenceStatus.CANCELLED or seat.state is SeatState.RELEASED:
        event.add("status", "CANCELLED")
    elif conference.status is ConferenceStatus.POSTPONED or seat.state is SeatState.WAITING:
        event.add("status", "TENTATIVE")
    else:
        event.add("status", "CONFIRMED")
    return event


def _event(conference: Conference, uid: str, title: Passage, language: str, base_url: str) -> Event:
    """What every entry has: who, where, and the words in front of the title."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", conference.calendar_sequence)
    before = []
    if conference.shows_demo:
        before.append(_("Demo: erfunden"))
    if conference.status is ConferenceStatus.CANCELLED:
        before.append(_("Abgesagt"))
    elif conference.status is ConferenceStatus.POSTPONED:
        before.append(_("Verschoben"))
    event.add("summary", _one_line(" – ".join([*before, title.text])), parameters={"LANGUAGE": title.lang})
    place = _place(conference)
    if place:
        event.add("location", place)
    event.add("url", _page(conference, language, base_url))
    email = conference.contact_email or conference.host.email
    if email:
        organizer = vCalAddress(f"mailto:{email}")
        organizer.params["CN"] = _one_line(conference.host.name)
        event.add("organizer", organizer)
    return event


def _place_of_each_round(participant: Participant) -> list[Seat]:
    """The live place of each round; where there is none, one that was given up, so that its entry goes away."""
    found: dict[int, Seat] = {}
    for seat in participant.seats:
        other = found.get(seat.round_number)
        if other is None or (other.state is SeatState.RELEASED and seat.state is not SeatState.RELEASED):
            found[seat.round_number] = seat
    return [found[number] for number in sorted(found)]


def _uid(what: str, conference: Conference) -> str:
    """Stays the same when title, address, host or installation are renamed; differs between installations."""
    return f"{what}-{conference.created_at:%Y%m%dT%H%M%S%f}@sozialraumkonferenz"


def _place(conference: Conference) -> str:
    venue = conference.venue
    if venue is None:
        return ""
    town = f"{venue.postal_code} {venue.city}".strip()
    return _one_line(", ".join(part for part in (venue.name, venue.street, town) if part))


def _one_line(text: str) -> str:
    """Without line breaks and control characters: some of these fields cannot carry them."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def _how_to_ask(conference: Conference) -> str:
    phone = conference.contact_phone or conference.host.phone
    return _("Fragen? Rufen Sie uns an: %(phone)s", phone=phone) if phone else ""


def _page(conference: Conference, language: str, base_url: str) -> str:
    prefix = "" if language == SOURCE_LANGUAGE else f"/{language}"
    return f"{base_url.rstrip('/')}{prefix}/{conference.host.key}/{conference.key}/"
