"""Releasing: all seats at once, history and messages, once; what has changed is refused or left out; and why."""

from __future__ import annotations

import pytest

from app.database import db, transaction
from app.domain import registrations, seats, wishes
from app.domain.allocation import propose
from app.domain.allocation.release import Released, release
from app.domain.errors import AllocationImpossible, AllocationOver, AllocationStale
from app.domain.queries import allocation as read
from app.models import (
    AllocationState,
    ContactChannel,
    EventKind,
    Message,
    MessageKind,
    RegistrationEvent,
    Seat,
)
from tests.domain.allocation import town

pytestmark = pytest.mark.usefixtures("app")

MAIL = {"contact_channel": ContactChannel.EMAIL, "contact": "amina@post.example"}


def test_releasing_gives_all_seats_notes_them_and_tells_everybody_once():
    conference = town.conference([2, 5])
    family = town.wishing(conference, [1], [1], together=True, **MAIL)
    single = town.wishing(conference, [1, 2])
    before = family.calendar_sequence
    allocation = town.solved(conference)

    done = release(allocation)

    assert done == Released(3, 0)
    assert (town.seated(family), town.seated(single)) == ([1, 1], [2])
    first, second = (group.rounds[0] for group in conference.groups)
    assert [(held.seats_taken, held.waiting, held.last_ticket) for held in (first, second)] == [
        (2, 0, 2),
        (1, 0, 1),
    ]
    assert family.calendar_sequence == before + 1
    events = db.session.query(RegistrationEvent).filter_by(kind=EventKind.ALLOCATED).all()
    assert {(event.registration_id, event.subject) for event in events} == {
        (family.id, "Gruppe 1"),
        (single.id, "Gruppe 2"),
    }
    (message,) = db.session.query(Message).filter_by(kind=MessageKind.GROUPS_ASSIGNED).all()
    assert message.registration_id == family.id
    assert allocation.state is AllocationState.RELEASED

    assert release(allocation) == Released(0, 0, is_repeated=True)
    assert db.session.query(Seat).count() == 3
    assert db.session.query(Message).filter_by(kind=MessageKind.GROUPS_ASSIGNED).count() == 1
    with pytest.raises(AllocationOver):
        propose.discard(allocation)


def test_releasing_after_a_change_is_refused_and_anyway_leaves_out_who_changed():
    conference = town.conference([5, 5])
    stays, goes, rethinks, helped = (town.wishing(conference, [1]) for _ in range(4))
    allocation = town.solved(conference)
    registrations.cancel(goes)
    with transaction():
        wishes.save(rethinks.participants[0], {1: [conference.groups[1].rounds[0].id]})
    seats.take(conference.groups[1].rounds[0], helped.participants[0], by_staff=True)
    late = town.wishing(conference, [1])

    assert read.is_stale(allocation, conference)
    with pytest.raises(AllocationStale):
        release(allocation)
    assert town.seated(stays) == []

    done = release(allocation, anyway=True)

    assert done.given == 1
    assert [town.seated(home) for home in (stays, rethinks, helped, late)] == [[1], [], [2], []]
    assert sentences(stays) == ["Wunsch 1 ist erfüllt."]
    changed = "Hier hat sich nach der Verteilung etwas geändert. Was jetzt gilt, steht bei Ihren Gruppen."
    assert sentences(rethinks) == sentences(helped) == [changed]


def test_releasing_more_than_there_is_room_for_is_refused_and_gives_nothing():
    conference = town.conference([3])
    homes = [town.wishing(conference, [1]) for _ in range(3)]
    allocation = town.solved(conference)
    seats.set_capacity(conference.groups[0].rounds[0], 2)

    with pytest.raises(AllocationImpossible):
        release(allocation, anyway=True)

    assert [town.seated(home) for home in homes] == [[], [], []]
    assert allocation.state is AllocationState.DRAFT


def test_releasing_to_somebody_who_has_left_a_group_before_gives_them_its_seat_again():
    conference = town.conference([3])
    home = town.wishing(conference, [1])
    meeting = conference.groups[0].rounds[0]
    seats.release(seats.take(meeting, home.participants[0], by_staff=True))
    allocation = town.solved(conference)

    assert release(allocation) == Released(1, 0)
    assert town.seated(home) == [1]
    assert meeting.seats_taken == 1


def sentences(registration, place=0):
    return list(read.explained(registration)[place].given[0].sentences)


def test_everybody_reads_why_they_sit_where_they_sit():
    conference = town.conference([1, 9, 0])
    homes = [town.wishing(conference, [1, 2]) for _ in range(3)]
    nothing, family = town.wishing(conference, []), town.wishing(conference, [1], [1], together=True)
    allocation = town.solved(conference)
    assert read.explained(homes[0]) == []

    release(allocation)

    told = {town.seated(home)[0]: sentences(home) for home in homes}
    assert told == {
        1: ["Wunsch 1 ist erfüllt."],
        2: ["Wunsch 1, „Gruppe 1“, war voll: 5 Personen wollten 1 Platz.", "Wunsch 2 ist erfüllt."],
    }
    assert sentences(nothing) == ["Es war kein Wunsch angegeben; hier war ein Platz frei."]
    assert sentences(family, 1) == [
        "Wunsch 1, „Gruppe 1“, war voll: 5 Personen wollten 1 Platz.",
        "Damit niemand ohne Platz bleibt, ist es diese Gruppe geworden.",
    ]


def test_who_was_moved_by_hand_or_got_nothing_reads_that():
    conference = town.conference([1, 1])
    homes = [town.wishing(conference, [1]) for _ in range(3)]
    allocation = town.solved(conference)
    given = town.proposed(allocation)
    (without,) = [home for home in homes if given[home.participants[0].id] is None]
    (first,) = [home for home in homes if given[home.participants[0].id] == 1]
    propose.adjust(allocation, first.participants[0], {1: None}, reason="Leitet die Gruppe")

    release(allocation)

    assert sentences(first) == ["Das Organisationsteam hat diesen Platz von Hand geändert: Leitet die Gruppe"]
    assert sentences(without)[-1] == "In dieser Runde reichen die Plätze nicht für alle."
    assert read.people(allocation, "ohne").found == 2
    assert read.people(allocation, "hand").found == 1
