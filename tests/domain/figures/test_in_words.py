"""Shares in words: every one of a thousand is said within the tolerance."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.figures.in_words import RELATIVE_TOLERANCE, TOLERANCE, Form, Saying, say


@pytest.mark.parametrize(
    ("share", "saying"),
    [
        ("0", Saying(Form.NONE, 0, 1, True)),
        ("0.004", Saying(Form.FEWER_THAN, 1, 100, True)),
        ("0.01", Saying(Form.OF, 1, 100, True)),
        ("0.07", Saying(Form.OF, 7, 100, True)),
        ("0.099", Saying(Form.EACH, 1, 10, False)),
        ("0.248", Saying(Form.EACH, 1, 4, False)),
        ("0.25", Saying(Form.EACH, 1, 4, True)),
        ("0.31", Saying(Form.OF, 3, 10, False)),
        ("0.417", Saying(Form.OF, 42, 100, False)),
        ("0.503", Saying(Form.HALF, 1, 2, False)),
        ("0.66", Saying(Form.OF, 2, 3, False)),
        ("0.985", Saying(Form.NEARLY_ALL, 1, 1, False)),
        ("1", Saying(Form.ALL, 1, 1, True)),
    ],
)
def test_say_finds_the_simplest_words(share, saying):
    assert say(Decimal(share)) == saying


@pytest.mark.parametrize("share", [Decimal("-0.001"), Decimal("1.001")])
def test_say_something_that_is_no_share_refuses(share):
    with pytest.raises(ValueError, match=r"\d"):
        say(share)


def test_say_is_within_the_tolerance_for_every_thousandth():
    for thousandth in range(10, 980):
        exact = Fraction(thousandth, 1000)
        said = say(exact)

        assert abs(said.share - exact) <= TOLERANCE
        assert abs(said.share - exact) <= max(RELATIVE_TOLERANCE * exact, Fraction(5, 1000))
        assert said.is_exact == (said.share == exact)
