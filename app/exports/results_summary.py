"""The results in short: sentences and small tables made from the figures, right for none, one and many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

GERMAN = Locale("de")
# As many topics are named in the summary; the second where many recommendations need the room.
TOP, TOP_BESIDE_MANY = 5, 3
MANY = 9
# As many recommendations are named with their titles; where there are more, the page has room for their numbers only.
WITH_TITLES = 15
UNDECIDED = ("collected", "drafted", "in_consultation", "prioritised", "submitted")
UNDER_WAY = ("adopted", "adopted_amended", "planned", "in_progress")


@dataclass
class Summary:
    """What the page with the most important things says."""

    tiles: list[tuple[str, str]]
    sentences: list[str]
    topics: list[dict[str, Any]]
    # All recommendations by their numbers, or none where they are too many for the page.
    recommendations: list[dict[str, Any]]
    statuses: list[dict[str, Any]]
    next_steps: list[str]


def of(data: dict[str, Any]) -> Summary:
    """The summary of a clean snapshot."""
    voices = [entry for entry in data["contributions"] if not entry.get("withdrawn")]
    recommendations = data["recommendations"]
    return Summary(
        tiles=[
            _tile(data["attendance"]["registered"], "Mensch angemeldet", "Menschen angemeldet"),
            _tile(len(data["groups"]), "Arbeitsgruppe", "Arbeitsgruppen"),
            _tile(len(voices), "Beitrag", "Beiträge"),
            _tile(len(recommendations), "Empfehlung", "Empfehlungen"),
        ],
        sentences=_sentences(data, voices),
        topics=_topics(data, voices),
        recommendations=sorted(recommendations, key=lambda entry: entry["number"])
        if len(recommendations) <= WITH_TITLES
        else [],
        statuses=_statuses(recommendations),
        next_steps=_next_steps(data, voices),
    )


def counted(number: int, one: str, many: str) -> str:
    """`1 Beitrag`, `2 Beiträge`, `1.250 Beiträge`; figure and word stay on one line."""
    return f"{format_decimal(number, locale=GERMAN)}\u00a0{one if number == 1 else many}"


def _tile(number: int, one: str, many: str) -> tuple[str, str]:
    figure, words = counted(number, one, many).split("\u00a0", 1)
    return figure, words


def _sentences(data: dict[str, Any], voices: list[dict[str, Any]]) -> list[str]:
    """What was said, and in how many languages."""
    withdrawn = len(data["contributions"]) - len(voices)
    languages = Counter(entry["lang"].split("-")[0] for entry in voices)
    found = []
    if not voices:
        found.append("Veröffentlichte Beiträge gibt es in dieser Ausgabe nicht.")
    elif len(languages) > 1:
        names = [GERMAN.languages.get(code, code) for code, _ in languages.most_common()]
        found.append(
            f"Die {counted(len(voices), 'Beitrag', 'Beiträge')} sind in {len(languages)} Sprachen geschrieben: "
            f"{format_list(names, locale=GERMAN)}."
        )
    duplicates = sum(entry["status"] == "duplicate" for entry in voices)
    if duplicates:
        found.append(
            f"{counted(duplicates, 'Beitrag sagt', 'Beiträge sagen')} dasselbe wie ein anderer Beitrag. "
            f"{'Er zählt' if duplicates == 1 else 'Sie zählen'} trotzdem mit."
        )
    if withdrawn:
        found.append(f"{counted(withdrawn, 'Beitrag ist', 'Beiträge sind')} zurückgezogen.")
    if not data["recommendations"]:
        found.append("Empfehlungen gibt es in dieser Ausgabe noch nicht.")
    return found


def _topics(data: dict[str, Any], voices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The topics most was said about, the ones with equally many in the order of their numbers."""
    counts = Counter(entry["topic"] for entry in voices if entry["topic"] is not None)
    groups = {group["number"]: group["title"] for group in data["groups"]}
    found = [
        {
            "anchor": f"thema-{topic['number']}",
            "title": topic["title"],
            "group": groups.get(topic["group"], "alle Gruppen"),
            "count": counts[topic["number"]],
        }
        for topic in sorted(data["topics"], key=lambda topic: (-counts[topic["number"]], topic["number"]))
        if counts[topic["number"]]
    ]
    return found[: TOP_BESIDE_MANY if MANY <= len(data["recommendations"]) <= WITH_TITLES else TOP]


def _statuses(recommendations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many recommendations stand where, with their numbers; the most frequent first."""
    found: dict[str, dict[str, Any]] = {}
    for entry in recommendations:
        row = found.setdefault(
            entry["status"], {"status": entry["status"], "status_label": entry["status_label"], "numbers": []}
        )
        row["numbers"].append(entry["number"])
    return sorted(found.values(), key=lambda row: (-len(row["numbers"]), row["numbers"][0]))


def _next_steps(data: dict[str, Any], voices: list[dict[str, Any]]) -> list[str]:
    """What comes after this edition, as far as the figures say it."""
    edition, recommendations = data["edition"], data["recommendations"]
    found = []
    if edition["correction_until"]:
        last = format_date(date.fromisoformat(edition["correction_until"]), "long", GERMAN)
        found.append(f"Bis {last} können Sie uns sagen, was an dieser Ausgabe nicht stimmt.")
    undecided = sum(entry["status"] in UNDECIDED for entry in recommendations)
    if undecided:
        found.append(f"Über {counted(undecided, 'Empfehlung', 'Empfehlungen')} ist noch nicht entschieden.")
    under_way = sum(entry["status"] in UNDER_WAY for entry in recommendations)
    if under_way:
        found.append(
            f"{counted(under_way, 'Empfehlung ist', 'Empfehlungen sind')} beschlossen, geplant oder in Arbeit."
        )
    dated = sorted(
        (entry["target_date"], entry["number"])
        for entry in recommendations
        if entry["target_date"]
        and entry["status"] in (*UNDECIDED, *UNDER_WAY)
        and entry["target_date"] >= edition["published_on"]
    )
    if dated:
        target, number = dated[0]
        words = format_date(date.fromisoformat(target), "long", GERMAN)
        found.append(f"Der nächste Termin: Empfehlung {number} soll bis {words} umgesetzt sein.")
    owed = sum(bool(entry["owed_by"]) for entry in voices)
    if owed:
        found.append(f"Auf {counted(owed, 'Beitrag', 'Beiträge')} fehlt noch eine Antwort.")
    found.append("Die nächste Ausgabe zeigt, was sich geändert hat.")
    return found
