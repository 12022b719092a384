"""The calendar file of a household: sent again only when it says something else."""

from __future__ import annotations

from typing import Any

from icalendar import Calendar

from app.database import transaction
from app.domain import lifecycle, registrations
from app.models import Conference, Registration
from tests import make
from tests.browse import visit
from tests.visitor import Visitor


def with_a_house() -> Conference:
    return make.conference(host := make.host(), venue_id=make.venue(host).id)


def opened(app: Any, conference: Conference, *group_rounds: Any) -> tuple[Registration, Visitor]:
    """A household that has shown its code in this browser."""
    registration, code = make.registered(conference, *group_rounds)
    browser = Visitor(app)
    visit(browser, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
    return registration, browser


def ask(browser: Visitor, conference: Conference, etag: str = "") -> Any:
    address = f"/{conference.host.key}/{conference.key}/meine-anmeldung/kalender.ics"
    return browser.get(address, headers={"If-None-Match": etag} if etag else {})


def sequences(answer: Any) -> set[int]:
    return {int(entry["SEQUENCE"]) for entry in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_who_has_the_file_gets_it_again_only_with_a_higher_sequence(app: Any, clock: Any) -> None:
    conference = with_a_house()
    housing, _poverty = make.two_groups_in_two_rounds(conference)
    registration, browser = opened(app, conference, housing.rounds[0])
    first = ask(browser, conference)
    etag = first.headers["ETag"]
    assert etag.startswith("W/")

    # Time goes by, others register, and an account of the door is kept: nothing of it is in this file.
    clock.shift(60)
    make.registration(conference)
    unchanged = ask(browser, conference, etag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"] == etag

    # SEQUENCE alone is news: calendars take an entry anew by it.
    with transaction():
        registration.calendar_sequence += 1
    risen = ask(browser, conference, etag)
    assert risen.status_code == 200
    assert risen.headers["ETag"] != etag
    assert min(sequences(risen)) > max(sequences(first))


def test_what_is_called_off_is_sent_to_whoever_has_the_file(app: Any, clock: Any) -> None:
    conference = with_a_house()
    housing, _poverty = make.two_groups_in_two_rounds(conference)
    registration, browser = opened(app, conference, housing.rounds[0])
    etag = ask(browser, conference).headers["ETag"]

    registrations.cancel(registration)

    after = ask(browser, conference, etag)
    assert after.status_code == 200
    found = Calendar.from_ical(after.data).walk("VEVENT")
    assert [str(entry["STATUS"]) for entry in found] == ["CANCELLED", "CANCELLED"]


def test_a_conference_called_off_is_news_in_every_file(app: Any, clock: Any) -> None:
    conference = make.conference(make.host())
    _registration, browser = opened(app, conference)
    etag = ask(browser, conference).headers["ETag"]

    lifecycle.cancel(conference)

    after = ask(browser, conference, etag)
    assert after.status_code == 200
    assert [str(entry["STATUS"]) for entry in Calendar.from_ical(after.data).walk("VEVENT")] == ["CANCELLED"]
