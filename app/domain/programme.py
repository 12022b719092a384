"""Programme: the agenda of a conference, and how its rounds of working groups are numbered.

Rounds are numbered by time: the first one of the day is round 1. Seats belong to the number, never to the point of the
programme, so whoever has a seat in round 1 keeps it whatever is moved around it, and no seat is ever renumbered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.database import db
from app.domain import calendar, editing
from app.domain.errors import (
    EndBeforeStart,
    ItemOutside,
    ItemsOverlap,
    NotFound,
    OrderUnfit,
    RoundBeforeTaken,
    RoundTaken,
    TitleMissing,
)
from app.domain.local_time import LOCAL
from app.models import (
    AgendaItem,
    AgendaKind,
    Conference,
    GroupRound,
    Room,
    Seat,
    SeatState,
    Translated,
    WorkingGroup,
)

TEXTS = ("title", "speaker_role")
FIELDS = ("kind", "title", "speaker_role", "starts_at", "ends_at", "room_id")
# A usual evening: kind, title, and its minutes out of three and a half hours.
EVENING: tuple[tuple[AgendaKind, str, int], ...] = (
    (AgendaKind.ARRIVAL, "Ankommen, Kaffee und Tee", 30),
    (AgendaKind.WELCOME, "Begrüßung", 10),
    (AgendaKind.INPUT, "Worum es heute geht", 25),
    (AgendaKind.GROUP_ROUND, "Arbeitsgruppen, Runde 1", 45),
    (AgendaKind.BREAK, "Pause mit Imbiss", 20),
    (AgendaKind.GROUP_ROUND, "Arbeitsgruppen, Runde 2", 45),
    (AgendaKind.CLOSING, "Ergebnisse und Ausblick", 35),
)
_STEP = timedelta(minutes=5)


def add(conference: Conference, wanted: Mapping[str, Any]) -> AgendaItem:
    """Put a point (`FIELDS`) into the programme at its time; a round of groups is offered by every group that meets in
    all rounds so far, with the places of the round before.

    The same point sent twice is added once. Raises TitleMissing, EndBeforeStart, ItemOutside, ItemsOverlap,
    RoundBeforeTaken, NotFound for a room of another venue.
    """
    with editing.writing(conference), calendar.telling(conference):
        for item in conference.agenda:
            if editing.values(item, wanted) == dict(wanted):
                return item
        _refuse_unfit(conference, wanted, None)
        kind = wanted["kind"]
        item = AgendaItem(
            host_id=conference.host_id,
            position=len(conference.agenda) + 1,
            **{name: Translated(value) if name in TEXTS else value for name, value in wanted.items()},
        )
        if kind is AgendaKind.GROUP_ROUND:
            item.round_number = _new_round(conference, wanted["starts_at"])
        conference.agenda.append(item)
        db.session.flush()
        if kind is AgendaKind.GROUP_ROUND:
            _offer_round(conference, int(item.round_number or 0))
        _settle(conference)
        editing.touch_calendar(conference)
    return item


def edit(item: AgendaItem, wanted: Mapping[str, Any], *, shown: str | None = None) -> None:
    """Save `FIELDS` of a point and put it where its time belongs; rounds stay numbered by time.

    Raises what `add` raises, RoundTaken when a round people have seats in would be none any more, NotFound when the
    point is gone, ChangedMeanwhile.
    """
    item_id = item.id
    with editing.writing(item.conference) as conference, calendar.telling(conference):
        item = _of(conference, item_id)
        editing.refuse_if_changed(editing.values(item, wanted), wanted, shown)
        _refuse_unfit(conference, wanted, item_id)
        was_round, is_round = item.kind is AgendaKind.GROUP_ROUND, wanted["kind"] is AgendaKind.GROUP_ROUND
        if was_round and not is_round:
            _give_up_round(conference, item)
        new_round = _new_round(conference, wanted["starts_at"]) if is_round and not was_round else None
        changed = editing.save(item, wanted)
        if new_round:
            item.round_number = new_round
        db.session.flush()
        if new_round:
            _offer_round(conference, new_round)
        _settle(conference)
        if changed & {"starts_at", "ends_at", "room_id", "kind"}:
            editing.touch_calendar(conference)


def remove(item: AgendaItem) -> None:
    """Take a point out; the others keep their times. Doing it twice changes nothing. Raises RoundTaken."""
    item_id = item.id
    with editing.writing(item.conference) as conference, calendar.telling(conference):
        item = _of(conference, item_id)
        if item.kind is AgendaKind.GROUP_ROUND:
            _give_up_round(conference, item)
        conference.agenda.remove(item)
        db.session.flush()
        _settle(conference)
        editing.touch_calendar(conference)


def reorder(conference: Conference, order: Sequence[int]) -> None:
    """Put the points into this order: each keeps its duration, one follows the other from the first start on.

    The order it has already changes nothing, pauses between points included. Raises OrderUnfit unless `order` names
    each point once.
    """
    with editing.writing(conference), calendar.telling(conference):
        items = {item.id: item for item in conference.agenda}
        order = editing.complete_order(order, items)
        if order == list(items):
            return
        start = min(item.starts_at for item in items.values())
        for item_id in order:
            item = items[item_id]
            duration = item.duration
            item.starts_at, item.ends_at = start, start + duration
            start = item.ends_at
        _settle(conference)
        editing.touch_calendar(conference)


def move(conference: Conference, item_id: int, *, up: bool) -> None:
    """Put one point before its neighbour or after it, as `reorder` does. Raises OrderUnfit for a point that is gone."""
    with editing.writing(conference):
        reorder(conference, editing.moved([item.id for item in conference.agenda], item_id, up=up))


def lay_evening(conference: Conference) -> None:
    """Lay the usual evening into the time of an empty conference, in steps of five minutes."""
    with editing.writing(conference):
        if conference.agenda:
            raise OrderUnfit
        whole = sum(share for _, _, share in EVENING)
        span = conference.ends_at - conference.starts_at
        starts_at, done = conference.starts_at, 0
        for kind, title, share in EVENING:
            done += share
            ends_at = conference.ends_at
            if done < whole:
                ends_at = conference.starts_at + (span * done / whole) // _STEP * _STEP
            if ends_at <= starts_at:
                continue
            conference.agenda.append(
                AgendaItem(
                    host_id=conference.host_id,
                    position=len(conference.agenda) + 1,
                    kind=kind,
                    title=Translated(title),
                    starts_at=starts_at,
                    ends_at=ends_at,
                    round_number=(
                        1 + sum(item.kind is kind for item in conference.agenda)
                        if kind is AgendaKind.GROUP_ROUND
                        else None
                    ),
                )
            )
            starts_at = ends_at
        db.session.flush()


def rounds(conference: Conference) -> list[AgendaItem]:
    """The points at which groups meet, by round."""
    return sorted(
        (item for item in conference.agenda if item.round_number), key=lambda item: item.round_number or 0
    )


def live_seats(conference: Conference, *, from_round: int) -> list[int]:
    """Numbers of the rounds from this one on in which anybody sits or waits."""
    question = select(Seat.round_number).where(
        Seat.conference_id == conference.id,
        Seat.state != SeatState.RELEASED,
        Seat.round_number >= from_round,
    )
    return sorted(set(db.session.scalars(question.distinct())))


def forget_released(group_round: GroupRound) -> None:
    """Delete seats given up long ago, so that their round can go; live ones stay and the database refuses."""
    calendar.keep_cancelled(
        db.session.scalars(
            select(Seat).where(Seat.group_round_id == group_round.id, Seat.state == SeatState.RELEASED)
        ).all()
    )
    db.session.execute(
        delete(Seat)
        .where(Seat.group_round_id == group_round.id, Seat.state == SeatState.RELEASED)
        .execution_options(synchronize_session=False)
    )


def refuse_foreign_room(conference: Conference, room_id: int | None) -> None:
    """Raise NotFound unless the room belongs to the conference's venue."""
    if room_id is None:
        return
    found = db.session.scalar(
        select(func.count(Room.id)).where(
            Room.id == room_id, Room.host_id == conference.host_id, Room.venue_id == conference.venue_id
        )
    )
    if not found:
        raise NotFound(field="room")


