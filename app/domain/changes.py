"""What differs between two editions: numbers and names of fields, so that nothing withdrawn can come back by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.snapshot import ChangedRecommendation, Changes, Snapshot

# What is said about a voice. What follows from other rows (who owes an answer, which recommendation carries it) is left
# out: one new recommendation would make a dozen voices look changed.
OF_CONTRIBUTIONS = (
    "kind",
    "lang",
    "text",
    "german",
    "german_by",
    "german_reviewed",
    "display_name",
    "group",
    "topic",
    "status",
    "duplicate_of",
    "answer",
)
# Its label goes with the status.
_NOT_OF_RECOMMENDATIONS = ("number", "status_label")


def between(before: Snapshot, now: Snapshot) -> Changes:
    """What is new, gone or different in `now`; `before` may have been redacted since it was published."""
    return {
        "since": before["edition"]["number"],
        "recommendations": {
            "added": _new(_numbered(now["recommendations"]), _numbered(before["recommendations"])),
            "removed": _new(_numbered(before["recommendations"]), _numbered(now["recommendations"])),
            "changed": _changed_recommendations(
                _numbered(before["recommendations"]), _numbered(now["recommendations"])
            ),
        },
        "contributions": {
            "added": _new(_public(now), _public(before)),
            "withdrawn": _new(_once_public(before), _public(now)),
            "changed": _changed_contributions(_public(before), _public(now)),
        },
    }


def count(changes: Changes) -> int:
    """How many recommendations and contributions differ."""
    return sum(
        len(numbers)
        for numbers in (
            changes["recommendations"]["added"],
            changes["recommendations"]["removed"],
            changes["recommendations"]["changed"],
            changes["contributions"]["added"],
            changes["contributions"]["withdrawn"],
            changes["contributions"]["changed"],
        )
    )


def _changed_recommendations(
    before: Mapping[int, Mapping[str, Any]], now: Mapping[int, Mapping[str, Any]]
) -> list[ChangedRecommendation]:
    found: list[ChangedRecommendation] = []
    for number in sorted(before.keys() & now.keys()):
        was, is_now = before[number], now[number]
        fields = [
            name for name in is_now if name not in _NOT_OF_RECOMMENDATIONS and was.get(name) != is_now[name]
        ]
        if not fields:
            continue
        change: ChangedRecommendation = {"number": number, "fields": fields}
        if "status" in fields:
            change["status_before"], change["status_now"] = was["status"], is_now["status"]
        found.append(change)
    return found


def _changed_contributions(
    before: Mapping[int, Mapping[str, Any]], now: Mapping[int, Mapping[str, Any]]
) -> list[int]:
    return [
        number
        for number in sorted(before.keys() & now.keys())
        if any(before[number].get(name) != now[number].get(name) for name in OF_CONTRIBUTIONS)
    ]


def _new(these: Mapping[int, Any], those: Mapping[int, Any]) -> list[int]:
    return sorted(these.keys() - those.keys())


def _numbered(entries: Any) -> dict[int, Mapping[str, Any]]:
    return {entry["number"]: entry for entry in entries}


def _public(snapshot: Snapshot) -> dict[int, Mapping[str, Any]]:
    return _numbered(entry for entry in snapshot["contributions"] if not entry.get("withdrawn"))


def _once_public(snapshot: Snapshot) -> dict[int, Mapping[str, Any]]:
    """With what was taken out of the edition after it was published."""
    return _numbered(
        entry for entry in snapshot["contributions"] if not entry.get("withdrawn") or entry.get("redacted")
    )
