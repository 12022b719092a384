"""A second look before publishing: words that may name a person, a minor, or say where somebody lives."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Hint(enum.Enum):
    """What the words seem to hold."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    IBAN = "iban"
    MINOR = "minor"


@dataclass(frozen=True)
class Spot:
    """Where the words may hold it."""

    hint: Hint
    words: str


_CAPITAL = "[A-ZÄÖÜÇĞİŞÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛŁŚŻŹĆŃČŠŽ]"
_NAME = rf"{_CAPITAL}[^\W\d_]+(?:[-'’]{_CAPITAL}?[^\W\d_]+)*"
# After "Herr" and "Frau" an everyday noun is no name.
_NO_NAMES = r"(?!(?:Bürgermeister|Doktor|Lehrer|Nachbar|Kollege|Minister)(?:in)?\b)"
_STREET = r"(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|steig|hof|wall|chaussee)"
_PATTERNS: tuple[tuple[Hint, re.Pattern[str]], ...] = (
    (Hint.EMAIL, re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (Hint.IBAN, re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    (Hint.PHONE, re.compile(r"(?<![\w.,])(?:\+|00?)[1-9]\d{0,4}[\d /()-]{4,16}\d(?!\w)")),
    (
        Hint.ADDRESS,
        re.compile(
            rf"\b(?:(?i:[^\W\d_][\w-]{{1,30}}{_STREET})|{_CAPITAL}[\w-]{{1,30}} (?i:{_STREET})) ?\d{{1,4}} ?[a-z]?\b"
        ),
    ),
    (
        Hint.NAME,
        re.compile(
            rf"\b(?:Herrn?|Frau|Familie|Fam\.|Dr\.|Prof\.|Mr\.?|Mrs\.?|Ms\.?|Bay|Bayan|Пан|Пані) {_NO_NAMES}{_NAME}"
        ),
    ),
    (Hint.NAME, re.compile(rf"\b(?:heißt|heiße|namens|my name is|adım) {_NAME}(?: {_NAME})?")),
    (
        Hint.MINOR,
        re.compile(
            r"\b(?:[Mm]ein(?:e|er|em|en)?|[Uu]nser(?:e|er|em|en)?) (?:\w+ )?"
            rf"(?:Sohn|Tochter|Kind|Enkel(?:in|kind)?) {_NAME}"
        ),
    ),
    (Hint.MINOR, re.compile(rf"\b{_NAME},? (?:\()?(?:1[0-7]|[1-9])(?:\))?(?: Jahre(?: alt)?)\b")),
)


def spots(*texts: str) -> list[Spot]:
    """What may need a second look in these texts, each once; an empty list proves nothing."""
    found: dict[Spot, None] = {}
    for text in texts:
        taken: list[tuple[int, int]] = []
        for hint, pattern in _PATTERNS:
            for match in pattern.finditer(text or ""):
                # An account number is no telephone number as well.
                if all(match.end() <= start or match.start() >= end for start, end in taken):
                    taken.append(match.span())
                    found.setdefault(Spot(hint, match.group().strip()))
    return list(found)
