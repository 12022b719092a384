"""What an attacker works out: intervals against small tables reckoned by hand, and against whole-number programs."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from app.domain.disclosure import (
    Cell,
    Contradiction,
    Interval,
    Key,
    Place,
    Quantity,
    Rule,
    Sum,
    knowledge,
)

CITY, A, B, C = (Place(name, 2023) for name in ("city", "a", "b", "c"))
WHOLE = Sum(CITY, (A, B, C))


def count(place, number, **more):
    return Cell("cases", place, more.pop("rule", Rule()), over="cases", numerator=number, **more)


def share(place, numerator, denominator, **more):
    return Cell(
        "share",
        place,
        Rule(),
        over="poor",
        under="people",
        numerator=numerator,
        denominator=denominator,
        **more,
    )


def test_interval_of_what_is_published_is_the_number():
    known = knowledge([count(A, 7)], set(), [])

    assert known.interval(Quantity("cases", A)) == Interval(7, 7)


def test_interval_without_ties_has_no_end():
    known = knowledge([count(A, 7)], {Key("cases", A)}, [])

    assert known.interval(Quantity("cases", A)) == Interval(0, None)
    assert known.interval(Quantity("cases", A)).width == float("inf")


def test_interval_of_one_hidden_part_is_the_number_itself():
    cells = [count(CITY, 30), count(A, 2), count(B, 8), count(C, 20)]

    known = knowledge(cells, {Key("cases", A)}, [WHOLE])

    assert known.interval(Quantity("cases", A)) == Interval(2, 2)


def test_interval_of_two_hidden_parts_is_shared_between_them():
    cells = [count(CITY, 30), count(A, 2), count(B, 8), count(C, 20)]

    known = knowledge(cells, {Key("cases", A), Key("cases", B)}, [WHOLE])

    assert known.interval(Quantity("cases", A)) == Interval(0, 10)


def test_interval_of_a_part_ends_where_its_known_denominator_does():
    people = [
        Cell("people", place, Rule(), over="people", numerator=number)
        for place, number in ((CITY, 600), (A, 100), (B, 200), (C, 300))
    ]
    cells = [*people, share(CITY, 295, 600), share(A, 97, 100), share(B, 198, 200), share(C, 0, 300)]

    known = knowledge(cells, {Key("share", A), Key("share", B)}, [WHOLE])

    # 295 = a + b, b <= 200 and a <= 100.
    assert known.interval(Quantity("poor", A)) == Interval(95, 100)
    assert known.interval(Quantity("poor", B)) == Interval(195, 200)


def test_interval_uses_a_rate_published_without_its_counts():
    cells = [
        Cell("people", A, Rule(), over="people", numerator=1000),
        Cell("rate", A, Rule(), over="poor", under="people", value=Decimal("12.5")),
    ]

    known = knowledge(cells, set(), [])

    # 12.45 % to 12.55 % of 1,000.
    assert known.interval(Quantity("poor", A)) == Interval(125, 125)


def test_interval_of_rounded_counts_keeps_what_rounding_hides():
    cells = [
        count(place, number, rule=Rule(round_to=10))
        for place, number in ((CITY, 31), (A, 2), (B, 9), (C, 20))
    ]

    known = knowledge(cells, {Key("cases", A)}, [WHOLE])

    # 25..35 less 5..15 less 15..25.
    assert known.interval(Quantity("cases", A)) == Interval(0, 15)


def test_interval_where_a_total_is_off_takes_the_gap_into_account():
    cells = [count(CITY, 32), count(A, 2), count(B, 8), count(C, 20)]

    known = knowledge(cells, {Key("cases", A)}, [Sum(CITY, (A, B, C), least=0, most=2)])

    assert known.interval(Quantity("cases", A)) == Interval(2, 4)


def test_interval_of_a_total_smaller_than_its_parts_names_the_contradiction():
    cells = [count(CITY, 5), count(A, 2), count(B, 8), count(C, 20)]
    known = knowledge(cells, {Key("cases", A)}, [WHOLE])

    with pytest.raises(Contradiction) as problem:
        known.interval(Quantity("cases", A))

    assert list(problem.value.quantities) == [Quantity("cases", A)]


def test_knowledge_of_two_published_numbers_for_one_quantity_is_a_contradiction():
    other = Cell("other", A, Rule(), over="cases", numerator=8)

    with pytest.raises(Contradiction):
        knowledge([count(A, 7), other], set(), [])


@st.composite
def grids(draw):
    """Two spaces with two quarters each over two years, with sums both ways, and some of it hidden."""
    leaves = {
        (quarter, year): draw(st.integers(0, 6)) for quarter in ("a1", "a2", "b1", "b2") for year in (1, 2)
    }
    numbers = dict(leaves)
    for year in (1, 2):
        for space in ("a", "b"):
            numbers[space, year] = sum(leaves[space + end, year] for end in "12")
        numbers["city", year] = numbers["a", year] + numbers["b", year]
    for space in ("a1", "a2", "b1", "b2", "a", "b", "city"):
        numbers[space, 0] = numbers[space, 1] + numbers[space, 2]
    cells = [count(Place(*name), number) for name, number in sorted(numbers.items())]
    ties = [Sum(Place(s, 0), (Place(s, 1), Place(s, 2))) for s in ("a1", "a2", "b1", "b2", "a", "b", "city")]
    for year in (0, 1, 2):
        ties += [Sum(Place(s, year), (Place(s + "1", year), Place(s + "2", year))) for s in ("a", "b")]
        ties.append(Sum(Place("city", year), (Place("a", year), Place("b", year))))
    hidden = draw(st.sets(st.sampled_from([cell.key for cell in cells]), min_size=1))
    return cells, ties, hidden


def whole_numbered(cells, ties, hidden, wanted):
    """The same interval by a whole-number program that shares nothing with the product's."""
    column = {cell.key: number for number, cell in enumerate(cells)}
    matrix = np.zeros((len(ties), len(cells)))
    for row, tie in enumerate(ties):
        matrix[row, column[Key("cases", tie.total)]] = 1
        for part in tie.parts:
            matrix[row, column[Key("cases", part)]] = -1
    low = [0 if cell.key in hidden else cell.numerator for cell in cells]
    high = [np.inf if cell.key in hidden else cell.numerator for cell in cells]
    found = []
    for sign in (1, -1):
        goal = np.zeros(len(cells))
        goal[column[wanted]] = sign
        answer = milp(
            goal,
            constraints=LinearConstraint(matrix, 0, 0),
            bounds=Bounds(low, high),
            integrality=np.ones(len(cells)),
        )
        found.append(None if answer.status in (3, 4) else round(sign * answer.fun))
    return Interval(*found)


@settings(max_examples=20, deadline=None)
@given(grids())
def test_interval_over_spaces_and_years_is_that_of_whole_numbers(grid):
    cells, ties, hidden = grid
    known = knowledge(cells, hidden, ties)

    for key in sorted(hidden):
        assert known.interval(Quantity("cases", key.place)) == whole_numbered(cells, ties, hidden, key)
