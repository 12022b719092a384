"""The calendar of one household: the conference, and the meetings of groups its people have places in.

What is certain is CONFIRMED. A place in a queue and an offer nobody has answered are TENTATIVE and block no time. What
was given up, has lapsed or is called off is CANCELLED. No personal link and no name stands in any of it: calendars are
shared in families and offices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from flask_babel import gettext as _
from icalendar import Event, vCalAddress

from app.domain import calendar as entries
from app.exports.calendar import parts
from app.exports.calendar.conference import title_of
from app.exports.calendar.parts import File
from app.models import (
    AgendaItem,
    CancelledEntry,
    Passage,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
)

# What one of the household has counts for its entry, in this order.
_BEST_FIRST = (SeatState.SEATED, SeatState.OFFERED, SeatState.WAITING, SeatState.RELEASED)


def personal_calendar(registration: Registration, language: str, base_url: str) -> File:
    """All entries of a household in one file, to keep."""
    conference = registration.conference
    calendar = parts.new_calendar(conference, language)
    for event in _events(registration, language, base_url):
        calendar.add_component(event)
    return File(calendar.to_ical(), f"{conference.key}.ics")


def calendars_for_mail(
    registration: Registration, language: str, base_url: str, recipient: str
) -> list[File]:
    """The same as invitations and cancellations (RFC 5546): a file for each entry, since one may hold only one UID.

    Nobody but the recipient is named, and no answer is asked for. Without an address that answers there can be no
    invitation: then it is the file to keep.
    """
    conference = registration.conference
    if not parts.organizer_of(conference):
        return [personal_calendar(registration, language, base_url)]
    files = []
    for number, event in enumerate(_events(registration, language, base_url), start=1):
        status = str(event["status"])
        method = "CANCEL" if status == parts.CANCELLED else "REQUEST"
        calendar = parts.new_calendar(conference, language, method)
        event.add("attendee", _attendee(recipient, status))
        calendar.add_component(event)
        ending = f"-{number}" if number > 1 else ""
        files.append(File(calendar.to_ical(), f"{conference.key}{ending}.ics", method))
    return files


def _attendee(recipient: str, status: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{recipient}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if status != parts.CANCELLED:
        # They have said so themselves: nobody is to be asked again.
        attendee.params["PARTSTAT"] = "ACCEPTED" if status == parts.CONFIRMED else "TENTATIVE"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _events(registration: Registration, language: str, base_url: str) -> Iterator[Event]:
    yield _conference(registration, language, base_url)
    seats = entries.seats_of(registration)
    told = set()
    for _meeting, held in groupby(seats, key=lambda seat: seat.group_round_id):
        event = _meeting_of(registration, list(held), language, base_url)
        if event is not None:
            told.add(str(event["uid"]))
            yield event
    for entry in entries.cancelled_for(registration):
        # Somebody of the household may have come back to the group since.
        if entry.uid not in told:
            yield _gone(registration, entry, language)


def _conference(registration: Registration, language: str, base_url: str) -> Event:
    conference = registration.conference
    title = conference.title.passage(language)
    words = {
        RegistrationStatus.WAITLISTED: _("Warteliste: %(title)s", title=title.text),
        RegistrationStatus.OFFERED: _("Angebot: %(title)s", title=title.text),
    }.get(registration.status, title.text)
    event = parts.new_event(
        conference,
        entries.name_for(registration),
        Passage(words, title.lang, title.is_fallback),
        (conference.starts_at, conference.ends_at),
        _status(registration),
        sequence=entries.sequence_for(registration),
        changed_at=max(conference.changed_at, registration.changed_at),
    )
    event.add("description", parts.words_about(conference, language, base_url))
    event.add("url", parts.page_of(conference, language, base_url))
    return event


def _meeting_of(registration: Registration, seats: list[Seat], language: str, base_url: str) -> Event | None:
    """The entry of one group round; None where it has no time of its own."""
    conference, meeting = registration.conference, seats[0].group_round
    item: AgendaItem | None = meeting.agenda_item
    if item is None:
        return None
    state = min((seat.state for seat in seats), key=_BEST_FIRST.index)
    title = title_of(meeting.group, language)
    words = {
        SeatState.WAITING: _("Warteliste: %(title)s", title=title.text),
        SeatState.OFFERED: _("Angebot: %(title)s", title=title.text),
    }.get(state, title.text)
    people = [seat.participant.position for seat in seats if seat.state is state]
    if len(people) < len(registration.participants):
        words += " " + _who(people)
    event = parts.new_event(
        conference,
        entries.name_for(registration, meeting),
        Passage(words, title.lang, title.is_fallback),
        (item.starts_at, item.ends_at),
        _status(registration, state),
        sequence=entries.sequence_for(registration),
        changed_at=max(conference.changed_at, registration.changed_at, *(seat.changed_at for seat in seats)),
        room=meeting.group.room,
    )
    if meeting.group.room:
        event.add("description", _("Raum: %(room)s", room=meeting.group.room.name))
    event.add("url", parts.page_of(conference, language, base_url))
    return event


def _gone(registration: Registration, entry: CancelledEntry, language: str) -> Event:
    """A meeting nobody of the household has a seat in any more, not even one that was given up."""
    return parts.new_event(
        registration.conference,
        entry.uid,
        entry.title.passage(language),
        (entry.starts_at, entry.ends_at),
        parts.CANCELLED,
        sequence=entries.sequence_for(registration),
        changed_at=max(entry.cancelled_at, registration.changed_at),
    )


def _status(registration: Registration, state: SeatState = SeatState.SEATED) -> str:
    whole = parts.status_of(registration.conference)
    if whole == parts.CANCELLED or not registration.is_live or state is SeatState.RELEASED:
        return parts.CANCELLED
    if whole == parts.TENTATIVE or not registration.has_place or state is not SeatState.SEATED:
        return parts.TENTATIVE
    return parts.CONFIRMED


def _who(positions: Iterable[int]) -> str:
    """Which people of the household, by number: no name goes into a calendar."""
    numbers = [str(position) for position in sorted(positions)]
    if len(numbers) == 1:
        words: str = _("(Person %(number)s)", number=numbers[0])
    else:
        words = _("(Personen %(numbers)s)", numbers=", ".join(numbers))
    return words
