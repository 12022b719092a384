"""A conference that gives its groups by wishes, with people who wish."""

from __future__ import annotations

from app.database import db, transaction
from app.domain.allocation import propose
from app.domain.registrations import Person
from app.models import Allocation, Conference, GroupChoice, Registration, SeatState
from tests import make


def conference(capacities: list[int], *, rounds: int = 1) -> Conference:
    """With a group for each capacity, the same in each round."""
    made = make.conference(group_choice=GroupChoice.WISHES)
    for number, capacity in enumerate(capacities, start=1):
        make.group(made, capacity=capacity, rounds=rounds, title=f"Gruppe {number}")
    return made


def wishing(at: Conference, *people: list[int], together: bool = False, **details: str) -> Registration:
    """A household; each person names groups by their number, dearest first, for round 1."""
    numbers = {group.number: group.rounds[0].id for group in at.groups}
    made = make.household(
        at, *(Person(wishes={1: [numbers[number] for number in named]}) for named in people), **details
    )
    if together:
        with transaction():
            made.wants_together = True
    return made


def solved(at: Conference, seed: int = 1) -> Allocation:
    """A proposal, solved as the worker does."""
    made = propose.ask(at, seed=seed)
    propose.compute_all()
    return db.session.get_one(Allocation, made.id)


def proposed(allocation: Allocation) -> dict[int, int | None]:
    """The number of the group each person is proposed in round 1."""
    db.session.expire_all()
    return {
        place.participant_id: place.group_round.group.number if place.group_round else None
        for place in allocation.places
        if place.round_number == 1
    }


def seated(registration: Registration) -> list[int]:
    """The numbers of the groups its people sit in."""
    db.session.expire_all()
    return [
        seat.group_round.group.number
        for person in registration.participants
        for seat in person.seats
        if seat.state is SeatState.SEATED
    ]
