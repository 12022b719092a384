"""Venues of a host and their rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import editing, versions
from app.domain.errors import NotFound, RoomInUse, RoomNameTaken, VenueInUse, VenueNameTaken
from app.models import AgendaItem, Conference, Host, Room, Translated, Venue, WorkingGroup

FIELDS = (
    "name",
    "street",
    "postal_code",
    "city",
    "directions",
    "step_free",
    "accessible_wc",
    "induction_loop",
    "seats",
)
# A change of these makes a calendar entry wrong.
_ADDRESS = frozenset({"name", "street", "postal_code", "city"})


def all_of(host: Host) -> list[Venue]:
    """The venues of a host, by name."""
    return list(db.session.scalars(select(Venue).where(Venue.host_id == host.id).order_by(Venue.name)))


def add(host: Host, wanted: Mapping[str, Any], *, rooms: Sequence[str] = ()) -> Venue:
    """Make a venue (`FIELDS`) with rooms; the same venue sent twice is made once.

    Raises VenueNameTaken, RoomNameTaken.
    """
    host_id = host.id
    with transaction():
        versions.raise_host(host_id)
        same = db.session.scalar(select(Venue).where(Venue.host_id == host_id, Venue.name == wanted["name"]))
        if same:
            if editing.values(same, wanted) == dict(wanted):
                return same
            raise VenueNameTaken(name=wanted["name"])
        _refuse_double(list(rooms))
        venue = Venue(host_id=host_id, **{**wanted, "directions": Translated(wanted.get("directions", ""))})
        venue.rooms = [Room(host_id=host_id, name=name) for name in rooms]
        db.session.add(venue)
        db.session.flush()
    return venue


def edit(
    venue: Venue,
    wanted: Mapping[str, Any],
    *,
    room_names: Mapping[int, str] | None = None,
    new_rooms: Sequence[str] = (),
    shown: str | None = None,
) -> None:
    """Save `FIELDS`, the names of rooms (by id; an empty name removes the room) and further rooms.

    It shows at every conference that takes place there. Raises VenueNameTaken, RoomNameTaken, RoomInUse with the field
    `room-ID`, NotFound, ChangedMeanwhile.
    """
    venue_id, host_id = venue.id, venue.host_id
    names = dict(room_names or {})
    with transaction():
        conferences = hold_conferences(venue_id)
        found = db.session.get(Venue, venue_id)
        if found is None:
            raise NotFound
        venue = found
        stored = values(venue, wanted, names)
        asked = {**wanted, **{f"room-{room_id}": name for room_id, name in names.items()}}
        present = {room.id: room for room in venue.rooms}
        if set(names) - set(present):
            raise NotFound
        editing.refuse_if_changed(stored, asked, shown)
        taken = select(Venue.id).where(
            Venue.host_id == host_id, Venue.name == wanted["name"], Venue.id != venue_id
        )
        if db.session.scalar(taken):
            raise VenueNameTaken(name=wanted["name"])
        known = {room.name for room in venue.rooms}
        # The same form sent twice brings its new rooms once.
        further = [name for name in new_rooms if name not in known]
        _refuse_double(
            [name for name in (names.get(room.id, room.name) for room in venue.rooms) if name] + further
        )
        changed = editing.save(venue, wanted)
        renamed = any(name and name != present[room_id].name for room_id, name in names.items())
        _save_rooms(venue, present, names, further)
        for conference in conferences:
            if changed & _ADDRESS or renamed:
                editing.touch_calendar(conference)
        if any(conference.is_public for conference in conferences):
            versions.raise_host(host_id)


def remove(venue: Venue) -> None:
    """Delete a venue where no conference takes place. Raises VenueInUse."""
    venue_id = venue.id
    with transaction():
        if hold_conferences(venue_id):
            raise VenueInUse
        found = db.session.get(Venue, venue_id)
        if found:
            db.session.delete(found)


def values(venue: Venue, names: Any, rooms: Any = ()) -> dict[str, Any]:
    """The stored values of these attributes, and the names of these rooms as `room-ID`."""
    found = editing.values(venue, names)
    by_id = {room.id: room.name for room in venue.rooms}
    return {**found, **{f"room-{room_id}": by_id.get(room_id, "") for room_id in rooms}}


def hold_conferences(venue_id: int) -> list[Conference]:
    """Lock the conferences at this venue, in the order of their ids, so that writers never wait in a circle."""
    ids = list(
        db.session.scalars(
            select(Conference.id).where(Conference.venue_id == venue_id).order_by(Conference.id)
        )
    )
    for conference_id in ids:
        versions.raise_conference(conference_id)
    return list(
        db.session.scalars(select(Conference).where(Conference.venue_id == venue_id).order_by(Conference.id))
    )


def _save_rooms(
    venue: Venue, present: Mapping[int, Room], names: Mapping[int, str], further: Sequence[str]
) -> None:
    for room_id, name in names.items():
        room = present[room_id]
        if name:
            continue
        if _is_used(room_id):
            raise RoomInUse(name=room.name, field=f"room-{room_id}")
        venue.rooms.remove(room)
    db.session.flush()
    renamed = [
        (present[room_id], name) for room_id, name in names.items() if name and present[room_id].name != name
    ]
    # Names are unique: two rooms that swap names step aside first.
    for room, _ in renamed:
        room.name = f"#{room.id}"
    db.session.flush()
    for room, name in renamed:
        room.name = name
    venue.rooms.extend(Room(host_id=venue.host_id, name=name) for name in further)
    db.session.flush()


def _is_used(room_id: int) -> bool:
    used = (
        db.session.scalar(select(func.count(AgendaItem.id)).where(AgendaItem.room_id == room_id)),
        db.session.scalar(select(func.count(WorkingGroup.id)).where(WorkingGroup.room_id == room_id)),
    )
    return any(used)


def _refuse_double(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise RoomNameTaken(name=name)
