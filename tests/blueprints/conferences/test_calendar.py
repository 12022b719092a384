"""Calendars for everybody: the programme to subscribe to, and the page that says how."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from app.database import db, transaction
from app.models import ConferenceStatus, Translated
from tests import counting, make
from tests.browse import visit


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def address(conference):
    return f"/{conference.host.key}/{conference.key}/termine.ics"


def test_the_feed_is_sent_again_only_when_it_says_something_else(client, clock):
    conference = make.conference(
        host := make.host(), title=Translated("Konferenz Nord"), venue_id=make.venue(host).id
    )
    housing, poverty = make.two_groups_in_two_rounds(conference)
    first = client.get(address(conference))
    known = {"If-None-Match": first.headers["ETag"]}

    clock.shift(60)
    make.registration(conference, poverty.rounds[0])
    unchanged = client.get(address(conference), headers=known)
    with transaction():
        db.session.merge(housing).title = Translated("Miete")
    changed = client.get(address(conference), headers=known)

    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert (first.headers["Cache-Control"], first.headers["ETag"][:2]) == ("public, no-cache", "W/")
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert changed.status_code == 200
    assert "Set-Cookie" not in first.headers
    summaries = [str(entry["SUMMARY"]) for entry in Calendar.from_ical(first.data).walk("VEVENT")]
    assert summaries == [
        "Konferenz Nord",
        "Arbeitsgruppen, Runde 1",
        "Arbeitsgruppen, Runde 2",
        "Arbeitsgruppe 1: Wohnen",
        "Arbeitsgruppe 1: Wohnen",
        "Arbeitsgruppe 2: Armut",
        "Arbeitsgruppe 2: Armut",
    ]


@pytest.mark.parametrize("status", [ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED])
def test_nobody_subscribes_to_what_is_not_public(client, status):
    conference = make.conference(status=status)

    assert client.get(address(conference)).status_code == 404
    visit(client, "conferences.subscribe", status=404, **where(conference))


def test_the_feed_asks_a_fixed_number_of_questions(client):
    counts = set()
    for groups in (1, 3, 30):
        conference = make.conference()
        for _ in range(groups):
            make.group(conference, rounds=2)
        with counting.statements() as statements:
            assert client.get(address(conference)).status_code == 200
        counts.add(len(statements))

    assert len(counts) == 1


def test_the_page_says_how_to_subscribe(client):
    conference = make.conference()

    page = visit(client, "conferences.subscribe", **where(conference))

    assert page.h1 == "Termine im Kalender"
    feed = f"localhost{address(conference)}"
    links = page.links().values()
    assert f"webcal://{feed}" in links
    assert f"http://{feed}" in page.text
    assert f"/{conference.host.key}/{conference.key}/kalender.ics" in links
    programme = visit(client, "conferences.programme", **where(conference))
    assert f"/{conference.host.key}/{conference.key}/kalender" in programme.links().values()
