"""The calendar of a conference for everybody: one entry to keep, and the whole programme to subscribe to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from icalendar import Event

from app.domain import calendar as entries
from app.exports.calendar import parts
from app.exports.calendar.parts import File
from app.models import AgendaItem, CancelledEntry, Conference, GroupRound, Passage, WorkingGroup

# How often calendars are asked to look again; most take their own time.
_AGAIN_AFTER = timedelta(hours=4)


def conference_calendar(conference: Conference, language: str, base_url: str) -> File:
    """The conference as one entry. The same conference gives the same bytes until it changes.

    Words that the product adds come in the locale that is set while this is called.
    """
    calendar = parts.new_calendar(conference, language)
    calendar.add_component(_whole(conference, language, base_url))
    return File(calendar.to_ical(), f"{conference.key}.ics")


def feed(
    conference: Conference,
    items: Sequence[AgendaItem],
    groups: Sequence[WorkingGroup],
    gone: Sequence[CancelledEntry],
    language: str,
    base_url: str,
) -> File:
    """The conference, each point of its programme and each meeting of its groups, to subscribe to.

    What no longer takes place (`gone`) stays in it as cancelled: some calendars keep what just vanishes. Nobody's seat
    and nobody's name stands in it; it is the same for everybody.
    """
    calendar = parts.new_calendar(conference, language)
    calendar.add("refresh-interval", _AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    calendar.add("source", parts.feed_address(conference, language, base_url), parameters={"VALUE": "URI"})
    calendar.add_component(_whole(conference, language, base_url))
    for item in items:
        calendar.add_component(_point(conference, item, language, base_url))
    for group in groups:
        for meeting in group.rounds:
            if meeting.agenda_item is not None:
                calendar.add_component(
                    _meeting(conference, group, meeting, meeting.agenda_item, language, base_url)
                )
    for entry in gone:
        calendar.add_component(_gone(conference, entry, language))
    return File(calendar.to_ical(), f"{conference.key}-programm.ics")


def _whole(conference: Conference, language: str, base_url: str) -> Event:
    event = parts.new_event(
        conference,
        entries.name_of_conference(conference),
        conference.title.passage(language),
        (conference.starts_at, conference.ends_at),
        parts.status_of(conference),
        sequence=conference.calendar_sequence,
        changed_at=conference.changed_at,
    )
    event.add("description", parts.words_about(conference, language, base_url))
    event.add("url", parts.page_of(conference, language, base_url))
    return event


def _point(conference: Conference, item: AgendaItem, language: str, base_url: str) -> Event:
    event = parts.new_event(
        conference,
        entries.name_of_item(conference, item.calendar_mark),
        item.title.passage(language),
        (item.starts_at, item.ends_at),
        parts.status_of(conference),
        sequence=conference.calendar_sequence,
        changed_at=conference.changed_at,
        room=item.room,
        fills_time=False,
    )
    if item.speaker_role:
        event.add("description", str(item.speaker_role.passage(language)))
    event.add("url", parts.page_of(conference, language, base_url, "programm"))
    return event


def _meeting(
    conference: Conference,
    group: WorkingGroup,
    meeting: GroupRound,
    item: AgendaItem,
    language: str,
    base_url: str,
) -> Event:
    event = parts.new_event(
        conference,
        entries.name_of_round(conference, group.calendar_mark, meeting.number),
        title_of(group, language),
        (item.starts_at, item.ends_at),
        parts.status_of(conference),
        sequence=conference.calendar_sequence,
        changed_at=conference.changed_at,
        room=group.room,
        # Groups meet side by side: nobody is in all of them.
        fills_time=False,
    )
    if group.description:
        event.add("description", str(group.description.passage(language)))
    event.add("url", parts.page_of(conference, language, base_url, "arbeitsgruppen", str(group.number)))
    return event


def _gone(conference: Conference, entry: CancelledEntry, language: str) -> Event:
    return parts.new_event(
        conference,
        entry.uid,
        entry.title.passage(language),
        (entry.starts_at, entry.ends_at),
        parts.CANCELLED,
        sequence=entry.sequence,
        changed_at=entry.cancelled_at,
    )


def title_of(group: WorkingGroup, language: str) -> Passage:
    """A group as one calls it, in the language of its title."""
    title = group.title.passage(language)
    words = _("Arbeitsgruppe %(number)s: %(title)s", number=group.number, title=title.text)
    return Passage(words, title.lang, title.is_fallback)
