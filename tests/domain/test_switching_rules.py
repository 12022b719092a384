"""Rules that change while people wait, hold offers, seats or wishes: nobody loses a place, and everybody is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.database import db, now
from app.domain import registrations, seat_rules, seats, wishes
from app.domain.allocation import release
from app.domain.errors import ChoiceOfGroupsFixed, ConferenceFull, OffersOpen, WishesNotAllocated
from app.models import (
    AllocationState,
    Conference,
    ContactChannel,
    EventKind,
    GroupChoice,
    Message,
    MessageKind,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    SeatState,
)
from tests import make
from tests.domain.allocation import town

pytestmark = pytest.mark.usefixtures("app")

MAIL = {"contact_channel": ContactChannel.EMAIL, "contact": "amina@post.example"}


def arrange(conference: Conference, *, settle: bool = False, **values: Any) -> seat_rules.Outcome:
    return seat_rules.arrange(conference, seat_rules.arranged(conference) | values, settle=settle)


def told(registration: Registration, kind: MessageKind) -> int:
    return db.session.query(Message).filter_by(registration_id=registration.id, kind=kind).count()


def events(registration: Registration) -> list[EventKind]:
    rows = db.session.query(RegistrationEvent).filter_by(registration_id=registration.id)
    return [event.kind for event in rows.order_by(RegistrationEvent.id)]


def with_offers() -> tuple[Conference, Registration, Registration]:
    """A household with an offer of its place at the conference, and one with an offer in a group beside its seat."""
    conference = make.conference(capacity=3, makes_offers=True, offer_hours=24)
    full, other = make.group_round(conference, capacity=1), make.group_round(conference)
    first = make.registration(conference, full)
    beside = make.registration(conference, other, **MAIL)
    seats.take(full, beside.participants[0])
    goes = make.registration(conference)
    offered = make.registration(conference, other, **MAIL)
    registrations.cancel(goes)
    seats.release_all(first.participants)
    db.session.expire_all()
    assert (offered.status, seat_states(beside)) == (
        RegistrationStatus.OFFERED,
        [SeatState.OFFERED, SeatState.SEATED],
    )
    return conference, offered, beside


def seat_states(registration: Registration) -> list[SeatState]:
    db.session.expire_all()
    return [
        seat.state
        for seat in sorted(registration.participants[0].live_seats, key=lambda seat: seat.group_round_id)
    ]


def test_offers_cannot_be_switched_off_unasked_while_some_are_open() -> None:
    conference, offered, beside = with_offers()

    with pytest.raises(OffersOpen) as refused:
        arrange(conference, makes_offers=False)

    assert refused.value.values == {"places": 2}
    assert conference.makes_offers
    assert (offered.status, seat_states(beside)[0]) == (RegistrationStatus.OFFERED, SeatState.OFFERED)


def test_offers_that_are_switched_off_become_places_and_everybody_is_told() -> None:
    conference, offered, beside = with_offers()

    done = arrange(conference, makes_offers=False, settle=True)

    assert (done.settled, done.moved_up) == (2, [])
    assert (offered.status, offered.offer_expires_at) == (RegistrationStatus.CONFIRMED, None)
    # The group that was chosen while waiting, and the seat that was given up for the offered one.
    assert (seat_states(offered), seat_states(beside)) == ([SeatState.SEATED], [SeatState.SEATED])
    assert [(group.rounds[0].seats_taken, group.rounds[0].waiting) for group in conference.groups] == [
        (1, 0),
        (1, 0),
    ]
    for registration in (offered, beside):
        assert told(registration, MessageKind.MOVED_UP) == 1
        assert events(registration)[-1] is EventKind.MOVED_UP
    assert arrange(conference, makes_offers=False, settle=True).settled == 0


def test_an_offer_whose_time_is_over_goes_to_the_next_when_offers_end() -> None:
    conference, offered, _beside = with_offers()
    following = make.registration(conference)

    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        done = arrange(conference, makes_offers=False, settle=True)

    assert done.settled == 0
    assert (offered.status, following.status) == (RegistrationStatus.LAPSED, RegistrationStatus.CONFIRMED)


def test_without_a_queue_who_waits_still_moves_up_and_nobody_joins() -> None:
    conference = make.conference(capacity=1)
    first, waiting = make.registration(conference), make.registration(conference)

    arrange(conference, has_queue=False)

    assert waiting.status is RegistrationStatus.WAITLISTED
    with pytest.raises(ConferenceFull):
        make.registration(conference)
    registrations.cancel(first)
    assert waiting.status is RegistrationStatus.CONFIRMED


def test_groups_are_not_given_by_wishes_once_somebody_has_chosen() -> None:
    conference = make.conference()
    registration = make.registration(conference, make.group_round(conference))

    with pytest.raises(ChoiceOfGroupsFixed) as refused:
        arrange(conference, group_choice=GroupChoice.WISHES)
    assert refused.value.values == {"people": 1}
    registrations.cancel(registration)
    arrange(conference, group_choice=GroupChoice.WISHES)

    assert conference.group_choice is GroupChoice.WISHES


def test_what_those_who_wait_had_chosen_becomes_their_wish() -> None:
    conference = make.conference(capacity=1)
    meeting = make.group_round(conference)
    make.registration(conference)
    waiting = make.registration(conference, meeting)

    arrange(conference, group_choice=GroupChoice.WISHES)

    assert wishes.of(waiting.participants[0]) == {1: [meeting.id]}


def test_wishes_that_are_not_given_out_yet_keep_the_way_groups_are_filled() -> None:
    conference = town.conference([2, 2])
    home = town.wishing(conference, [1], [2])
    over = town.wishing(conference, [1])
    registrations.cancel(over)

    with pytest.raises(WishesNotAllocated) as refused:
        arrange(conference, group_choice=GroupChoice.DIRECT)
    assert refused.value.values == {"people": 2}
    registrations.cancel(home)
    arrange(conference, group_choice=GroupChoice.DIRECT)

    assert conference.group_choice is GroupChoice.DIRECT


def test_after_the_release_everybody_can_choose_and_keeps_the_seat() -> None:
    conference = town.conference([2, 2])
    arrange(conference, capacity=2)
    seated = town.wishing(conference, [1, 2], [1, 2])
    waiting = town.wishing(conference, [2, 1])
    allocation = town.solved(conference)
    release.release(allocation)
    arrange(conference, capacity=3)
    late = town.wishing(conference, [1])
    assert late.status is RegistrationStatus.WAITLISTED
    draft = town.solved(conference)
    db.session.expire_all()
    assert waiting.status is RegistrationStatus.CONFIRMED

    arrange(conference, group_choice=GroupChoice.DIRECT)

    assert draft.state is AllocationState.DISCARDED
    assert town.seated(seated) == [1, 1]
    assert [wishes.of(held.participants[0]) for held in (seated, waiting, late)] == [
        {},
        {},
        {1: [conference.groups[0].rounds[0].id]},
    ]
    # Who waited gets the group they had wished most, and nothing of what came after it.
    registrations.cancel(seated)
    assert town.seated(late) == [1]


def test_wishes_that_were_given_out_are_gone_after_the_switch_and_it_does_not_go_back() -> None:
    conference = town.conference([1, 5])
    home = town.wishing(conference, [1], [1])
    release.release(town.solved(conference))

    arrange(conference, group_choice=GroupChoice.DIRECT)

    assert sorted(town.seated(home)) == [1, 2]
    assert wishes.of_all(home.participants) == {person.id: {} for person in home.participants}
    with pytest.raises(ChoiceOfGroupsFixed):
        arrange(conference, group_choice=GroupChoice.WISHES)
