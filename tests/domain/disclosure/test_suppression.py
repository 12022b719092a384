"""Cell suppression: nothing small can be worked out, and not much more is hidden than has to be."""

import csv
from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.disclosure import Cell, Key, Place, Reason, Rule, Sum, audit, suppress

CITY, A, B, C = (Place(name, 2023) for name in ("city", "a", "b", "c"))
WHOLE = Sum(CITY, (A, B, C))


def count(place, number, rule=Rule(), **more):  # noqa: B008 - frozen
    return Cell("cases", place, rule, over="cases", numerator=number, **more)


def cases(city, a, b, c, **more):
    return [count(place, number, **more) for place, number in ((CITY, city), (A, a), (B, b), (C, c))]


def test_suppress_where_nothing_is_small_hides_nothing():
    assert suppress(cases(60, 10, 20, 30), [WHOLE]) == {}


def test_suppress_one_small_part_hides_the_smallest_that_covers_it():
    assert suppress(cases(52, 2, 20, 30), [WHOLE]) == {
        Key("cases", A): Reason.NUMERATOR,
        Key("cases", B): Reason.SECONDARY,
    }


def test_suppress_without_a_total_needs_no_second_cell():
    assert suppress(cases(52, 2, 20, 30)[1:], [WHOLE]) == {Key("cases", A): Reason.NUMERATOR}


def test_suppress_two_parts_that_are_too_few_together_hides_a_third():
    assert suppress(cases(32, 1, 1, 30), [WHOLE]) == {
        Key("cases", A): Reason.NUMERATOR,
        Key("cases", B): Reason.NUMERATOR,
        Key("cases", C): Reason.SECONDARY,
    }


def test_suppress_where_all_parts_are_hidden_hides_the_total():
    assert suppress(cases(2, 2, 0, 0), [WHOLE])[Key("cases", CITY)] is Reason.NUMERATOR


def test_suppress_what_the_source_has_hidden_covers_it_without_knowing_it():
    cells = [count(CITY, 60), count(A, None, hidden_by_source=True), count(B, 20), count(C, 30)]

    assert suppress(cells, [WHOLE]) == {
        Key("cases", A): Reason.SOURCE,
        Key("cases", B): Reason.SECONDARY,
    }


def test_suppress_a_small_number_hides_it_wherever_it_stands():
    rate = Cell("rate", A, Rule(), over="cases", under="people", numerator=2, denominator=500)
    loose = Cell("again", A, Rule(min_numerator=1), over="cases", numerator=2)

    assert suppress([rate, loose], []) == {
        Key("rate", A): Reason.NUMERATOR,
        Key("again", A): Reason.NUMERATOR,
    }


def test_suppress_over_years_covers_a_year_in_its_period():
    cells = [count(Place("a", year), number) for year, number in ((2021, 2), (2022, 10), (2023, 20), (0, 32))]
    period = Sum(Place("a", 0), tuple(Place("a", year) for year in (2021, 2022, 2023)))

    assert suppress(cells, [period]) == {
        Key("cases", Place("a", 2021)): Reason.NUMERATOR,
        Key("cases", Place("a", 2022)): Reason.SECONDARY,
    }


def test_audit_names_the_cell_that_was_left_alone():
    (exposed,) = audit(cases(52, 2, 20, 30), [WHOLE], {Key("cases", A)})

    assert exposed.key == Key("cases", A)
    assert (exposed.interval.low, exposed.interval.high, exposed.wanted) == (2, 2, 3)


DEMO = Path(__file__).parent / "indicators-unsuppressed.csv"


def demo_cells():
    """The invented city before anything was hidden: 6 spaces and the whole, 15 indicators, 3 years."""
    with DEMO.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "later":
                continue
            key = row["indicator_key"]
            yield Cell(
                key,
                Place(row["social_space_key"], int(row["year"])),
                Rule(),
                over=f"{key}, above",
                under=f"{key}, below" if row["denominator"] else "",
                numerator=int(row["numerator"]),
                denominator=int(row["denominator"]) if row["denominator"] else None,
                is_share=key != "living_space",
                counts_persons=key not in ("living_space", "social_housing"),
            )


