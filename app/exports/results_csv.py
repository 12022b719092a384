"""The results of a conference as a table for spreadsheets: one row per item. docs/open-data.md tells its columns."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, cast

from app.domain.snapshot import GroupEntry, Snapshot
from app.domain.snapshot_results import ContributionEntry, RecommendationEntry, TopicEntry
from app.models import ContributionChannel, ContributionKind, ContributionStatus, Horizon, TranslatedBy
from app.web.labels import in_german

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    "Art",
    "Nummer",
    "Titel",
    "Text",
    "Sprache",
    "Deutsche Übersetzung",
    "Übersetzung",
    "Beitragsart",
    "Stand",
    "Arbeitsgruppe",
    "Runde",
    "Thema",
    "Eingangsweg",
    "Eingegangen am",
    "Name",
    "Zählt mit bei",
    "Antwort",
    "Beantwortet am",
    "Empfehlungen",
    "Antwort schuldet",
    "Seit",
    "Handlungsfeld",
    "Zielgruppen",
    "Bedarf",
    "Ziel",
    "Maßnahmen",
    "Zuständig",
    "Partner",
    "Kümmerer",
    "Zeitraum",
    "Bis",
    "Rang",
    "Ergebnis",
    "Verlauf",
    "Belege",
    "Personen",
)
Row = dict[str, str]
# With what a cell begins that a spreadsheet takes for a formula; also as full-width or small signs (NFKC).
_FORMULA = "=+-@\N{MINUS SIGN}"
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›"


def render(snapshot: Snapshot) -> bytes:
    """UTF-8 with BOM, `;` between cells, CRLF between rows: German spreadsheets open it as it is.

    No cell can start a formula: one that would gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(snapshot):
        writer.writerow([harmless(row.get(name, "")) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def rows(snapshot: Snapshot) -> Iterator[Row]:
    """One row per item: recommendations, contributions, topics, working groups and their minutes."""
    yield from (_recommendation(entry) for entry in snapshot["recommendations"])
    for entry in snapshot["contributions"]:
        if entry.get("withdrawn"):
            yield {
                "Art": "Beitrag",
                "Nummer": str(entry["number"]),
                "Stand": in_german(ContributionStatus.WITHDRAWN),
            }
        else:
            yield _contribution(cast(ContributionEntry, entry))
    yield from (_topic(topic) for topic in snapshot["topics"])
    for group in snapshot["groups"]:
        yield from _group(group)


def harmless(cell: str) -> str:
    """The cell as a spreadsheet reads it as text: with an apostrophe in front where it would start a formula."""
    if cell[:1] in ("\t", "\r", "\n"):
        return "'" + cell
    for sign in cell:
        if unicodedata.category(sign)[0] in "ZC" or sign in _QUOTES:
            continue
        return "'" + cell if unicodedata.normalize("NFKC", sign)[:1] in _FORMULA else cell
    return cell


def _recommendation(entry: RecommendationEntry) -> Row:
    return {
        "Art": "Empfehlung",
        "Nummer": str(entry["number"]),
        "Titel": entry["title"],
        "Sprache": "de",
        "Stand": entry["status_label"],
        "Antwort": entry["answer"],
        "Handlungsfeld": entry["field_of_action"],
        "Zielgruppen": _lines(entry["target_groups"]),
        "Bedarf": entry["need"],
        "Ziel": entry["goal"],
        "Maßnahmen": _lines(entry["measures"]),
        "Zuständig": entry["lead"],
        "Partner": _lines(entry["partners"]),
        "Kümmerer": entry["caretaker"],
        "Zeitraum": in_german(Horizon(entry["horizon"])) if entry["horizon"] else "",
        "Bis": entry["target_date"] or "",
        "Rang": _number(entry["priority"]),
        "Ergebnis": entry["result"],
        "Verlauf": _lines(
            ": ".join(
                part
                for part in (
                    f"{step['happened_on']} {step['status_label']}",
                    " – ".join(words for words in (step["decided_by"], step["text"]) if words),
                )
                if part
            )
            for step in entry["history"]
        ),
        "Belege": ", ".join(_evidence(cast(dict[str, Any], evidence)) for evidence in entry["evidence"]),
    }


def _evidence(evidence: dict[str, Any]) -> str:
    match evidence["kind"]:
        case "contribution":
            return f"Beitrag {evidence['number']}"
        case "topic":
            return f"Thema {evidence['number']}"
    return f"Protokoll {evidence['group']}/{evidence['round']}"


def _contribution(entry: ContributionEntry) -> Row:
    made_by = in_german(TranslatedBy(entry["german_by"])) if entry["german_by"] else ""
    if entry["german_by"] == TranslatedBy.MACHINE.value:
        made_by += ", geprüft" if entry["german_reviewed"] else ", nicht geprüft"
    return {
        "Art": "Beitrag",
        "Nummer": str(entry["number"]),
        "Text": entry["text"],
        "Sprache": entry["lang"],
        "Deutsche Übersetzung": entry["german"],
        "Übersetzung": made_by,
        "Beitragsart": in_german(ContributionKind(entry["kind"])),
        "Stand": in_german(ContributionStatus(entry["status"])),
        "Arbeitsgruppe": _number(entry["group"]),
        "Thema": _number(entry["topic"]),
        "Eingangsweg": in_german(ContributionChannel(entry["channel"])),
        "Eingegangen am": entry["received_on"],
        "Name": entry["display_name"],
        "Zählt mit bei": _number(entry["duplicate_of"]),
        "Antwort": entry["answer"],
        "Beantwortet am": entry["answered_on"] or "",
        "Empfehlungen": ", ".join(
            str(of["number"]) if of["directly"] else f"{of['number']} (über das Thema)"
            for of in entry["recommendations"]
        ),
        "Antwort schuldet": entry["owed_by"],
        "Seit": entry["owed_since"] or "",
    }


def _topic(topic: TopicEntry) -> Row:
    return {
        "Art": "Thema",
        "Nummer": str(topic["number"]),
        "Titel": topic["title"],
        "Text": topic["summary"],
        "Sprache": "de",
        "Arbeitsgruppe": _number(topic["group"]),
    }


def _group(group: GroupEntry) -> Iterator[Row]:
    yield {
        "Art": "Arbeitsgruppe",
        "Nummer": str(group["number"]),
        "Titel": group["title"],
        "Text": _lines(group["questions"]),
        "Sprache": "de",
        "Arbeitsgruppe": str(group["number"]),
    }
    for minutes in group["minutes"]:
        yield {
            "Art": "Protokoll",
            "Nummer": f"{group['number']}/{minutes['round']}",
            "Text": _lines(minutes["points"]),
            "Sprache": "de",
            "Arbeitsgruppe": str(group["number"]),
            "Runde": str(minutes["round"]),
            "Personen": _number(minutes["participants"]),
        }


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