def _of(conference: Conference, item_id: int) -> AgendaItem:
    found = next((item for item in conference.agenda if item.id == item_id), None)
    if found is None:
        raise NotFound
    return found


def _refuse_unfit(conference: Conference, wanted: Mapping[str, Any], item_id: int | None) -> None:
    starts_at, ends_at = wanted["starts_at"], wanted["ends_at"]
    if not wanted["title"]:
        raise TitleMissing
    if ends_at <= starts_at:
        raise EndBeforeStart
    if starts_at < conference.starts_at or ends_at > conference.ends_at:
        raise ItemOutside(start=_clock(conference.starts_at), end=_clock(conference.ends_at))
    for other in conference.agenda:
        if other.id != item_id and other.starts_at < ends_at and starts_at < other.ends_at:
            raise ItemsOverlap(
                other=str(other.title), start=_clock(other.starts_at), end=_clock(other.ends_at)
            )
    refuse_foreign_room(conference, wanted["room_id"])


def _new_round(conference: Conference, starts_at: datetime) -> int:
    """The number a further round gets at first; RoundBeforeTaken where people would be moved to another time by it."""
    present = rounds(conference)
    later = [item.round_number for item in present if item.starts_at >= starts_at]
    taken = live_seats(conference, from_round=min(number for number in later if number)) if later else []
    if taken:
        raise RoundBeforeTaken(number=taken[0])
    return len(present) + 1


