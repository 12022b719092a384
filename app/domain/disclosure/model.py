"""What disclosure control is about: figures of social spaces, the rule of their source, and the sums that tie them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Place(NamedTuple):
    """A social space in one year."""

    space: str
    year: int


class Key(NamedTuple):
    """One cell of all tables: a figure of a place."""

    figure: str
    place: Place


class Quantity(NamedTuple):
    """One number behind the cells: what is counted, and where. Several cells can show the same one."""

    what: str
    place: Place


class Reason(StrEnum):
    """Why a cell is hidden. Never shown outside: that a cell is small is itself what must not be known."""

    NUMERATOR = "numerator"
    COMPLEMENT = "complement"
    DENOMINATOR = "denominator"
    SOURCE = "source"
    SECONDARY = "secondary"


@dataclass(frozen=True)
class Rule:
    """What a source asks for. Cells are hidden from `primary_reason` on; sums and rates may not give them back."""

    # A count of persons from 1 to below this is hidden.
    min_numerator: int = 3
    # Rates of fewer people than this are hidden.
    min_denominator: int = 100
    # Published counts are rounded to multiples of this: 5, 10, or 0 for not at all.
    round_to: int = 0
    # Nobody, or everybody, tells something about each single person as well.
    hide_zero: bool = False
    # 95 of 96 tells as much as 1 of 96.
    complement: bool = True

    @property
    def width(self) -> int:
        """How far apart the least and the greatest possible number must be that an attacker is left with."""
        return max(self.min_numerator, 1)


@dataclass(frozen=True)
class Cell:
    """A figure of a place with the counts behind it. Counts have names, so that two figures can share one."""

    figure: str
    place: Place
    rule: Rule
    # Names of what is counted above and below the line; "" where there is none.
    over: str
    under: str = ""
    numerator: int | None = None
    denominator: int | None = None
    # Those above the line are some of those below it.
    is_share: bool = True
    # Square metres and the like tell nothing about one person.
    counts_persons: bool = True
    # The figure as its source gives it, where it gives no counts: value = scale * numerator / denominator.
    value: Decimal | None = None
    scale: int = 100
    hidden_by_source: bool = False

    @property
    def key(self) -> Key:
        return Key(self.figure, self.place)

    @property
    def above(self) -> Quantity:
        return Quantity(self.over, self.place)

    @property
    def below(self) -> Quantity | None:
        return Quantity(self.under, self.place) if self.under else None

    @property
    def shown(self) -> dict[Quantity, int]:
        """The quantities somebody reads off this cell where it is published."""
        found = {}
        if self.numerator is not None:
            found[self.above] = self.numerator
        if self.below and self.denominator is not None:
            found[self.below] = self.denominator
        return found

    def primary_reason(self) -> Reason | None:
        """Why the rule of its source hides this cell, looked at alone."""
        rule = self.rule
        if self.hidden_by_source:
            return Reason.SOURCE
        if self.counts_persons and _is_small(self.numerator, rule):
            return Reason.NUMERATOR
        if self.denominator is None:
            return None
        if self.denominator < rule.min_denominator:
            return Reason.DENOMINATOR
        if rule.complement and self.is_share and self.counts_persons and self.numerator is not None:
            return Reason.COMPLEMENT if _is_small(self.denominator - self.numerator, rule) else None
        return None


@dataclass(frozen=True)
class Sum:
    """The parts make up the total, whatever is counted: a city and its spaces, a period and its years.

    Where a source's total is not the sum of the parts it is off by something from `least` to `most`.
    """

    total: Place
    parts: tuple[Place, ...]
    least: int = 0
    most: int = 0


def _is_small(count: int | None, rule: Rule) -> bool:
    if count is None:
        return False
    return count < rule.min_numerator and (count > 0 or rule.hide_zero)


def rounded(count: int, rule: Rule) -> int:
    """`count` as it is published: the nearest multiple, halves to the even one."""
    if not rule.round_to:
        return count
    return int((Decimal(count) / rule.round_to).to_integral_value()) * rule.round_to


def by_key(cells: Iterable[Cell]) -> Mapping[Key, Cell]:
    """The cells by their keys. Raises ValueError where two have the same."""
    found: dict[Key, Cell] = {}
    for cell in cells:
        if found.setdefault(cell.key, cell) is not cell:
            raise ValueError(f"{cell.key} twice")
    return found
