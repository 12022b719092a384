"""Name tags: every word stays on its label, whatever people are called."""

import io

import pytest
from pypdf import PdfReader

from app.exports import glyphs, pdf
from app.exports.print import fitting, labels, name_tags, pack
from app.exports.print.pack import Part, Wishes
from tests.exports.print import events

PIXELS = 96 / 25.4
POINTS = 72 / 25.4


def boxes(source):
    """Every tag as laid out: the edges of its label, and of each piece of text in it, in millimetres."""
    kit = pdf._kit()
    document = kit.html(source).render(
        stylesheets=[kit.sheet(pack.STYLES), kit.css(pdf._colours("#00615a"))], font_config=kit.fonts
    )
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element_tag == "li":
                texts = [
                    (
                        text.position_x,
                        text.position_y,
                        text.position_x + text.width,
                        text.position_y + text.height,
                    )
                    for text in box.descendants()
                    if getattr(text, "text", "").strip()
                ]
                edges = (
                    box.position_x,
                    box.position_y,
                    box.position_x + box.width,
                    box.position_y + box.height,
                )
                # Width and height leave out the padding on both sides.
                edges = edges[0], edges[1], edges[2] + 2 * name_tags.PADDING * PIXELS, edges[3]
                yield (*edges[:3], edges[3] + 2 * name_tags.PADDING * PIXELS), texts


def outside(source):
    """The texts that leave their label by more than a hair."""
    hair = 0.1 * PIXELS
    found = []
    for edges, texts in boxes(source):
        found += [
            (edges, text)
            for text in texts
            if text[0] < edges[0] - hair
            or text[1] < edges[1] - hair
            or text[2] > edges[2] + hair
            or text[3] > edges[3] + hair
        ]
    return found


def people(*names, organisation=""):
    meetings = [events.meeting(1), events.meeting(2, 2)]
    return events.event(
        *(
            events.household(number, events.guest(number, name, None, *meetings), organisation=organisation)
            for number, name in enumerate(names, start=1)
        )
    )


@pytest.mark.parametrize("sheet", labels.SHEETS.values(), ids=list(labels.SHEETS))
def test_no_name_leaves_its_label(sheet):
    event = people(*events.NAMES, "W" * 120, "م" * 120, "ä " * 60, organisation="Verein " + "für alle " * 21)

    source = pack.html(event, pack.Wishes([pack.Part.NAME_TAGS], sheet=sheet))

    assert outside(source) == []
    # Something is there to leave it.
    assert sum(len(texts) for _edges, texts in boxes(source)) > 40


def test_the_check_sees_a_name_that_leaves_its_label():
    source = pack.html(people(events.LONG), pack.Wishes([pack.Part.NAME_TAGS]))
    small = name_tags.prepare(people(events.LONG), labels.SHEETS["avery-l4785"]).pages[0][0].tag.name.points

    assert outside(source.replace(f"tag__name size-{small}", "tag__name size-32")) != []


@pytest.mark.parametrize("sheet", labels.SHEETS.values(), ids=list(labels.SHEETS))
def test_labels_lie_in_the_file_where_they_lie_on_the_sheet_to_half_a_millimetre(sheet):
    event = people(*[f"Name {number:02}" for number in range(1, sheet.count + 1)])
    source = pack.html(event, Wishes([Part.NAME_TAGS], sheet, empty=0))
    places = [sheet.place(index) for index in range(sheet.count)]
    wanted = [
        (left, top, left + sheet.width, top + sheet.height)
        for left, top in (
            (sheet.left + column * sheet.pitch_x, sheet.top + row * sheet.pitch_y) for column, row in places
        )
    ]

    laid = [tuple(edge / PIXELS for edge in edges) for edges, _texts in boxes(source)]
    (page,) = PdfReader(io.BytesIO(pack.draw(source, event.accent))).pages

    assert len(laid) == len(wanted)
    for edges, expected in zip(laid, wanted, strict=True):
        assert edges == pytest.approx(expected, abs=0.5)
    assert [float(side) / POINTS for side in page.mediabox[2:]] == pytest.approx([210, 297], abs=0.5)
    # In the file itself: each name within its own label, in the order of the sheet.
    drawn = names_drawn(page)
    assert len(drawn) == sheet.count
    for (x, y), (left, top, right, bottom) in zip(drawn, wanted, strict=True):
        assert (left <= x <= right, top <= y <= bottom) == (True, True)


def names_drawn(page):
    """Where the names begin in the file, in millimetres from the upper left corner of the paper."""
    found = []

    def note(text, current, matrix, _font, _size):
        if text.strip().startswith("Name"):
            x = matrix[4] * current[0] + current[4]
            y = matrix[5] * current[3] + current[5]
            found.append((x / POINTS, 297 - y / POINTS))

    page.extract_text(visitor_text=note)
    return found


def test_a_short_name_is_larger_than_a_long_one():
    tags = name_tags.prepare(people("Jo", events.LONG), labels.SHEETS["avery-l4785"]).pages[0]

    assert [placed.tag.name.points for placed in tags] == [32, 14]
    assert tags[1].tag.name.text == events.LONG


def test_a_child_is_called_child_and_nothing_else():
    event = events.event(
        events.household(1, events.guest(1, "Mona"), events.guest(2, "", 4), name="Mona Amiri")
    )

    tags = name_tags.prepare(event, labels.SHEETS["avery-l4785"])

    assert list(name_tags.all_names(tags)) == ["Mona", "Kind"]
    assert "4" not in "".join(name_tags.all_names(tags))


def test_arabic_names_run_from_right_to_left():
    tags = name_tags.prepare(people(events.ARABIC, "Maria"), labels.SHEETS["avery-l4785"]).pages[0]

    assert [placed.tag.name.is_rtl for placed in tags] == [True, False]
    assert tags[0].tag.name.text == events.ARABIC


def test_who_has_no_name_gets_an_empty_tag_and_so_do_people_without_registration():
    event = events.event(events.household(1, events.guest(1)))

    tags = name_tags.prepare(event, labels.SHEETS["avery-l4785"], empty=3)

    assert [placed.tag.name for placed in tags.pages[0]] == [None] * 4


def test_a_name_no_font_can_write_is_left_to_a_pen_and_named():
    event = people("ሰላም ተስፋዬ", "Maria")

    tags = name_tags.prepare(event, labels.SHEETS["avery-l4785"]).pages[0]

    assert [placed.tag.name and placed.tag.name.text for placed in tags] == [None, "Maria"]
    assert name_tags.unprintable(event) == ["ሰላም ተስፋዬ"]


def test_groups_stand_with_their_rounds():
    tag = name_tags.prepare(people("Jo"), labels.SHEETS["avery-l4785"]).pages[0][0].tag

    assert tag.groups.text == "Runde 1: AG 1 · Runde 2: AG 2"


def test_measured_lines_are_those_that_are_set():
    assert fitting.lines("ein Wort", 10, 100) == (1, False)
    assert fitting.lines("ein Wort", 10, 8) == (3, True)
    assert fitting.lines("mmmmmmmmmm", 20, 20)[1] is True
    assert fitting.shortened("Stadt Musterhausen", 8, 12, 1).endswith("…")
    assert glyphs.readable(fitting.shortened("kurz", 8, 70, 1)) == "kurz"