def _offer_round(conference: Conference, number: int) -> None:
    if number == 1:
        return  # Groups that have met once so far meet now: their only round is number 1 already.
    for group in conference.groups:
        so_far = {group_round.number: group_round for group_round in group.rounds}
        if len(so_far) == number - 1:
            group.rounds.append(
                GroupRound(
                    host_id=conference.host_id,
                    conference_id=conference.id,
                    number=number,
                    capacity=so_far[number - 1].capacity,
                )
            )
    db.session.flush()


def _give_up_round(conference: Conference, item: AgendaItem) -> None:
    """Let the groups not meet at this point any more; later rounds count one less.

    The last round of all leaves each group its one meeting, without a time of its own.
    """
    number = item.round_number or 0
    taken = live_seats(conference, from_round=number)
    if taken:
        raise RoundTaken(number=taken[0])
    count = len(rounds(conference))
    item.kind, item.round_number = AgendaKind.OTHER, None
    if count > 1:
        for group in conference.groups:
            _close_gap(group, number, count)
    db.session.flush()
    for other in rounds(conference):
        if other.round_number and other.round_number > number:
            other.round_number -= 1
            db.session.flush()
    _tie_rounds(conference)


def _close_gap(group: WorkingGroup, number: int, count: int) -> None:
    """Take `number` out of the rounds of a group; the later ones move down with their places."""
    rows = {group_round.number: group_round for group_round in group.rounds}
    places = {old if old < number else old - 1: row.capacity for old, row in rows.items() if old != number}
    if not places:
        # It met in this round only: it meets in the one beside it instead.
        places = {min(number, count - 1): rows[number].capacity}
    for old in range(1, count + 1):
        row = rows.get(old)
        if old in places and row:
            row.capacity = places[old]
        elif old in places:
            group.rounds.append(
                GroupRound(
                    host_id=group.host_id,
                    conference_id=group.conference_id,
                    number=old,
                    capacity=places[old],
                )
            )
        elif row:
            forget_released(row)
            group.rounds.remove(row)


def _settle(conference: Conference) -> None:
    """Positions and round numbers follow the time; group rounds point to where their number now is."""
    in_time = sorted(conference.agenda, key=lambda item: (item.starts_at, item.id))
    for position, item in enumerate(in_time, start=1):
        item.position = position
    meeting = [item for item in in_time if item.kind is AgendaKind.GROUP_ROUND]
    if [item.round_number for item in meeting] != list(range(1, len(meeting) + 1)):
        # Two rounds may not hold one number even for a moment: first all step aside.
        for item in meeting:
            item.round_number = -(item.round_number or 0)
        db.session.flush()
        for number, item in enumerate(meeting, start=1):
            item.round_number = number
    db.session.flush()
    _tie_rounds(conference)
    db.session.expire(conference, ["agenda"])


def _tie_rounds(conference: Conference) -> None:
    items = {item.round_number: item.id for item in conference.agenda if item.round_number}
    for group_round in db.session.scalars(
        select(GroupRound).where(GroupRound.conference_id == conference.id).order_by(GroupRound.id)
    ):
        group_round.agenda_item_id = items.get(group_round.number)
    db.session.flush()


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%H:%M}"
