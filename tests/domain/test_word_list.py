"""The words codes are made of can be told apart when somebody reads them over the phone."""

from __future__ import annotations

import re
from pathlib import Path

WORD_LIST = Path(__file__).parents[2] / "app" / "domain" / "words_de.txt"
TEXT = WORD_LIST.read_text(encoding="ascii")
WORDS = TEXT.splitlines()

# Numbers would run into the two digits at the end of a code.
NUMBERS = {
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "zwanzig",
    "hundert",
}


def _gapped(word: str) -> set[str]:
    """Every form of `word` with one letter blanked; words which differ in one replaced letter share one."""
    return {f"{word[:at]}?{word[at + 1 :]}" for at in range(len(word))}


def _shortened(word: str) -> set[str]:
    """Every form of `word` with one letter left out."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def test_there_are_exactly_as_many_words_as_eleven_bits_can_name() -> None:
    assert len(WORDS) == 2**11


def test_the_file_is_one_word_a_line_and_ends_with_a_line_break() -> None:
    assert "".join(f"{word}\n" for word in WORDS) == TEXT


def test_words_are_sorted_and_occur_once() -> None:
    assert sorted(set(WORDS)) == WORDS


def test_words_have_four_to_eight_plain_lower_case_letters() -> None:
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{4,8}", word)] == []


def test_no_two_words_differ_in_one_replaced_letter() -> None:
    seen: dict[str, str] = {}
    close = []
    for word in WORDS:
        for form in _gapped(word):
            if form in seen:
                close.append((seen[form], word))
            seen[form] = word
    assert close == []


def test_no_word_is_another_one_with_a_letter_left_out() -> None:
    known = set(WORDS)
    assert [(word, form) for word in WORDS for form in _shortened(word) if form in known] == []


def test_no_word_is_a_number() -> None:
    assert NUMBERS.isdisjoint(WORDS)
