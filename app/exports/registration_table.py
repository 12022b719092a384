"""CSV files around a table of registrations: one to begin with, one with the rows to mend."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from app.domain.registration_table import Row, Table
from app.domain.registration_table.columns import ROW, WRONG, plain
from app.exports.results_csv import harmless

MEDIA_TYPE = "text/csv; charset=utf-8"
_ADDED = (plain(ROW), plain(WRONG))


def template(columns: Sequence[str]) -> bytes:
    """A table with these columns and nothing in it: invented people would be uploaded with the real ones."""
    return _csv([columns])


def to_mend(table: Table, rows: Sequence[Row], wrong: Mapping[int, str]) -> bytes:
    """These rows as they were read, each with its number and what is wrong; it can be mended and uploaded again.

    No cell can start a formula.
    """
    width = max(len(table.header.cells), max((len(row.cells) for row in rows), default=0))
    kept = [place for place, name in enumerate(table.header.cells) if plain(name) not in _ADDED]
    kept += range(len(table.header.cells), width)
    lines = [[*_cells(table.header, kept), ROW, WRONG]]
    lines += [[*_cells(row, kept), str(row.number), wrong.get(row.number, "")] for row in rows]
    return _csv(lines)


def _cells(row: Row, kept: Sequence[int]) -> list[str]:
    return [row.cells[place] if place < len(row.cells) else "" for place in kept]


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
