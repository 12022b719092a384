"""Sheets of labels: they lie on the paper, do not overlap, and begin where the last one was torn off."""

import pytest

from app.exports.print import labels
from app.exports.print.labels import SHEETS

EACH = pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))


@EACH
def test_labels_lie_on_the_paper_side_by_side(sheet):
    right = sheet.left + (sheet.columns - 1) * sheet.pitch_x + sheet.width
    bottom = sheet.top + (sheet.rows - 1) * sheet.pitch_y + sheet.height

    assert (sheet.pitch_x >= sheet.width, sheet.pitch_y >= sheet.height) == (True, True)
    assert right <= labels.PAPER_WIDTH
    assert bottom <= labels.PAPER_HEIGHT
    # Makers put labels in the middle of the sheet, to a few millimetres.
    assert abs(labels.PAPER_WIDTH - right - sheet.left) <= 3.1
    assert abs(labels.PAPER_HEIGHT - bottom - sheet.top) <= 3.1


@EACH
def test_each_sheet_says_where_its_sizes_are_from(sheet):
    assert sheet.source.startswith("gLabels: templates/") or sheet.is_cut


def test_tags_begin_behind_the_labels_already_used():
    sheet = SHEETS["avery-l4785"]

    found = list(labels.sheets_of(sheet, list("abcd"), start=9))

    assert found == [[(8, "a"), (9, "b")], [(0, "c"), (1, "d")]]
    assert [sheet.place(index) for index in (0, 1, 8, 9)] == [(0, 0), (1, 0), (0, 4), (1, 4)]


@pytest.mark.parametrize("start", [-3, 0, 11, 10**6])
def test_a_start_the_sheet_does_not_have_is_the_first(start):
    assert list(labels.sheets_of(SHEETS["avery-l4785"], ["a"], start)) == [[(0, "a")]]


def test_geometry_puts_the_second_label_a_pitch_further():
    rules = labels.geometry(SHEETS["herma-4103"])

    assert ".tag { width: 63.5mm; height: 38.1mm; border-radius: 0.0mm }" in rules
    assert ".tag--x1 { left: 73.25mm }" in rules
    assert ".tag--y6 { top: 244.1mm }" in rules
