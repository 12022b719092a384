"""Everything the product holds of a conference, gathered from the database into a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain import admission, import_records, secrets
from app.domain.exporting import gathering_form, gathering_results
from app.domain.importing import plan_results, times
from app.domain.importing.plan import PLAIN_SETTINGS, TEXTS
from app.domain.importing.plans import GroupPlan, Plan, RegistrationPlan
from app.models import (
    AgendaItem,
    Conference,
    Host,
    Participant,
    Registration,
    RegistrationStatus,
    Room,
    Seat,
    SeatState,
    Translated,
    Venue,
    WorkingGroup,
)

_PLAIN = (
    *("kind", "status", "starts_at", "ends_at", "title", "motto", "kind_label", "capacity", "walk_in_quota"),
    *("languages", "registration_opens_at", "registration_closes_at", "contributions_open_at"),
    *("has_queue", "makes_offers", "offer_hours", "group_choice"),
    *("contributions_close_at", "contact_role", "contact_phone", "contact_email", "contact_hours", *TEXTS),
)
_VENUE = (
    *("name", "street", "postal_code", "city", "directions"),
    *("step_free", "accessible_wc", "induction_loop", "seats"),
)
_REGISTRATION = (
    "status",
    "channel",
    "role_group",
    "display_name",
    "organisation",
    "language",
    "wants_together",
)


def gather(
    conference: Conference, kept: Mapping[str, Any], in_file: Sequence[str]
) -> tuple[Plan, list[AgendaItem]]:
    """The plan, and the agenda items in its order.

    `kept` is what stands aside of the file it came from, `in_file` names its contributions in their order there.
    Raises VaultLocked when contacts cannot be read.
    """
    host = conference.host
    venue = conference.venue
    groups = _in_order(WorkingGroup, conference, selectinload(WorkingGroup.rounds))
    agenda = _in_order(AgendaItem, conference)
    rooms = _rooms(venue)
    day = conference.starts_at.astimezone(times.LOCAL).date()
    results = gathering_results.gather(conference, groups, in_file)
    return Plan(
        is_demo=conference.is_demo,
        host_key=host.key,
        host=_host(host),
        logo=(host.logo.name, host.logo.content) if host.logo else None,
        conference_key=conference.key,
        conference={name: getattr(conference, name) for name in _PLAIN},
        venue={name: getattr(venue, name) for name in _VENUE} if venue else None,
        rooms=list(rooms.values()),
        agenda=[_item(venue, rooms, item) for item in agenda],
        groups=[_group(venue, rooms, index, group) for index, group in enumerate(groups)],
        reserved={quota.role_group.value: quota.places for quota in conference.quotas if quota.places},
        form=gathering_form.gather(conference),
        registrations=_registrations(conference),
        **results,
        forgets_needs=False,
        received_on=day,
        decided_on=plan_results.published_on(kept) or day,
    ), agenda


def _in_order(model: Any, conference: Conference, *options: Any) -> list[Any]:
    return list(
        db.session.scalars(
            select(model)
            .where(model.host_id == conference.host_id, model.conference_id == conference.id)
            .options(*options)
            .order_by(model.position, model.id)
        )
    )


def _host(host: Host) -> dict[str, Any]:
    names = (*PLAIN_SETTINGS, "kind", "phone_hours", "welcome", "accessibility_reviewed_on")
    return {name: getattr(host, name) for name in names}


def _rooms(venue: Venue | None) -> dict[int, str]:
    if venue is None:
        return {}
    found = db.session.scalars(select(Room).where(Room.venue_id == venue.id).order_by(Room.name, Room.id))
    return {room.id: room.name for room in found}


def _room(venue: Venue | None, rooms: Mapping[int, str], room_id: int | None) -> tuple[str, str] | None:
    return (venue.name, rooms[room_id]) if venue and room_id is not None else None


def _item(venue: Venue | None, rooms: Mapping[int, str], item: AgendaItem) -> dict[str, Any]:
    names = ("kind", "title", "speaker_role", "starts_at", "ends_at", "round_number")
    return {**{name: getattr(item, name) for name in names}, "room": _room(venue, rooms, item.room_id)}


def _group(venue: Venue | None, rooms: Mapping[int, str], index: int, group: WorkingGroup) -> GroupPlan:
    names = ("title", "description", "questions", "facilitator_role", "interpreter_languages")
    values = {name: getattr(group, name) for name in names}
    values["questions"] = Translated(values["questions"])
    values["room"] = _room(venue, rooms, group.room_id)
    capacities = {found.number: found.capacity for found in group.rounds}
    return GroupPlan(group.key, index, values, capacities, group.number)


def _registrations(conference: Conference) -> list[RegistrationPlan]:
    rows = list(
        db.session.scalars(
            select(Registration)
            .where(Registration.host_id == conference.host_id, Registration.conference_id == conference.id)
            .options(
                selectinload(Registration.participants)
                .selectinload(Participant.seats)
                .selectinload(Seat.group_round)
            )
            .order_by(Registration.id)
        )
    )
    groups = {group.id: group.key for group in conference.groups}
    waiting = admission.queue_positions(rows)
    # Who is asked whether they want their place stands before all who wait.
    asked = sorted((row.ticket or 0, row.id) for row in rows if row.status is RegistrationStatus.OFFERED)
    positions = {row_id: place for place, (_, row_id) in enumerate(asked, 1)}
    positions |= {row_id: len(asked) + place for row_id, place in waiting.items()}
    plans = [_registration(groups, index, row, positions.get(row.id)) for index, row in enumerate(rows)]
    return gathering_form.add_people(conference, plans, rows)


# An offer is not carried: who is asked waits before the others. One that has ended is as good as cancelled.
_IN_FILE = {
    RegistrationStatus.OFFERED: RegistrationStatus.WAITLISTED,
    RegistrationStatus.LAPSED: RegistrationStatus.CANCELLED,
}


def _registration(
    groups: Mapping[int, str], index: int, row: Registration, conference_queue: int | None
) -> RegistrationPlan:
    places: dict[int, tuple[str, SeatState]] = {}
    tickets = []
    # People of one registration sit together; where they have parted, a seat says more than a place in a queue.
    seats = [seat for person in row.participants for seat in person.live_seats]
    for seat in sorted(seats, key=lambda seat: (seat.state is not SeatState.SEATED, seat.ticket)):
        state = SeatState.SEATED if seat.state is SeatState.SEATED else SeatState.WAITING
        places.setdefault(seat.round_number, (groups[seat.group_round.working_group_id], state))
        if state is SeatState.WAITING:
            tickets.append(seat.ticket)
    return RegistrationPlan(
        key=import_records.name_of(row),
        index=index,
        values={
            **{name: getattr(row, name) for name in _REGISTRATION},
            "status": _IN_FILE.get(row.status, row.status),
        },
        contact=(row.contact_channel, secrets.decrypt(row.contact)),
        party_size=len(row.participants),
        places=places if row.is_live else {},
        queue_position=min(tickets, default=0),
        conference_queue=conference_queue,
    )
