"""Signs: what of a text can stand in a document, and which signs no bundled font can draw."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "documents" / "fonts"
# What stands for signs no font has, where staff decided to go on without them.
IN_THEIR_PLACE = "[Zeichen fehlt]"

# Marks that turn the direction of what follows: they could make a page say something else than was written.
_BIDI = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
# Controls, marks of byte order, invisible operators, halves of pairs, places that never hold a character.
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u2060-\u2065\u206a-\u206f\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
)
_DROPPED = re.compile(f"[{_BIDI}{_UNSEEN}]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# They shape their neighbours and are never drawn by themselves: joiners, soft hyphen, forms of a sign.
_JOINING = frozenset("\u200c\u200d\u00ad\ufe0e\ufe0f\n ")


@dataclass(frozen=True)
class Missing:
    """One sign no font has, and where it stands."""

    char: str
    places: tuple[str, ...]

    @property
    def sign(self) -> str:
        return f"U+{ord(self.char):04X}"

    @property
    def name(self) -> str:
        return unicodedata.name(self.char, "ohne Namen")

    def __str__(self) -> str:
        shown = self.places[:5]
        more = len(self.places) - len(shown)
        places = ", ".join(shown) + (f" und {more} weitere Stellen" if more else "")
        return f"{self.sign} ({self.name}) in {places}"


def readable(text: str) -> str:
    """`text` without what cannot be seen or would reorder the page; its words stay letter by letter."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _DROPPED.sub("", text).strip()


def clean(value: Any) -> Any:
    """The same for every text in a snapshot, which itself stays as it is."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def replaced(value: Any, missing: Set[str]) -> Any:
    """`value` with IN_THEIR_PLACE for every run of signs in `missing`."""
    pattern = re.compile("[" + "".join(re.escape(char) for char in sorted(missing)) + "]+")
    if isinstance(value, str):
        return pattern.sub(IN_THEIR_PLACE, value)
    if isinstance(value, Mapping):
        return {key: replaced(item, missing) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, missing) for item in value]
    return value


def missing(snapshot: Mapping[str, Any]) -> list[Missing]:
    """The signs in a snapshot that no bundled font can draw, with the places they stand at; best shown to staff
    before they publish."""
    places: dict[str, dict[str, None]] = {}
    known = covered()
    for place, text in _texts(snapshot):
        for char in set(readable(text)) - _JOINING:
            if ord(char) not in known and not char.isspace():
                places.setdefault(char, {})[place] = None
    return [Missing(char, tuple(places[char])) for char in sorted(places)]


@cache
def covered() -> frozenset[int]:
    """The code points the bundled fonts can draw."""
    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        # A sign that only the bold or only the regular face has would be missing in the other.
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


@cache
def joined_emoji() -> dict[int, tuple[str, ...]]:
    """What the drawings of joined emoji stand for, by number of the drawing; some are drawn for either order."""
    with TTFont(FONTS / "NotoEmoji-Regular.ttf") as font:
        chars: dict[str, str] = {}
        for code, name in sorted(font.getBestCmap().items()):
            chars.setdefault(name, chr(code))
        found: dict[int, tuple[str, ...]] = {}
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                for first, ligatures in getattr(table, "ligatures", {}).items():
                    for ligature in ligatures:
                        parts = [chars.get(name, "") for name in (first, *ligature.Component)]
                        number = font.getGlyphID(ligature.LigGlyph)
                        if all(parts):
                            found[number] = (*found.get(number, ()), "".join(parts))
    return found


def named(signs: Sequence[Missing], most: int = 6) -> str:
    """The first `most` signs with their places, and how many more there are."""
    more = len(signs) - most
    text = ", ".join(map(str, signs[:most]))
    return text + (f" und {more} weitere Zeichen" if more > 0 else "")


def _texts(snapshot: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text with the place staff know it by."""
    named = {
        "contributions": "Beitrag",
        "recommendations": "Empfehlung",
        "groups": "Arbeitsgruppe",
        "topics": "Thema",
    }
    for key, part in snapshot.items():
        if key in named:
            for entry in part:
                yield from ((f"{named[key]} {entry['number']}", text) for text in _strings(entry))
        else:
            place = {"programme": "Programm", "attendance": "Teilnahme"}.get(key, "Angaben zur Konferenz")
            yield from ((place, text) for text in _strings(part))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
