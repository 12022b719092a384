"""The rule of a source: which cells it hides, looked at alone, and how counts are rounded."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.disclosure import Cell, Place, Reason, Rule, rounded
from app.domain.disclosure.model import by_key

CELL = Cell("child_poverty", Place("SR01", 2023), Rule(), over="children in SGB II", under="children")


@pytest.mark.parametrize(
    ("numerator", "denominator", "reason"),
    [
        (0, 100, None),
        (1, 100, Reason.NUMERATOR),
        (2, 100, Reason.NUMERATOR),
        (3, 100, None),
        (50, 99, Reason.DENOMINATOR),
        (97, 100, None),
        (98, 100, Reason.COMPLEMENT),
        (99, 100, Reason.COMPLEMENT),
        (100, 100, None),
        (None, None, None),
    ],
)
def test_primary_reason_follows_the_limits(numerator, denominator, reason):
    assert replace(CELL, numerator=numerator, denominator=denominator).primary_reason() is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rule": Rule(hide_zero=True), "numerator": 0}, Reason.NUMERATOR),
        ({"rule": Rule(hide_zero=True), "numerator": 200}, Reason.COMPLEMENT),
        ({"rule": Rule(complement=False), "numerator": 199}, None),
        ({"rule": Rule(min_numerator=10), "numerator": 9}, Reason.NUMERATOR),
        ({"numerator": 199, "is_share": False}, None),
        ({"numerator": 1, "counts_persons": False}, None),
        ({"numerator": 50, "hidden_by_source": True}, Reason.SOURCE),
    ],
)
def test_primary_reason_knows_what_is_counted(changes, reason):
    assert replace(CELL, denominator=200, **changes).primary_reason() is reason


@pytest.mark.parametrize(
    ("count", "to", "published"), [(7, 0, 7), (7, 5, 5), (8, 5, 10), (5, 10, 0), (15, 10, 20), (16, 10, 20)]
)
def test_rounded_gives_the_nearest_multiple(count, to, published):
    assert rounded(count, Rule(round_to=to)) == published


def test_by_key_with_a_cell_twice_refuses():
    with pytest.raises(ValueError, match="twice"):
        by_key([CELL, replace(CELL, value=Decimal(3))])
