"""How offices write figures: decimal comma, thousands dot, and the signs of German official statistics.

Signs as in the statistical yearbooks (Zeichenerklärung of the statistical offices of the federation and the states):
`-` nothing there, `.` or `•` unknown or kept secret, `...` comes later, `x` not meaningful, `( )` weak,
`p` preliminary, `r` corrected, `s` estimated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """What is known of a figure beside its value."""

    OK = "ok"
    PRELIMINARY = "preliminary"
    REVISED = "revised"
    ESTIMATED = "estimated"
    WEAK = "weak"
    # From here on there is no value.
    HIDDEN = "hidden"
    LATER = "later"
    MEANINGLESS = "meaningless"
    MISSING = "missing"


@dataclass(frozen=True)
class Written:
    """One cell of a table as it was meant. `value` is None where the sign says that there is none."""

    value: Decimal | None
    status: Status


class NotAFigure(ValueError):
    """The text is neither a number nor one of the signs."""


class Ambiguous(NotAFigure):
    """The mark that should group thousands does not: 12.5 in a table with decimal commas."""


class DecimalMark(StrEnum):
    """What stands before the decimals; the other of the two may group thousands."""

    COMMA = ","
    POINT = "."


_ALONE = {
    "": Written(None, Status.MISSING),
    "-": Written(Decimal(0), Status.OK),
    "\N{EN DASH}": Written(Decimal(0), Status.OK),
    "\N{EM DASH}": Written(Decimal(0), Status.OK),
    ".": Written(None, Status.HIDDEN),
    "\N{BULLET}": Written(None, Status.HIDDEN),
    "\N{MIDDLE DOT}": Written(None, Status.HIDDEN),
    "*": Written(None, Status.HIDDEN),
    "...": Written(None, Status.LATER),
    "\N{HORIZONTAL ELLIPSIS}": Written(None, Status.LATER),
    "x": Written(None, Status.MEANINGLESS),
}
_LETTERS = {"p": Status.PRELIMINARY, "r": Status.REVISED, "s": Status.ESTIMATED}
_LETTER = re.compile(r"\s*\(?([prs])\)?$", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f']")
_PLAIN = re.compile(r"[+-]?[0-9]+")
MOST_DIGITS = 15


def read(text: str, mark: DecimalMark = DecimalMark.COMMA) -> Written:
    """What one cell means. Raises NotAFigure, and Ambiguous where the other mark may have been meant.

    A percent sign behind the number is left out: the unit stands with the indicator.
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    alone = _ALONE.get(text.lower())
    if alone:
        return alone
    status = Status.OK
    letter = _LETTER.search(text)
    if letter:
        status, text = _LETTERS[letter[1].lower()], text[: letter.start()].strip()
    if text.startswith("(") and text.endswith(")"):
        status, text = Status.WEAK, text[1:-1].strip()
    text = text.removesuffix("%")
    if text in _ALONE and text:
        # A sign with a letter: what is kept secret may be preliminary as well.
        return _ALONE[text]
    return Written(_number(_BLANKS.sub("", text), mark), status)


def _number(text: str, mark: DecimalMark) -> Decimal:
    group = DecimalMark.POINT if mark is DecimalMark.COMMA else DecimalMark.COMMA
    whole, *decimals = text.split(mark)
    if len(decimals) > 1:
        raise NotAFigure(text)
    if group in whole:
        first, *thousands = whole.split(group)
        if (
            not all(len(part) == 3 and part.isascii() and part.isdigit() for part in thousands)
            or not 1 <= len(first.lstrip("+-")) <= 3
        ):
            raise (Ambiguous if len(thousands) == 1 and not decimals else NotAFigure)(text)
        whole = first + "".join(thousands)
    end = decimals[0] if decimals else ""
    if not _PLAIN.fullmatch(whole) or (decimals and not (end.isascii() and end.isdigit())):
        raise NotAFigure(text)
    if len(whole) + len(end) > MOST_DIGITS:
        raise NotAFigure(text)
    return Decimal(f"{whole}.{end}" if end else whole)


def decimal_mark(texts: list[str]) -> DecimalMark | None:
    """Which mark a column uses, told by cells that read in one way only; None where nothing tells, or both do."""
    found = set()
    for text in texts:
        kept = _BLANKS.sub("", _LETTER.sub("", text.strip()).strip("()%"))
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?|[+-]?\d+,\d+", kept) and not re.fullmatch(
            r"[+-]?\d{1,3}(\.\d{3}|,\d{3})", kept
        ):
            found.add(DecimalMark.COMMA)
        elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d+\.\d+", kept) and not re.fullmatch(
            r"[+-]?\d{1,3}(\.\d{3}|,\d{3})", kept
        ):
            found.add(DecimalMark.POINT)
    return found.pop() if len(found) == 1 else None
