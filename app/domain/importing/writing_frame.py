"""Writing host, conference, venue and rooms of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import admission, hosts, seat_rules
from app.domain.importing.ledger import Ledger
from app.models import (
    AgendaItem,
    AudienceQuota,
    Conference,
    ConferenceStatus,
    Host,
    HostKind,
    RoleGroup,
    Room,
    Venue,
    WorkingGroup,
)

# Changes of these make a calendar entry somebody has saved wrong.
_IN_CALENDARS = ("starts_at", "ends_at", "title")
_CALLED_OFF = (ConferenceStatus.CANCELLED, ConferenceStatus.POSTPONED)
# Written together with the places that are taken, so that the database sees them agree.
_SIZE = ("capacity", "walk_in_quota")


def host(ledger: Ledger, host: Host | None) -> Host:
    """The host, made where it is missing; what an existing one says of itself changes only with the file."""
    plan, report = ledger.plan, ledger.report
    settings = dict(plan.host)
    logo = {"logo": hashlib.sha256(plan.logo[1]).hexdigest()} if plan.logo else {}
    was_written = ledger.knows("host")
    changed = ledger.changes("host", {**settings, **logo})
    if host is None:
        host = hosts.create(
            plan.host_key, settings["name"], settings.get("kind", HostKind.MUNICIPALITY), is_demo=plan.is_demo
        )
        changed = {**settings, **logo}
    elif not was_written:
        if any(getattr(host, name) != value for name, value in settings.items()):
            report.note(
                "Die Stadt gibt es schon: Ihre Einstellungen bleiben, wie sie in der Anwendung stehen."
            )
        changed = {}
    if plan.is_demo and not host.is_demo:
        report.note("Die Stadt ist echt und bleibt es; nur diese Konferenz ist als Demo gekennzeichnet.")
    if changed.get("kind"):
        host.kind = changed["kind"]
        db.session.flush()
    fields = {name: value for name, value in changed.items() if name in settings and name != "kind"}
    if fields:
        hosts.set_up(host, **fields)
    if plan.logo and "logo" in changed:
        hosts.set_logo(host, *plan.logo)
    report.host = f"{host.name} (/{host.key}/)"
    return host


def conference(
    ledger: Ledger, host: Host, conference: Conference | None
) -> tuple[Conference, dict[str, Any]]:
    """The conference with all but its size; returns what is to be written of the size too."""
    plan, report = ledger.plan, ledger.report
    changed = ledger.changes("conference", plan.conference)
    report.is_new = conference is None
    size = {}
    if conference is None:
        conference = Conference(
            host_id=host.id, key=plan.conference_key, is_demo=plan.is_demo, **plan.conference
        )
        db.session.add(conference)
    else:
        choice = changed.get("group_choice", conference.group_choice)
        if choice is not conference.group_choice and seat_rules.is_fixed(conference):
            found, place = f"group_choice: {choice.value}", ("conference", "group_choice")
            expected = f"{conference.group_choice.value}: In der Anwendung sind schon Gruppen gewählt"
            ledger.refuse(place, found, expected)
            ledger.stop_if_refused()
        size = {name: changed.pop(name) for name in _SIZE if name in changed}
        _note_calendar(ledger, conference, changed)
        for name, value in changed.items():
            setattr(conference, name, value)
        conference.is_demo = conference.is_demo or plan.is_demo
        ledger.count("Angaben zur Konferenz", is_new=False, is_changed=bool(changed or size))
    db.session.flush()
    report.conference = f"{conference.title} (/{host.key}/{conference.key}/)"
    report.is_demo = conference.is_demo
    return conference, size


def set_size(ledger: Ledger, conference: Conference, size: Mapping[str, Any]) -> None:
    """Write capacity and taken places in one step, once the registrations of the file are written."""
    reserved = ledger.changes("reserved", ledger.plan.reserved)
    capacity = size.get("capacity", conference.capacity)
    walk_in = size.get("walk_in_quota", conference.walk_in_quota)
    taken = admission.people_with_place(conference)
    place = ("conference", "capacity")
    if capacity is not None and taken > capacity:
        found = f"{capacity} Plätze und {taken} angemeldete Menschen, in Datei und Anwendung zusammen"
        ledger.refuse(place, found, "mindestens so viele Plätze wie angemeldete Menschen")
    if capacity is not None and walk_in > capacity:
        ledger.refuse(
            place, f"{capacity} Plätze", f"mindestens {walk_in}: So viele sind für Menschen ohne Anmeldung"
        )
    kept = {quota.role_group: quota.places for quota in conference.quotas}
    kept |= {RoleGroup(name): places or 0 for name, places in reserved.items()}
    if capacity is not None and walk_in + sum(kept.values()) > capacity:
        found = f"{walk_in + sum(kept.values())} Plätze, die freigehalten werden"
        ledger.refuse(
            ("conference", "reserved"), found, f"höchstens so viele Plätze wie die Konferenz hat ({capacity})"
        )
    ledger.stop_if_refused()
    for name, places in reserved.items():
        _reserve(conference, RoleGroup(name), places or 0)
    conference.capacity, conference.walk_in_quota, conference.places_taken = capacity, walk_in, taken
    db.session.flush()
    admission.recount(conference)
    admission.move_up(conference)


def _reserve(conference: Conference, role_group: RoleGroup, places: int) -> None:
    """Keep places for an audience; how many of it have one is counted with all the others."""
    quota = next((known for known in conference.quotas if known.role_group is role_group), None)
    if quota is None and places:
        quota = AudienceQuota(host_id=conference.host_id, role_group=role_group, taken=0)
        conference.quotas.append(quota)
    if quota is not None and not places:
        conference.quotas.remove(quota)
    elif quota is not None:
        quota.places = places


def venue(ledger: Ledger, conference: Conference) -> Venue | None:
    """The venue of the conference, found by its name or made."""
    values = ledger.plan.venue
    name = values["name"] if values else None
    is_other = bool(ledger.changes("place", {"venue": name}))
    if values is None:
        if is_other and conference.venue_id is not None:
            conference.venue_id = None
            ledger.moves_calendar = True
        return None
    changed = ledger.changes(f"venue/{name}", values)
    venue = db.session.scalar(select(Venue).where(Venue.host_id == conference.host_id, Venue.name == name))
    if venue is None:
        venue = Venue(host_id=conference.host_id, **values)
        db.session.add(venue)
    else:
        for field, value in changed.items():
            ledger.moves_calendar |= getattr(venue, field) != value
            setattr(venue, field, value)
    db.session.flush()
    if is_other and conference.venue_id != venue.id:
        conference.venue_id = venue.id
        ledger.moves_calendar = True
        db.session.flush()
    return venue


def rooms(ledger: Ledger, venue: Venue | None) -> dict[str, int]:
    """The ids of the venue's rooms by name; those the file names are made where they are missing."""
    ledger.applied["rooms"] = {}
    if venue is None:
        return {}
    present = {room.name: room for room in db.session.scalars(select(Room).where(Room.venue_id == venue.id))}
    for name in ledger.plan.rooms:
        is_new = name not in present
        if is_new:
            present[name] = Room(host_id=venue.host_id, venue_id=venue.id, name=name)
            db.session.add(present[name])
        ledger.count("Räume", is_new=is_new, is_changed=False)
        ledger.applied["rooms"][name] = venue.name
    db.session.flush()
    return {name: room.id for name, room in present.items()}


