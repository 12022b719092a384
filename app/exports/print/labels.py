"""Sheets of labels as they are sold: what lies where on them, in millimetres.

Sizes of the makers' sheets are those of the template database of gLabels (https://github.com/jimevins/glabels-qt,
folder `templates`, under the MIT licence), which names the file of each below. A first print on plain paper, held
against the sheet, shows whether a printer shifts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
PAPER_WIDTH, PAPER_HEIGHT = 210.0, 297.0


@dataclass(frozen=True)
class Sheet:
    """One kind of sheet of A4: labels of `width` × `height`, the first at (`left`, `top`), the next `pitch` further."""

    key: str
    name: str
    source: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    # Radius of the corners.
    rounding: float = 0.0
    # Plain paper: lines show where to cut.
    is_cut: bool = False

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    def place(self, index: int) -> tuple[int, int]:
        """Column and row of the label with this index on its sheet, from 0: row by row."""
        row, column = divmod(index, self.columns)
        return column, row


_AVERY = "gLabels: templates/avery-iso-templates.xml"
_HERMA = "gLabels: templates/herma-iso-templates.xml"

_ALL = (
    Sheet(
        "avery-l4785",
        "Avery Zweckform L4785: 80 × 50 mm, selbstklebend",
        _AVERY,
        80,
        50,
        2,
        5,
        18,
        13,
        95,
        55,
        4,
    ),
    Sheet(
        "herma-4099",
        "Herma 4099, 4349, 4667, 10307: 96 × 50,8 mm, selbstklebend",
        _HERMA,
        *(96, 50.8, 2, 5, 8, 21.5, 99, 50.8),
    ),
    Sheet(
        "herma-4103",
        "Herma 4103, 4677, 10301: 63,5 × 38,1 mm, selbstklebend",
        _HERMA,
        *(63.5, 38.1, 3, 7, 6.75, 15.5, 66.5, 38.1),
    ),
    Sheet(
        "herma-4098",
        "Herma 4098, 4418, 10300: 63,5 × 29,6 mm, selbstklebend",
        _HERMA,
        *(63.5, 29.6, 3, 9, 7.8, 15.5, 66.5, 29.6),
    ),
    Sheet(
        "avery-c32011",
        "Avery Zweckform C32011: Karten 85 × 54 mm für Hüllen",
        _AVERY,
        85,
        54,
        2,
        5,
        15,
        13.5,
        95,
        54,
    ),
    Sheet(
        "avery-c32015",
        "Avery Zweckform C32015: Karten 85 × 54 mm für Hüllen",
        _AVERY,
        85,
        54,
        2,
        4,
        17,
        31.5,
        91,
        60,
    ),
    Sheet(
        "herma-5028",
        "Herma 5028: Karten 83,8 × 50,8 mm für Hüllen",
        _HERMA,
        *(83.8, 50.8, 2, 5, 18.6, 22, 89.2, 50.8),
        2,
    ),
    Sheet(
        "papier",
        "Gewöhnliches Papier zum Ausschneiden: 85 × 54 mm",
        "own",
        *(85, 54, 2, 5, 20, 13.5, 85, 54),
        is_cut=True,
    ),
)
SHEETS: dict[str, Sheet] = {sheet.key: sheet for sheet in _ALL}


def sheets_of(sheet: Sheet, tags: Sequence[T], start: int = 1) -> Iterator[list[tuple[int, T]]]:
    """`tags` on sheets, each with its index on its sheet; on the first sheet label number `start` is the first.

    `start` counts from 1; one that the sheet does not have is the first.
    """
    offset = start - 1 if 1 <= start <= sheet.count else 0
    placed = [(offset + number, tag) for number, tag in enumerate(tags)]
    pages: dict[int, list[tuple[int, T]]] = {}
    for position, tag in placed:
        pages.setdefault(position // sheet.count, []).append((position % sheet.count, tag))
    yield from pages.values()


def geometry(sheet: Sheet) -> str:
    """The rules of style that put labels where this sheet has them."""
    rules = [
        f".tag {{ width: {sheet.width}mm; height: {sheet.height}mm; border-radius: {sheet.rounding}mm }}",
        *(
            f".tag--x{column} {{ left: {sheet.left + column * sheet.pitch_x:g}mm }}"
            for column in range(sheet.columns)
        ),
        *(f".tag--y{row} {{ top: {sheet.top + row * sheet.pitch_y:g}mm }}" for row in range(sheet.rows)),
    ]
    return "\n".join(rules)
