"""The results as they are read: a snapshot made ready for the PDF and for the page that says the same.

Always in German, whatever the page around it speaks: it is the record of a conference.
"""

from __future__ import annotations

import enum
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask_babel import force_locale

from app.domain.local_time import LOCAL
from app.exports import glyphs, results_summary
from app.models import AgendaKind, ContributionKind, Horizon, RecommendationStatus
from app.models.translated import RIGHT_TO_LEFT
from app.web import labels

GERMAN = Locale("de")
# A quotation longer than this is cut in a recommendation; the annex has the whole.
QUOTED = 320
# As many numbers stand behind a topic; the annex names the topic of each contribution.
LISTED = 40
# As many recommendations are named behind a status in the summary, which has one page.
NAMED = 8
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
FIELDS = {
    "title": "Titel",
    "field_of_action": "Handlungsfeld",
    "target_groups": "Für wen",
    "need": "Bedarf",
    "goal": "Ziel",
    "measures": "Maßnahmen",
    "lead": "Zuständig",
    "partners": "Partner",
    "caretaker": "Kümmert sich",
    "horizon": "Dauer",
    "target_date": "Zieldatum",
    "priority": "Rang",
    "status": "Stand",
    "answer": "Antwort",
    "result": "Ergebnis",
    "history": "Verlauf",
    "evidence": "Grundlage",
}

Entry = dict[str, Any]


@dataclass
class Document:
    """What the templates read; every text is clean, every date in words, every link leads somewhere in it."""

    title: str
    running_title: str
    edition_line: str
    published: str
    is_demo: bool
    accent: str
    host: Entry
    conference: Entry
    edition: Entry
    attendance: Entry
    programme: list[Entry]
    groups: list[Entry]
    cross_topics: list[Entry]
    recommendations: list[Entry]
    contributions: list[Entry]
    changes: Entry | None
    summary: results_summary.Summary
    code_page: str
    chapters: list[Entry] = field(default_factory=list)


def prepare(snapshot: dict[str, Any]) -> Document:
    """The document of a snapshot; the same snapshot gives the same document. The snapshot stays as it is."""
    with force_locale("de"):
        document = _document(glyphs.clean(snapshot))
    document.chapters = _chapters(document)
    return document


def _document(data: Entry) -> Document:
    conference, edition, host = data["conference"], data["edition"], data["host"]
    published = day(edition["published_on"])
    topics = {topic["number"]: topic for topic in data["topics"]}
    index = _Index(data)
    groups = [_group(group, topics.values(), index) for group in data["groups"]]
    grouped = {group["number"] for group in groups}
    return Document(
        title=conference["title"],
        running_title=shortened(f"{host['name']} · {conference['title']}", 58),
        edition_line=f"Ausgabe {edition['number']} vom {published}",
        published=published,
        is_demo=bool(edition["is_demo"]),
        accent=host["accent_colour"],
        host=host | {"lines": _address(host), "tel": _tel(host["phone"])},
        conference=_conference(conference),
        edition=edition
        | {"correction": day(edition["correction_until"]), "paragraphs": paragraphs(edition["note"])},
        attendance=data["attendance"],
        programme=[_item(item) for item in data["programme"]],
        groups=groups,
        cross_topics=[_topic(topic, index) for topic in topics.values() if topic["group"] not in grouped],
        recommendations=[_recommendation(entry, index) for entry in data["recommendations"]],
        contributions=[_contribution(entry, index) for entry in data["contributions"]],
        changes=_changes(data["changes"], index) if data["changes"] else None,
        summary=_summary(data),
        code_page=conference["address"].rstrip("/") + "/mein-beitrag",
    )


def _summary(data: Entry) -> results_summary.Summary:
    summary = results_summary.of(data)
    for row in summary.statuses:
        numbers = row["numbers"]
        row |= {
            "badge": badge(row),
            "count": len(numbers),
            "numbers": numbers[:NAMED],
            "more": max(0, len(numbers) - NAMED),
        }
    return summary


