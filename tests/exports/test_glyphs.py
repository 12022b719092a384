"""Signs: what stays of a text, and which signs no font can draw."""

from __future__ import annotations

import pytest

from app.exports import glyphs
from tests.exports import sample


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zeile\r\nzwei\rdrei\u2028vier", "Zeile\nzwei\ndrei\nvier"),
        ("a\tb", "a b"),
        ("\u202eabc\u202c \u2067d\u2069\u200f\u200e\u061c", "abc d"),
        ("a\x00b\x07c\ufeff\u200b\ud800", "abc"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
        ("Trenn\u00adstelle", "Trenn\u00adstelle"),
        ("  außen  ", "außen"),
    ],
    ids=["line ends", "tab", "direction", "unseen", "joiners stay", "soft hyphen stays", "edges"],
)
def test_readable(text, expected):
    assert glyphs.readable(text) == expected


def test_clean_leaves_what_it_is_given():
    data = {"a": ["x\u202e", {"b": "y\x00", "c": 1, "d": None, "e": True}]}

    assert glyphs.clean(data) == {"a": ["x", {"b": "y", "c": 1, "d": None, "e": True}]}
    assert data["a"][0] == "x\u202e"


@pytest.mark.parametrize("kind", ["empty", "rich", "second_edition", "redacted"])
def test_the_samples_can_be_drawn(kind):
    assert glyphs.missing(getattr(sample, kind)()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Straße, „Anführung“ – Gedanke … 5 € ½ ² °",
        "Română: ăâîșț ĂÂÎȘȚ",
        "Kurmancî: êîûçş, Shqip: ëç, Srpski: đšćčž ђљњћџ",
        "Български: ъщю, Русский: ёъыэ, Ελληνικά: άέήίόύώ",
        "فارسی: پچژگ، کُردی: ڕێۆ ٠١٢ ۰۱۲ ؟",
        "Tiếng Việt: ăâđêôơư ấầẩẫậ",
        "→ ← ↑ ↓ ⇒ ✓ ✔ ✗ ☐ ☑ ★ ☆ ● ■ ≥ ≤ ≠",
        "a\u0308 e\u0301",
    ],
)
def test_what_people_write_here_can_be_drawn(text):
    assert glyphs.missing({"contributions": [{"number": 1, "text": text}]}) == []


def test_missing_names_sign_and_places():
    data = {
        "contributions": [{"number": number, "text": "ሰ"} for number in range(1, 8)],
        "topics": [{"number": 2, "title": "x", "summary": "ሰላ"}],
        "groups": [{"number": 3, "questions": ["𐎀?"]}],
        "programme": [{"title": "𐎀"}],
        "attendance": {"by_role": [{"label": "\U000fffff"}]},
    }

    found = [str(each) for each in glyphs.missing(data)]

    assert found == [
        "U+120B (ETHIOPIC SYLLABLE LAA) in Thema 2",
        "U+1230 (ETHIOPIC SYLLABLE SA) in Beitrag 1, Beitrag 2, Beitrag 3, Beitrag 4, Beitrag 5 und 3 weitere Stellen",
        "U+10380 (UGARITIC LETTER ALPA) in Arbeitsgruppe 3, Programm",
        "U+FFFFF (ohne Namen) in Teilnahme",
    ]


def test_replaced_puts_one_note_for_a_run():
    data = {"a": ["xሰላy ሰ", 1]}

    assert glyphs.replaced(data, {"ሰ", "ላ"}) == {"a": ["x[Zeichen fehlt]y [Zeichen fehlt]", 1]}


def test_joined_emoji_know_what_they_stand_for():
    texts = {text for meanings in glyphs.joined_emoji().values() for text in meanings}

    assert {"👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "1⃣"} <= texts
