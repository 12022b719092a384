"""The print pack: it conforms, everything stands in it, and nothing that does not lie about openly."""

import io
import re
import subprocess
import sys

import pytest
from pypdf import PdfReader

from app.domain.errors import PrintFailed
from app.exports import apart
from app.exports.print import attendance, pack, rooms
from app.exports.print.pack import Part, Wishes
from tests.exports.print import events
from tests.exports.test_pdf import BUNDLED, faults

FAMILY = events.household(
    7,
    events.guest(1, "Karim Amiri", None, events.meeting(1)),
    events.guest(2, "", None),
    events.guest(3, "", 6),
    name="Mona Amiri",
    organisation="Elternverein",
)


@pytest.fixture(scope="module")
def event():
    return events.event(FAMILY, *events.crowd(30).households)


@pytest.fixture(scope="module")
def made(event):
    return pack.draw(pack.html(event, Wishes(tuple(Part))), event.accent)


@pytest.fixture(scope="module")
def words(made):
    return " ".join(re.sub(r"\s+", " ", sheet.extract_text()) for sheet in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_pack_conforms(made, profile):
    assert faults(made, profile) == []


@pytest.mark.parametrize("part", Part, ids=[part.value for part in Part])
def test_each_part_alone_conforms(event, part):
    content = pack.draw(pack.html(event, Wishes([part])), event.accent)

    assert faults(content, "ua1") + faults(content, "2a") == []


def test_a_qr_code_without_words_breaks_pdfua(event):
    source = pack.html(event, Wishes([Part.POSTER]))
    broken = re.sub(r' alt="[^"]*"', "", source)

    assert source != broken
    assert faults(pack.draw(broken, event.accent), "ua1") != []
    assert faults(pack.draw(source, event.accent), "ua1") == []


def test_all_fonts_are_bundled(made):
    found = {
        re.sub(r"^/[A-Z]{6}\+|-Bold$|,$", "", str(font.get_object()["/BaseFont"]))
        for sheet in PdfReader(io.BytesIO(made)).pages
        for font in sheet["/Resources"].get("/Font", {}).values()
    }

    assert found <= BUNDLED
    assert {"Noto-Sans", "IBM-Plex-Sans-Arabic"} <= found


@pytest.mark.parametrize(
    "text",
    [
        "Maria Schmidt",
        "Anwesenheitsliste",
        "Raum 12",
        "Darüber sprechen wir",
        "Das sind unsere drei wichtigsten Punkte",
        "Was fehlt?",
        "Dienstag, 25. Mai 2027",
        "17:00 bis 20:00 Uhr",
        "02000 54321",
        "Die Teilnahme kostet nichts.",
        "stadt-1/konferenz-1/anmeldung",
        "Hauptstraße 2",
        "Begrüßung",
    ],
)
def test_the_pack_says(words, text):
    assert text in words


def test_an_arabic_name_stands_there_whole(words):
    assert [word for word in events.ARABIC.split() if word not in words] == []


def test_a_row_of_the_list_tells_the_people_of_a_registration():
    rows = attendance.prepare(
        events.event(FAMILY, events.household(8, events.guest(4, "Jo", None, events.meeting(2)), name="Jo"))
    )

    assert rows == [
        attendance.Row(
            ("Karim Amiri", "1 Person ohne Namen", "1 Kind", "Elternverein"), 3, ("AG 1", "–", "–")
        ),
        attendance.Row(("Jo",), 1, ("AG 2",)),
    ]
    assert attendance.people(rows) == 4


def test_who_gave_no_name_is_found_on_the_list():
    rows = attendance.prepare(
        events.event(
            events.household(12, events.guest(1)),
            events.household(13, events.guest(2), events.guest(3), organisation="Tafel"),
        )
    )

    assert [row.names for row in rows] == [("ohne Namen, Nr. 12",), ("Tafel", "1 Person ohne Namen")]


def test_rooms_tell_their_day_in_order_and_groups_without_room_stand_last():
    event = events.event(meetings=(events.meeting(2, 2), events.meeting(1, 1), events.meeting(3, 1, room="")))

    found = [(room.name, [entry.number or entry.title for entry in room.entries]) for room in rooms.of(event)]

    assert found == [("Raum 12", ["AG 1", "AG 2"]), ("Saal", ["Begrüßung"]), ("", ["AG 3"])]


def test_signs_no_font_has_are_named_instead_of_drawn():
    source = pack.html(
        events.event(events.household(1, events.guest(1, "ሰላም")), title="Fest ሰ"),
        Wishes([Part.ATTENDANCE]),
    )

    assert "ሰ" not in source
    assert "Fest [Zeichen fehlt]" in source


def test_what_people_are_called_is_text_and_no_markup():
    hostile = "<img src='file:///etc/passwd'><script>alert(1)</script>"

    source = pack.html(events.event(events.household(1, events.guest(1, hostile))), Wishes(tuple(Part)))

    assert "<script" not in source
    assert "<img src='file" not in source


def test_a_demo_says_so_on_every_notice():
    source = pack.html(events.event(is_demo=True), Wishes([Part.POSTER, Part.FLYER]))

    assert source.count("Demo: erfunden") == 3


def test_the_pack_is_drawn_by_a_process_without_keys(event, monkeypatch):
    monkeypatch.setenv("DATA_KEY", "geheim")
    seen = {}
    run = subprocess.run

    def watched(command, **options):
        seen.update(options["env"])
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watched)

    content = pack.make(event, Wishes([Part.FLYER]))

    assert content == pack.draw(pack.html(event, Wishes([Part.FLYER])), event.accent)
    assert "DATA_KEY" not in seen


def test_a_process_that_fails_is_told_in_a_sentence(event, monkeypatch):
    monkeypatch.setattr(apart, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(3)"])

    with pytest.raises(PrintFailed):
        pack.make(event, Wishes([Part.FLYER]))
