"""A second look: what words seem to hold before everybody reads them."""

from __future__ import annotations

import pytest

from app.domain.second_look import Hint, Spot, spots


@pytest.mark.parametrize(
    ("text", "hint", "words"),
    [
        ("Herr Müller vom Amt ist unfreundlich.", Hint.NAME, "Herr Müller"),
        ("Frag mal Frau Müller-Lüdenscheidt!", Hint.NAME, "Frau Müller-Lüdenscheidt"),
        ("Familie Yılmaz über uns ist laut", Hint.NAME, "Familie Yılmaz"),
        ("Ich heiße Ahmed und wohne hier", Hint.NAME, "heiße Ahmed"),
        ("Rufen Sie mich an: 05971 123-456", Hint.PHONE, "05971 123-456"),
        ("Tel. 0170/1234567.", Hint.PHONE, "0170/1234567"),
        ("+49 5971 9390", Hint.PHONE, "+49 5971 9390"),
        ("schreiben an max@beispiel.de bitte", Hint.EMAIL, "max@beispiel.de"),
        ("Ich wohne in der Bahnhofstraße 12a.", Hint.ADDRESS, "Bahnhofstraße 12a"),
        ("IBAN DE12 5001 0517 0648 4898 90", Hint.IBAN, "DE12 5001 0517 0648 4898 90"),
        ("Mein Sohn Kevin wird gemobbt", Hint.MINOR, "Mein Sohn Kevin"),
        ("Lena, 14 Jahre alt", Hint.MINOR, "Lena, 14 Jahre alt"),
    ],
)
def test_spots_finds(text: str, hint: Hint, words: str) -> None:
    assert spots(text) == [Spot(hint, words)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bitte einen Abend in der Woche öffnen. I work until 5.",
        "Am 25.05.2023 um 17 Uhr, 310 Euro für 4 Personen",
        "Frau Bürgermeisterin, bitte bauen Sie!",
        "Mein Sohn ist 23 und wohnt im Kinderzimmer.",
        "Buslinie 10 und 12, in den Jahren 2023 2024 2025",
        "Familie und Beruf",
        "Der Platz ist leer, die Straße 3 Meter breit",
    ],
)
def test_spots_finds_nothing(text: str) -> None:
    assert spots(text) == []


def test_spots_looks_at_all_texts_and_says_each_once() -> None:
    assert spots("Herr Müller und Herr Müller", "Herr Müller", "a@b.de") == [
        Spot(Hint.NAME, "Herr Müller"),
        Spot(Hint.EMAIL, "a@b.de"),
    ]


@pytest.mark.parametrize("text", ["1 " * 1500, "Aa " * 1000, "a" * 3000, "a@" * 1500, "Straße " * 400])
def test_spots_of_long_texts_does_not_take_long(text: str) -> None:
    # A pattern that tries all ways would not come back.
    assert len(spots(text)) <= 1