class _Index:
    """Finds what entries point to; what is not in the snapshot is named without a link."""

    def __init__(self, data: Entry) -> None:
        self.contributions = {entry["number"]: entry for entry in data["contributions"]}
        self.recommendations = {entry["number"]: entry for entry in data["recommendations"]}
        self.topics = {topic["number"]: topic for topic in data["topics"]}
        self.groups = {group["number"]: group for group in data["groups"]}
        self.minutes = {
            (group["number"], minutes["round"]) for group in data["groups"] for minutes in group["minutes"]
        }
        self.by_topic: dict[int, list[int]] = defaultdict(list)
        for entry in data["contributions"]:
            if not entry.get("withdrawn") and entry["topic"] is not None:
                self.by_topic[entry["topic"]].append(entry["number"])

    def contribution(self, number: int) -> Entry:
        return _link(f"Beitrag {number}", f"beitrag-{number}" if number in self.contributions else "")

    def recommendation(self, number: int) -> Entry:
        found = self.recommendations.get(number)
        return _link(f"Empfehlung {number}", f"empfehlung-{number}" if found else "") | {
            "title": found["title"] if found else "",
            "status": badge(found) if found else None,
        }

    def topic(self, number: int) -> Entry:
        found = self.topics.get(number)
        return _link(f"Thema {number}", f"thema-{number}" if found else "") | {
            "title": found["title"] if found else ""
        }

    def group(self, number: int) -> Entry:
        found = self.groups.get(number)
        return _link(f"Arbeitsgruppe {number}", f"gruppe-{number}" if found else "") | {
            "title": found["title"] if found else ""
        }


def _link(words: str, anchor: str) -> Entry:
    return {"words": words, "anchor": anchor}


def _conference(conference: Entry) -> Entry:
    starts, ends, venue = moment(conference["starts_at"]), moment(conference["ends_at"]), conference["venue"]
    return conference | {
        "day": format_date(starts, "full", GERMAN),
        "hours": f"{starts:%H:%M} bis {ends:%H:%M} Uhr"
        if starts.date() == ends.date()
        else f"{starts:%H:%M} Uhr bis {format_date(ends, 'long', GERMAN)}, {ends:%H:%M} Uhr",
        "place": ", ".join(part for part in (venue["name"], *_address(venue)) if part) if venue else "",
        "tel": _tel(conference["contact"]["phone"]),
        "teaser_paragraphs": paragraphs(conference["teaser"]),
    }


def _address(place: Entry) -> list[str]:
    town = f"{place['postal_code']} {place['city']}".strip()
    return [line for line in (place["street"], town) if line]


def _item(item: Entry) -> Entry:
    starts, ends = moment(item["starts_at"]), moment(item["ends_at"])
    return item | {"time": f"{starts:%H:%M}–{ends:%H:%M}", "kind_label": word(AgendaKind, item["kind"])}


def _group(group: Entry, topics: Any, index: _Index) -> Entry:
    return group | {
        "anchor": f"gruppe-{group['number']}",
        "topics": [_topic(topic, index) for topic in topics if topic["group"] == group["number"]],
        "minutes": [
            minutes | {"anchor": f"gruppe-{group['number']}-runde-{minutes['round']}"}
            for minutes in group["minutes"]
        ],
    }


def _topic(topic: Entry, index: _Index) -> Entry:
    numbers = index.by_topic[topic["number"]]
    return topic | {
        "anchor": f"thema-{topic['number']}",
        "paragraphs": paragraphs(topic["summary"]),
        "count": results_summary.counted(len(numbers), "Beitrag", "Beiträge"),
        "numbers": [index.contribution(number) | {"number": number} for number in numbers[:LISTED]],
        "more": max(0, len(numbers) - LISTED),
    }


def _recommendation(entry: Entry, index: _Index) -> Entry:
    horizon = word(Horizon, entry["horizon"]) if entry["horizon"] else ""
    facts = [
        ("Handlungsfeld", entry["field_of_action"]),
        ("Für wen", ", ".join(entry["target_groups"])),
        ("Zuständig", entry["lead"]),
        ("Partner", ", ".join(entry["partners"])),
        ("Kümmert sich", entry["caretaker"]),
        ("Dauer", horizon),
        ("Zieldatum", day(entry["target_date"])),
        ("Rang", str(entry["priority"] or "")),
    ]
    return entry | {
        "anchor": f"empfehlung-{entry['number']}",
        "badge": badge(entry),
        "facts": [(term, words) for term, words in facts if words],
        "need_paragraphs": paragraphs(entry["need"]),
        "goal_paragraphs": paragraphs(entry["goal"]),
        "answer_paragraphs": paragraphs(entry["answer"]),
        "result_paragraphs": paragraphs(entry["result"]),
        "history": [
            step | {"day": day(step["happened_on"]), "badge": badge(step)} for step in entry["history"]
        ],
        "voices": [
            _voice(index, link["number"]) for link in entry["evidence"] if link["kind"] == "contribution"
        ],
        "topics": [
            index.topic(link["number"])
            | {"count": results_summary.counted(len(index.by_topic[link["number"]]), "Beitrag", "Beiträge")}
            for link in entry["evidence"]
            if link["kind"] == "topic"
        ],
        "minutes": [_minutes(index, link) for link in entry["evidence"] if link["kind"] == "minutes"],
    }


