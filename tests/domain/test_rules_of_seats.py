"""The rules of seats against a model that is simple enough to be read: whatever happens in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import households, offers, seats
from app.models import GroupRound, Participant, Registration, Seat, SeatState
from tests import make

GROUPS = 3
SIZES = (1, 1, 2, 3, 4)
OFFER_HOURS = 24

deeds = st.lists(
    st.one_of(
        st.tuples(st.just("want"), st.integers(0, len(SIZES) - 1), st.integers(0, GROUPS - 1)),
        st.tuples(st.just("leave"), st.integers(0, len(SIZES) - 1), st.just(0)),
        st.tuples(st.just("accept"), st.integers(0, len(SIZES) - 1), st.integers(0, GROUPS - 1)),
        st.tuples(st.just("decline"), st.integers(0, len(SIZES) - 1), st.integers(0, GROUPS - 1)),
        st.tuples(st.just("capacity"), st.integers(0, 6), st.integers(0, GROUPS - 1)),
        st.tuples(st.just("lapse"), st.just(0), st.just(0)),
    ),
    max_size=16,
)


@dataclass
class Model:
    """Households by number; each sits in one group at most, and waits for or is offered one other at most."""

    capacity: list[int]
    makes_offers: bool
    sits: dict[int, int] = field(default_factory=dict)
    offered: dict[int, int] = field(default_factory=dict)
    queues: list[list[int]] = field(default_factory=lambda: [[] for _ in range(GROUPS)])

    def taken(self, group: int) -> int:
        held = [*self.sits.items(), *self.offered.items()]
        return sum(SIZES[household] for household, place in held if place == group)

    def want(self, household: int, group: int) -> None:
        if self.sits.get(household) == group:
            self._stop_waiting(household)
        elif household not in self.queues[group] and self.offered.get(household) != group:
            self._stop_waiting(household)
            self._fill()
            if SIZES[household] <= self.capacity[group] - self.taken(group):
                self.sits[household] = group
            else:
                self.queues[group].append(household)
        self._fill()

    def leave(self, household: int, _: int) -> None:
        self.sits.pop(household, None)
        self._stop_waiting(household)
        self._fill()

    def accept(self, household: int, group: int) -> None:
        if self.offered.get(household) == group:
            del self.offered[household]
            self.sits[household] = group
            self._fill()

    def decline(self, household: int, group: int) -> None:
        if self.offered.get(household) == group:
            del self.offered[household]
            self._fill()

    def set_capacity(self, seats_wanted: int, group: int) -> None:
        if seats_wanted >= self.taken(group):
            self.capacity[group] = seats_wanted
            self._fill()

    def lapse(self) -> None:
        # One after the other, in the order of registrations, the next ones being offered what has become free. Those
        # offers are new and do not lapse with these.
        for household in sorted(self.offered):
            del self.offered[household]
            self._fill()

    def _stop_waiting(self, household: int) -> None:
        self.offered.pop(household, None)
        for queue in self.queues:
            if household in queue:
                queue.remove(household)

    def _fill(self) -> None:
        moved = True
        while moved:
            moved = False
            for group, queue in enumerate(self.queues):
                free = self.capacity[group] - self.taken(group)
                for household in queue:
                    if SIZES[household] <= free:
                        queue.remove(household)
                        (self.offered if self.makes_offers else self.sits)[household] = group
                        moved = True
                        break
                if moved:
                    break


@given(
    capacity=st.lists(st.integers(0, 5), min_size=GROUPS, max_size=GROUPS),
    makes_offers=st.booleans(),
    steps=deeds,
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_whatever_happens_seats_follow_the_rules(
    app: Flask, capacity: list[int], makes_offers: bool, steps: list[tuple[str, int, int]]
) -> None:
    conference = make.conference(starts_at=now() + timedelta(days=400))
    with transaction():
        conference.makes_offers, conference.offer_hours = makes_offers, OFFER_HOURS
    groups = [make.group_round(conference, capacity=seats_there) for seats_there in capacity]
    people = [make.registration(conference, people=size) for size in SIZES]
    model = Model(list(capacity), makes_offers)
    begun = now()

    with time_machine.travel(begun, tick=False) as clock:
        for step in steps:
            _do(model, step, groups, people, clock)
            assert _rows(groups, people) == _wanted(model), step
            assert _counters(groups) == [
                (model.capacity[place], model.taken(place), sum(SIZES[each] for each in queue))
                for place, queue in enumerate(model.queues)
            ]


def _do(
    model: Model, step: tuple[str, int, int], groups: list[GroupRound], people: list[Registration], clock: Any
) -> None:
    name, first, place = step
    match name:
        case "want":
            wanted = {person.id: {1: groups[place]} for person in people[first].participants}
            households.change_groups(people[first], wanted)
            model.want(first, place)
        case "leave":
            households.change_groups(
                people[first], {person.id: {1: None} for person in people[first].participants}
            )
            model.leave(first, 0)
        case "accept" | "decline":
            held = [offer for offer in offers.of(people[first]) if offer.group_round == groups[place]]
            if held:
                getattr(offers, name)(people[first], groups[place].id)
            getattr(model, name)(first, place)
        case "capacity":
            if first >= model.taken(place):
                seats.set_capacity(groups[place], first)
            model.set_capacity(first, place)
        case "lapse":
            clock.shift(timedelta(hours=OFFER_HOURS))
            offers.lapse_due(now())
            model.lapse()


def _rows(groups: list[GroupRound], people: list[Registration]) -> dict[str, Any]:
    """Who sits, is offered and waits, whole households only, as the database has it."""
    db.session.expire_all()
    number = {registration.id: index for index, registration in enumerate(people)}
    place = {held.id: index for index, held in enumerate(groups)}
    rows = db.session.execute(
        select(Seat.state, Seat.group_round_id, Participant.registration_id)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(Seat.state != SeatState.RELEASED)
        .where(Seat.group_round_id.in_(place))
        .order_by(Seat.ticket)
    ).all()
    found = Counter((state, place[round_id], number[who]) for state, round_id, who in rows)
    assert all(count == SIZES[who] for (_, _, who), count in found.items()), "a household was torn apart"
    return {
        "sits": {who: where for state, where, who in found if state is SeatState.SEATED},
        "offered": {who: where for state, where, who in found if state is SeatState.OFFERED},
        "queues": [
            [who for state, where, who in found if state is SeatState.WAITING and where == group]
            for group in range(GROUPS)
        ],
    }


def _wanted(model: Model) -> dict[str, Any]:
    return {"sits": model.sits, "offered": model.offered, "queues": model.queues}


def _counters(groups: list[GroupRound]) -> list[tuple[int, int, int]]:
    return [(held.capacity, held.seats_taken, held.waiting) for held in groups]
