"""Words one can search by, in the languages people write in."""

import pytest

from app.domain import search


def finds(query, text, language="de", *, reader="de"):
    """What the list does with both databases: every typed word must begin a kept one."""
    kept = search.index((text, language))
    words = search.terms(query, "de", reader, language)
    return bool(words) and all(any(f" {term}" in kept for term in word) for word in words)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("spielplatz", "Mehr Spielplätze!", "de"),
        ("Spielplätze", "ein Spielplatz fehlt", "de"),
        ("spiel", "Der Spielplatz ist zu.", "de"),
        ("SPIELPLATZE", "spielplätze", "de"),
        ("strasse", "Die Straße ist laut", "de"),
        ("straße", "Strasse", "de"),
        ("bus abend", "Am Abend fährt kein Bus", "de"),
        ("İlçe", "ilçe parkı", "tr"),
        ("otobüsler", "Otobüs gelmiyor", "tr"),
        ("IŞIK", "ışık yok", "tr"),
        ("квартиру", "Ми шукаємо квартиру", "uk"),
        ("КВАРТИР", "квартиру", "uk"),
        ("школы", "Школа далеко", "ru"),
        ("استمارات", "ملء الاستمارات بلغتي", "ar"),
        ("evenings", "one evening per week", "en"),
        ("Familien-Pass", "Gilt der Familien-Pass auch?", "de"),
        ("①", "1 Bus", "de"),
    ],
)
def test_a_word_is_found_in_its_forms(query, text, language):
    assert finds(query, text, language)


@pytest.mark.parametrize(
    ("query", "text"),
    [("platz", "Der Spielplatz ist zu."), ("bus nacht", "Am Abend fährt kein Bus"), ("kita", "Mehr Bänke")],
)
def test_what_begins_no_word_is_not_found(query, text):
    assert not finds(query, text)


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "%_%", "!?", "'; --", "\u202e", "😀", "\x00"])
def test_signs_alone_ask_for_nothing(query):
    assert search.terms(query, "de") == []


def test_what_is_kept_has_only_words_between_blanks():
    assert search.index(("Bänke & Bänke_100%", "de"), ("", "de")) == " banke bank 100 "
    assert search.index() == search.index(("", "de"), ("?!", "tr")) == ""


def test_both_texts_are_kept():
    kept = search.index(("Uygulama Türkçe olsun", "tr"), ("Die App soll es geben", "de"))

    assert " uygulama " in kept
    assert " app " in kept


def test_no_search_is_longer_than_it_may_be():
    words = search.terms(" ".join(f"wort{number}" for number in range(100)) + "x" * 5000, "de", "tr")

    assert len(words) == search.MOST_TERMS
    assert (
        max(len(term) for word in search.terms("x" * 5000, "de", "tr") for term in word)
        == search.LONGEST_TERM
    )


def test_unknown_languages_are_kept_as_they_are_written():
    assert search.index(("ጽሑፍ 中文", "ti")) != ""
    assert finds("中文", "中文", "zh")
