"""The programme to subscribe to, read back as a calendar would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale

from app.database import db, transaction
from app.domain import calendar as names
from app.domain import groups as working_groups
from app.domain import lifecycle, programme
from app.domain.local_time import LOCAL
from app.domain.queries import conferences
from app.exports import calendar
from app.models import AgendaKind, Translated
from tests import make
from tests.exports.calendars import BASE, a_conference, entries, instant_as_written, read


@pytest.fixture
def conference(app, clock):
    return a_conference()


@pytest.fixture
def groups(conference):
    return make.two_groups_in_two_rounds(conference)


def feed(conference, language="de"):
    db.session.expire_all()
    return calendar.feed(
        conference,
        conferences.programme_of(conference),
        conferences.groups_of(conference),
        names.cancelled(conference),
        language,
        BASE,
    )


def rows(conference):
    return [
        (str(entry["SUMMARY"]), entry.start.astimezone(LOCAL).strftime("%H:%M"), str(entry["STATUS"]))
        for entry in entries(feed(conference))
    ]


def talk(conference, start=0, end=20, title="Wie es heute ist"):
    return programme.add(
        conference,
        {
            "kind": AgendaKind.INPUT,
            "title": title,
            "speaker_role": "Sozialplanung",
            "starts_at": conference.starts_at + timedelta(minutes=start),
            "ends_at": conference.starts_at + timedelta(minutes=end),
            "room_id": None,
        },
    )


def test_the_feed_holds_the_programme_and_each_meeting_of_a_group(conference, groups):
    talk(conference)

    file = feed(conference)

    assert rows(conference) == [
        ("Sozialkonferenz Rheine; Teil 1", "17:00", "CONFIRMED"),
        ("Wie es heute ist", "17:00", "CONFIRMED"),
        ("Arbeitsgruppen, Runde 1", "17:30", "CONFIRMED"),
        ("Arbeitsgruppen, Runde 2", "18:00", "CONFIRMED"),
        ("Arbeitsgruppe 1: Wohnen", "17:30", "CONFIRMED"),
        ("Arbeitsgruppe 1: Wohnen", "18:00", "CONFIRMED"),
        ("Arbeitsgruppe 2: Armut", "17:30", "CONFIRMED"),
        ("Arbeitsgruppe 2: Armut", "18:00", "CONFIRMED"),
    ]
    whole, point, *_rounds = entries(file)
    housing = entries(file)[4]
    assert whole == entries(calendar.conference_calendar(conference, "de", BASE))[0]
    assert str(point["DESCRIPTION"]) == "Sozialplanung"
    assert [str(entry["TRANSP"]) for entry in (whole, point, housing)] == [
        "OPAQUE",
        "TRANSPARENT",
        "TRANSPARENT",
    ]
    assert housing["LOCATION"] == "Raum 12, Mensa, Haus B, Schulstraße 5, 48429 Rheine"
    assert housing["URL"] == "https://sozial.example/rheine/sozialkonferenz-2026/arbeitsgruppen/1"
    assert str(read(file)["SOURCE"]) == "https://sozial.example/rheine/sozialkonferenz-2026/termine.ics"
    assert len({entry["UID"] for entry in entries(file)}) == 8


def test_what_was_removed_stays_as_cancelled_with_a_higher_sequence(conference, groups):
    item = talk(conference)
    before = {str(entry["UID"]): entry for entry in entries(feed(conference))}

    programme.remove(item)
    working_groups.remove(groups[1])

    after = {str(entry["UID"]): entry for entry in entries(feed(conference))}
    assert set(after) == set(before)
    gone = [after[name] for name in after if str(after[name]["STATUS"]) == "CANCELLED"]
    assert sorted(str(entry["SUMMARY"]) for entry in gone) == ["Armut", "Armut", "Wie es heute ist"]
    for entry in gone:
        earlier = before[str(entry["UID"])]
        assert entry["SEQUENCE"] > earlier["SEQUENCE"]
        assert (entry.start, entry.end) == (earlier.start, earlier.end)


def test_a_new_point_in_the_place_of_a_removed_one_is_another_entry(conference):
    programme.remove(talk(conference, title="Alt"))
    talk(conference, title="Neu")

    assert rows(conference)[1:] == [("Neu", "17:00", "CONFIRMED"), ("Alt", "17:00", "CANCELLED")]


def test_a_conference_called_off_calls_off_everything(conference, groups):
    lifecycle.cancel(conference)

    assert {status for _summary, _at, status in rows(conference)} == {"CANCELLED"}
    assert rows(conference)[4][0] == "Abgesagt – Arbeitsgruppe 1: Wohnen"


@pytest.mark.parametrize("day", ["2026-01-14 16:00", "2026-07-15 15:00", "2026-10-24 21:00"])
def test_times_are_right_in_winter_in_summer_and_across_a_change(conference, groups, day):
    with transaction():
        shift = make.at(day) - conference.starts_at
        for thing in (conference, *conference.agenda):
            thing.starts_at, thing.ends_at = thing.starts_at + shift, thing.ends_at + shift
    # Five hours from two hours after the beginning on: in October one of them comes twice.
    night = talk(conference, 120, 175)
    with transaction():
        night = db.session.merge(night)
        conference.ends_at = night.ends_at = night.starts_at + timedelta(hours=5)

    read_back = read(feed(conference))

    written = {
        str(entry["UID"]): (
            instant_as_written(entry, read_back),
            instant_as_written(entry, read_back, "DTEND"),
        )
        for entry in read_back.walk("VEVENT")
    }
    expected = {name: (entry.starts_at, entry.ends_at) for name, entry in names.entries(conference).items()}
    expected[names.name_of_conference(conference)] = (conference.starts_at, conference.ends_at)
    assert written == expected


def test_the_feed_speaks_the_language_it_is_asked_in(conference, groups):
    with transaction():
        groups[0].title = Translated({"de": "Wohnen", "ar": "السكن"})

    with force_locale("ar"):
        found = entries(feed(conference, "ar"))

    assert str(found[0]["SUMMARY"]) == "مؤتمر راينه الاجتماعي"
    assert found[3]["SUMMARY"].params["LANGUAGE"] == "ar"
    assert "السكن" in str(found[3]["SUMMARY"])
    assert found[3]["URL"] == "https://sozial.example/ar/rheine/sozialkonferenz-2026/arbeitsgruppen/1"


def test_the_mark_of_a_file_changes_with_what_it_says_and_not_with_the_hour(conference, groups, clock):
    before = feed(conference)
    clock.shift(3600)

    make.registration(conference, groups[1].rounds[0])
    same = feed(conference)
    talk(conference)

    assert same.content != before.content
    assert same.mark == before.mark
    assert feed(conference).mark != before.mark
