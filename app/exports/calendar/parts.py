"""What all calendar files are made of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from app.models import Conference, ConferenceStatus, Passage, Room
from app.models.translated import SOURCE_LANGUAGE

BERLIN = ZoneInfo("Europe/Berlin")
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
# When something was last written; says nothing about what.
_STAMPS = re.compile(rb"^(?:DTSTAMP|LAST-MODIFIED)[:;].*\r\n", re.MULTILINE)

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"


class File(NamedTuple):
    content: bytes
    name: str
    method: str = "PUBLISH"

    @property
    def media_type(self) -> str:
        return f"text/calendar; charset=utf-8; method={self.method}"

    @property
    def mark(self) -> str:
        """A name for what the file says: a weak ETag, the same while nothing but the hours of writing differ."""
        return hashlib.sha256(_STAMPS.sub(b"", self.content)).hexdigest()[:32]


def new_calendar(conference: Conference, language: str, method: str = "PUBLISH") -> Calendar:
    # Not Calendar.new(): it draws a random UID, and no two answers would be alike.
    calendar = Calendar()
    calendar.add("prodid", "-//Sozialraumkonferenz//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", one_line(str(conference.title.passage(language))))
    calendar.add_component(Timezone.from_ical(BERLIN_RULES))
    return calendar


def new_event(
    conference: Conference,
    name: str,
    title: Passage,
    times: tuple[datetime, datetime],
    status: str,
    *,
    sequence: int,
    changed_at: datetime,
    room: Room | None = None,
    fills_time: bool = True,
) -> Event:
    """What every entry has: its name, when, where, who, and the words in front of the title.

    Times are written in the time of Berlin, the rules of which stand in the file.
    """
    event = Event()
    event.add("uid", name)
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    # In the hour that comes twice in October only UTC says which one is meant; readers choose differently.
    zone = UTC if any(_comes_twice(at) for at in times) else BERLIN
    for word, at in zip(("dtstart", "dtend"), times, strict=True):
        event.add(word, at.astimezone(zone))
    before = []
    if conference.shows_demo:
        before.append(_("Demo: erfunden"))
    if conference.status is ConferenceStatus.CANCELLED:
        before.append(_("Abgesagt"))
    elif conference.status is ConferenceStatus.POSTPONED:
        before.append(_("Verschoben"))
    event.add("summary", one_line(" – ".join([*before, title.text])), parameters={"LANGUAGE": title.lang})
    event.add("status", status)
    # What is not certain keeps nobody from making another appointment.
    event.add("transp", "OPAQUE" if fills_time and status == CONFIRMED else "TRANSPARENT")
    place = _place(conference, room)
    if place:
        event.add("location", place)
    email = organizer_of(conference)
    if email:
        organizer = vCalAddress(f"mailto:{email}")
        organizer.params["CN"] = one_line(conference.host.name)
        event.add("organizer", organizer)
    return event


def status_of(conference: Conference) -> str:
    """Whoever has a postponed conference in the calendar sees why it is no longer certain; it must not just vanish."""
    return {ConferenceStatus.CANCELLED: CANCELLED, ConferenceStatus.POSTPONED: TENTATIVE}.get(
        conference.status, CONFIRMED
    )


def organizer_of(conference: Conference) -> str:
    """The address somebody reads and answers; empty where there is none."""
    return conference.contact_email or conference.host.email


def words_about(conference: Conference, language: str, base_url: str) -> str:
    """What the entry of the conference as a whole says."""
    phone = conference.contact_phone or conference.host.phone
    lines = [
        str(conference.teaser.passage(language)),
        _("Fragen? Rufen Sie uns an: %(phone)s", phone=phone) if phone else "",
        page_of(conference, language, base_url),
    ]
    if conference.status is ConferenceStatus.POSTPONED:
        lines.insert(0, _("Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest."))
    return "\n\n".join(line for line in lines if line)


def page_of(conference: Conference, language: str, base_url: str, *parts: str) -> str:
    """The address of its page, or of one below it."""
    prefix = "" if language == SOURCE_LANGUAGE else f"/{language}"
    return f"{base_url.rstrip('/')}{prefix}/{conference.host.key}/{conference.key}/{'/'.join(parts)}"


def feed_address(conference: Conference, language: str, base_url: str) -> str:
    """Where the programme can be subscribed to."""
    return page_of(conference, language, base_url, "termine.ics")


def one_line(text: str) -> str:
    """Without line breaks and control characters: some of these fields cannot carry them."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def _comes_twice(at: datetime) -> bool:
    local = at.astimezone(BERLIN)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _place(conference: Conference, room: Room | None) -> str:
    lines = [room.name] if room else []
    venue = conference.venue
    if venue:
        lines += [venue.name, venue.street, f"{venue.postal_code} {venue.city}".strip()]
    return one_line(", ".join(line for line in lines if line))
