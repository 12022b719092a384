"""Figures as offices write them."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures.notation import (
    Ambiguous,
    DecimalMark,
    NotAFigure,
    Status,
    Written,
    decimal_mark,
    read,
)


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("9.884", "9884", Status.OK),
        ("1.234.567,5", "1234567.5", Status.OK),
        ("13,3", "13.3", Status.OK),
        ("12 500", "12500", Status.OK),
        ("12\u202f500", "12500", Status.OK),
        ("-3,5", "-3.5", Status.OK),
        ("\N{MINUS SIGN}3", "-3", Status.OK),
        ("25,3 %", "25.3", Status.OK),
        ("8,3 p", "8.3", Status.PRELIMINARY),
        ("8,3p", "8.3", Status.PRELIMINARY),
        ("8,3 (r)", "8.3", Status.REVISED),
        ("1.200 s", "1200", Status.ESTIMATED),
        ("(4,5)", "4.5", Status.WEAK),
        ("-", "0", Status.OK),
        ("\N{EN DASH}", "0", Status.OK),
    ],
)
def test_read_a_figure_gives_value_and_status(text, value, status):
    assert read(text) == Written(Decimal(value), status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (".", Status.HIDDEN),
        ("•", Status.HIDDEN),
        (". p", Status.HIDDEN),
        ("...", Status.LATER),
        ("…", Status.LATER),
        ("x", Status.MEANINGLESS),
        ("X", Status.MEANINGLESS),
        ("  ", Status.MISSING),
    ],
)
def test_read_a_sign_gives_no_value(text, status):
    assert read(text) == Written(None, status)


@pytest.mark.parametrize(
    "text", ["abc", "=1+1", "1,2,3", "12.34.5", "1e5", "٣", "--1", "1" * 16, "p", "5 q", "()"]
)
def test_read_something_else_refuses(text):
    with pytest.raises(NotAFigure):
        read(text)


@pytest.mark.parametrize("text", ["12.5", "1234.567", "0.1"])
def test_read_a_point_that_is_no_thousands_says_that_it_can_be_two(text):
    with pytest.raises(Ambiguous):
        read(text)


def test_read_with_a_decimal_point_takes_commas_as_thousands():
    assert read("1,234.5", DecimalMark.POINT) == Written(Decimal("1234.5"), Status.OK)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["13,3", "9.884"], DecimalMark.COMMA),
        (["13.3", "1,234"], DecimalMark.POINT),
        (["1.234,5"], DecimalMark.COMMA),
        (["1,234.5 p"], DecimalMark.POINT),
        (["9.884", "12"], None),
        (["13,3", "13.3"], None),
        ([".", "x"], None),
    ],
)
def test_decimal_mark_is_told_by_what_reads_in_one_way(texts, mark):
    assert decimal_mark(texts) is mark


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_read_takes_back_what_was_written_in_german(number):
    text = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))

    assert read(text) == Written(number, Status.OK)


@given(st.text(max_size=12))
def test_read_of_any_text_is_a_figure_or_refused(text):
    with contextlib.suppress(NotAFigure):
        assert isinstance(read(text), Written)