def drop_rooms(ledger: Ledger, host: Host) -> None:
    """Remove rooms the file once named, unless something takes place there."""
    for name, venue_name in ledger.before.get("rooms", {}).items():
        if ledger.applied["rooms"].get(name) == venue_name:
            continue
        room = db.session.scalar(
            select(Room)
            .join(Venue)
            .where(Room.name == name, Venue.name == venue_name, Venue.host_id == host.id)
        )
        if room is None:
            continue
        uses = (
            select(model.id).where(model.room_id == room.id).limit(1) for model in (AgendaItem, WorkingGroup)
        )
        if any(db.session.scalar(use) is not None for use in uses):
            ledger.report.note(
                f"Der Raum „{name}“ steht nicht mehr in der Datei, wird aber gebraucht und bleibt."
            )
        else:
            db.session.delete(room)
            ledger.report.count("Räume", "entfernt")
    db.session.flush()


def _note_calendar(ledger: Ledger, conference: Conference, changed: Mapping[str, Any]) -> None:
    if any(name in changed and getattr(conference, name) != changed[name] for name in _IN_CALENDARS):
        ledger.moves_calendar = True
    status = changed.get("status", conference.status)
    if status is not conference.status and (status in _CALLED_OFF or conference.status in _CALLED_OFF):
        ledger.moves_calendar = True
