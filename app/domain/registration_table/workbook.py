"""Excel files (XLSX), read here and not by a library: what is no more than cells with text needs none.

A library makes room for what a file says of itself (how many texts, how large a sheet) before it looks, and one number
in a small file can end the process. Here each part is counted while it is unpacked, read once, and what it says of its
own size is not believed. A formula is taken as the text it is written in; whoever judges the cell refuses it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from app.domain.errors import TableTooLarge, TableTooLong, TableTooWide, TableUnreadable
from app.domain.registration_table import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Row

MOST_MEGABYTES = 16
# A sheet may have empty lines, but not as many as it likes.
_MOST_LINES = 10 * MOST_ROWS
_MOST_PARTS = 500
_CHUNK = 1 << 16
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_WORKBOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_NEEDED = re.compile(r"xl/(?:_rels/|worksheets/)?[^/]+\.(?:xml|rels)")


@dataclass
class _Sheet:
    """What stands in a sheet, and which of its cells are joined."""

    rows: list[Row] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def rows(content: bytes) -> tuple[list[Row], list[str]]:
    """The lines of the first sheet in which something stands, and which cells of it are joined, like `A3:B4`.

    Raises TableUnreadable, TableTooLarge, TableTooLong, TableTooWide.
    """
    parts = _unpacked(content)
    try:
        texts = _texts(parts[_TEXTS]) if _TEXTS in parts else []
        sheet = _read(parts[_first_sheet(parts)], texts)
    except (ElementTree.ParseError, LookupError, ValueError, OverflowError) as error:
        raise TableUnreadable from error
    return sheet.rows, sheet.merged


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
                        if lines > _MOST_LINES and "worksheets/" in member.filename:
                            raise TableTooLong(most=MOST_ROWS)
                        if left < 0:
                            raise TableTooLarge(most=MOST_MEGABYTES)
                parts[member.filename] = bytes(part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise TableUnreadable from error
    if _WORKBOOK not in parts or any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise TableUnreadable
    return parts


def _first_sheet(parts: dict[str, bytes]) -> str:
    """The name of the part that holds the first sheet one can see."""
    targets = {link.get("Id"): link.get("Target", "") for link in _elements(parts[_LINKS])}
    for element in _elements(parts[_WORKBOOK]):
        if _tag(element) == "sheet" and element.get("state", "visible") == "visible":
            target = targets[
                next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            ]
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            return posixpath.normpath(path)
    raise TableUnreadable


def _texts(part: bytes) -> list[str]:
    """The texts cells point to, by number."""
    found = []
    for element in _elements(part):
        if _tag(element) == "si":
            found.append(_words(element))
            element.clear()
    return found


def _read(part: bytes, texts: Sequence[str]) -> _Sheet:
    sheet = _Sheet()
    number = 0
    for element in _elements(part):
        if _tag(element) == "mergeCell":
            sheet.merged.append(element.get("ref", ""))
        if _tag(element) != "row":
            continue
        above, number = number, int(element.get("r", number + 1))
        if number <= above:
            raise TableUnreadable
        cells: list[str] = []
        place = 0
        for cell in element:
            place = _place(cell.get("r", "")) or place + 1
            text = _text(cell, texts)
            if not text:
                continue
            if place > MOST_COLUMNS:
                raise TableTooWide(most=MOST_COLUMNS)
            cells += [""] * (place - len(cells))
            cells[place - 1] = text
        if cells:
            sheet.rows.append(Row(number, tuple(cells)))
        if len(sheet.rows) > MOST_ROWS + HEADER_WITHIN:
            raise TableTooLong(most=MOST_ROWS)
        element.clear()
    return sheet


def _text(cell: ElementTree.Element, texts: Sequence[str]) -> str:
    """A cell as one would type it."""
    inner = {_tag(part): part for part in cell}
    if "f" in inner:
        return "=" + (_tidy("".join(inner["f"].itertext())) or "…")
    value = "".join(inner["v"].itertext()).strip() if "v" in inner else ""
    match cell.get("t", "n"):
        case "inlineStr":
            return _words(inner["is"]) if "is" in inner else ""
        case "s":
            return texts[int(value)] if value else ""
        case "b":
            return {"1": "ja", "0": "nein"}.get(value, value)
        case "n":
            return _number(value) if value else ""
    return _tidy(value)


def _number(value: str) -> str:
    """7 and not 7.0, and a comma as people write it."""
    number = float(value)
    return str(int(number)) if number.is_integer() else str(number).replace(".", ",")


def _words(element: ElementTree.Element) -> str:
    """The text of a cell, without how it is set and how it is pronounced."""
    aside = {id(text) for part in element.iter() if _tag(part) == "rPh" for text in part.iter()}
    found = (text.text or "" for text in element.iter() if _tag(text) == "t" and id(text) not in aside)
    return _tidy("".join(found))


def _elements(part: bytes) -> Iterator[ElementTree.Element]:
    """Each element once it is complete; there are no entities to be resolved, and the size is known."""
    for _event, element in ElementTree.iterparse(io.BytesIO(part)):  # noqa: S314 - as said above
        yield element


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(reference: str) -> int:
    """The number of the column a reference like `C7` names, from 1."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter.upper()) - ord("A") + 1
    return place


def _tidy(text: str) -> str:
    return " ".join(text.split())
