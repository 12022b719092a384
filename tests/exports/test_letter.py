"""Letters on paper: they conform, the address stands in the window, the print is large, nothing is lost."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from jinja2 import UndefinedError
from pypdf import PdfReader

from app.exports import letter
from app.letters.blocks import Entries, Entry, Facts, Heading, Link, Paragraph
from app.models import Passage
from tests.exports.test_pdf import BUNDLED, faults

MILLIMETRE = 72 / 25.4
DAY = date(2026, 3, 2)
ADDRESS = ("Helga Öztürk", "Am langen Weg 17 a", "12345 Musterhausen")
SENDER = letter.Sender(
    "Stadt Musterhausen", "Rathausplatz 1, 12345 Musterhausen", ["Telefon 02000 54321"], "#00615a"
)
BLOCKS: list[letter.Block] = [
    Paragraph("Guten Tag,\nwir freuen uns auf Sie."),
    Facts([("Wann", ["Donnerstag, 12. März 2026"]), ("Wo", [Passage("Rathaus", "de", False)])]),
    Heading("Ihre Arbeitsgruppen"),
    Entries([Entry("Runde 1", Passage("Wohnen", "de", False), ["Warteliste: Platz 2"])]),
    letter.Code("apfel birne kirsche 42"),
    Link("Im Internet", "http://stadt.example/meine-anmeldung"),
]


def one(**changed: Any) -> bytes:
    values = {
        "address_lines": ADDRESS,
        "sender": SENDER,
        "date": DAY,
        "subject": "Ihre Anmeldung: Zusammen in Nord",
        "blocks": BLOCKS,
    }
    return letter.letter_pdf(**{**values, **changed})


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """A short letter, one in Arabic between others, one of several sheets."""
    arabic = letter.Letter(
        ["لمى خوري", "Weg 1"], SENDER, DAY, "تسجيلك", [Paragraph("أهلا وسهلا"), *BLOCKS], "ar"
    )
    german = letter.Letter(ADDRESS, SENDER, DAY, "Ihre Anmeldung", BLOCKS)
    return {
        "short": one(),
        "several": letter.letters_pdf([german, arabic, german]),
        "long": one(blocks=[*BLOCKS, *[Paragraph("Wort " * 80)] * 4]),
    }


def texts(content: bytes, page: int = 0) -> list[tuple[str, float, float, float]]:
    """(text, millimetres from the left, millimetres from above, points) of what is drawn on a sheet."""
    sheet = PdfReader(io.BytesIO(content)).pages[page]
    found = []

    def note(text: str, current: list[float], matrix: list[float], _font: object, size: float) -> None:
        if text.strip():
            scale = current[0]
            x = matrix[4] * current[0] + current[4]
            y = matrix[5] * current[3] + current[5]
            height = float(sheet.mediabox.height)
            found.append(
                (
                    text.strip(),
                    x / MILLIMETRE,
                    (height - y) / MILLIMETRE,
                    round(abs(size * matrix[0] * scale), 1),
                )
            )

    sheet.extract_text(visitor_text=note)
    return found


def words(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    drawn = " ".join(sheet.extract_text() for sheet in pages).replace("•", "")
    return " ".join(drawn.split())


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("kind", ["short", "several", "long"])
def test_letter_conforms(made, kind, profile):
    assert faults(made[kind], profile) == []


def test_letter_is_drawn_with_bundled_fonts_alone(made):
    found = set()
    for content in made.values():
        for sheet in PdfReader(io.BytesIO(content)).pages:
            for font in sheet["/Resources"]["/Font"].values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                assert "/FontFile2" in inner["/FontDescriptor"] or "/FontFile3" in inner["/FontDescriptor"]
                found.add(
                    str(font.get_object()["/BaseFont"]).split("+")[1].split(",")[0].removesuffix("-Bold")
                )

    assert found <= BUNDLED
    assert found == {"Noto-Sans", "IBM-Plex-Sans-Arabic"}


@pytest.mark.parametrize(
    "lines", [ADDRESS, [f"Zeile {number}" for number in range(6)], [f"Zeile {number}" for number in range(9)]]
)
def test_address_stands_in_the_window(lines):
    drawn = texts(one(address_lines=lines))

    address = [(x, y) for text, x, y, size in drawn if size == 12]
    assert address
    # DIN 5008, form B: 20 to 105 mm from the left, the zone of the address 62.7 to 90 mm from above.
    assert all(24.9 < x < 105 for x, _y in address)
    assert all(62.7 < y < 90 for _x, y in address)
    assert all(word in words(one(address_lines=lines)) for word in lines)


def test_text_is_of_14_points_and_begins_below_the_window(made):
    drawn = texts(made["short"])

    below = [(text, y, size) for text, _x, y, size in drawn if y > 98.5]
    assert {size for _text, _y, size in below} == {14, 16, 20}
    # What is small is the block of the sender and the line above the address.
    assert {size for _text, _x, y, size in drawn if y <= 98.5} == {7, 11, 12}


def test_letter_says_everything_in_order(made):
    assert words(made["short"]) == (
        "Stadt Musterhausen · Rathausplatz 1, 12345 Musterhausen "
        "Helga Öztürk Am langen Weg 17 a 12345 Musterhausen "
        "Stadt Musterhausen Telefon 02000 54321 2. März 2026 "
        "Ihre Anmeldung: Zusammen in Nord "
        "Guten Tag, wir freuen uns auf Sie. Wann Donnerstag, 12. März 2026 Wo Rathaus Ihre Arbeitsgruppen "
        "Runde 1 Wohnen Warteliste: Platz 2 apfel birne kirsche 42 "
        "Im Internet: http://stadt.example/meine-anmeldung"
    )


def test_every_letter_begins_on_a_sheet_of_its_own(made):
    reader = PdfReader(io.BytesIO(made["several"]))
    windows = [
        page
        for page in range(len(reader.pages))
        if any(size == 12 for *_place, size in texts(made["several"], page))
    ]

    assert len(windows) == 3
    assert "/Lang" in reader.trailer["/Root"]


def test_further_sheets_say_what_they_belong_to(made):
    assert len(PdfReader(io.BytesIO(made["long"])).pages) == 2

    for sheet, head in ((0, []), (1, ["Ihre Anmeldung: Zusammen in Nord"])):
        assert [text for text, _x, y, _size in texts(made["long"], sheet) if y < 22] == head


def test_same_words_make_the_same_bytes(made):
    assert one() == made["short"]


def test_sign_without_a_font_is_replaced_and_the_rest_stays():
    content = one(address_lines=["ሰላም Öztürk", "Weg 1"])

    assert "[Zeichen fehlt] Öztürk Weg 1" in words(content)
    assert faults(content, "ua1") == []


def test_markup_in_words_is_printed_as_it_was_typed():
    assert "<b>Fett</b> & <img src=x>" in words(one(blocks=[Paragraph("<b>Fett</b> & <img src=x>")]))


def test_block_nobody_knows_is_an_error():
    with pytest.raises(UndefinedError):
        one(blocks=[letter.Code("x", kind="picture")])
