"""Programme: points in their time, their order, and the rounds of groups numbered by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db
from app.domain import conferences, editing, groups, lifecycle, programme, registrations, seats, venues
from app.domain.errors import (
    ChangedMeanwhile,
    EndBeforeStart,
    ItemOutside,
    ItemsOverlap,
    NotFound,
    OrderUnfit,
    RoundBeforeTaken,
    RoundTaken,
    TitleMissing,
)
from app.models import AgendaItem, AgendaKind, Conference, ConferenceStatus, GroupRound, WorkingGroup
from tests import make

pytestmark = pytest.mark.usefixtures("app", "clock")

START = datetime(2026, 5, 7, 15, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def planned(**values: Any) -> Conference:
    """An open conference of four hours without programme."""
    return make.conference(starts_at=START, ends_at=at(240), **values)


def point(
    title: str, start: int, end: int, kind: AgendaKind = AgendaKind.INPUT, room_id: int | None = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "speaker_role": "",
        "starts_at": at(start),
        "ends_at": at(end),
        "room_id": room_id,
    }


def a_round(title: str, start: int, end: int) -> dict[str, Any]:
    return point(title, start, end, AgendaKind.GROUP_ROUND)


def table(conference: Conference) -> list[tuple[str, int, int, int | None]]:
    """Title, minutes from the start, and round of each point."""
    db.session.expire(conference)
    return [
        (
            str(item.title),
            (item.starts_at - START) // timedelta(minutes=1),
            (item.ends_at - START) // timedelta(minutes=1),
            item.round_number,
        )
        for item in conference.agenda
    ]


def meetings(group: WorkingGroup) -> dict[int, tuple[int, str | None]]:
    """Seats and point of the programme by round."""
    db.session.expire_all()
    return {
        held.number: (held.capacity, str(held.agenda_item.title) if held.agenda_item else None)
        for held in group.rounds
    }


@pytest.fixture
def conference() -> Conference:
    return planned()


def test_add_puts_a_point_where_its_time_belongs(conference: Conference) -> None:
    programme.add(conference, point("Abschluss", 200, 240))
    programme.add(conference, point("Begrüßung", 0, 10))

    again = programme.add(conference, point("Begrüßung", 0, 10))

    assert table(conference) == [("Begrüßung", 0, 10, None), ("Abschluss", 200, 240, None)]
    assert [item.position for item in conference.agenda] == [1, 2]
    assert again.id == conference.agenda[0].id
    assert conference.calendar_sequence == 2


@pytest.mark.parametrize(
    ("wanted", "error", "says"),
    [
        (point("", 0, 10), TitleMissing, "Titel"),
        (point("X", 10, 10), EndBeforeStart, "Ende"),
        (point("X", -1, 10), ItemOutside, "von 17:00 bis 21:00 Uhr"),
        (point("X", 230, 241), ItemOutside, "von 17:00 bis 21:00 Uhr"),
        (point("X", 59, 61), ItemsOverlap, r"„Vortrag“ \(18:00 bis 18:30 Uhr\)"),
        (point("X", 65, 70), ItemsOverlap, "Vortrag"),
        (point("X", 0, 240), ItemsOverlap, "Vortrag"),
        (point("X", 0, 10, room_id=999), NotFound, "gibt es nicht"),
    ],
)
def test_add_refuses_what_does_not_fit(
    conference: Conference, wanted: dict[str, Any], error: type[Exception], says: str
) -> None:
    programme.add(conference, point("Vortrag", 60, 90))

    with pytest.raises(error, match=says):
        programme.add(conference, wanted)

    assert table(conference) == [("Vortrag", 60, 90, None)]


def test_add_allows_points_that_touch_and_a_room_of_the_venue_only(conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Haus"}, rooms=["Saal"])
    other = venues.add(conference.host, {"name": "Anderes Haus"}, rooms=["Saal"])
    conferences.choose_venue(conference, house.id)
    programme.add(conference, point("Eins", 0, 30))

    programme.add(conference, point("Zwei", 30, 60, room_id=house.rooms[0].id))
    with pytest.raises(NotFound):
        programme.add(conference, point("Drei", 60, 90, room_id=other.rooms[0].id))

    assert table(conference) == [("Eins", 0, 30, None), ("Zwei", 30, 60, None)]


def test_first_round_gives_the_only_meeting_its_time_and_keeps_its_seats(conference: Conference) -> None:
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    make.registration(conference, group.rounds[0])

    programme.add(conference, a_round("Gruppen", 60, 100))

    assert meetings(group) == {1: (5, "Gruppen")}
    assert group.rounds[0].seats_taken == 1


def test_further_round_is_offered_by_groups_that_meet_in_all(conference: Conference) -> None:
    programme.add(conference, a_round("Erste", 60, 100))
    everywhere = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    programme.add(conference, a_round("Zweite", 120, 160))
    once = groups.add(conference, {"title": "Jugend"}, capacity=7)
    groups.set_places(conference, {(once.id, 1): None})

    programme.add(conference, a_round("Dritte", 180, 220))

    assert meetings(everywhere) == {1: (5, "Erste"), 2: (5, "Zweite"), 3: (5, "Dritte")}
    assert meetings(once) == {2: (7, "Zweite")}


def test_earlier_round_takes_the_first_number_while_nobody_sits(conference: Conference) -> None:
    programme.add(conference, a_round("Später", 120, 160))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)

    programme.add(conference, a_round("Früher", 60, 100))

    assert table(conference) == [("Früher", 60, 100, 1), ("Später", 120, 160, 2)]
    assert meetings(group) == {1: (5, "Früher"), 2: (5, "Später")}


def test_earlier_round_is_refused_once_somebody_sits(conference: Conference) -> None:
    programme.add(conference, a_round("Später", 120, 160))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    make.registration(conference, group.rounds[0])

    with pytest.raises(RoundBeforeTaken, match="Runde 1"):
        programme.add(conference, a_round("Früher", 60, 100))
    programme.add(conference, a_round("Noch später", 180, 220))

    assert meetings(group) == {1: (5, "Später"), 2: (5, "Noch später")}


def test_edit_moves_a_point_and_keeps_other_languages(conference: Conference) -> None:
    programme.add(conference, point("Eins", 0, 30))
    item = programme.add(conference, point("Zwei", 30, 60))
    item.title = item.title.with_text("ar", "اثنان")
    db.session.commit()
    sequence = conference.calendar_sequence

    programme.edit(item, point("Zwei neu", 60, 90))
    programme.edit(item, point("Zwei neuer", 60, 90))

    assert table(conference) == [("Eins", 0, 30, None), ("Zwei neuer", 60, 90, None)]
    assert item.title["ar"] == "اثنان"
    assert conference.calendar_sequence == sequence + 1


def test_edit_that_swaps_rounds_keeps_seats_at_their_number(conference: Conference) -> None:
    first = programme.add(conference, a_round("A", 60, 100))
    programme.add(conference, a_round("B", 120, 160))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    seat = make.registration(conference, group.rounds[0]).participants[0].seats[0]

    programme.edit(first, a_round("A", 180, 220))

    assert table(conference) == [("B", 120, 160, 1), ("A", 180, 220, 2)]
    assert meetings(group) == {1: (5, "B"), 2: (5, "A")}
    assert (seat.round_number, seat.group_round.agenda_item.round_number) == (1, 1)


def test_edit_of_what_somebody_else_changed_or_removed_is_refused(conference: Conference) -> None:
    item = programme.add(conference, point("Eins", 0, 30))
    shown = editing.seen(editing.values(item, programme.FIELDS))
    programme.edit(item, point("Von jemand anderem", 0, 30))

    with pytest.raises(ChangedMeanwhile):
        programme.edit(item, point("Meins", 0, 30), shown=shown)
    gone = AgendaItem(id=4711)
    set_committed_value(gone, "conference", conference)
    with pytest.raises(NotFound):
        programme.edit(gone, point("Meins", 0, 30))

    assert table(conference) == [("Von jemand anderem", 0, 30, None)]


def test_edit_can_make_a_point_a_round_and_a_round_a_point(conference: Conference) -> None:
    item = programme.add(conference, point("Vortrag", 0, 30))
    programme.add(conference, a_round("Runde", 60, 100))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)

    programme.edit(item, a_round("Vortrag", 0, 30))
    assert meetings(group) == {1: (5, "Vortrag"), 2: (5, "Runde")}
    groups.set_places(conference, {(group.id, 2): 9})

    programme.edit(item, point("Vortrag", 0, 30))
    assert table(conference) == [("Vortrag", 0, 30, None), ("Runde", 60, 100, 1)]
    assert meetings(group) == {1: (9, "Runde")}


def test_edit_of_a_round_people_sit_in_keeps_it_a_round(conference: Conference) -> None:
    item = programme.add(conference, a_round("Runde", 60, 100))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    make.registration(conference, group.rounds[0])

    with pytest.raises(RoundTaken, match="Runde 1"):
        programme.edit(item, point("Runde", 60, 100))

    assert table(conference) == [("Runde", 60, 100, 1)]


def test_remove_leaves_the_times_of_the_others(conference: Conference) -> None:
    first = programme.add(conference, point("Eins", 0, 30))
    programme.add(conference, point("Zwei", 30, 60))

    programme.remove(first)

    assert table(conference) == [("Zwei", 30, 60, None)]
    assert [item.position for item in conference.agenda] == [1]


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        (0, {"all": {1: (6, "B"), 2: (7, "C")}, "first": {1: (5, "B")}, "last": {2: (5, "C")}}),
        (1, {"all": {1: (5, "A"), 2: (7, "C")}, "first": {1: (5, "A")}, "last": {2: (5, "C")}}),
        (2, {"all": {1: (5, "A"), 2: (6, "B")}, "first": {1: (5, "A")}, "last": {2: (5, "B")}}),
    ],
)
def test_remove_of_a_round_moves_the_later_ones_down(
    conference: Conference, removed: int, left: dict[str, Any]
) -> None:
    for name, start in (("A", 0), ("B", 60), ("C", 120)):
        programme.add(conference, a_round(name, start, start + 40))
    made = {name: groups.add(conference, {"title": name}, capacity=5) for name in ("all", "first", "last")}
    groups.set_places(
        conference,
        {
            (made["all"].id, 2): 6,
            (made["all"].id, 3): 7,
            (made["first"].id, 2): None,
            (made["first"].id, 3): None,
            (made["last"].id, 1): None,
            (made["last"].id, 2): None,
        },
    )

    programme.remove(conference.agenda[removed])

    assert {name: meetings(group) for name, group in made.items()} == left
    assert [item.round_number for item in conference.agenda] == [1, 2]


def test_remove_of_the_last_round_leaves_one_meeting_without_time(conference: Conference) -> None:
    item = programme.add(conference, a_round("Runde", 60, 100))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)

    programme.remove(item)

    assert meetings(group) == {1: (5, None)}


def test_remove_of_a_round_is_refused_when_anybody_sits_or_waits_in_it_or_later(
    conference: Conference,
) -> None:
    for name, start in (("A", 0), ("B", 60)):
        programme.add(conference, a_round(name, start, start + 40))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=0)
    waiting = make.registration(conference, group.rounds[1])

    for item in list(conference.agenda):
        with pytest.raises(RoundTaken, match="Runde 2"):
            programme.remove(item)
    registrations.cancel(waiting)
    programme.remove(conference.agenda[1])

    assert meetings(group) == {1: (0, "A")}


def test_reorder_keeps_durations_and_closes_gaps(conference: Conference) -> None:
    for title, start, end in (("A", 10, 40), ("B", 60, 70), ("C", 100, 150)):
        programme.add(conference, point(title, start, end))
    first, second, third = (item.id for item in conference.agenda)

    programme.reorder(conference, [third, first, second])

    assert table(conference) == [("C", 10, 60, None), ("A", 60, 90, None), ("B", 90, 100, None)]
    assert [item.position for item in conference.agenda] == [1, 2, 3]


def test_reorder_into_the_order_it_has_changes_nothing(conference: Conference) -> None:
    for title, start, end in (("A", 10, 40), ("B", 60, 70)):
        programme.add(conference, point(title, start, end))
    before, sequence = table(conference), conference.calendar_sequence

    programme.reorder(conference, [item.id for item in conference.agenda])

    assert (table(conference), conference.calendar_sequence) == (before, sequence)


def test_reorder_of_rounds_numbers_them_by_time_and_moves_no_seat(conference: Conference) -> None:
    for title, start in (("A", 0), ("B", 60), ("C", 120)):
        programme.add(conference, a_round(title, start, start + 40))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    registration = make.registration(conference, *group.rounds[:2])
    first, second, third = (item.id for item in conference.agenda)

    programme.reorder(conference, [third, second, first])

    assert table(conference) == [("C", 0, 40, 1), ("B", 40, 80, 2), ("A", 80, 120, 3)]
    assert meetings(group) == {1: (5, "C"), 2: (5, "B"), 3: (5, "A")}
    assert [seat.round_number for seat in registration.participants[0].live_seats] == [1, 2]
    assert [held.seats_taken for held in group.rounds] == [1, 1, 0]


@pytest.mark.parametrize("wrong", ["missing", "double", "foreign", "empty", "unknown"])
def test_reorder_with_other_ids_changes_nothing(conference: Conference, wrong: str) -> None:
    for title, start in (("A", 0), ("B", 60)):
        programme.add(conference, point(title, start, start + 30))
    foreign = programme.add(planned(), point("Fremd", 0, 30))
    first, second = (item.id for item in conference.agenda)
    order = {
        "missing": [second],
        "double": [second, first, first],
        "foreign": [second, foreign.id],
        "empty": [],
        "unknown": [second, first, 4711],
    }[wrong]

    with pytest.raises(OrderUnfit):
        programme.reorder(conference, order)

    assert table(conference) == [("A", 0, 30, None), ("B", 60, 90, None)]


def test_move_changes_places_with_the_neighbour_and_stops_at_the_ends(conference: Conference) -> None:
    for title, start in (("A", 0), ("B", 30)):
        programme.add(conference, point(title, start, start + 30))
    first, second = (item.id for item in conference.agenda)

    programme.move(conference, first, up=True)
    programme.move(conference, second, up=False)
    assert table(conference) == [("A", 0, 30, None), ("B", 30, 60, None)]
    programme.move(conference, second, up=True)
    assert table(conference) == [("B", 0, 30, None), ("A", 30, 60, None)]
    programme.move(conference, second, up=False)
    assert table(conference) == [("A", 0, 30, None), ("B", 30, 60, None)]
    with pytest.raises(OrderUnfit):
        programme.move(conference, 4711, up=True)


def test_evening_is_laid_into_an_empty_programme_only() -> None:
    draft = planned(status=ConferenceStatus.DRAFT)
    programme.add(draft, point("Schon da", 0, 30))

    with pytest.raises(OrderUnfit):
        programme.lay_evening(draft)

    assert table(draft) == [("Schon da", 0, 30, None)]


def test_changes_of_a_draft_leave_the_calendar(conference: Conference) -> None:
    lifecycle.withdraw(conference)

    item = programme.add(conference, point("Eins", 0, 30))
    programme.edit(item, point("Eins", 0, 60))
    programme.remove(item)

    assert conference.calendar_sequence == 0


def test_seats_released_long_ago_do_not_keep_a_round(conference: Conference) -> None:
    for name, start in (("A", 0), ("B", 60)):
        programme.add(conference, a_round(name, start, start + 40))
    group = groups.add(conference, {"title": "Wohnen"}, capacity=2)
    registration = make.registration(conference, *group.rounds)
    for seat in list(registration.participants[0].live_seats):
        seats.release(seat)

    programme.remove(conference.agenda[0])

    assert meetings(group) == {1: (2, "B")}
    assert db.session.query(GroupRound).count() == 1
