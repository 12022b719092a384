"""Small problems, and the best solution of one by trying everything there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st

from app.domain.allocation.model import Goal
from app.domain.allocation.problem import Household, Member, Problem
from app.domain.allocation.scoring import Places, is_possible, score


def person(*wishes: tuple[int, ...], held: tuple[int | None, ...] | None = None) -> Member:
    """Somebody with wishes for each round."""
    return Member(wishes, held or (None,) * len(wishes))


def alone(*wishes: tuple[int, ...], held: tuple[int | None, ...] | None = None) -> Household:
    return Household((person(*wishes, held=held),))


def problem(
    free: list[list[int | None]], *households: Household, clashes: tuple[tuple[int, int], ...] = ()
) -> Problem:
    """`free`: seats by round and group."""
    return Problem(
        rounds=tuple(range(1, len(free) + 1)),
        groups=tuple(f"g{place}" for place in range(len(free[0]))),
        free=tuple(map(tuple, free)),
        households=households,
        clashes=clashes,
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to four people, three groups and two rounds: few enough to try everything."""
    rounds = draw(st.integers(1, 2))
    groups = draw(st.integers(1, 3))
    most = 4 if rounds == 1 else 3
    free = [[draw(st.sampled_from([0, 1, 1, 2, 3, None])) for _ in range(groups)] for _ in range(rounds)]
    people, households = draw(st.integers(1, most)), []
    while people:
        size = draw(st.integers(1, people))
        people -= size
        households.append(Household(tuple(draw(members(free)) for _ in range(size)), draw(st.booleans())))
    clashes = ((0, 1),) if rounds == 2 and draw(st.integers(0, 5)) == 0 else ()
    return problem(free, *households, clashes=clashes)


@st.composite
def members(draw: st.DrawFn, free: list[list[int | None]]) -> Member:
    groups = [[group for group, seats in enumerate(row) if seats is not None] for row in free]
    return Member(
        tuple(
            tuple(draw(st.lists(st.sampled_from(meeting), max_size=3, unique=True))) if meeting else ()
            for meeting in groups
        ),
        tuple(
            draw(st.sampled_from([None, None, None, *meeting])) if draw(st.integers(0, 4)) == 0 else None
            for meeting in groups
        ),
    )


def all_places(asked: Problem) -> Iterator[Places]:
    """Every way to seat people, possible or not."""
    choices = [
        [None, *(group for group, seats in enumerate(free) if seats)]
        if member.held[number] is None
        else [None]
        for household in asked.households
        for member in household.members
        for number, free in enumerate(asked.free)
    ]
    rounds = len(asked.rounds)
    for tried in product(*choices):
        rest = iter(tried)
        yield [
            [[next(rest) for _ in range(rounds)] for _ in household.members] for household in asked.households
        ]


def best(asked: Problem) -> list[int]:
    """The values of all goals in their order, of the best solution there is."""
    return max(
        (values(score(asked, places)) for places in all_places(asked) if is_possible(asked, places)),
        key=ranked,
    )


def values(found: dict[Goal, int]) -> list[int]:
    return [found[goal] for goal in Goal]


def ranked(found: list[int]) -> list[int]:
    """For comparing: more is better everywhere."""
    return [value if goal.wants_more else -value for goal, value in zip(Goal, found, strict=True)]
