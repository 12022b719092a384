"""What somebody can work out who reads everything that is published: the feasibility interval of each hidden number.

The attacker knows the published counts and rates, that counts are whole numbers from 0, that some are part of others,
and which add up to which. For each hidden number two linear programs (scipy.optimize.linprog, HiGHS) give the least and
the greatest value that fits all of this. Sums over a hierarchy, or over a hierarchy and years, have whole-numbered
corners, so the bounds are exact; a rate whose counts are both hidden can leave the bounds a little wider than they are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from app.domain.disclosure.model import Cell, Key, Quantity, Sum, rounded

# HiGHS meets its bounds to about 1e-7; more than this away from a whole number is not noise.
NOISE = 1e-5


@dataclass(frozen=True)
class Interval:
    """From the least to the greatest possible number; `high` is None where nothing bounds it."""

    low: int
    high: int | None

    @property
    def width(self) -> float:
        return math.inf if self.high is None else self.high - self.low


class Contradiction(Exception):
    """What is published cannot all be true: somewhere a total is not the sum of its parts."""

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        super().__init__(quantities)
        self.quantities = quantities


@dataclass
class _Row:
    """least <= sum of factor * quantity <= most."""

    factors: dict[Quantity, float]
    least: float
    most: float


@dataclass
class _Matrix:
    """Rows of a linear program as they are found."""

    limits: list[float] = field(default_factory=list)
    entries: list[tuple[float, int, int]] = field(default_factory=list)

    def add(self, terms: Iterable[tuple[int, float]], limit: float) -> None:
        self.entries += [(factor, len(self.limits), column) for column, factor in terms]
        self.limits.append(limit)

    def rows(self, columns: int) -> csr_array | None:
        if not self.limits:
            return None
        factors, row, column = zip(*self.entries, strict=True)
        return csr_array((factors, (row, column)), (len(self.limits), columns))


@dataclass
class Knowledge:
    """All that is known from what is published."""

    bounds: dict[Quantity, tuple[float, float]] = field(default_factory=dict)
    rows: list[_Row] = field(default_factory=list)
    _rows_of: dict[Quantity, list[int]] = field(default_factory=lambda: defaultdict(list))

    def interval(self, quantity: Quantity) -> Interval:
        """The least and greatest value of `quantity` that fits everything known. Raises Contradiction."""
        low, high = self.bounds[quantity]
        if low == high:
            return Interval(int(low), int(high))
        unknown, rows = self._around(quantity)
        if not rows:
            return Interval(math.ceil(low - NOISE), None if math.isinf(high) else math.floor(high + NOISE))
        return Interval(*self._solve(quantity, unknown, rows))

    def connected(self, quantity: Quantity) -> Collection[Quantity]:
        """The unknown quantities whose values bear on this one, itself among them."""
        return self._around(quantity)[0]

    def _around(self, quantity: Quantity) -> tuple[list[Quantity], list[int]]:
        found, rows, left = {quantity: None}, dict[int, None](), [quantity]
        while left:
            for number in self._rows_of[left.pop()]:
                if number in rows:
                    continue
                rows[number] = None
                for other in self.rows[number].factors:
                    if other not in found and self._is_unknown(other):
                        found[other] = None
                        left.append(other)
        return list(found), list(rows)

    def _is_unknown(self, quantity: Quantity) -> bool:
        low, high = self.bounds[quantity]
        return low != high

    def _solve(
        self, quantity: Quantity, unknown: Sequence[Quantity], rows: Sequence[int]
    ) -> tuple[int, int | None]:
        columns = {name: column for column, name in enumerate(unknown)}
        upper, equal = _Matrix(), _Matrix()
        for number in rows:
            row = self.rows[number]
            known = sum(
                factor * self.bounds[name][0] for name, factor in row.factors.items() if name not in columns
            )
            terms = [(columns[name], factor) for name, factor in row.factors.items() if name in columns]
            if row.least == row.most:
                equal.add(terms, row.most - known)
            else:
                if not math.isinf(row.most):
                    upper.add(terms, row.most - known)
                if not math.isinf(row.least):
                    upper.add([(column, -factor) for column, factor in terms], known - row.least)
        problem = {
            "A_ub": upper.rows(len(unknown)),
            "b_ub": upper.limits or None,
            "A_eq": equal.rows(len(unknown)),
            "b_eq": equal.limits or None,
            "bounds": [self.bounds[name] for name in unknown],
            "method": "highs",
        }
        goal = np.zeros(len(unknown))
        goal[columns[quantity]] = 1.0
        low, high = linprog(goal, **problem), linprog(-goal, **problem)
        # 2: nothing fits; 3: nothing bounds it; 4: HiGHS cannot tell which of the two.
        if low.status == 2 or high.status == 2:
            raise Contradiction(unknown)
        if low.status != 0 or high.status not in (0, 3, 4):
            raise Contradiction(unknown)
        least = math.ceil(low.fun - NOISE)
        return least, math.floor(-high.fun + NOISE) if high.status == 0 else None


def knowledge(cells: Iterable[Cell], hidden: Collection[Key], sums: Iterable[Sum]) -> Knowledge:
    """What is known when the cells whose keys are in `hidden` are not published and all others are."""
    found = Knowledge()
    cells = list(cells)
    for cell in cells:
        for quantity in (cell.above, cell.below):
            if quantity is not None:
                found.bounds.setdefault(quantity, (0.0, math.inf))
    for cell in cells:
        if cell.key not in hidden:
            for quantity, count in cell.shown.items():
                _narrow(found.bounds, quantity, *_read_off(count, cell))
    for cell in cells:
        if cell.below is None:
            continue
        if cell.is_share:
            _add(found, {cell.above: 1.0, cell.below: -1.0}, -math.inf, 0.0)
        if cell.key not in hidden and cell.numerator is None and cell.value is not None:
            low, high = _rate_bounds(cell.value, cell.scale)
            _add(found, {cell.above: 1.0, cell.below: -high}, -math.inf, 0.0)
            _add(found, {cell.above: 1.0, cell.below: -low}, 0.0, math.inf)
    names = sorted({quantity.what for quantity in found.bounds})
    for tie in sums:
        for what in names:
            total = Quantity(what, tie.total)
            parts = [Quantity(what, part) for part in tie.parts]
            if total in found.bounds and all(part in found.bounds for part in parts):
                _add(found, {total: 1.0, **dict.fromkeys(parts, -1.0)}, tie.least, tie.most)
    return found


def _read_off(count: int, cell: Cell) -> tuple[float, float]:
    published, half = rounded(count, cell.rule), cell.rule.round_to / 2
    return max(0.0, math.ceil(published - half)), float(math.floor(published + half))


def _rate_bounds(value: Decimal, scale: int) -> tuple[float, float]:
    exponent = value.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return float(max(Decimal(0), value - half) / scale), float((value + half) / scale)


def _narrow(bounds: dict[Quantity, tuple[float, float]], quantity: Quantity, low: float, high: float) -> None:
    was_low, was_high = bounds[quantity]
    if high < was_low or low > was_high:
        raise Contradiction([quantity])
    bounds[quantity] = (max(low, was_low), min(high, was_high))


def _add(found: Knowledge, factors: Mapping[Quantity, float], least: float, most: float) -> None:
    """Note a tie, unless all of it is known anyway."""
    if not any(found._is_unknown(quantity) for quantity in factors):
        return
    number = len(found.rows)
    found.rows.append(_Row(dict(factors), least, most))
    for quantity in factors:
        found._rows_of[quantity].append(number)
