"""Offers: asked first, answered or lapsed, and who has only a telephone has as long as everybody from the call on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import households, lifecycle, offers, registrations, seats
from app.domain.errors import NoOffer, NotTakingPlace, OfferExpired
from app.models import (
    Conference,
    ContactChannel,
    EventKind,
    GroupRound,
    Message,
    MessageKind,
    MessageWay,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    SeatState,
)
from tests import make

HOURS = timedelta(hours=24)
MAIL = {"contact_channel": ContactChannel.EMAIL, "contact": "a@example.org"}
PHONE = {"contact_channel": ContactChannel.PHONE, "contact": "02000 1234"}


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=2, makes_offers=True, offer_hours=24)


def history(registration: Registration) -> list[EventKind]:
    return list(
        db.session.scalars(
            select(RegistrationEvent.kind)
            .where(RegistrationEvent.registration_id == registration.id)
            .order_by(RegistrationEvent.id)
        )
    )


def told(registration: Registration) -> list[tuple[MessageKind, MessageWay]]:
    return [
        (message.kind, message.way)
        for message in db.session.scalars(
            select(Message).where(Message.registration_id == registration.id).order_by(Message.id)
        )
    ]


def swap(conference: Conference, **contact: object) -> tuple[GroupRound, GroupRound, Registration]:
    """Somebody who sits in the first group and is offered the second."""
    with transaction():
        conference.capacity = 10
    first, second = make.group_round(conference, capacity=1), make.group_round(conference, capacity=1)
    leaving = make.registration(conference, second)
    person = make.registration(conference, first, **contact)
    households.change_groups(person, {person.participants[0].id: {1: second}})
    registrations.cancel(leaving)
    return first, second, person


def test_place_is_offered_and_kept_for_the_household(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    leaving = make.registration(conference, people=2)
    waiting = make.registration(conference, people=2, **MAIL)
    behind = make.registration(conference)

    registrations.cancel(leaving)

    (offer,) = offers.of(waiting)
    assert (waiting.status, waiting.has_place) == (RegistrationStatus.OFFERED, False)
    assert (offer.group_round, offer.expires_at) == (None, now() + HOURS)
    assert behind.status is RegistrationStatus.WAITLISTED
    assert (conference.places_taken, conference.waiting) == (2, 1)
    assert told(waiting) == [
        (MessageKind.WAITLISTED, MessageWay.EMAIL),
        (MessageKind.OFFER, MessageWay.EMAIL),
    ]


def test_accept_gives_the_place_and_twice_is_once(conference: Conference) -> None:
    leaving, waiting = (make.registration(conference, people=2, **MAIL) for _ in range(2))
    registrations.cancel(leaving)

    offers.accept(waiting, None)
    offers.accept(waiting, None)

    assert waiting.status is RegistrationStatus.CONFIRMED
    assert offers.of(waiting) == []
    assert history(waiting) == [EventKind.WAITLISTED, EventKind.OFFERED, EventKind.ACCEPTED]
    assert told(waiting)[-1] == (MessageKind.REGISTRATION_CONFIRMED, MessageWay.EMAIL)


def test_decline_gives_it_to_the_next_and_twice_is_once(conference: Conference) -> None:
    leaving, waiting, behind = (make.registration(conference, people=2) for _ in range(3))
    registrations.cancel(leaving)

    offers.decline(waiting, None)
    offers.decline(waiting, None)

    assert (waiting.status, behind.status) == (RegistrationStatus.LAPSED, RegistrationStatus.OFFERED)
    assert conference.places_taken == 2
    assert history(waiting)[-2:] == [EventKind.OFFERED, EventKind.DECLINED]


def test_offer_lapses_to_the_minute_and_goes_to_the_next(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    leaving, waiting, behind = (make.registration(conference, people=2, **MAIL) for _ in range(3))
    registrations.cancel(leaving)

    clock.shift(HOURS - timedelta(seconds=1))
    assert offers.lapse_due(now()) == 0
    clock.shift(timedelta(seconds=1))
    with pytest.raises(OfferExpired):
        offers.accept(waiting, None)
    assert offers.lapse_due(now()) == 1
    assert offers.lapse_due(now()) == 0

    assert (waiting.status, behind.status) == (RegistrationStatus.LAPSED, RegistrationStatus.OFFERED)
    assert told(waiting)[-1] == (MessageKind.OFFER_LAPSED, MessageWay.EMAIL)
    with pytest.raises(OfferExpired):
        offers.accept(waiting, None)


def test_clock_of_somebody_with_a_telephone_starts_with_the_call(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    by = make.staff_member()
    leaving, waiting = (make.registration(conference, people=2, **PHONE) for _ in range(2))
    registrations.cancel(leaving)
    assert told(waiting)[-1] == (MessageKind.OFFER, MessageWay.CALL)

    clock.shift(5 * HOURS)
    assert (offers.lapse_due(now()), offers.of(waiting)[0].expires_at) == (0, None)
    until = offers.note_call(waiting, None, by)
    clock.shift(timedelta(hours=1))

    assert until == offers.note_call(waiting, None, by) == waiting.offer_expires_at
    assert until == now() + HOURS - timedelta(hours=1)
    assert history(waiting) == [EventKind.WAITLISTED, EventKind.OFFERED, EventKind.CALLED]
    clock.shift(HOURS)
    assert offers.lapse_due(now()) == 1


def test_offered_seat_is_taken_and_the_one_held_freed_in_one_step(conference: Conference) -> None:
    first, second, person = swap(conference)
    behind = make.registration(conference, first)

    (offer,) = offers.of(person)
    assert (offer.group_round, offer.gives_up) == (second, [first])
    offers.accept(person, second.id)

    places = {seat.group_round_id: seat.state for seat in person.participants[0].seats}
    assert places == {first.id: SeatState.RELEASED, second.id: SeatState.SEATED}
    assert [offer.group_round for offer in offers.of(behind)] == [first]


def test_choosing_the_group_that_is_offered_accepts_it(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    first, second, person = swap(conference, **MAIL)

    households.change_groups(person, {person.participants[0].id: {1: second}})

    assert [(seat.group_round_id, seat.state) for seat in person.participants[0].live_seats] == [
        (second.id, SeatState.SEATED)
    ]
    assert (first.seats_taken, second.seats_taken) == (0, 1)
    assert told(person)[-1] == (MessageKind.GROUPS_CHANGED, MessageWay.EMAIL)


def test_choosing_the_group_that_was_offered_is_too_late_after_its_time(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    _first, second, person = swap(conference, **MAIL)
    clock.shift(HOURS)

    with pytest.raises(OfferExpired):
        households.change_groups(person, {person.participants[0].id: {1: second}})


def test_offered_seat_that_lapses_leaves_the_seat_held(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    first, second, person = swap(conference, **MAIL)

    clock.shift(HOURS)
    offers.lapse_due(now())

    assert [(seat.group_round_id, seat.state) for seat in person.participants[0].live_seats] == [
        (first.id, SeatState.SEATED)
    ]
    assert (second.seats_taken, second.waiting) == (0, 0)


def test_offered_seat_counts_as_taken_and_is_nobody_elses(conference: Conference) -> None:
    _first, second, _person = swap(conference)

    late = make.registration(conference, second)

    assert late.participants[0].live_seats[0].state is SeatState.WAITING
    assert (second.seats_taken, second.seats_free) == (1, 0)


def test_call_about_a_seat_starts_its_clock(conference: Conference, clock: time_machine.Traveller) -> None:
    _first, second, person = swap(conference, **PHONE)

    offers.note_call(person, second.id, make.staff_member())

    assert offers.of(person)[0].expires_at == now() + HOURS


def test_what_was_never_offered_cannot_be_accepted(conference: Conference) -> None:
    group_round = make.group_round(conference)
    person = make.registration(conference)
    elsewhere = make.group_round(make.conference())

    for round_id in (group_round.id, elsewhere.id, 2**40):
        with pytest.raises(NoOffer):
            offers.accept(person, round_id)
        offers.decline(person, round_id)
    with pytest.raises(NoOffer):
        offers.note_call(person, None, make.staff_member())

    assert (person.status, person.participants[0].live_seats) == (RegistrationStatus.CONFIRMED, [])


def test_cancelling_while_offered_gives_it_to_the_next(conference: Conference) -> None:
    leaving, waiting, behind = (make.registration(conference, people=2) for _ in range(3))
    registrations.cancel(leaving)

    registrations.cancel(waiting)

    assert (waiting.status, behind.status) == (RegistrationStatus.CANCELLED, RegistrationStatus.OFFERED)
    assert (waiting.offered_at, waiting.offer_expires_at) == (None, None)


def test_after_the_conference_nobody_is_offered_anything(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    group_round = make.group_round(conference, capacity=1)
    leaving, waiting = (make.registration(conference, group_round) for _ in range(2))
    clock.move_to(conference.ends_at)

    seats.release(leaving.participants[0].live_seats[0])

    assert waiting.participants[0].live_seats[0].state is SeatState.WAITING


def test_what_was_offered_cannot_be_taken_once_the_conference_is_cancelled(conference: Conference) -> None:
    leaving, waiting = (make.registration(conference, people=2, **MAIL) for _ in range(2))
    registrations.cancel(leaving)
    lifecycle.cancel(conference)

    with pytest.raises(NotTakingPlace):
        offers.accept(waiting, None)

    assert waiting.status is RegistrationStatus.OFFERED
    assert (MessageKind.REGISTRATION_CONFIRMED, MessageWay.EMAIL) not in told(waiting)


def test_somebody_nobody_can_tell_has_days_to_look(conference: Conference) -> None:
    leaving, waiting = (make.registration(conference, people=2) for _ in range(2))

    registrations.cancel(leaving)

    (offer,) = offers.of(waiting)
    assert offer.expires_at == waiting.offered_at + HOURS + timedelta(days=3)
    assert not offer.is_over
