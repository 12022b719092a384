"""The table: one row per item, readable by German spreadsheets, and no cell that starts a formula."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.exports import results_csv
from tests import results
from tests.domain.test_snapshot import taken


def read(content):
    """The rows as a spreadsheet reads them."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_one_row_per_item(app):
    rows = read(results_csv.render(taken(results.rich())))

    assert [(row["Art"], row["Nummer"]) for row in rows] == [
        ("Empfehlung", "1"),
        ("Beitrag", "1"),
        ("Beitrag", "2"),
        ("Beitrag", "3"),
        ("Beitrag", "4"),
        ("Thema", "1"),
        ("Arbeitsgruppe", "1"),
        ("Protokoll", "1/1"),
        ("Arbeitsgruppe", "2"),
    ]
    assert tuple(rows[0]) == results_csv.COLUMNS


def test_a_recommendation_has_its_fields_history_and_evidence(app):
    row = read(results_csv.render(taken(results.rich())))[0]

    assert {name: value for name, value in row.items() if value} == {
        "Art": "Empfehlung",
        "Nummer": "1",
        "Titel": "Bänke aufstellen",
        "Sprache": "de",
        "Stand": "der Politik vorgelegt",
        "Antwort": "Die Bänke kommen im Mai.",
        "Bedarf": "Ältere Menschen brauchen Pausen.",
        "Maßnahmen": "Orte suchen\nBänke kaufen",
        "Zuständig": "Grünflächenamt",
        "Verlauf": "2026-03-02 der Politik vorgelegt: Sozialausschuss – In die Tagesordnung aufgenommen",
        "Belege": "Beitrag 1, Thema 1, Protokoll 1/1",
    }


def test_contributions_have_their_words_translation_and_what_became_of_them(app):
    rows = read(results_csv.render(taken(results.rich())))
    first, second, third, withdrawn = (
        {name: value for name, value in row.items() if value} for row in rows[1:5]
    )

    assert first == {
        "Art": "Beitrag",
        "Nummer": "1",
        "Text": "Mehr Bänke im Park.",
        "Sprache": "de",
        "Beitragsart": "Idee",
        "Stand": "veröffentlicht",
        "Arbeitsgruppe": "1",
        "Thema": "1",
        "Eingangsweg": "Internet",
        "Eingegangen am": "2026-03-02",
        "Name": "Eine Anwohnerin",
        "Empfehlungen": "1",
    }
    assert (second["Text"], second["Sprache"], second["Deutsche Übersetzung"], second["Übersetzung"]) == (
        "نريد مقاعد في الحديقة.",
        "ar",
        "Wir wollen Bänke im Park.",
        "von einer Maschine übersetzt, nicht geprüft",
    )
    assert second["Zählt mit bei"] == "1"
    # A cell that would start a formula has an apostrophe in front.
    assert third["Text"] == '\'=HYPERLINK("https://boese.example")'
    assert third["Antwort"] == "Danke für den Hinweis."
    assert withdrawn == {"Art": "Beitrag", "Nummer": "4", "Stand": "zurückgezogen"}


def test_it_is_utf_8_with_bom_semicolons_and_crlf(app):
    conference = results.over()
    results.voice(conference, 'Erste Zeile;\nzweite "Zeile"')

    content = results_csv.render(taken(conference))

    head, _, rest = content.partition(b"\r\n")
    assert head == b"\xef\xbb\xbf" + ";".join(results_csv.COLUMNS).encode()
    assert b'"Erste Zeile;\nzweite ""Zeile"""' in rest
    assert content.endswith(b"\r\n")


def test_an_empty_conference_gives_the_header_alone(app):
    assert read(results_csv.render(taken(results.over()))) == []


def test_the_same_snapshot_gives_the_same_bytes(app):
    snapshot = taken(results.rich())

    assert results_csv.render(snapshot) == results_csv.render(snapshot)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+49 2000",
        "-1",
        "@SUM(A1)",
        "\tText",
        "\rText",
        "\nText",
        "  =1+1",
        "\u00a0=1+1",
        "\u200b\u202e=1+1",
        "\ufeff=1+1",
        '"=1+1"',
        "'=1+1",
        "„=1+1“",
        "\" =cmd|' /C calc'!A0",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        "\N{FULLWIDTH COMMERCIAL AT}x",
        "\N{SMALL EQUALS SIGN}1",
        "\N{MINUS SIGN}1",
        "\x1f=1",
    ],
)
def test_what_would_start_a_formula_gets_an_apostrophe(cell):
    assert results_csv.harmless(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell", ["", "Text", "1", "3, 7", "a=b", "– Strich", "„Zitat“", "(+49)", "😀", "2026-03-02"]
)
def test_other_cells_stay_as_they_are(cell):
    assert results_csv.harmless(cell) == cell


SIGNS = st.sampled_from("=+-@\t\r\n \"'\u00a0\u200b\u202e\ufeff＝＋－＠﹦−;abcä1😀")


@given(st.text(st.one_of(SIGNS, st.characters(exclude_categories=["Cs"])), max_size=12))
@example("=")
@example("\u2003\u00ad\u2060+1")
def test_no_cell_starts_a_formula_whatever_is_typed(cell):
    written = results_csv.harmless(cell)

    assert written in (cell, "'" + cell)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([written, "x"])
    # Nothing is lost on the way through a file.
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";")) == [written, "x"]
    if written == cell:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
        # Nor after what a spreadsheet trims away, nor in another width.
        core = cell.strip(" \u00a0\t\r\n\"'\u200b\u2060\ufeff\u00ad\u202e")
        assert unicodedata.normalize("NFKC", core)[:1] not in ("=", "+", "-", "@")
