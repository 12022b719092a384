"""The print pack: the parts one wants, in one file."""

from __future__ import annotations

import base64
import enum
import logging
from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.exports import apart, glyphs, pdf
from app.exports.print import attendance, labels, name_tags, notice, rooms, table_sheets
from app.exports.print.event import Event

log = logging.getLogger(__name__)

STYLES = "print.css"


class Part(enum.Enum):
    """What a pack can hold, in the order in which it is printed."""

    NAME_TAGS = "namensschilder"
    ATTENDANCE = "anwesenheit"
    DOOR_SIGNS = "tuerschilder"
    DAY_PLANS = "raumplaene"
    TABLE_SHEETS = "tischblaetter"
    POSTER = "plakat"
    FLYER = "flyer"


@dataclass(frozen=True)
class Wishes:
    """Which parts, and on which sheets of labels."""

    parts: Collection[Part]
    sheet: labels.Sheet = labels.SHEETS["avery-l4785"]
    start: int = 1
    empty: int = 10


def html(event: Event, wishes: Wishes) -> str:
    """The pack as HTML, before it is set on pages. Signs no font has are replaced by a note."""
    # Names of people are looked at where they are set.
    households, event = event.households, replace(event, households=())
    event = replace(_drawable(event), households=households)
    parts = wishes.parts
    tags = (
        name_tags.prepare(event, wishes.sheet, start=wishes.start, empty=wishes.empty)
        if Part.NAME_TAGS in parts
        else None
    )
    rows = _drawable(attendance.prepare(event))
    return pdf.page(
        "documents/print/pack.html",
        event=event,
        parts={part.name.lower() for part in parts},
        tags=tags,
        geometry=_as_address(labels.geometry(wishes.sheet)) if tags else "",
        rows=rows,
        people=attendance.people(rows),
        empty_rows=attendance.EMPTY_ROWS,
        rooms=rooms.of(event),
        tables=table_sheets.prepare(event),
        points=table_sheets.POINTS,
        notice=notice.prepare(event) if {Part.POSTER, Part.FLYER} & set(parts) else None,
    )


def draw(source: str, accent: str) -> bytes:
    """Set a pack on pages, in this process."""
    return pdf.draw(source, accent, sheet=STYLES)


def make(event: Event, wishes: Wishes) -> bytes:
    """The pack as PDF, drawn in a process of its own. Raises PrintFailed, PrintBusy."""
    return apart.draw(html(event, wishes), event.accent, STYLES)


def _as_address(style: str) -> str:
    return "data:text/css;base64," + base64.b64encode(style.encode()).decode()


def _drawable(value: Any) -> Any:
    """`value` without signs that cannot be seen, and with a note for those that cannot be drawn."""
    words = _each(value, glyphs.readable)
    missing = glyphs.missing({"words": _texts(words)})
    if not missing:
        return words
    log.warning("no font for these signs of a print pack: %s", ", ".join(sign.sign for sign in missing))
    unknown = {sign.char for sign in missing}
    return _each(words, lambda text: glyphs.replaced(text, unknown))


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return type(value)({key: change(text) for key, text in value.items()})
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _each(getattr(value, field.name), change) for field in fields(value)}
        )
    if isinstance(value, (list, tuple)):
        return type(value)(_each(item, change) for item in value)
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return list(value.values())
    if is_dataclass(value) and not isinstance(value, type):
        return [text for field in fields(value) for text in _texts(getattr(value, field.name))]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []
