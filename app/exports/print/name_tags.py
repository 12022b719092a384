"""Name tags: one for each person with a place, and empty ones for people who come unannounced."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.domain.queries.day import Guest
from app.exports import glyphs
from app.exports.print import fitting, labels
from app.exports.print.event import Event
from app.exports.print.labels import Sheet

# Points. Each has a rule `.size-N` in print.css.
NAME_SIZES = (32, 28, 24, 21, 18, 16, 14, 12, 10, 8)
SMALL_SIZES = (12, 11, 10, 9, 8, 7)
# Millimetres between the edge of a label and its words: printers and hands are not exact.
PADDING = 4.0
MOST_EMPTY = 200


@dataclass(frozen=True)
class Line:
    """Words of one size."""

    text: str
    points: int
    is_rtl: bool = False


@dataclass(frozen=True)
class Tag:
    """What stands on one tag; without a name there is a line to write on."""

    name: Line | None
    organisation: Line | None
    groups: Line | None


@dataclass(frozen=True)
class PlacedTag:
    """A tag in its column and row."""

    tag: Tag
    column: int
    row: int


@dataclass(frozen=True)
class NameTags:
    """All sheets of tags."""

    sheet: Sheet
    head: Line
    pages: list[list[PlacedTag]]


def prepare(event: Event, sheet: Sheet, *, start: int = 1, empty: int = 0) -> NameTags:
    """The tags in the order of the list at the door, from label `start` of the first sheet on, then `empty` ones."""
    room = _Room(sheet)
    rounds = {meeting.round_number for meeting in event.meetings}
    tags = [
        room.tag(guest, household.organisation, several_rounds=len(rounds) > 1)
        for household in event.households
        for guest in household.guests
    ]
    tags += [Tag(None, None, None)] * min(max(0, empty), MOST_EMPTY)
    return NameTags(
        sheet,
        room.small(event.host),
        [
            [PlacedTag(tag, *sheet.place(index)) for index, tag in page]
            for page in labels.sheets_of(sheet, tags, start)
        ],
    )


def unprintable(event: Event) -> list[str]:
    """Names with signs no bundled font has: their tags stay empty, to be written by hand."""
    known = glyphs.covered()
    return [
        guest.name
        for household in event.households
        for guest in household.guests
        if not _is_printable(guest.name, known)
    ]


def _is_printable(name: str, known: Collection[int]) -> bool:
    return all(ord(sign) in known or sign.isspace() for sign in glyphs.readable(name))


class _Room:
    """How much room a label of a sheet has, in millimetres."""

    def __init__(self, sheet: Sheet) -> None:
        self.width = sheet.width - 2 * PADDING
        inner = sheet.height - 2 * PADDING
        # The host above and the groups beneath have a line each; an organisation needs up to a fifth.
        self.beside = inner - 9.5
        self.organisation = self.beside * 0.28
        self._known = glyphs.covered()

    def tag(self, guest: Guest, organisation: str, *, several_rounds: bool) -> Tag:
        name = glyphs.readable(guest.name)
        if not _is_printable(name, self._known):
            name = ""
        below = self._organisation(organisation)
        height = self.beside - (self.organisation if below else 0)
        return Tag(
            self._name("Kind" if guest.is_child else name, height),
            below,
            self._groups(guest, several_rounds),
        )

    def small(self, text: str) -> Line:
        """One line of small print."""
        return Line(fitting.shortened(text, 8, self.width, 1), 8)

    def _name(self, text: str, height: float) -> Line | None:
        if not text:
            return None
        points = fitting.size(text, NAME_SIZES, self.width, height)
        most = max(1, int(height * fitting.POINTS_PER_MM / (points * fitting.LINE_HEIGHT)))
        return Line(fitting.shortened(text, points, self.width, most), points, fitting.is_rtl(text))

    def _organisation(self, text: str) -> Line | None:
        text = glyphs.readable(text)
        if not text or not _is_printable(text, self._known):
            return None
        points = fitting.size(text, SMALL_SIZES, self.width, self.organisation, is_bold=False)
        most = max(1, int(self.organisation * fitting.POINTS_PER_MM / (points * fitting.LINE_HEIGHT)))
        short = fitting.shortened(text, points, self.width, most, is_bold=False)
        return Line(short, points, fitting.is_rtl(text))

    def _groups(self, guest: Guest, several_rounds: bool) -> Line | None:
        if not guest.meetings:
            return None
        words = (
            " · ".join(
                f"Runde {meeting.round_number}: AG {meeting.group_number}" for meeting in guest.meetings
            )
            if several_rounds
            else f"AG {guest.meetings[0].group_number}"
        )
        return self.small(words)


def all_names(pages: NameTags) -> Iterator[str]:
    """The names on the tags, in order."""
    for page in pages.pages:
        for placed in page:
            if placed.tag.name:
                yield placed.tag.name.text
