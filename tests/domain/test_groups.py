"""Working groups: numbers and order, rounds and seats."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db
from app.domain import conferences, editing, groups, lifecycle, programme, registrations, taking_back, venues
from app.domain.errors import (
    CapacityBelowSeated,
    ChangedMeanwhile,
    GroupInUse,
    GroupNeedsRound,
    GroupTaken,
    NotFound,
    OrderUnfit,
    RoundTaken,
    TitleMissing,
)
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    Message,
    MessageKind,
    SeatState,
    WorkingGroup,
)
from tests import make, results

pytestmark = pytest.mark.usefixtures("app", "clock")


def planned(*titles: str, capacity: int = 5, rounds: int = 0, **values: Any) -> Conference:
    """An open conference with these groups."""
    conference = make.conference(**values)
    for number in range(1, rounds + 1):
        make.agenda_round(conference, number)
    for title in titles:
        groups.add(conference, {"title": title}, capacity=capacity)
    return conference


def draft(*titles: str, **values: Any) -> Conference:
    return planned(*titles, status=ConferenceStatus.DRAFT, **values)


def listed(conference: Conference) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(group.number, str(group.title)) for group in conference.groups]


def capacities(group: WorkingGroup) -> dict[int, int]:
    db.session.expire_all()
    return {held.number: held.capacity for held in group.rounds}


def test_add_without_rounds_meets_once() -> None:
    conference = planned("Wohnen")

    (group,) = conference.groups
    assert (group.key, group.number, group.position, capacities(group)) == ("ag1", 1, 1, {1: 5})
    assert group.rounds[0].agenda_item_id is None


def test_add_meets_in_every_round() -> None:
    conference = planned("Wohnen", rounds=2)

    assert [
        (held.number, held.capacity, held.agenda_item.round_number) for held in conference.groups[0].rounds
    ] == [
        (1, 5, 1),
        (2, 5, 2),
    ]


def test_add_twice_makes_one_and_a_free_key_is_found() -> None:
    conference = planned("Wohnen", "Jugend")
    groups.remove(conference.groups[0])

    groups.add(conference, {"title": "Jugend"}, capacity=5)
    groups.add(conference, {"title": "Armut"}, capacity=5)
    groups.add(conference, {"title": "Bad und Bus"}, capacity=5)

    assert listed(conference) == [(2, "Jugend"), (3, "Armut"), (4, "Bad und Bus")]
    assert [group.key for group in conference.groups] == ["ag2", "ag3", "ag4"]


def test_key_that_a_file_brought_is_not_used_again() -> None:
    conference = planned("Wohnen")
    conference.groups[0].key = "ag2"
    db.session.commit()

    groups.add(conference, {"title": "Jugend"}, capacity=5)

    assert [group.key for group in conference.groups] == ["ag2", "ag3"]


def test_add_refuses_no_title_and_a_foreign_room() -> None:
    conference = planned()
    foreign = venues.add(make.host(), {"name": "Haus"}, rooms=["Saal"])

    with pytest.raises(TitleMissing):
        groups.add(conference, {"title": ""}, capacity=5)
    with pytest.raises(NotFound):
        groups.add(conference, {"title": "Wohnen", "room_id": foreign.rooms[0].id}, capacity=5)

    assert listed(conference) == []


def test_edit_saves_german_and_keeps_other_languages() -> None:
    conference = planned("Wohnen")
    (group,) = conference.groups
    group.title = group.title.with_text("ar", "السكن")
    db.session.commit()

    groups.edit(group, {"title": "Wohnen und Leben", "questions": "Was fehlt?\nWas ist gut?"})

    assert group.title == {"de": "Wohnen und Leben", "ar": "السكن"}
    assert group.questions == {"de": "Was fehlt?\nWas ist gut?"}
    assert conference.calendar_sequence == 0


def test_edit_of_the_room_of_a_public_conference_raises_the_calendar() -> None:
    conference = planned("Wohnen")
    house = venues.add(conference.host, {"name": "Haus"}, rooms=["Saal"])
    conferences.choose_venue(conference, house.id)
    sequence = conference.calendar_sequence

    groups.edit(conference.groups[0], {"room_id": house.rooms[0].id})

    assert conference.calendar_sequence == sequence + 1


def test_edit_is_refused_when_somebody_was_quicker_or_the_group_is_gone() -> None:
    conference = planned("Wohnen")
    (group,) = conference.groups
    shown = editing.seen(editing.values(group, ["title"]))
    groups.edit(group, {"title": "Von jemand anderem"}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        groups.edit(group, {"title": "Meins"}, shown=shown)
    with pytest.raises(TitleMissing):
        groups.edit(group, {"title": ""})
    gone = WorkingGroup(id=4711)
    set_committed_value(gone, "conference", conference)
    with pytest.raises(NotFound):
        groups.edit(gone, {"title": "Meins"})

    assert listed(conference) == [(1, "Von jemand anderem")]


def test_remove_closes_the_numbers_of_a_draft_only() -> None:
    sketch, public = draft("A", "B", "C"), planned("A", "B", "C")

    groups.remove(sketch.groups[1])
    groups.remove(public.groups[1])

    assert listed(sketch) == [(1, "A"), (2, "C")]
    assert listed(public) == [(1, "A"), (3, "C")]


def test_remove_is_refused_while_anybody_sits_or_waits() -> None:
    conference = planned("Wohnen", capacity=0)
    (group,) = conference.groups
    waiting = make.registration(conference, group.rounds[0])

    with pytest.raises(GroupTaken, match="Wohnen"):
        groups.remove(group)
    assert groups.people(group) == 1
    registrations.cancel(waiting)
    groups.remove(group)

    assert (listed(conference), db.session.query(GroupRound).count()) == ([], 0)


@pytest.mark.parametrize("what", ["topic", "contribution", "minutes"])
def test_remove_is_refused_while_something_that_was_said_belongs_to_it(what: str) -> None:
    conference = planned("Wohnen")
    (group,) = conference.groups
    match what:
        case "topic":
            make.topic(conference, group=group)
        case "contribution":
            make.said(conference, group=group)
        case _:
            results.minutes(group, signed_off=False)

    with pytest.raises(GroupInUse, match="Wohnen"):
        groups.remove(group)

    assert listed(conference) == [(1, "Wohnen")]


def test_remove_is_not_kept_back_by_what_was_withdrawn() -> None:
    conference = planned("Wohnen")
    contribution = make.said(conference, group=conference.groups[0])[0]
    taking_back.withdraw(contribution)

    groups.remove(conference.groups[0])

    assert listed(conference) == []
    assert contribution.working_group_id is None


def test_reorder_numbers_a_draft_anew() -> None:
    conference = draft("A", "B", "C")
    first, second, third = (group.id for group in conference.groups)

    groups.reorder(conference, [third, first, second])

    assert listed(conference) == [(1, "C"), (2, "A"), (3, "B")]


def test_reorder_keeps_the_numbers_once_flyers_carry_them() -> None:
    conference = planned("A", "B", "C")
    first, second, third = (group.id for group in conference.groups)

    groups.reorder(conference, [third, first, second])
    groups.move(conference, second, up=True)

    assert listed(conference) == [(3, "C"), (2, "B"), (1, "A")]
    lifecycle.withdraw(conference)
    groups.move(conference, second, up=True)
    assert listed(conference) == [(1, "B"), (2, "C"), (3, "A")]


@pytest.mark.parametrize("wrong", ["missing", "double", "foreign"])
def test_reorder_with_other_ids_changes_nothing(wrong: str) -> None:
    conference = draft("A", "B")
    foreign = draft("Fremd").groups[0].id
    second = conference.groups[1].id

    with pytest.raises(OrderUnfit):
        groups.reorder(
            conference, {"missing": [second], "double": [second, second], "foreign": [second, foreign]}[wrong]
        )

    assert listed(conference) == [(1, "A"), (2, "B")]


def test_set_places_moves_up_who_waits_and_tells_them() -> None:
    conference = planned("Wohnen", capacity=1)
    (group,) = conference.groups
    for number in range(4):
        make.registration(
            conference, group.rounds[0], contact_channel=ContactChannel.EMAIL, contact=f"{number}@example.org"
        )

    moved_up = groups.set_places(conference, {(group.id, 1): 3})

    assert [(seat.ticket, seat.state) for seat in moved_up] == [(2, SeatState.SEATED), (3, SeatState.SEATED)]
    assert (group.rounds[0].capacity, group.rounds[0].seats_taken, group.rounds[0].waiting) == (3, 3, 1)
    assert db.session.query(Message).filter_by(kind=MessageKind.MOVED_UP).count() == 2


def test_set_places_opens_and_closes_rounds() -> None:
    conference = planned("Wohnen", "Jugend", rounds=2)
    housing, youth = conference.groups

    groups.set_places(conference, {(housing.id, 1): None, (housing.id, 2): 8})
    assert (capacities(housing), capacities(youth)) == ({2: 8}, {1: 5, 2: 5})
    groups.set_places(conference, {(housing.id, 1): 3})

    assert capacities(housing) == {1: 3, 2: 8}
    assert housing.rounds[0].agenda_item.round_number == 1
    assert groups.places(conference) == {
        (housing.id, 1): 3,
        (housing.id, 2): 8,
        (youth.id, 1): 5,
        (youth.id, 2): 5,
    }


def test_set_places_is_all_or_nothing() -> None:
    conference = planned("Wohnen", "Jugend", rounds=2)
    housing, youth = conference.groups
    make.registration(
        conference,
        youth.rounds[0],
    )
    make.registration(conference, youth.rounds[0])

    with pytest.raises(CapacityBelowSeated, match="2 Plätze") as below:
        groups.set_places(conference, {(housing.id, 1): 9, (youth.id, 1): 1})
    with pytest.raises(RoundTaken, match="Runde 1") as taken:
        groups.set_places(conference, {(housing.id, 1): 9, (youth.id, 1): None})
    with pytest.raises(GroupNeedsRound, match="Wohnen"):
        groups.set_places(conference, {(housing.id, 1): None, (housing.id, 2): None})
    with pytest.raises(NotFound):
        groups.set_places(conference, {(housing.id, 1): 9, (housing.id, 3): 9})

    assert below.value.field == taken.value.field == f"places-{youth.id}-1"
    assert (capacities(housing), capacities(youth)) == ({1: 5, 2: 5}, {1: 5, 2: 5})


def test_set_places_forgets_seats_given_up_with_their_round() -> None:
    conference = planned("Wohnen", rounds=2)
    (group,) = conference.groups
    registrations.cancel(make.registration(conference, group.rounds[0]))

    groups.set_places(conference, {(group.id, 1): None})

    assert capacities(group) == {2: 5}


def test_set_places_is_refused_when_somebody_was_quicker() -> None:
    conference = planned("Wohnen")
    (group,) = conference.groups
    cell = (group.id, 1)
    shown = editing.seen(groups.as_text(groups.places(conference)))
    make.registration(conference, group.rounds[0])
    groups.set_places(conference, {cell: 6}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        groups.set_places(conference, {cell: 7}, shown=shown)
    groups.set_places(conference, {cell: 6}, shown=shown)

    assert capacities(group) == {1: 6}


def test_round_numbers_follow_the_programme() -> None:
    conference = planned()
    assert groups.round_numbers(conference) == [1]

    make.agenda_round(conference, 1)
    make.agenda_round(conference, 2)
    db.session.expire_all()

    assert groups.round_numbers(conference) == [1, 2]
    assert [item.round_number for item in programme.rounds(conference)] == [1, 2]
