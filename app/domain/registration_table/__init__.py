"""Tables of registrations from other programs: read as text, their columns understood, each household judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from app.domain.errors import CellsMerged, TableEmpty, TableLocked, TableTooLong

# More people than any of these conferences has; whoever has more sends two files.
MOST_ROWS = 2000
MOST_COLUMNS = 60
# How far down the names of the columns may stand, beneath a title.
HEADER_WITHIN = 5

_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One line of a table by its number in the spreadsheet, from 1; cells as text."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Table:
    """What was read: the names of the columns, and the rows beneath."""

    header: Row
    rows: tuple[Row, ...]

    def dumped(self) -> str:
        """The same as text, to be kept encrypted."""
        kept = [[row.number, row.cells] for row in (self.header, *self.rows)]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def loaded(kept: str) -> Table:
    """What `dumped` was called on."""
    header, *rows = (Row(number, tuple(cells)) for number, cells in json.loads(kept))
    return Table(header, tuple(rows))


def read(content: bytes) -> Table:
    """The table in a CSV or XLSX file, without lines in which nothing stands.

    Raises TableRefused in the shape that says what is wrong and what to do; a file with too many rows, columns or
    bytes is refused before it is held in memory as a whole.
    """
    # Imported here: both take their limits from this module.
    from app.domain.registration_table import columns, text, workbook

    if content.startswith(_OLD_EXCEL):
        raise TableLocked
    lines, merged = workbook.rows(content) if content.startswith(_ZIP) else (text.rows(content), [])
    if len(lines) < 2:
        raise TableEmpty
    place = next(
        (place for place, line in enumerate(lines[:HEADER_WITHIN]) if columns.names_role(line.cells)), 0
    )
    header, rows = lines[place], tuple(lines[place + 1 :])
    for cells in merged:
        # Above the names of the columns a title may be as broad as it likes.
        if workbook.lowest(cells) >= header.number:
            raise CellsMerged(cells=cells)
    if not rows:
        raise TableEmpty
    if len(rows) > MOST_ROWS:
        raise TableTooLong(most=MOST_ROWS)
    return Table(header, rows)


def place_of(index: int) -> str:
    """The letter of a column: A, B, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
