"""Wishes: kept in their order, refused where they make no sense."""

from __future__ import annotations

import pytest

from app.database import db, transaction
from app.domain import wishes
from app.domain.errors import WishesTooMany, WishGone, WishTwice
from app.models import Wish
from tests import make


@pytest.fixture
def conference(app):
    return make.conference()


def save(participant, wanted):
    with transaction():
        wishes.save(participant, wanted)


def test_saving_wishes_keeps_their_order_for_each_round(conference):
    one, two = make.group(conference, rounds=2), make.group(conference, rounds=2)
    person = make.participant(conference)
    wanted = {1: [two.rounds[0].id, one.rounds[0].id], 2: [one.rounds[1].id]}

    save(person, wanted)

    assert wishes.of(person) == wanted
    assert [row.rank for row in db.session.query(Wish).order_by(Wish.round_number, Wish.rank)] == [1, 2, 1]


def test_saving_other_wishes_lets_the_first_ones_go(conference):
    one, two = make.group(conference), make.group(conference)
    person = make.participant(conference)
    save(person, {1: [one.rounds[0].id, two.rounds[0].id]})

    save(person, {1: [two.rounds[0].id, one.rounds[0].id]})
    assert wishes.of(person) == {1: [two.rounds[0].id, one.rounds[0].id]}

    save(person, {})
    assert wishes.of(person) == {}


def test_saving_the_same_wishes_again_changes_no_row(conference):
    meeting = make.group_round(conference)
    person = make.participant(conference)
    save(person, {1: [meeting.id]})
    before = [row.id for row in db.session.query(Wish)]

    save(person, {1: [meeting.id], 2: []})

    assert [row.id for row in db.session.query(Wish)] == before


def test_saving_unfit_wishes_is_refused_and_keeps_what_there_was(conference):
    meetings = [make.group(conference, rounds=2).rounds for _ in range(4)]
    first = [held[0].id for held in meetings]
    foreign = make.group_round()
    person = make.participant(conference)
    save(person, {1: first[:1]})

    for wanted, error in (
        ({1: first}, WishesTooMany),
        ({1: [first[0], first[0]]}, WishTwice),
        ({1: [meetings[0][1].id]}, WishGone),
        ({1: [foreign.id]}, WishGone),
        ({1: [999_999]}, WishGone),
    ):
        with pytest.raises(error):
            save(person, wanted)
    assert wishes.of(person) == {1: first[:1]}
