"""Shares as people say them: every fourth, two of three, seven of a hundred; how far off that may be is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Form(StrEnum):
    """The shape of the sentence; which words stand in it is for the languages."""

    NONE = "none"
    FEWER_THAN = "fewer_than"
    EACH = "each"
    OF = "of"
    HALF = "half"
    NEARLY_ALL = "nearly_all"
    ALL = "all"


@dataclass(frozen=True)
class Saying:
    """A share in round numbers: `part` of `whole`; EACH is 1 of `whole` ("every fourth")."""

    form: Form
    part: int
    whole: int
    # False: "etwa" has to stand before it.
    is_exact: bool

    @property
    def share(self) -> Fraction:
        return Fraction(self.part, self.whole)


# How far what is said may be from what is so, as a share of all: a little over one in a hundred.
TOLERANCE = Fraction(12, 1000)
# And as a share of the figure itself, so that small ones are not made twice as large.
RELATIVE_TOLERANCE = Fraction(8, 100)

_EACH = (2, 3, 4, 5, 6, 8, 10, 20)
_OF = tuple(
    Fraction(part, whole)
    for whole in (3, 4, 5, 10)
    for part in range(2, whole)
    if Fraction(part, whole) != Fraction(1, 2)
)


def say(share: Decimal | Fraction) -> Saying:
    """The simplest saying within the tolerances for a share from 0 to 1. Raises ValueError beyond."""
    exact = Fraction(share)
    if not 0 <= exact <= 1:
        raise ValueError(share)
    if exact == 0:
        return Saying(Form.NONE, 0, 1, True)
    if exact == 1:
        return Saying(Form.ALL, 1, 1, True)
    if exact < Fraction(1, 100):
        return Saying(Form.FEWER_THAN, 1, 100, True)
    if exact >= Fraction(98, 100):
        return Saying(Form.NEARLY_ALL, 1, 1, False)
    for candidate in (*(Fraction(1, whole) for whole in _EACH), *_OF):
        off = abs(candidate - exact)
        if off <= TOLERANCE and off <= RELATIVE_TOLERANCE * exact and _is_best(candidate, exact):
            return _saying(candidate, exact)
    return Saying(Form.OF, round(exact * 100), 100, Fraction(round(exact * 100), 100) == exact)


def _is_best(candidate: Fraction, exact: Fraction) -> bool:
    """Of two sayings that both do, the nearer one: 0.31 is "three of ten", not "every third"."""
    others = (*(Fraction(1, whole) for whole in _EACH), *_OF)
    return all(abs(candidate - exact) <= abs(other - exact) for other in others)


def _saying(candidate: Fraction, exact: Fraction) -> Saying:
    is_exact = candidate == exact
    if candidate == Fraction(1, 2):
        return Saying(Form.HALF, 1, 2, is_exact)
    form = Form.EACH if candidate.numerator == 1 else Form.OF
    return Saying(form, candidate.numerator, candidate.denominator, is_exact)
