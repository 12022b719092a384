"""The results as they are read: a snapshot made ready for the PDF and for the page that says the same.

Always in German, whatever the page around it speaks: it is the record of a conference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date
from flask_babel import force_locale

from app.exports import glyphs, results_summary
from app.exports import results_words as words
from app.models import AgendaKind, ContributionKind, Horizon

# A quotation longer than this is cut in a recommendation; the annex has the whole.
QUOTED = 320
# As many numbers stand behind a topic; the annex names the topic of each contribution.
LISTED = 40
# As many recommendations are named behind a status in the summary, which has one page.
NAMED = 8
# A longer title is cut in the summary.
SHORT = 58
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


def prepare(snapshot: Mapping[str, Any]) -> Document:
    """The document of a snapshot; the same snapshot gives the same document. The snapshot stays as it is."""
    with force_locale("de"):
        document = _document(glyphs.clean(snapshot))
    document.chapters = _chapters(document)
    return document


def _document(data: Entry) -> Document:
    conference, edition, host = data["conference"], data["edition"], data["host"]
    published = words.day(edition["published_on"])
    topics = {topic["number"]: topic for topic in data["topics"]}
    index = _Index(data)
    groups = [_group(group, topics.values(), index) for group in data["groups"]]
    grouped = {group["number"] for group in groups}
    return Document(
        title=conference["title"],
        running_title=words.shortened(f"{host['name']} · {conference['title']}", 58),
        edition_line=f"Ausgabe {edition['number']} vom {published}",
        published=published,
        is_demo=bool(edition["is_demo"]),
        accent=host["accent_colour"],
        host=host | {"lines": _address(host), "tel": words.tel(host["phone"])},
        conference=_conference(conference),
        edition=edition
        | {
            "correction": words.day(edition["correction_until"]),
            "paragraphs": words.paragraphs(edition["note"]),
        },
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
    summary.recommendations = [
        {"number": row["number"], "title": words.shortened(row["title"], SHORT), "badge": words.badge(row)}
        for row in summary.recommendations
    ]
    for row in summary.statuses:
        numbers = row["numbers"]
        row |= {
            "badge": words.badge(row),
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
            "status": words.badge(found) if found else None,
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


def _link(text: str, anchor: str) -> Entry:
    return {"words": text, "anchor": anchor}


def _conference(conference: Entry) -> Entry:
    starts, ends, venue = (
        words.moment(conference["starts_at"]),
        words.moment(conference["ends_at"]),
        conference["venue"],
    )
    return conference | {
        "day": format_date(starts, "full", words.GERMAN),
        "hours": f"{starts:%H:%M} bis {ends:%H:%M} Uhr"
        if starts.date() == ends.date()
        else f"{starts:%H:%M} Uhr bis {format_date(ends, 'long', words.GERMAN)}, {ends:%H:%M} Uhr",
        "place": ", ".join(part for part in (venue["name"], *_address(venue)) if part) if venue else "",
        "tel": words.tel(conference["contact"]["phone"]),
        "teaser_paragraphs": words.paragraphs(conference["teaser"]),
    }


def _address(place: Entry) -> list[str]:
    town = f"{place['postal_code']} {place['city']}".strip()
    return [line for line in (place["street"], town) if line]


def _item(item: Entry) -> Entry:
    starts, ends = words.moment(item["starts_at"]), words.moment(item["ends_at"])
    return item | {"time": f"{starts:%H:%M}–{ends:%H:%M}", "kind_label": words.word(AgendaKind, item["kind"])}


def _group(group: Entry, topics: Iterable[Entry], index: _Index) -> Entry:
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
        "paragraphs": words.paragraphs(topic["summary"]),
        "count": results_summary.counted(len(numbers), "Beitrag", "Beiträge"),
        "numbers": [index.contribution(number) | {"number": number} for number in numbers[:LISTED]],
        "more": max(0, len(numbers) - LISTED),
    }


def _recommendation(entry: Entry, index: _Index) -> Entry:
    horizon = words.word(Horizon, entry["horizon"]) if entry["horizon"] else ""
    facts = [
        ("Handlungsfeld", entry["field_of_action"]),
        ("Für wen", ", ".join(entry["target_groups"])),
        ("Zuständig", entry["lead"]),
        ("Partner", ", ".join(entry["partners"])),
        ("Kümmert sich", entry["caretaker"]),
        ("Dauer", horizon),
        ("Zieldatum", words.day(entry["target_date"])),
        ("Rang", str(entry["priority"] or "")),
    ]
    return entry | {
        "anchor": f"empfehlung-{entry['number']}",
        "badge": words.badge(entry),
        "facts": [(term, value) for term, value in facts if value],
        "need_paragraphs": words.paragraphs(entry["need"]),
        "goal_paragraphs": words.paragraphs(entry["goal"]),
        "answer_paragraphs": words.paragraphs(entry["answer"]),
        "result_paragraphs": words.paragraphs(entry["result"]),
        "history": [
            step | {"day": words.day(step["happened_on"]), "badge": words.badge(step)}
            for step in entry["history"]
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
        "kind_label": words.word(ContributionKind, found["kind"]),
        "lang": found["lang"],
        "dir": words.direction(found),
        "paragraphs": words.paragraphs(words.shortened(found["text"], QUOTED)),
        "is_cut": len(found["text"]) > QUOTED,
        "german": words.paragraphs(words.shortened(found["german"], QUOTED)),
        "german_note": words.translation_note(found),
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
        "dir": words.direction(entry),
        "kind_label": words.word(ContributionKind, entry["kind"]),
        "language": words.language(entry["lang"]),
        "paragraphs": words.paragraphs(entry["text"]),
        "german_paragraphs": words.paragraphs(entry["german"]),
        "german_note": words.translation_note(entry),
        "topic_link": index.topic(topic) if topic is not None else None,
        "group_link": index.group(group) if group is not None else None,
        "original": index.contribution(original) if original is not None else None,
        "became": [
            index.recommendation(link["number"]) | {"directly": link["directly"]}
            for link in entry["recommendations"]
        ],
        "answer_paragraphs": words.paragraphs(entry["answer"]),
        "answered": words.day(entry["answered_on"]),
        "owed": words.day(entry["owed_since"]),
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
                "before": words.word_of_status(change.get("status_before")),
                "now": words.word_of_status(change.get("status_now")),
                "fields": ", ".join(FIELDS.get(name, name) for name in change["fields"] if name != "status"),
            }
            for change in recommendations["changed"]
        ],
        "voices": [
            (what, [index.contribution(number) for number in contributions[key]])
            for key, what in (("added", "Neu"), ("changed", "Geändert"), ("withdrawn", "Zurückgezogen"))
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
