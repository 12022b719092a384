"""Venues and their rooms."""

from __future__ import annotations

from typing import Any

import pytest

from app.database import db
from app.domain import conferences, groups, venues
from app.domain.editing import seen
from app.domain.errors import ChangedMeanwhile, NotFound, RoomInUse, RoomNameTaken, VenueInUse, VenueNameTaken
from app.models import ConferenceStatus, Room, Venue
from tests import make

pytestmark = pytest.mark.usefixtures("app")

HOUSE = {"name": "Bürgerhaus", "street": "Weg 1", "postal_code": "12345", "city": "Stadt", "step_free": True}


def house(**values: Any) -> Venue:
    return venues.add(make.host(), {**HOUSE, **values}, rooms=["Saal", "Raum 2"])


def names(venue: Venue) -> list[str]:
    db.session.expire_all()
    return [room.name for room in venue.rooms]


def test_add_makes_venue_and_rooms_once() -> None:
    host = make.host()
    first = venues.add(host, {**HOUSE, "directions": "Bus 3"}, rooms=["Saal", "Raum 2"])
    again = venues.add(host, {**HOUSE, "directions": "Bus 3"}, rooms=["Saal", "Raum 2"])

    assert first.id == again.id
    assert (first.directions, first.step_free, first.accessible_wc) == ({"de": "Bus 3"}, True, None)
    assert names(first) == ["Raum 2", "Saal"]
    assert venues.all_of(host) == [first]


def test_add_refuses_a_used_name_and_double_rooms() -> None:
    host = make.host()
    venues.add(host, HOUSE)

    with pytest.raises(VenueNameTaken, match="Bürgerhaus"):
        venues.add(host, {**HOUSE, "city": "Anderswo"})
    with pytest.raises(RoomNameTaken, match="Saal"):
        venues.add(host, {**HOUSE, "name": "Neu"}, rooms=["Saal", "Saal"])
    venues.add(make.host(), HOUSE)

    assert [venue.name for venue in venues.all_of(host)] == ["Bürgerhaus"]


def test_edit_renames_adds_and_removes_rooms() -> None:
    venue = house()
    second, hall = venue.rooms

    venues.edit(
        venue,
        {**HOUSE, "step_free": False},
        room_names={second.id: "", hall.id: "Großer Saal"},
        new_rooms=["Küche", "Großer Saal 2"],
    )

    assert names(venue) == ["Großer Saal", "Großer Saal 2", "Küche"]
    assert venue.step_free is False


def test_edit_sent_twice_adds_rooms_once_and_rooms_can_swap_names() -> None:
    venue = house()
    second, hall = venue.rooms
    for _ in range(2):
        venues.edit(venue, HOUSE, room_names={second.id: "Saal", hall.id: "Raum 2"}, new_rooms=["Küche"])

    assert {room.id: room.name for room in venue.rooms if room.name != "Küche"} == {
        second.id: "Saal",
        hall.id: "Raum 2",
    }
    assert names(venue) == ["Küche", "Raum 2", "Saal"]


def test_edit_raises_every_conference_there_and_the_calendar_of_public_ones() -> None:
    venue = house()
    host = make.conference(make.host()).host
    venue_host = db.session.get_one(type(host), venue.host_id)
    public = make.conference(venue_host, venue_id=venue.id)
    draft = make.conference(venue_host, venue_id=venue.id, status=ConferenceStatus.DRAFT)
    elsewhere = make.conference(venue_host)
    version = venue_host.version

    venues.edit(venue, {**HOUSE, "street": "Weg 2"})
    venues.edit(venue, {**HOUSE, "street": "Weg 2", "directions": "Bus 4"})

    assert [(it.version, it.calendar_sequence) for it in (public, draft, elsewhere)] == [
        (3, 1),
        (3, 0),
        (1, 0),
    ]
    assert venue_host.version == version + 2


def test_edit_refuses_used_names_rooms_in_use_and_unknown_rooms() -> None:
    venue = house()
    host = db.session.get_one(type(make.host()), venue.host_id)
    venues.add(host, {**HOUSE, "name": "Rathaus"})
    conference = make.conference(host, venue_id=venue.id)
    second, hall = venue.rooms
    groups.add(conference, {"title": "Wohnen", "room_id": hall.id}, capacity=5)

    with pytest.raises(VenueNameTaken):
        venues.edit(venue, {**HOUSE, "name": "Rathaus"})
    with pytest.raises(RoomInUse, match="Saal") as caught:
        venues.edit(venue, HOUSE, room_names={hall.id: ""})
    with pytest.raises(RoomNameTaken):
        venues.edit(venue, HOUSE, room_names={second.id: "Saal"})
    with pytest.raises(NotFound):
        venues.edit(venue, HOUSE, room_names={4711: "Saal"})

    assert caught.value.field == f"room-{hall.id}"
    assert (venue.name, names(venue)) == ("Bürgerhaus", ["Raum 2", "Saal"])


def test_edit_is_refused_when_somebody_was_quicker_or_the_venue_is_gone() -> None:
    venue = house()
    shown = seen(venues.values(venue, HOUSE))
    venues.edit(venue, {**HOUSE, "street": "Weg 2"}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        venues.edit(venue, {**HOUSE, "street": "Weg 3"}, shown=shown)
    with pytest.raises(NotFound):
        venues.edit(Venue(id=4711, host_id=venue.host_id), HOUSE)

    assert venue.street == "Weg 2"


def test_values_of_a_removed_room_are_empty() -> None:
    venue = house()

    assert venues.values(venue, ["name"], [4711]) == {"name": "Bürgerhaus", "room-4711": ""}


def test_remove_needs_a_venue_without_conferences() -> None:
    venue = house()
    host = db.session.get_one(type(make.host()), venue.host_id)
    conference = make.conference(host, venue_id=venue.id)

    with pytest.raises(VenueInUse):
        venues.remove(venue)
    conferences.choose_venue(conference, None)
    venues.remove(venue)
    venues.remove(Venue(id=4711, host_id=host.id))

    assert (venues.all_of(host), db.session.query(Room).count()) == ([], 0)
