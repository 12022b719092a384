"""Households: their people choose other groups, come and go, and wait and move up as one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import households, registrations
from app.domain.errors import AlreadyCancelled, NotFound, SignupClosed
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    Message,
    MessageKind,
    Registration,
)
from tests import make


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=10)


def one(
    registration: Registration, wanted: Mapping[int, GroupRound | None]
) -> dict[int, Mapping[int, GroupRound | None]]:
    """The wish of somebody who comes alone."""
    return {registration.participants[0].id: wanted}


def told(kind: MessageKind) -> int:
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.kind == kind)) or 0


def held(registration: Registration) -> list[tuple[int, int, str]]:
    db.session.expire_all()
    return [
        (seat.round_number, seat.group_round_id, seat.state.value)
        for seat in sorted(
            registration.participants[0].live_seats,
            key=lambda seat: (seat.round_number, seat.ticket, seat.id),
        )
    ]


def test_change_groups_to_a_full_one_keeps_the_seat_and_waits_beside(conference: Conference) -> None:
    first, full = make.group_round(conference), make.group_round(conference, capacity=0)
    registration = make.registration(conference, first)

    households.change_groups(registration, one(registration, {1: full}))

    assert held(registration) == [(1, first.id, "seated"), (1, full.id, "waiting")]
    households.change_groups(registration, one(registration, {1: first}))
    assert held(registration) == [(1, first.id, "seated")]


def test_change_groups_is_all_or_nothing(conference: Conference) -> None:
    first, second = make.group(conference, rounds=2), make.group(conference, rounds=2)
    registration = make.registration(conference, *first.rounds)

    with pytest.raises(NotFound):
        households.change_groups(registration, one(registration, {1: second.rounds[0], 2: second.rounds[0]}))

    assert held(registration) == [(1, first.rounds[0].id, "seated"), (2, first.rounds[1].id, "seated")]


def test_change_groups_takes_leaves_and_keeps(conference: Conference) -> None:
    first, second = make.group(conference, rounds=3), make.group(conference, rounds=3)
    registration = make.registration(conference, first.rounds[0], first.rounds[1])

    households.change_groups(
        registration, one(registration, {1: first.rounds[0], 2: None, 3: second.rounds[2]})
    )

    assert held(registration) == [(1, first.rounds[0].id, "seated"), (3, second.rounds[2].id, "seated")]


def test_change_groups_tells_once_and_only_of_a_change(conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registration(
        conference, first, contact_channel=ContactChannel.EMAIL, contact="a@example.org"
    )
    before = registration.changed_at

    households.change_groups(registration, one(registration, {1: first}))
    assert (told(MessageKind.GROUPS_CHANGED), registration.changed_at) == (0, before)

    households.change_groups(registration, one(registration, {1: second}))
    households.change_groups(registration, one(registration, {1: second}))
    assert told(MessageKind.GROUPS_CHANGED) == 1


@pytest.mark.parametrize("where", ["another round", "another conference"])
def test_change_groups_to_a_group_that_is_not_of_this_round_is_refused(
    conference: Conference, where: str
) -> None:
    registration = make.registration(conference, make.group_round(conference))
    wrong = (
        make.group(conference, rounds=2).rounds[1]
        if where == "another round"
        else make.group_round(make.conference())
    )
    before = held(registration)

    with pytest.raises(NotFound):
        households.change_groups(registration, one(registration, {1: wrong}))

    assert held(registration) == before


def test_change_groups_after_closing_is_for_staff_only(conference: Conference) -> None:
    group_round, registration = make.group_round(conference), make.registration(conference)
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    with pytest.raises(SignupClosed):
        households.change_groups(registration, one(registration, {1: group_round}))
    households.change_groups(registration, one(registration, {1: group_round}), by=make.staff_member())

    assert held(registration) == [(1, group_round.id, "seated")]


def test_change_groups_of_a_cancelled_one_is_refused(conference: Conference) -> None:
    group_round, registration = make.group_round(conference), make.registration(conference)
    registrations.cancel(registration)

    with pytest.raises(AlreadyCancelled):
        households.change_groups(registration, one(registration, {1: group_round}), by=make.staff_member())


def test_change_groups_at_a_full_conference_is_possible(conference: Conference) -> None:
    group_round, registration = make.group_round(conference), make.registration(conference)
    with transaction():
        conference.capacity = 1

    households.change_groups(registration, one(registration, {1: group_round}))

    assert held(registration) == [(1, group_round.id, "seated")]
