"""Solves a problem: its goals one after the other, each kept while the next is sought (scipy.optimize.milp, HiGHS)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from app.domain.allocation import pool
from app.domain.allocation.model import Goal, Model, Way, best_possible, matrix
from app.domain.allocation.problem import Problem
from app.domain.allocation.scoring import Places, score
from app.domain.allocation.sharing import share_out

SECONDS = 120.0
"""So long the goals are sought, all together; what is found by then is told with its distance from the best."""

# From here on a column for each group somebody did not wish is not worth its time.
MANY_COLUMNS = 4_000

_PERFECT = (Goal.SEATED, Goal.TORN, Goal.REPEATED)
_OPTIMAL, _INFEASIBLE = 0, 2
_TOLERANCE = 1e-6


class NoSolution(Exception):
    """The time was over before anything was found."""


@dataclass(frozen=True)
class Reached:
    """How far a goal was reached: its value, and the best value that is possible as far as it was proven."""

    goal: Goal
    value: int
    bound: int

    @property
    def gap(self) -> int:
        """So much may be missing to the best; 0: proven to be the best."""
        return abs(self.bound - self.value)


@dataclass(frozen=True)
class Solution:
    """Who sits where, and how good that is."""

    places: Places
    goals: tuple[Reached, ...]
    seconds: float
    # How the problem was written down in the end.
    way: Way


def solver() -> str:
    """The name and version of what solves."""
    return f"scipy.optimize.milp (HiGHS), SciPy {scipy.__version__}"


def solve(problem: Problem, seed: int, *, seconds: float = SECONDS, way: Way | None = None) -> Solution:
    """The best seats for everybody who has none: the same for the same problem and seed, while time is enough.

    Capacities hold always. The goals in their order: nobody without a seat while one is free; as few households torn
    apart as possible; as few people as possible in one group twice; most first wishes; most second; most third.
    `way` is the first way to write the problem down; what cannot be proven to be the best is tried in a larger one.
    Raises NoSolution.
    """
    started = time.monotonic()
    order = _drawn(problem, seed)
    many = sum(map(problem.seekers, range(len(problem.rounds)))) * len(problem.groups) > MANY_COLUMNS
    way = way or Way(perfect=True, whole=True, pooled=many)
    if problem.clashes:
        way = Way(perfect=False, whole=False, pooled=False)
    while True:
        model = Model(problem, order, way)
        search = _Search(model, started + seconds)
        if larger := search.run():
            way = larger
            continue
        places = _places(model, search.best)
        counted = score(problem, places) if places is not None else {}
        # Dealing out what was left must not have changed what the goals come to.
        if places is None or (
            way.pooled and any(counted[told.goal] != told.value for told in search.reached)
        ):
            way = replace(way, pooled=False)
            continue
        goals = tuple(replace(told, value=counted[told.goal]) for told in search.reached)
        return Solution(places, goals, time.monotonic() - started, way)


class _Search:
    """One goal after the other over one model."""

    def __init__(self, model: Model, until: float) -> None:
        self.model = model
        self.until = until
        self.reached: list[Reached] = []
        self.best: np.ndarray = np.zeros(0, dtype=int)
        columns = len(model.upper)
        self._matrix = matrix(model.rows, columns)
        self._low, self._high = np.array(model.low), np.array(model.high)
        self._from, self._to = np.zeros(columns), np.array(model.upper)

    def run(self) -> Way | None:
        """Reach all goals; another way to write the problem down where this one turns out to be too small."""
        way, best = self.model.way, {goal: best_possible(self.model.problem, goal) for goal in Goal}
        if not self.model.upper:
            # Nobody fits anywhere in this way of writing it down.
            self.reached = [Reached(goal, value, value) for goal, value in self.model.constants.items()]
            is_best = all(told.value == best[told.goal] for told in self.reached[: len(_PERFECT)])
            return None if is_best or not way.whole else replace(way, perfect=False, whole=False)
        if way.perfect:
            self.reached = [Reached(goal, best[goal], best[goal]) for goal in _PERFECT]
        goals = list(Goal)[len(self.reached) :]
        for place, goal in enumerate(goals):
            found = self._seek(goal, best[goal], stages=len(goals) - place)
            if not found and way.perfect:
                return replace(way, perfect=False)
            if not found:
                raise NoSolution
            if way.whole and goal in (Goal.SEATED, Goal.TORN) and self.reached[-1].value != best[goal]:
                return replace(way, whole=False)
        return None

    def _seek(self, goal: Goal, best: int, *, stages: int) -> bool:
        """Find the best for a goal and keep it; without time what was found before. False: there is nothing at all."""
        sign = -1 if goal.wants_more else 1
        vector = sign * self.model.vector(goal)
        until = time.monotonic() + max(1.0, (self.until - time.monotonic()) / stages)
        relaxed = self._relaxed(vector, until)
        found, proven = relaxed.x, relaxed.status == _OPTIMAL
        floor = relaxed.fun if proven else -np.inf
        if relaxed.status == _INFEASIBLE:
            return False
        if found is None or np.abs(found - np.rint(found)).max() > _TOLERANCE:
            answer = self._in_integers(vector, until)
            found, proven = answer.x, answer.status == _OPTIMAL
            if answer.mip_dual_bound is not None:
                floor = max(floor, answer.mip_dual_bound)
        if found is None and not len(self.best):
            return False
        if found is not None:
            self.best = np.rint(found).astype(int)
        value = self._value(goal)
        bound = value
        if not proven:
            bound = best
            if np.isfinite(floor):
                bound = sign * int(np.ceil(floor - _TOLERANCE)) + self.model.constants[goal]
        self.reached.append(Reached(goal, value, min(bound, best) if goal.wants_more else max(bound, best)))
        self._keep(vector, relaxed)
        return True

    def _relaxed(self, vector: np.ndarray, until: float) -> Any:
        """The same without whole numbers: solved at once, most often whole all the same, and a bound in any case."""
        same = self._low == self._high
        above, below = ~same & np.isfinite(self._high), ~same & np.isfinite(self._low)
        return linprog(
            vector,
            A_ub=vstack([self._matrix[above], -self._matrix[below]], format="csr"),
            b_ub=np.concatenate([self._high[above], -self._low[below]]),
            A_eq=self._matrix[same],
            b_eq=self._high[same],
            bounds=np.column_stack([self._from, self._to]),
            method="highs",
            options={"time_limit": max(1.0, until - time.monotonic())},
        )

    def _in_integers(self, vector: np.ndarray, until: float) -> Any:
        return milp(
            vector,
            integrality=np.ones(len(vector)),
            bounds=Bounds(self._from, self._to),
            constraints=LinearConstraint(self._matrix, self._low, self._high),
            options={"time_limit": max(1.0, until - time.monotonic()), "mip_rel_gap": 0.0},
        )

    def _keep(self, vector: np.ndarray, relaxed: Any) -> None:
        """Let every further solution be as good: by a row, and by what the prices of the relaxed problem rule out.

        A column whose reduced cost is larger than the distance to the relaxed optimum stays at its bound in every
        solution that is as good. That leaves little of the problem for the next goal.
        """
        value = float(vector @ self.best)
        if relaxed.status == _OPTIMAL:
            spare = max(0.0, value - relaxed.fun) + _TOLERANCE
            at_low = (relaxed.lower.marginals > spare) & (self._from < self._to)
            at_high = (relaxed.upper.marginals < -spare) & (self._from < self._to)
            self._to = np.where(at_low, self._from, self._to)
            self._from = np.where(at_high, self._to, self._from)
        self._matrix = vstack([self._matrix, csr_array(vector[None, :])], format="csr")
        self._low = np.append(self._low, -np.inf)
        self._high = np.append(self._high, value)

    def _value(self, goal: Goal) -> int:
        return int(self.model.vector(goal) @ self.best) + self.model.constants[goal]


def _drawn(problem: Problem, seed: int) -> list[int]:
    """The households in the order of lots drawn with the seed."""

    def lot(place: int) -> str:
        return hashlib.sha256(f"{seed}:{place}".encode()).hexdigest()

    return sorted(range(len(problem.households)), key=lot)


def _places(model: Model, found: np.ndarray) -> Places | None:
    """From columns to people; None when what is left over does not do for those who get any group."""
    problem = model.problem
    counts = [
        [
            {group: int(found[column]) for group, column in columns.items() if found[column]}
            for columns in unit.columns
        ]
        for unit in model.units
    ]
    if model.way.pooled and not pool.deal(problem, model.units, counts):
        return None
    places: Places = [
        [[None] * len(problem.rounds) for _ in household.members] for household in problem.households
    ]
    for unit, of_unit in zip(model.units, counts, strict=True):
        for who, groups in zip(unit.copies, share_out(of_unit, len(unit.copies)), strict=True):
            for home, person in who:
                places[home][person] = list(groups)
    return places
