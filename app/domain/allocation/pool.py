"""What is left over, for those who get any group: dealt out after the goals are reached."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.domain.allocation.model import POOL, Unit, matrix
from app.domain.allocation.problem import Problem

SECONDS = 30.0

Counts = list[list[dict[int, int]]]
"""By unit and round: how many copies sit in each group."""


@dataclass
class _Rows:
    rows: list[dict[int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, row: dict[int, float], low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def as_constraint(self, columns: int) -> LinearConstraint:
        return LinearConstraint(matrix(self.rows, columns), np.array(self.low), np.array(self.high))


def deal(problem: Problem, units: list[Unit], counts: Counts) -> bool:
    """Let nobody in `counts` sit in POOL any more and nobody in a group they have already; False when that fails."""
    left = _left(problem, units, counts)
    wanting = [
        (place, number, groups[POOL])
        for place, rounds in enumerate(counts)
        for number, groups in enumerate(rounds)
        if groups.get(POOL)
    ]
    columns: dict[tuple[int, int, int], int] = {}
    rows = _Rows()
    in_group: dict[tuple[int, int], dict[int, float]] = {}
    of_unit: dict[tuple[int, int], dict[int, float]] = {}
    for place, number, people in wanting:
        row: dict[int, float] = {}
        for group, seats in enumerate(left[number]):
            if seats > 0:
                column = columns[place, number, group] = len(columns)
                row[column] = 1.0
                in_group.setdefault((number, group), {})[column] = 1.0
                of_unit.setdefault((place, group), {})[column] = 1.0
        rows.add(row, people, people)
    for (number, group), row in in_group.items():
        rows.add(row, 0, left[number][group])
    for (place, group), row in of_unit.items():
        had = sum(groups.get(group, 0) for groups in counts[place])
        rows.add(row, 0, 0 if units[place].has(group) else len(units[place].copies) - had)
    if wanting:
        answer = milp(
            np.zeros(len(columns)),
            integrality=np.ones(len(columns)),
            bounds=Bounds(0, np.inf),
            constraints=rows.as_constraint(len(columns)),
            options={"time_limit": SECONDS},
        )
        if answer.x is None:
            return False
        for (place, number, group), column in columns.items():
            given = counts[place][number]
            given[group] = given.get(group, 0) + int(np.rint(answer.x[column]))
    for rounds in counts:
        for groups in rounds:
            groups.pop(POOL, None)
    return True


def _left(problem: Problem, units: list[Unit], counts: Counts) -> list[list[int]]:
    """Free seats by round and group, less what is given already."""
    left = [[seats or 0 for seats in free] for free in problem.free]
    for unit, of_unit in zip(units, counts, strict=True):
        for number, groups in enumerate(of_unit):
            for group, copies in groups.items():
                if group != POOL:
                    left[number][group] -= unit.size * copies
    return left
