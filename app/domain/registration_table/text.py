"""CSV files, as spreadsheets of several kinds write them: encoding and delimiter are found out."""

from __future__ import annotations

import codecs
import csv
import io
import re

from app.domain.errors import TableGarbled, TableQuotesUnfit, TableTooLong, TableTooWide, TableUnreadable
from app.domain.registration_table import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Row

_DELIMITERS = ";\t,"
# No cell of a person is that long; an open quotation mark makes one.
_LONGEST_CELL = 20_000
_QUOTE = 30
# UTF-8 that was read as something else and saved again; and signs that were lost on the way.
_GARBLED = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def rows(content: bytes) -> list[Row]:
    """The lines in which something stands. Raises TableUnreadable, TableGarbled, TableQuotesUnfit, TableTooLong."""
    text = _decoded(content)
    lines = io.StringIO(text, newline="")
    delimiter = _delimiter(text)
    if text.startswith("sep="):
        lines.readline()
    found: list[Row] = []
    number = 1 if text.startswith("sep=") else 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            number += 1
            if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
                raise TableTooWide(most=MOST_COLUMNS)
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise TableQuotesUnfit(row=number)
            if any(cell.strip() for cell in cells):
                found.append(Row(number, tuple(_tidy(cell) for cell in cells)))
            if len(found) > MOST_ROWS + HEADER_WITHIN:
                raise TableTooLong(most=MOST_ROWS)
    except csv.Error as error:
        raise TableQuotesUnfit(row=number + 1) from error
    return found


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    text = None
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or _NO_TEXT.search(text):
        raise TableUnreadable
    garbled = _GARBLED.search(text)
    if garbled:
        row = text.count("\n", 0, garbled.start()) + 1
        around = re.split(r"[\r\n;,\t\"]", text[: garbled.start()])[-1] + text[garbled.start() :]
        raise TableGarbled(row=row, text=re.split(r"[\r\n;,\t\"]", around)[0][:_QUOTE])
    return text


def _delimiter(text: str) -> str:
    """What stands between cells: said by the file itself, or the most frequent one in its first lines."""
    said = re.match(r"sep=(.)\r?\n", text)
    if said:
        return said[1]
    head = [line for line in text[:4000].splitlines() if line.strip()][:HEADER_WITHIN]
    bare = re.sub(r'"[^"]*"', "", "\n".join(head))
    return max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign)))


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
