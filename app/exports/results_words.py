"""Words of a document: dates, statuses, languages, paragraphs; all in German."""

from __future__ import annotations

import enum
import re
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date

from app.domain.local_time import LOCAL
from app.models import RecommendationStatus
from app.models.translated import RIGHT_TO_LEFT
from app.web import labels

GERMAN = Locale("de")
TONES = {
    "adopted": "good",
    "adopted_amended": "good",
    "done": "good",
    "planned": "going",
    "in_progress": "going",
    "collected": "open",
    "drafted": "open",
    "in_consultation": "open",
    "prioritised": "open",
    "submitted": "open",
    "noted": "held",
    "deferred": "held",
    "rejected": "ended",
    "stopped": "ended",
}


def badge(entry: dict[str, Any]) -> dict[str, Any]:
    """A status as a word and a tone; the tone is never alone."""
    return {"words": entry["status_label"], "tone": TONES.get(entry["status"], "open")}


def word(kind: type[enum.Enum], value: str) -> str:
    """The German word of an enum member; the value itself where a file of a later version has another one."""
    try:
        return labels.label(kind(value))
    except ValueError:
        return value


def word_of_status(value: str | None) -> str:
    """The German word of a recommendation's status, or nothing."""
    return word(RecommendationStatus, value) if value else ""


def day(value: str | None) -> str:
    """`2. März 2026` for an ISO date, nothing for none."""
    return format_date(date.fromisoformat(value), "long", GERMAN) if value else ""


def moment(value: str) -> datetime:
    """The local time of an instant."""
    return datetime.fromisoformat(value).astimezone(LOCAL)


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs of lines: an empty line divides them."""
    blocks = re.split(r"\n\s*\n", text or "")
    return [[line.strip() for line in block.strip().split("\n")] for block in blocks if block.strip()]


def shortened(text: str, length: int) -> str:
    """`text`, cut behind a word where it is longer than `length`."""
    if len(text) <= length:
        return text
    start = text[:length]
    return (start.rsplit(None, 1)[0] if " " in start else start).rstrip(".,;:– ") + " …"


def direction(entry: dict[str, Any]) -> str:
    return "rtl" if entry["lang"].split("-")[0] in RIGHT_TO_LEFT else "ltr"


def language(code: str) -> str:
    """The German name of a language other than German."""
    main = code.split("-")[0]
    return "" if main in ("de", "") else GERMAN.languages.get(main, code)


def translation_note(entry: dict[str, Any]) -> str:
    if not entry["german"]:
        return ""
    if entry["german_by"] == "machine" and not entry["german_reviewed"]:
        return "Von einer Maschine übersetzt, noch nicht geprüft"
    if entry["german_by"] == "machine":
        return "Von einer Maschine übersetzt, von einem Menschen geprüft"
    return "Auf Deutsch"


def tel(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)
