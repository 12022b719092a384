"""Giving out seats by wishes: 2,000 people, 20 groups, 2 rounds, beside a greedy pass and the plain assignment."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import numpy as np
from scipy.optimize import linear_sum_assignment

from app.domain.allocation.model import Goal
from app.domain.allocation.problem import Household, Member, Problem
from app.domain.allocation.scoring import is_possible
from app.domain.allocation.solve import solve

PEOPLE, GROUPS, ROUNDS, CAPACITY = 2_000, 20, 2, 120
# What one wish is worth to somebody who adds wishes up instead of taking one goal after the other.
WORTH = (9, 3, 1)


def measure() -> Iterator[tuple[str, str, str, str]]:
    """Rows of the report: what, time and result, ratio, what is aimed at."""
    asked = problem()
    started = time.perf_counter()
    found = solve(asked, seed=1)
    took = time.perf_counter() - started
    told = {goal.goal: goal for goal in found.goals}
    gaps = ", ".join(f"{goal.goal.value} {goal.gap}" for goal in found.goals if goal.gap)
    started = time.perf_counter()
    plain = assigned(asked)
    bound_took = time.perf_counter() - started
    yield (
        f"allocation of {PEOPLE} people × {GROUPS} groups × {ROUNDS} rounds",
        f"{took:.1f} s of {bound_took:.1f} s",
        f"{took / bound_took:.1f}",
        "linear_sum_assignment: no households, groups twice, each round by itself",
    )
    wishes = [told[goal].value for goal in (Goal.FIRST, Goal.SECOND, Goal.THIRD)]
    yield (
        "wishes 1, 2, 3 and people with a seat",
        f"{wishes}, {told[Goal.SEATED].value} of {PEOPLE * ROUNDS}",
        f"gap: {gaps or 'none, proven to be the best'}",
        "as it must be" if is_possible(asked, found.places) else "WRONG",
    )
    yield "the same by the plain assignment problem", f"{plain}", "", "households torn apart"
    yield "the same by first come, first served", f"{first_come(asked)}", "", "households torn apart"


def problem(seed: int = 1) -> Problem:
    """Some groups are wished by many; three of ten households stay together; half wish the same in both rounds."""
    draw = random.Random(seed)
    weights = [1 / (place + 1) ** 0.7 for place in range(GROUPS)]
    homes: list[Household] = []
    people = 0
    while people < PEOPLE:
        together = draw.random() < 0.3
        size = min(PEOPLE - people, draw.choice((2, 3, 4)) if together else 1)
        homes.append(Household(tuple(_member(draw, weights) for _ in range(size)), together and size > 1))
        people += size
    return Problem(
        rounds=tuple(range(1, ROUNDS + 1)),
        groups=tuple(f"gruppe-{place:02}" for place in range(GROUPS)),
        free=((CAPACITY,) * GROUPS,) * ROUNDS,
        households=tuple(homes),
    )


def first_come(asked: Problem) -> list[int]:
    """Wishes met when everybody in turn takes the dearest group that is free."""
    met = [0, 0, 0]
    free = [list(row) for row in asked.free]
    for household in asked.households:
        for member in household.members:
            for number, wishes in enumerate(member.wishes):
                for rank, group in enumerate(wishes):
                    if free[number][group]:
                        free[number][group] = (free[number][group] or 0) - 1
                        met[rank] += 1
                        break
    return met


def assigned(asked: Problem) -> list[int]:
    """Wishes met by the plain assignment problem: a person and a seat each, one round after the other."""
    met = [0, 0, 0]
    members = [member for household in asked.households for member in household.members]
    for number, free in enumerate(asked.free):
        seats = [group for group, count in enumerate(free) for _ in range(count or 0)]
        worth = np.zeros((len(members), GROUPS))
        for place, member in enumerate(members):
            for rank, group in enumerate(member.wishes[number]):
                worth[place, group] = WORTH[rank]
        people, taken = linear_sum_assignment(worth[:, seats], maximize=True)
        for person, seat in zip(people, taken, strict=True):
            wishes = members[person].wishes[number]
            if seats[seat] in wishes:
                met[wishes.index(seats[seat])] += 1
    return met


def _member(draw: random.Random, weights: list[float]) -> Member:
    first = _wishes(draw, weights)
    second = first if draw.random() < 0.5 else _wishes(draw, weights)
    return Member((first, second), (None, None))


def _wishes(draw: random.Random, weights: list[float]) -> tuple[int, ...]:
    named: dict[int, None] = {}
    while len(named) < 3:
        named[draw.choices(range(GROUPS), weights)[0]] = None
    return tuple(named)