def _voice(index: _Index, number: int) -> Entry:
    found = index.contributions.get(number, {"withdrawn": True})
    voice = index.contribution(number) | {"number": number, "withdrawn": bool(found.get("withdrawn"))}
    if voice["withdrawn"]:
        return voice
    return voice | {
        "kind_label": word(ContributionKind, found["kind"]),
        "lang": found["lang"],
        "dir": _direction(found),
        "paragraphs": paragraphs(shortened(found["text"], QUOTED)),
        "is_cut": len(found["text"]) > QUOTED,
        "german": paragraphs(shortened(found["german"], QUOTED)),
        "german_note": _translation_note(found),
        "display_name": found["display_name"],
    }


def _minutes(index: _Index, link: Entry) -> Entry:
    known = (link["group"], link["round"]) in index.minutes
    anchor = f"gruppe-{link['group']}-runde-{link['round']}" if known else ""
    return _link(f"Protokoll der Arbeitsgruppe {link['group']}, Runde {link['round']}", anchor) | {
        "title": index.group(link["group"])["title"]
    }


def _contribution(entry: Entry, index: _Index) -> Entry:
    number = entry["number"]
    if entry.get("withdrawn"):
        return {"number": number, "anchor": f"beitrag-{number}", "withdrawn": True}
    topic, group, original = entry["topic"], entry["group"], entry["duplicate_of"]
    return entry | {
        "anchor": f"beitrag-{number}",
        "withdrawn": False,
        "dir": _direction(entry),
        "kind_label": word(ContributionKind, entry["kind"]),
        "language": _language(entry["lang"]),
        "paragraphs": paragraphs(entry["text"]),
        "german_paragraphs": paragraphs(entry["german"]),
        "german_note": _translation_note(entry),
        "topic_link": index.topic(topic) if topic is not None else None,
        "group_link": index.group(group) if group is not None else None,
        "original": index.contribution(original) if original is not None else None,
        "became": [
            index.recommendation(link["number"]) | {"directly": link["directly"]}
            for link in entry["recommendations"]
        ],
        "answer_paragraphs": paragraphs(entry["answer"]),
        "answered": day(entry["answered_on"]),
        "owed": day(entry["owed_since"]),
    }


def _changes(changes: Entry, index: _Index) -> Entry:
    recommendations, contributions = changes["recommendations"], changes["contributions"]
    return {
        "since": changes["since"],
        "added": [index.recommendation(number) for number in recommendations["added"]],
        "removed": [f"Empfehlung {number}" for number in recommendations["removed"]],
        "changed": [
            index.recommendation(change["number"])
            | {
                "before": word_of_status(change.get("status_before")),
                "now": word_of_status(change.get("status_now")),
                "fields": ", ".join(FIELDS.get(name, name) for name in change["fields"] if name != "status"),
            }
            for change in recommendations["changed"]
        ],
        "voices": [
            (words, [index.contribution(number) for number in contributions[key]])
            for key, words in (("added", "Neu"), ("changed", "Geändert"), ("withdrawn", "Zurückgezogen"))
            if contributions[key]
        ],
        "is_empty": not any((*recommendations.values(), *contributions.values())),
    }


def _chapters(document: Document) -> list[Entry]:
    """What stands in the contents, in the order of the document."""
    found = [
        _link("Das Wichtigste auf einer Seite", "ueberblick"),
        _link("Wer dabei war", "teilnahme"),
        _link("Programm", "programm"),
        _link("Aus den Gruppen", "gruppen")
        | {
            "parts": [
                _link(f"Arbeitsgruppe {group['number']}: {group['title']}", group["anchor"])
                for group in document.groups
            ]
        },
        _link("Empfehlungen", "empfehlungen")
        | {
            "parts": [
                _link(f"Empfehlung {entry['number']}: {entry['title']}", entry["anchor"])
                for entry in document.recommendations
            ]
        },
    ]
    if document.changes:
        found.append(_link(f"Was sich seit Ausgabe {document.changes['since']} geändert hat", "aenderungen"))
    return [
        *found,
        _link("Alle Beiträge", "beitraege"),
        _link("Etwas stimmt nicht?", "korrektur"),
        _link("Datenschutz und Dank", "datenschutz"),
    ]


def badge(entry: Entry) -> Entry:
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


def _direction(entry: Entry) -> str:
    return "rtl" if entry["lang"].split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _language(code: str) -> str:
    """The German name of a language other than German."""
    main = code.split("-")[0]
    return "" if main in ("de", "") else GERMAN.languages.get(main, code)


def _translation_note(entry: Entry) -> str:
    if not entry["german"]:
        return ""
    if entry["german_by"] == "machine" and not entry["german_reviewed"]:
        return "Von einer Maschine übersetzt, noch nicht geprüft"
    if entry["german_by"] == "machine":
        return "Von einer Maschine übersetzt, von einem Menschen geprüft"
    return "Auf Deutsch"


def _tel(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)
