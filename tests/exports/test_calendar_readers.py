"""Calendar files as two other programs read them: vobject, and ical.js, which Thunderbird is built on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import vobject
from playwright.sync_api import Browser
from sqlalchemy import select

from app.database import db, transaction
from app.domain import calendar as names
from app.domain import programme, registrations
from app.domain.queries import conferences
from app.exports import calendar
from app.models import AgendaKind, Conference, Registration
from tests import make
from tests.exports.calendars import BASE, a_conference

(ICAL_FOLDER,) = (Path(__file__).parents[1] / "vendor").glob("ical.js-*")
ICAL = (ICAL_FOLDER / "ical.es5.min.cjs").read_text(encoding="utf-8")
# Days in winter and in summer, and the nights in which the clock is put forward and back.
DAYS = ["2026-01-14 16:00", "2026-07-15 15:00", "2026-03-28 22:00", "2026-10-24 21:00"]


class Seen(NamedTuple):
    """One entry as a reader understands it; times are instants."""

    uid: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int


@pytest.fixture
def conference(app, clock):
    return a_conference()


def files(conference: Conference, day: str) -> list[calendar.File]:
    """The feed, with something that was removed, and the file and the mail of a household."""
    housing, poverty = make.two_groups_in_two_rounds(conference)
    registration = make.registration(conference, housing.rounds[0], poverty.rounds[1])
    with transaction():
        shift = make.at(day) - conference.starts_at
        for thing in (conference, *conference.agenda):
            thing.starts_at, thing.ends_at = thing.starts_at + shift, thing.ends_at + shift
        conference.ends_at = conference.starts_at + timedelta(hours=9)
    point = dict.fromkeys(programme.FIELDS) | {
        "kind": AgendaKind.PLENARY,
        "title": "Plenum, lang; mit „Zeichen“\\und mehr",
        "speaker_role": "",
        "starts_at": conference.ends_at - timedelta(hours=6),
        "ends_at": conference.ends_at,
    }
    removed = programme.add(conference, {**point, "title": "Entfällt"})
    programme.remove(removed)
    programme.add(conference, point)
    db.session.expire_all()
    feed = calendar.feed(
        conference,
        conferences.programme_of(conference),
        conferences.groups_of(conference),
        names.cancelled(conference),
        "de",
        BASE,
    )
    return [
        feed,
        calendar.personal_calendar(registration, "de", BASE),
        *calendar.calendars_for_mail(registration, "de", BASE, "amina@post.example"),
    ]


def meant(conference: Conference) -> dict[str, tuple[datetime, datetime]]:
    """When everything in the feed takes place, by UID."""
    found = {name: (entry.starts_at, entry.ends_at) for name, entry in names.entries(conference).items()}
    found |= {entry.uid: (entry.starts_at, entry.ends_at) for entry in names.cancelled(conference)}
    return found | {names.name_of_conference(conference): (conference.starts_at, conference.ends_at)}


def by_vobject(file: calendar.File) -> list[Seen]:
    read = vobject.readOne(file.content.decode())
    return [
        Seen(
            event.uid.value,
            event.summary.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.status.value,
            int(event.sequence.value),
        )
        for event in read.vevent_list
    ]


def by_ical_js(browser: Browser, file: calendar.File) -> list[Seen]:
    page = browser.new_page(timezone_id="America/New_York")
    try:
        page.evaluate(ICAL)
        rows = page.evaluate(
            """text => {
                const calendar = new ICAL.Component(ICAL.parse(text));
                for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
                return calendar.getAllSubcomponents('vevent').map(each => {
                    const event = new ICAL.Event(each, {strictExceptions: true});
                    return [event.uid, event.summary, event.startDate.toUnixTime(), event.endDate.toUnixTime(),
                        each.getFirstPropertyValue('status'), event.sequence];
                });
            }""",
            file.content.decode(),
        )
    finally:
        page.close()
    return [
        Seen(uid, summary, datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), *rest)
        for uid, summary, start, end, *rest in rows
    ]


@pytest.mark.parametrize("day", DAYS)
def test_two_other_readers_see_the_same_and_the_right_times(
    conference: Conference, browser: Browser, day: str
) -> None:
    feed, *others = files(conference, day)

    seen = by_ical_js(browser, feed)

    assert {entry.uid: (entry.starts_at, entry.ends_at) for entry in seen} == meant(conference)
    assert {entry.summary: entry.status for entry in seen}["Entfällt"] == "CANCELLED"
    assert "Plenum, lang; mit „Zeichen“\\und mehr" in {entry.summary for entry in seen}
    for file in (feed, *others):
        assert by_vobject(file) == by_ical_js(browser, file)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_files_of_a_mail_name_their_method(conference: Conference, browser: Browser, method: str) -> None:
    _feed, _own, *mailed = files(conference, DAYS[0])
    if method == "CANCEL":
        registration = db.session.scalars(select(Registration)).one()
        registrations.cancel(registration)
        mailed = calendar.calendars_for_mail(registration, "de", BASE, "amina@post.example")
        for file in mailed:
            assert by_vobject(file) == by_ical_js(browser, file)
            assert [entry.status for entry in by_vobject(file)] == ["CANCELLED"]

    page = browser.new_page()
    page.evaluate(ICAL)
    methods = [
        page.evaluate(
            "text => new ICAL.Component(ICAL.parse(text)).getFirstPropertyValue('method')",
            file.content.decode(),
        )
        for file in mailed
    ]
    page.close()

    assert methods == [file.method for file in mailed] == [method] * 3
    assert [vobject.readOne(file.content.decode()).method.value for file in mailed] == methods
