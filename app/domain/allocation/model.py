"""A problem as integer columns and rows, and its goals as sums over the columns.

People who wish and hold the same are one unit with several copies: the columns say how many of them sit where. That
loses nothing: counts per round and group can be shared out so that nobody gets a group twice as long as no count,
summed over the rounds, exceeds the number of copies (König's theorem on edge colouring, app.domain.allocation.sharing).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from app.domain.allocation.problem import Household, Member, Problem

POOL = -1
"""Stands for any group that is not wished."""


class Goal(enum.Enum):
    """What is wanted, the most important first."""

    SEATED = "seated"
    # In how many more parts than one the households are that wanted to be together.
    TORN = "torn"
    # Seats in a group somebody has in another round as well.
    REPEATED = "repeated"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"

    @property
    def wants_more(self) -> bool:
        return self not in (Goal.TORN, Goal.REPEATED)


WISHES = (Goal.FIRST, Goal.SECOND, Goal.THIRD)

# A member by the places of the household and of the person in it.
Who = tuple[int, int]
Row = dict[int, float]


@dataclass(frozen=True)
class Way:
    """How a problem is written down. Each `True` makes it smaller and holds only where it is proven to lose nothing.

    `perfect`: nobody is without a seat while one is free, no household is torn apart without need, nobody gets a group
    twice. `whole`: households stay together in every solution. `pooled`: one column for all groups somebody has not
    wished, shared out afterwards.
    """

    perfect: bool
    whole: bool
    pooled: bool


@dataclass
class Unit:
    """People who go the same way; `copies` of them are interchangeable."""

    members: tuple[Member, ...]
    copies: list[tuple[Who, ...]]
    # The household whose other members this one wants to be with, where it may be torn apart.
    bond: int | None = None
    # By round: groups (or POOL) and their columns.
    columns: list[dict[int, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.members)

    def has(self, group: int) -> bool:
        """True when its people sit in this group in some round already."""
        return any(group in member.held for member in self.members)

    def seeks(self, number: int) -> bool:
        return self.members[0].held[number] is None


class Model:
    """Columns, rows and goals of one way to write a problem down."""

    def __init__(self, problem: Problem, order: Sequence[int], way: Way) -> None:
        """`order`: households in the order in which they are written; it decides between equally good solutions."""
        self.problem = problem
        self.way = way
        self.upper: list[float] = []
        self.goals: dict[Goal, Row] = {goal: {} for goal in Goal}
        # What a goal counts whatever is decided.
        self.constants: dict[Goal, int] = dict.fromkeys(Goal, 0)
        self.rows: list[Row] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self._taking: dict[tuple[int, int], Row] = {}
        self._seats_for_all = [
            problem.seats(number) >= problem.seekers(number) for number in range(len(problem.rounds))
        ]
        self.units = list(_units(problem, order, whole=way.whole))
        for unit in self.units:
            self._add(unit)
        bound: dict[int, list[Unit]] = {}
        for unit in self.units:
            if unit.bond is not None:
                bound.setdefault(unit.bond, []).append(unit)
        for home, units in bound.items():
            self._bind(units, problem.households[home])
        self._keep_to_the_seats()

    def vector(self, goal: Goal) -> np.ndarray:
        """The coefficients of a goal."""
        found = np.zeros(len(self.upper))
        for column, value in self.goals[goal].items():
            found[column] = value
        return found

    def _column(self, upper: float) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def _row(self, row: Row, low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _add(self, unit: Unit) -> None:
        copies = len(unit.copies)
        for number in range(len(self.problem.rounds)):
            columns: dict[int, int] = {}
            unit.columns.append(columns)
            if not unit.seeks(number):
                continue
            for group in self._choices(unit, number):
                columns[group] = column = self._column(copies)
                self._taking.setdefault((number, group), {})[column] = unit.size
                self.goals[Goal.SEATED][column] = unit.size
                for rank, goal in enumerate(WISHES):
                    wished = [member.wishes[number][rank : rank + 1] == (group,) for member in unit.members]
                    if any(wished):
                        self.goals[goal][column] = sum(wished)
            least = copies if self.way.perfect and self._seats_for_all[number] else 0
            self._row(dict.fromkeys(columns.values(), 1.0), least, copies)
        for one, other in self.problem.clashes:
            both = [*unit.columns[one].values(), *unit.columns[other].values()]
            if both:
                self._row(dict.fromkeys(both, 1.0), 0, copies * (unit.seeks(one) and unit.seeks(other)))
        self._count_repeats(unit)

    def _choices(self, unit: Unit, number: int) -> list[int]:
        free = self.problem.free[number]
        open_to = [group for group, seats in enumerate(free) if seats is not None and seats >= unit.size]
        if not self.way.pooled or unit.size > 1 or unit.bond is not None:
            return open_to
        wished = unit.members[0].wishes[number]
        return [*(group for group in wished if group in open_to), POOL]

    def _count_repeats(self, unit: Unit) -> None:
        copies = len(unit.copies)
        for group in dict.fromkeys(group for columns in unit.columns for group in columns if group != POOL):
            row = {columns[group]: 1.0 for columns in unit.columns if group in columns}
            had = unit.has(group)
            if len(row) + had < 2:
                continue
            if not self.way.perfect:
                again = self._column(copies * len(row))
                self.goals[Goal.REPEATED][again] = unit.size
                row[again] = -1.0
            self._row(row, -np.inf, 0 if had else copies)

    def _bind(self, units: list[Unit], household: Household) -> None:
        """Count in how many parts a household is in each round; those without a seat are one part together."""
        for number in range(len(self.problem.rounds)):
            seeking = [unit for unit in units if unit.seeks(number)]
            if not seeking:
                continue
            held = {member.held[number] for member in household.members} - {None}
            parts = []
            for group in dict.fromkeys(group for unit in seeking for group in unit.columns[number]):
                if group in held:
                    continue
                parts.append(self._column(1))
                for unit in seeking:
                    if group in unit.columns[number]:
                        self._row({unit.columns[number][group]: 1.0, parts[-1]: -1.0}, -np.inf, 0)
            parts.append(self._column(1))
            for unit in seeking:
                self._row({**dict.fromkeys(unit.columns[number].values(), 1.0), parts[-1]: 1.0}, 1, np.inf)
            self.goals[Goal.TORN] |= dict.fromkeys(parts, 1.0)
            self.constants[Goal.TORN] += len(held) - 1
            if self.way.perfect:
                self._row(dict.fromkeys(parts, 1.0), 0, 0 if held else 1)

    def _keep_to_the_seats(self) -> None:
        for number, free in enumerate(self.problem.free):
            everybody: Row = {}
            for group, seats in enumerate(free):
                if taking := self._taking.get((number, group)):
                    self._row(taking, 0, seats or 0)
                    everybody |= taking
            everybody |= self._taking.get((number, POOL), {})
            fills = self.way.perfect and not self._seats_for_all[number]
            if everybody and (self.way.pooled or fills):
                seats = self.problem.seats(number)
                self._row(everybody, seats if fills else 0, seats)


def matrix(rows: Sequence[Row], columns: int) -> csr_array:
    """Rows of columns and coefficients as a sparse matrix."""
    counts = [len(row) for row in rows]
    return csr_array(
        (
            np.array([value for row in rows for value in row.values()], dtype=float),
            np.array([column for row in rows for column in row], dtype=int),
            np.concatenate([[0], np.cumsum(counts)]).astype(int),
        ),
        shape=(len(rows), columns),
    )


def best_possible(problem: Problem, goal: Goal) -> int:
    """A value nothing can be better than, known without a search."""
    rounds = range(len(problem.rounds))
    if goal is Goal.SEATED:
        return sum(min(problem.seekers(number), problem.seats(number)) for number in rounds)
    if goal is Goal.REPEATED:
        return 0
    if goal is Goal.TORN:
        return sum(
            max(0, len({member.held[number] for member in household.members} - {None}) - 1)
            for household in problem.households
            if household.together
            for number in rounds
            if any(member.held[number] is None for member in household.members)
        )
    return sum(
        member.held[number] is None and len(member.wishes[number]) > WISHES.index(goal)
        for household in problem.households
        for member in household.members
        for number in rounds
    )


def _units(problem: Problem, order: Sequence[int], *, whole: bool) -> Iterable[Unit]:
    alike: dict[tuple[Member, ...], Unit] = {}
    for home in order:
        household = problem.households[home]
        names = [(home, place) for place in range(len(household.members))]
        together = household.together and len(household.members) > 1
        holds = any(group is not None for member in household.members for group in member.held)
        if together and (holds or not whole):
            # Each member by themselves, tied to the others.
            yield from (
                Unit((member,), [(name,)], bond=home)
                for member, name in zip(household.members, names, strict=True)
            )
            continue
        parts = [tuple(names)] if together else [(name,) for name in names]
        for part in parts:
            members = tuple(household.members[place] for _home, place in part)
            # Where two rounds take place at once, counts alone do not tell whether people can sit as counted.
            known = None if problem.clashes else alike.get(members)
            if known:
                known.copies.append(part)
            else:
                unit = alike[members] = Unit(members, [part])
                yield unit
