"""How large words can be set so that they stay within a box: measured with the fonts of the documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from fontTools.ttLib import TTFont

from app.exports.glyphs import FONTS

POINTS_PER_MM = 72 / 25.4
LINE_HEIGHT = 1.25
# Words joined by shaping (Arabic) are a little wider or narrower than the sum of their signs.
_RESERVE = 1.06
# What stands on one line: up to a blank, or to a hyphen within a name.
_PIECE = re.compile(r"(\s*)([^\s-]+-?|-+)")
_FACES = {
    True: ("NotoSans-Bold.ttf", "IBMPlexSansArabic-Bold.ttf", "NotoEmoji-Regular.ttf"),
    False: ("NotoSans-Regular.ttf", "IBMPlexSansArabic-Regular.ttf", "NotoEmoji-Regular.ttf"),
}


@cache
def _advances(is_bold: bool) -> dict[int, float]:
    """Widths in em by code point; of two faces the first that has a sign."""
    found: dict[int, float] = {}
    for name in _FACES[is_bold]:
        with TTFont(FONTS / name, lazy=True) as font:
            units, widths = font["head"].unitsPerEm, font["hmtx"]
            for code, glyph in font.getBestCmap().items():
                found.setdefault(code, widths[glyph][0] / units)
    return found


def width(text: str, points: float, *, is_bold: bool = True) -> float:
    """How many millimetres `text` takes on one line, at most."""
    known = _advances(is_bold)
    em = sum(known.get(ord(sign), 1.0) for sign in text if not unicodedata.combining(sign))
    return em * points * _RESERVE / POINTS_PER_MM


def lines(text: str, points: float, most: float, *, is_bold: bool = True) -> tuple[int, bool]:
    """How many lines of `most` millimetres `text` needs, and whether a word had to be broken for it."""
    count, filled, is_broken = 1, 0.0, False
    gap = width(" ", points, is_bold=is_bold)
    for blank, word in _PIECE.findall(text.strip()):
        before = gap if blank and filled else 0.0
        needed = width(word, points, is_bold=is_bold)
        if filled and filled + before + needed > most:
            count, filled, before = count + 1, 0.0, 0.0
        if needed <= most:
            filled += before + needed
            continue
        is_broken = True
        for sign in word:
            wide = width(sign, points, is_bold=is_bold)
            if filled and filled + wide > most:
                count, filled = count + 1, 0.0
            filled += wide
    return count, is_broken


def size(
    text: str, sizes: Sequence[int], most_width: float, most_height: float, *, is_bold: bool = True
) -> int:
    """The first of `sizes` (points, largest first) in which `text` fits; one that breaks no word goes before larger
    ones that do. The last where none fits: shorten the text to it.
    """
    fitting = []
    for points in sizes:
        count, is_broken = lines(text, points, most_width, is_bold=is_bold)
        if count * points * LINE_HEIGHT / POINTS_PER_MM <= most_height:
            if not is_broken:
                return points
            fitting.append(points)
    return fitting[0] if fitting else sizes[-1]


def shortened(text: str, points: int, most_width: float, most_lines: int, *, is_bold: bool = True) -> str:
    """`text`, or as much of its beginning as stays within `most_lines`, with dots behind it."""
    if lines(text, points, most_width, is_bold=is_bold)[0] <= most_lines:
        return text
    kept = text
    while kept and lines(kept + "…", points, most_width, is_bold=is_bold)[0] > most_lines:
        kept = kept[:-1].rstrip()
    return kept + "…"


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
