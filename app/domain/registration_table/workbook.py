"""Excel files (XLSX): looked through before they are opened, so that a small file cannot become a huge one.

What is handed to the reader has been unpacked here, byte by byte counted, and packed anew: it cannot be larger than it
was found to be. A formula is taken as the text it is written in; whoever judges the cell refuses it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from app.domain.errors import TableTooLarge, TableTooLong, TableTooWide, TableUnreadable
from app.domain.registration_table import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Row

MOST_MEGABYTES = 40
# A line far down is a line too many, even where nothing stands between.
_LOWEST = 10 * MOST_ROWS
_MOST_PARTS = 500
_CHUNK = 1 << 16
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_WORKBOOK = "xl/workbook.xml"
_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/|worksheets/)?[^/]+\.(?:xml|rels)")


@dataclass
class _Sheet:
    """What is known of a sheet before it is opened."""

    name: str
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


def rows(content: bytes) -> tuple[list[Row], list[str]]:
    """The lines of the first sheet in which something stands, and which cells of it are joined, like `A3:B4`.

    Raises TableUnreadable, TableTooLarge, TableTooLong, TableTooWide.
    """
    parts = _unpacked(content)
    sheet = _looked_through(parts)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))) as book:
            read = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise TableUnreadable from error
    found = []
    for number, values in enumerate(read, start=1):
        cells = [
            sheet.formulas.get((number, place)) or _text(value) for place, value in enumerate(values, start=1)
        ]
        if any(cells):
            found.append(Row(number, tuple(cells)))
    return found, sheet.merged


def lowest(cells: str) -> int:
    """The last line of joined cells like `A3:B4`."""
    return int(re.sub(r"\D", "", cells.partition(":")[2] or cells) or 0)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of the file that hold text, counted while they are unpacked."""
    left = MOST_MEGABYTES << 20
    parts = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if _NEEDED.fullmatch(member.filename)]
            if len(members) > _MOST_PARTS:
                raise TableUnreadable
            for member in members:
                part = bytearray()
                lines = 0
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        part += chunk
                        left -= len(chunk)
                        lines += len(_ROW.findall(chunk))
                        if lines > _LOWEST and "worksheets/" in member.filename:
                            raise TableTooLong(most=MOST_ROWS)
                        if left < 0:
                            raise TableTooLarge(most=MOST_MEGABYTES)
                parts[member.filename] = bytes(part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise TableUnreadable from error
    if _WORKBOOK not in parts or any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise TableUnreadable
    return parts


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _looked_through(parts: dict[str, bytes]) -> _Sheet:
    """The first sheet that can be seen, measured line by line."""
    try:
        name, path = _first_sheet(parts)
        return _measured(name, parts[path])
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise TableUnreadable from error


def _first_sheet(parts: dict[str, bytes]) -> tuple[str, str]:
    targets = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 - no DTD, size is known
    }
    for element in ElementTree.fromstring(parts[_WORKBOOK]).iter():  # noqa: S314 - as above
        if _tag(element) == "sheet" and element.get("state", "visible") == "visible":
            link = next(value for key, value in element.attrib.items() if key.endswith("}id"))
            target = targets[link]
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            return element.attrib["name"], posixpath.normpath(path)
    raise TableUnreadable


def _measured(name: str, part: bytes) -> _Sheet:
    sheet = _Sheet(name)
    number = filled = 0
    for element in _elements(part):
        if _tag(element) == "mergeCell":
            sheet.merged.append(element.get("ref", ""))
        if _tag(element) != "row":
            continue
        number = int(element.get("r", number + 1))
        place, has_value = 0, False
        for cell in element:
            place = _place(cell.get("r", "")) or place + 1
            inner = {_tag(part): part for part in cell}
            if "f" in inner:
                sheet.formulas[number, place] = "=" + ("".join(inner["f"].itertext()) or "…")
            if inner.keys() & {"f", "v", "is"}:
                has_value = True
                if place > MOST_COLUMNS:
                    raise TableTooWide(most=MOST_COLUMNS)
        filled += has_value
        if filled > MOST_ROWS + HEADER_WITHIN or (has_value and number > _LOWEST):
            raise TableTooLong(most=MOST_ROWS)
        element.clear()
    return sheet


def _elements(part: bytes) -> Iterator[ElementTree.Element]:
    for _event, element in ElementTree.iterparse(io.BytesIO(part)):  # noqa: S314 - as above
        yield element


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(reference: str) -> int:
    """The number of the column a reference like `C7` names, from 1."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter.upper()) - ord("A") + 1
    return place


def _text(value: Any) -> str:
    """A cell as one would type it."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return " ".join(str(value).split())
