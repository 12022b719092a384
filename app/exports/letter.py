"""Letters on paper as PDF: large print, the address where the window of an envelope is (DIN 5008, form B)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Protocol

from babel.dates import format_date

from app.exports import apart, glyphs, pdf
from app.web import languages

log = logging.getLogger(__name__)

STYLES = "letter.css"
# What fits in the zone of the address.
ADDRESS_LINES = 6


class Block(Protocol):
    """A part of a letter: those of app.letters.blocks (heading, paragraph, facts, entries, link), Code and Picture."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Code:
    """Words to be read out or typed, set large and apart."""

    text: str
    kind: str = "code"


@dataclass(frozen=True)
class Picture:
    """A drawing, as a `data:` address, and what it is in words."""

    address: str
    words: str
    kind: str = "picture"


@dataclass(frozen=True)
class Sender:
    """Who writes: `address` stands small above the recipient's, `lines` at the side (telephone, hours, mail)."""

    name: str
    address: str = ""
    lines: Sequence[str] = ()
    accent: str = "#00615a"


@dataclass(frozen=True)
class Letter:
    """One letter in words; `date` is the day it is written."""

    address_lines: Sequence[str]
    sender: Sender
    date: date
    subject: str
    blocks: Sequence[Block]
    language: str = "de"


def letter_pdf(
    address_lines: Sequence[str],
    sender: Sender,
    date: date,
    subject: str,
    blocks: Sequence[Block],
    language: str = "de",
) -> bytes:
    """One letter as PDF; blocks of an unknown kind are an error. The same words give the same bytes."""
    return letters_pdf([Letter(address_lines, sender, date, subject, blocks, language)])


def letters_pdf(letters: Sequence[Letter]) -> bytes:
    """Letters in one file to print, each on sheets of its own. There must be one at least.

    A sign that no bundled font has is replaced by a note; a letter to somebody is no place to stop for it.
    """
    return pdf.draw(*_source(letters), sheet=STYLES)


def many_letters_pdf(letters: Sequence[Letter]) -> bytes:
    """The same bytes, drawn in a process of its own: for a pile that takes seconds. Raises PrintFailed, PrintBusy."""
    return apart.draw(*_source(letters), STYLES)


def _source(letters: Sequence[Letter]) -> tuple[str, str]:
    """The letters as HTML, and the colour of whoever writes them."""
    cleaned = [_printable(letter) for letter in letters]
    first = cleaned[0]
    source = pdf.page(
        "documents/letter.html",
        letters=[(letter, languages.get(letter.language), _day(letter)) for letter in cleaned],
        language=languages.get(first.language),
        title=first.subject,
        author=first.sender.name,
        created=max(letter.date for letter in letters).isoformat(),
    )
    return source, first.sender.accent


def _day(letter: Letter) -> str:
    return str(format_date(letter.date, "long", locale=languages.get(letter.language).locale))


def _printable(letter: Letter) -> Letter:
    """`letter` without signs that cannot be seen or drawn, and with an address that fits the window."""
    words: Letter = _each(letter, glyphs.readable)
    missing = glyphs.missing({"letter": list(_texts(words))})
    if missing:
        log.warning("no font for these signs of a letter: %s", ", ".join(sign.sign for sign in missing))
        unknown = {sign.char for sign in missing}
        words = _each(words, lambda text: glyphs.replaced(text, unknown))
    lines = [line for lines in words.address_lines for line in lines.split("\n") if line.strip()]
    if len(lines) > ADDRESS_LINES:
        # The town stands last and must be seen.
        lines = [*lines[: ADDRESS_LINES - 2], ", ".join(lines[ADDRESS_LINES - 2 : -1]), lines[-1]]
    return Letter(lines, words.sender, words.date, words.subject, words.blocks, words.language)


def _each(value: Any, change: Any) -> Any:
    """`value` with `change` done to every text in it."""
    if isinstance(value, str):
        return change(value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            field.name: _each(getattr(value, field.name), change) for field in fields(value) if field.init
        }
        return type(value)(**kept)
    if isinstance(value, (list, tuple)):
        return type(value)(_each(item, change) for item in value)
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
