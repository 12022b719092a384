"""Codes a resident can speak."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.domain import codes, secrets


def test_code_is_three_words_and_two_digits() -> None:
    for _ in range(200):
        code = codes.new_code()
        *words, digits = code.split("-")
        assert len(words) == 3
        assert set(words) <= set(codes.words())
        assert re.fullmatch(r"[0-9]{2}", digits)


def test_code_has_about_forty_bits() -> None:
    assert len(codes.words()) ** codes.WORDS_PER_CODE * 100 > 2**39


def test_codes_do_not_repeat() -> None:
    assert len({codes.new_code() for _ in range(2000)}) == 2000


def test_code_of_a_submission_is_always_the_same(app: Flask) -> None:
    assert codes.code_of_submission("form") == codes.code_of_submission("form")
    assert len({codes.code_of_submission("form", attempt) for attempt in range(8)}) == 8
    assert codes.code_of_submission("form") != codes.code_of_submission("another form")


def test_code_of_a_submission_needs_the_pepper(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the form nor the database tells the code."""
    before = codes.code_of_submission("form")
    monkeypatch.setattr(secrets, "_keys", secrets._Keys(pepper=b"another"))

    assert codes.code_of_submission("form") != before


@pytest.mark.parametrize(
    "typed",
    [
        "apfel-birne-wolke-47",
        "Apfel Birne Wolke 47",
        "  APFEL,birne;wolke 47 ",
        "apfel - birne - wolke - 47.",
        "apfel birne wolke47",
        "ａｐｆｅｌ birne wolke ４７",
    ],
)
def test_way_of_typing_does_not_matter(app: Flask, typed: str) -> None:
    assert codes.normalise(typed) == "apfel-birne-wolke-47"
    assert codes.digest(typed) == codes.digest("apfel-birne-wolke-47")


@pytest.mark.parametrize("typed", ["", "   ", "😀", "\u202e", "x" * 100_000, "apfelbirnewolke 47"])
def test_rubbish_is_another_code(app: Flask, typed: str) -> None:
    assert codes.digest(typed) != codes.digest("apfel-birne-wolke-47")
