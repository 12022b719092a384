"""Calendar files, read back as a calendar would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale
from icalendar import Calendar

from app.database import transaction
from app.domain import versions
from app.exports import calendar
from app.models import ConferenceStatus, Translated
from tests import make
from tests.exports.calendars import BASE, a_conference, entries, instant_as_written, read


@pytest.fixture
def conference(app, clock):
    return a_conference()


def test_the_conference_is_one_entry_with_all_that_is_known(conference):
    file = calendar.conference_calendar(conference, "de", BASE)

    assert (file.name, file.media_type) == (
        "sozialkonferenz-2026.ics",
        "text/calendar; charset=utf-8; method=PUBLISH",
    )
    assert (read(file)["VERSION"], read(file)["METHOD"]) == ("2.0", "PUBLISH")
    (entry,) = entries(file)
    page = "https://sozial.example/rheine/sozialkonferenz-2026/"
    assert {name: str(entry[name]) for name in ("SUMMARY", "LOCATION", "STATUS", "URL", "DESCRIPTION")} == {
        "SUMMARY": "Sozialkonferenz Rheine; Teil 1",
        "LOCATION": "Mensa, Haus B, Schulstraße 5, 48429 Rheine",
        "STATUS": "CONFIRMED",
        "URL": page,
        "DESCRIPTION": "Wie leben wir?\nSagen Sie es uns.\n\nFragen? Rufen Sie uns an: 05971 000-000\n\n"
        + page,
    }
    assert entry["SEQUENCE"] == 3
    assert entry["ORGANIZER"] == "mailto:sozialplanung@rheine.example"
    assert entry["ORGANIZER"].params["CN"] == "Stadt Rheine"
    assert entry["DTSTAMP"].dt == conference.changed_at.replace(microsecond=0)
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert (entry.start, entry.end) == (conference.starts_at, conference.ends_at)


@pytest.mark.parametrize(
    "starts_at",
    [
        "2026-03-28 15:00",  # the day before the clock is put forward
        "2026-03-29 15:00",
        "2026-10-24 15:00",  # the day before it is put back
        "2026-10-25 15:00",
        "2045-07-01 08:00",
    ],
)
def test_the_rules_in_the_file_lead_to_the_same_instant(conference, starts_at):
    with transaction():
        conference.starts_at = make.at(starts_at)
        conference.ends_at = conference.starts_at + timedelta(hours=3)

    read_back = read(calendar.conference_calendar(conference, "de", BASE))

    (entry,) = read_back.walk("VEVENT")
    assert instant_as_written(entry, read_back) == make.at(starts_at)
    assert instant_as_written(entry, read_back, "DTEND") == conference.ends_at


def test_a_night_in_which_the_clock_changes_keeps_its_length(conference):
    with transaction():
        conference.starts_at, conference.ends_at = make.at("2026-10-24 20:00"), make.at("2026-10-25 08:00")

    (entry,) = entries(calendar.conference_calendar(conference, "de", BASE))

    assert (entry.start, entry.end) == (make.at("2026-10-24 20:00"), make.at("2026-10-25 08:00"))
    assert (entry["DTSTART"].dt.hour, entry["DTEND"].dt.hour) == (22, 9)


def test_lines_end_and_fold_as_calendars_expect(conference):
    with transaction():
        conference.title = Translated("Ä" * 120)

    content = calendar.conference_calendar(conference, "de", BASE).content

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert str(Calendar.from_ical(content).walk("VEVENT")[0]["SUMMARY"]) == "Ä" * 120


def test_the_same_conference_gives_the_same_bytes_until_it_changes(conference, clock):
    first = calendar.conference_calendar(conference, "de", BASE)
    clock.shift(3600)
    assert calendar.conference_calendar(conference, "de", BASE) == first

    with transaction():
        versions.raise_conference(conference.id)
        conference.calendar_sequence += 1
        conference.key = "anders"
        conference.title = Translated("Anders")

    second = calendar.conference_calendar(conference, "de", "https://neu.example")
    assert second.content != first.content
    assert entries(second)[0]["UID"] == entries(first)[0]["UID"]
    assert entries(second)[0]["SEQUENCE"] == 4
    assert entries(second)[0]["DTSTAMP"].dt == make.at("2026-03-02 13:00")


def test_two_conferences_are_two_entries(conference):
    other = make.conference(conference.host)

    uids = {
        str(entries(calendar.conference_calendar(each, "de", BASE))[0]["UID"]) for each in (conference, other)
    }

    assert len(uids) == 2


def test_arabic_where_there_is_arabic_and_german_marked_where_not(conference):
    with force_locale("ar"):
        (entry,) = entries(calendar.conference_calendar(conference, "ar", BASE))
    assert str(entry["SUMMARY"]) == "مؤتمر راينه الاجتماعي"
    assert entry["SUMMARY"].params["LANGUAGE"] == "ar"
    assert entry["URL"] == "https://sozial.example/ar/rheine/sozialkonferenz-2026/"

    (entry,) = entries(calendar.conference_calendar(conference, "uk", BASE))
    assert (str(entry["SUMMARY"]), entry["SUMMARY"].params["LANGUAGE"]) == (
        "Sozialkonferenz Rheine; Teil 1",
        "de",
    )


@pytest.mark.parametrize(
    ("status", "said", "summary"),
    [
        (ConferenceStatus.ANNOUNCED, "CONFIRMED", "Sozialkonferenz Rheine; Teil 1"),
        (ConferenceStatus.CANCELLED, "CANCELLED", "Abgesagt – Sozialkonferenz Rheine; Teil 1"),
        (ConferenceStatus.POSTPONED, "TENTATIVE", "Verschoben – Sozialkonferenz Rheine; Teil 1"),
    ],
)
def test_the_status_is_in_the_title_too(conference, status, said, summary):
    with transaction():
        conference.status = status

    (entry,) = entries(calendar.conference_calendar(conference, "de", BASE))

    assert (str(entry["STATUS"]), str(entry["SUMMARY"])) == (said, summary)
    assert str(entry["DESCRIPTION"]).startswith(
        "Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest."
    ) == (status is ConferenceStatus.POSTPONED)


def test_a_demo_says_so_in_the_title(conference):
    with transaction():
        conference.host.is_demo = True

    (entry,) = entries(calendar.conference_calendar(conference, "de", BASE))

    assert str(entry["SUMMARY"]) == "Demo: erfunden – Sozialkonferenz Rheine; Teil 1"


def test_what_is_not_known_is_left_out(app):
    bare = make.conference(make.host(phone="", email=""), contact_phone="")

    (entry,) = entries(calendar.conference_calendar(bare, "de", BASE))

    assert not {"LOCATION", "ORGANIZER"} & set(entry)
    assert entry["DESCRIPTION"] == entry["URL"]


def test_hostile_text_makes_no_new_lines(conference):
    with transaction():
        conference.title = Translated("Titel\r\nATTENDEE:mailto:x@y.example\x07")
        conference.host.name = 'Stadt"\r\nX-EVIL:1'

    (entry,) = entries(calendar.conference_calendar(conference, "de", BASE))

    assert str(entry["SUMMARY"]) == "Titel ATTENDEE:mailto:x@y.example"
    assert "ATTENDEE" not in entry
    assert "X-EVIL" not in entry
