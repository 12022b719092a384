"""Names and sequences of calendar entries: what calendars were told is never taken for newer than what is so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.database import db, transaction
from app.domain import (
    calendar,
    groups,
    lifecycle,
    programme,
    registrations,
    venues,
)
from app.models import AgendaKind, Conference, ConferenceStatus, Room
from tests import make


@pytest.fixture
def conference(app: Any, clock: Any) -> Conference:
    host = make.host("rheine")
    return make.conference(
        host,
        starts_at=make.at("2026-06-11 15:00"),
        venue_id=make.venue(host).id,
        contact_phone="05971 1",
        teaser="Kommen Sie.",
    )


def point(conference: Conference, title: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": AgendaKind.INPUT,
        "title": title,
        "speaker_role": "",
        "starts_at": conference.starts_at + timedelta(minutes=start),
        "ends_at": conference.starts_at + timedelta(minutes=end),
        "room_id": None,
        **more,
    }


def gone(conference: Conference) -> list[tuple[str, int]]:
    db.session.expire_all()
    return [(str(entry.title), entry.sequence) for entry in calendar.cancelled(conference)]


def test_removing_a_point_of_a_public_programme_keeps_it_as_cancelled(conference: Conference) -> None:
    item = programme.add(conference, point(conference, "Eins", 0, 30))
    name = calendar.name_of_item(conference, item.calendar_mark)

    programme.remove(item)

    (entry,) = calendar.cancelled(conference)
    assert (entry.uid, str(entry.title), entry.starts_at, entry.sequence) == (
        name,
        "Eins",
        conference.starts_at,
        2,
    )


def test_removing_a_point_nobody_has_seen_leaves_nothing(conference: Conference) -> None:
    with transaction():
        conference.status = ConferenceStatus.DRAFT

    programme.remove(programme.add(conference, point(conference, "Eins", 0, 30)))

    assert (gone(conference), conference.calendar_sequence) == ([], 0)


def test_a_draft_that_was_public_goes_on_telling_calendars(conference: Conference) -> None:
    item = programme.add(conference, point(conference, "Eins", 0, 30))

    lifecycle.withdraw(conference)
    programme.remove(item)

    assert gone(conference) == [("Eins", 3)]


def test_a_meeting_that_takes_place_again_is_no_longer_cancelled(conference: Conference) -> None:
    housing, _poverty = make.two_groups_in_two_rounds(conference)
    capacity = housing.rounds[1].capacity
    groups.set_places(conference, {(housing.id, 2): None})
    after = gone(conference)

    groups.set_places(conference, {(housing.id, 2): capacity})

    assert after == [("Wohnen", 1)]
    assert gone(conference) == []
    assert conference.calendar_sequence == 2


def test_a_room_with_another_name_raises_the_sequence(conference: Conference) -> None:
    make.two_groups_in_two_rounds(conference)
    sequence, room = conference.calendar_sequence, db.session.query(Room).one()
    venue = conference.venue
    assert venue is not None
    seen = {"name": venue.name}

    venues.edit(venue, seen, room_names={room.id: "Saal"})
    venues.edit(venue, seen, room_names={room.id: "Saal"})

    db.session.expire_all()
    assert conference.calendar_sequence == sequence + 1


def test_what_shows_in_no_calendar_leaves_the_sequence_of_a_household(conference: Conference) -> None:
    registration = make.registration(conference)
    sequence = calendar.sequence_for(registration)

    registrations.renew_code(registration)

    assert calendar.sequence_for(registration) == sequence
