"""CSV and XLSX as people send them: read as they meant it, or refused in a sentence."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from flask import Flask

from app.domain import registration_table
from app.domain.errors import TableRefused
from app.domain.registration_table import MOST_ROWS, Row

HEADER = ("Name", "Kommt als")
TEXT = "Name;Kommt als\r\nJörg Weiß;Politik\r\n"
PAIR = [Row(2, ("Jörg Weiß", "Politik"))]


def workbook(*lines: list[Any], merge: str = "", hidden_first: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    if hidden_first:
        hidden = book.add_worksheet("Notizen")
        hidden.write(0, 0, "geheim")
        hidden.hide()
    sheet = book.add_worksheet("Liste")
    sheet.activate()
    if hidden_first:
        sheet.set_first_sheet()
    for number, cells in enumerate(lines):
        for place, cell in enumerate(cells):
            sheet.write(number, place, cell)
    if merge:
        sheet.merge_range(merge, "verbunden")
    book.close()
    return out.getvalue()


def refused(app: Flask, content: bytes) -> str:
    with app.test_request_context("/"), pytest.raises(TableRefused) as caught:
        registration_table.read(content)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_reading_csv_finds_out_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table = registration_table.read(TEXT.replace(";", delimiter).encode(encoding))

    assert (table.header, list(table.rows)) == (Row(1, HEADER), PAIR)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sep=,\nName,Kommt als\nA,Politik\n", [Row(3, ("A", "Politik"))]),
        (
            'Name;Kommt als\n"A; B";"Po\nlitik"\n;\nC;Presse',
            [Row(2, ("A; B", "Po litik")), Row(4, ("C", "Presse"))],
        ),
        ("Liste vom Mai;\n\nName;Kommt als\nA;Politik\n", [Row(4, ("A", "Politik"))]),
        ("Kommt als\nPolitik\n", [Row(2, ("Politik",))]),
    ],
    ids=["says its delimiter", "quotes and empty lines", "a title above", "one column"],
)
def test_reading_csv_numbers_rows_as_a_spreadsheet_does(text: str, rows: list[Row]) -> None:
    assert list(registration_table.read(text.encode()).rows) == rows


def test_reading_xlsx_takes_the_first_sheet_that_shows_and_cells_as_typed() -> None:
    content = workbook(
        ["Name", "Kommt als", "Alter"], ["Jörg", "Politik", 7], [], [" A  B ", True, 2.5], hidden_first=True
    )

    table = registration_table.read(content)

    assert table.header == Row(1, ("Name", "Kommt als", "Alter"))
    assert list(table.rows) == [Row(2, ("Jörg", "Politik", "7")), Row(4, ("A B", "ja", "2,5"))]


def test_reading_xlsx_takes_a_formula_as_the_text_it_is_written_in() -> None:
    content = workbook([*HEADER], ["=A9&B9", "Politik"])

    assert list(registration_table.read(content).rows) == [Row(2, ("=A9&B9", "Politik"))]


def test_a_table_that_is_kept_is_the_same_afterwards() -> None:
    table = registration_table.read(TEXT.encode())

    assert registration_table.loaded(table.dumped()) == table


def test_joined_cells_are_refused_but_for_a_title(app: Flask) -> None:
    assert refused(app, workbook([*HEADER], ["A", "Politik"], [], merge="A3:B4")) == (
        "Die Zellen A3:B4 sind verbunden. Bitte heben Sie die Verbindung auf und füllen Sie jede Zelle einzeln."
    )
    titled = registration_table.read(workbook(["", ""], [*HEADER], ["A", "Politik"], merge="A1:B1"))
    assert list(titled.rows) == [Row(3, ("A", "Politik"))]


def lines(count: int) -> str:
    return "Name;Kommt als\n" + "A;Politik\n" * count


TOO_LONG = (
    "Diese Tabelle hat mehr als 2000 Zeilen mit Anmeldungen. So viele nehmen wir nicht auf einmal. "
    "Bitte teilen Sie sie auf mehrere Dateien auf."
)
EMPTY = (
    "In dieser Datei stehen keine Anmeldungen. Die erste Zeile nennt die Spalten, darunter steht je Person eine Zeile. "
    "Am besten beginnen Sie mit der Vorlage."
)
UNREADABLE = (
    "Diese Datei können wir nicht lesen. Möglich sind Tabellen als CSV oder als Excel-Datei (XLSX). "
    "Bitte speichern Sie Ihre Tabelle in einem der beiden Formate."
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", EMPTY),
        (b"\xef\xbb\xbf\r\n;;\r\n", EMPTY),
        (TEXT.split("\r\n")[0].encode(), EMPTY),
        (b"\x00\x01\x02 no text", UNREADABLE),
        (b"PK\x03\x04 no archive", UNREADABLE),
        (
            b"\xd0\xcf\x11\xe0 old",
            "Diese Excel-Datei ist im alten Format (XLS) oder mit einem Passwort geschützt. "
            "Bitte speichern Sie sie ohne Passwort als XLSX oder CSV.",
        ),
        (
            TEXT.encode().decode("cp1252", "replace").encode(),
            "In Zeile 2 sind Zeichen nicht lesbar: „JÃ¶rg WeiÃŸ“. Die Datei ist mit einer falschen Kodierung "
            "gespeichert. Bitte speichern Sie sie als „CSV UTF-8“ oder als XLSX.",
        ),
        (
            b'Name;Kommt als\nA;Politik\n"B;Presse\n',
            "Ab Zeile 3 stimmen die Anführungszeichen nicht. "
            "Bitte prüfen Sie diese Zeile oder speichern Sie die Tabelle als XLSX.",
        ),
        (lines(MOST_ROWS + 1).encode(), TOO_LONG),
        (lines(50_000).encode(), TOO_LONG),
        (
            (";".join(f"S{number}" for number in range(61)) + "\nA;B\n").encode(),
            "Diese Tabelle hat mehr als 60 Spalten. Bitte lassen Sie nur die Spalten stehen, die in der Liste der "
            "Spalten genannt sind.",
        ),
    ],
    ids=[
        *("nothing", "empty cells", "only names of columns", "bytes", "no archive", "old excel"),
        *("garbled", "open quote", "one too many", "fifty thousand", "too wide"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(app: Flask, content: bytes, sentence: str) -> None:
    assert refused(app, content) == sentence


def test_as_many_rows_as_are_allowed_are_read() -> None:
    assert len(registration_table.read(lines(MOST_ROWS).encode()).rows) == MOST_ROWS


def test_fifty_thousand_rows_of_excel_are_refused(app: Flask) -> None:
    assert refused(app, workbook([*HEADER], *[["A", "Politik"]] * 50_000)) == TOO_LONG
    assert refused(app, workbook([*HEADER], *[["A", "Politik"]] * (MOST_ROWS + 7))) == TOO_LONG


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same file with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return out.getvalue()


def test_an_archive_that_unpacks_to_much_more_is_refused(app: Flask) -> None:
    bomb = with_part(workbook([*HEADER], ["A", "Politik"]), "xl/sharedStrings.xml", b" " * (64 << 20))
    assert len(bomb) < 200_000

    assert refused(app, bomb) == (
        "Diese Excel-Datei ist ausgepackt zu groß: möglich sind höchstens 16 MB. "
        "Bitte kopieren Sie nur die Zeilen mit Anmeldungen in eine neue Datei."
    )


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("part", "start"),
    [
        (SHEET % (b"<row/>" * 20_001), "Diese Tabelle hat mehr als 2000 Zeilen"),
        (SHEET % b'<row r="2"/><row r="2"/>', "Diese Datei können wir nicht lesen"),
        (SHEET % b'<row r="1"><c r="XFD1"><v>1</v></c></row>', "Diese Tabelle hat mehr als 60 Spalten"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>', "Diese Datei können wir nicht lesen"),
        (b"<worksheet><sheetData>", "Diese Datei können wir nicht lesen"),
        (b'<?xml version="1.0" encoding="UTF-5"?><worksheet/>', "Diese Datei können wir nicht lesen"),
    ],
    ids=["empty lines", "a line twice", "far to the right", "entities", "cut off", "no encoding"],
)
def test_a_sheet_made_to_hurt_is_refused(app: Flask, part: bytes, start: str) -> None:
    content = with_part(workbook([*HEADER], ["A", "Politik"]), "xl/worksheets/sheet1.xml", part)

    assert refused(app, content).startswith(start)


def test_what_a_file_says_of_its_own_size_is_not_believed() -> None:
    content = workbook([*HEADER], ["A", "Politik"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = archive.read("xl/sharedStrings.xml")
    boasting = texts.replace(b'uniqueCount="4"', b'uniqueCount="9999999999"')
    assert boasting != texts

    table = registration_table.read(with_part(content, "xl/sharedStrings.xml", boasting))

    assert list(table.rows) == [Row(2, ("A", "Politik"))]


def test_other_archives_are_no_tables(app: Flask) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<office/>")

    assert refused(app, out.getvalue()) == UNREADABLE