def test_suppress_the_demo_city_hides_the_cells_its_office_hid():
    years = (2021, 2022, 2023)
    sums = [Sum(Place("SR00", y), tuple(Place(f"SR0{n}", y) for n in range(1, 7))) for y in years]

    hidden = suppress(demo_cells(), sums)

    secondary = sorted(key for key, reason in hidden.items() if reason is Reason.SECONDARY)
    assert secondary == [
        *(Key("childcare_u3", Place("SR03", year)) for year in years),
        Key("old_age_poverty", Place("SR04", 2021)),
    ]
    assert sorted(set(hidden) - set(secondary)) == sorted(
        [
            *(Key("childcare_u3", Place("SR06", year)) for year in years),
            Key("old_age_poverty", Place("SR06", 2021)),
            *(
                Key("school_transition_gym", Place(space, year))
                for space in ("SR01", "SR03", "SR06")
                for year in years
            ),
        ]
    )
    assert audit(demo_cells(), sums, hidden) == []


@st.composite
def hierarchies(draw):
    """A city of spaces, some with quarters, over one or two years with their sum; shares and counts, several rules."""
    rule = Rule(
        min_numerator=draw(st.integers(1, 4)),
        min_denominator=draw(st.sampled_from([0, 5])),
        round_to=draw(st.sampled_from([0, 0, 5])),
        hide_zero=draw(st.booleans()),
        complement=draw(st.booleans()),
    )
    years = draw(st.sampled_from([(1,), (1, 2)]))
    tree = {"city": [f"s{n}" for n in range(draw(st.integers(1, 3)))]}
    for space in list(tree["city"]):
        if draw(st.booleans()):
            tree[space] = [f"{space}q{n}" for n in range(draw(st.integers(1, 3)))]
    leaves = [name for parts in tree.values() for name in parts if name not in tree]
    numbers: dict[Place, tuple[int, int]] = {}
    for year in years:
        for leaf in leaves:
            under = draw(st.integers(0, 9))
            numbers[Place(leaf, year)] = draw(st.integers(0, under)), under
        for whole in reversed(tree):
            parts = [numbers[Place(part, year)] for part in tree[whole]]
            numbers[Place(whole, year)] = sum(n for n, _ in parts), sum(d for _, d in parts)
    sums = [
        Sum(Place(whole, year), tuple(Place(part, year) for part in parts))
        for whole, parts in tree.items()
        for year in years
    ]
    if len(years) > 1 and draw(st.booleans()):
        for name in {place.space for place in numbers}:
            both = [numbers[Place(name, year)] for year in years]
            numbers[Place(name, 0)] = sum(n for n, _ in both), sum(d for _, d in both)
            sums.append(Sum(Place(name, 0), tuple(Place(name, year) for year in years)))
        sums += [
            Sum(Place(whole, 0), tuple(Place(part, 0) for part in parts)) for whole, parts in tree.items()
        ]
    is_share = draw(st.booleans())
    cells = [
        Cell(
            "rate",
            place,
            rule,
            over="cases",
            under="people",
            numerator=numerator,
            denominator=denominator,
            is_share=is_share,
        )
        for place, (numerator, denominator) in sorted(numbers.items())
    ]
    if draw(st.booleans()):
        cells += [
            Cell("people", place, rule, over="people", numerator=denominator)
            for place, (_, denominator) in sorted(numbers.items())
        ]
    return cells, sums


@settings(max_examples=30, deadline=None)
@given(hierarchies())
def test_suppress_leaves_nothing_an_attacker_could_narrow_down(hierarchy):
    cells, sums = hierarchy

    hidden = suppress(cells, sums)

    assert {cell.key for cell in cells if cell.primary_reason()} <= set(hidden)
    assert audit(cells, sums, hidden) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_suppress_one_sum_hides_no_more_cells_than_the_best_choice(numbers):
    parts = [count(Place(f"s{number}", 1), value) for number, value in enumerate(numbers)]
    cells = [count(CITY, sum(numbers)), *parts]
    sums = [Sum(CITY, tuple(part.place for part in parts))]
    hidden = suppress(cells, sums)
    primary = {cell.key for cell in cells if cell.primary_reason()}
    others = [cell.key for cell in cells if cell.key not in primary]

    best = next(
        size
        for size in range(len(others) + 1)
        for more in combinations(others, size)
        if not audit(cells, sums, primary | set(more))
    )

    assert len(hidden) - len(primary) == best
