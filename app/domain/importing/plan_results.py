"""What a checked file says of topics, contributions, minutes and recommendations, in the words of the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.domain.importing import times
from app.domain.importing.plans import Entry
from app.models import (
    ConferenceStatus,
    ContributionChannel,
    ContributionKind,
    ContributionStatus,
    Horizon,
    RecommendationStatus,
    RejectionReason,
    TranslatedBy,
)
from app.models.translated import Translated

_S = RecommendationStatus
# Residents see these as soon as the conference is published; all others always.
BEFORE_CONSULTATION = (_S.COLLECTED, _S.DRAFTED)


def days(data: Mapping[str, Any]) -> tuple[date, date]:
    """The day of the conference, and the day its results were published, the same where the file says nothing."""
    starts_at = times.parse_instant(data["conference"]["starts_at"])
    if starts_at is None:
        raise ValueError("the file was not checked")
    day = starts_at.astimezone(times.LOCAL).date()
    return day, published_on(data) or day


def published_on(data: Mapping[str, Any]) -> date | None:
    """The day the results were published, where the file says so."""
    return times.parse_date((data.get("documentation") or {}).get("published_at"))


def topics(data: Mapping[str, Any]) -> Iterator[Entry]:
    """The clusters of the file; one of the cross topic belongs to no group."""
    groups = _group_keys(data)
    for index, entry in enumerate(data.get("clusters") or ()):
        values = {
            "title": Translated(entry["title"]),
            "summary": Translated(entry.get("summary")),
            "group": _among(groups, entry.get("group")),
            "position": index + 1,
        }
        yield Entry(entry["key"], index, values, entry.get("number"))


def contributions(data: Mapping[str, Any]) -> Iterator[Entry]:
    """The contributions of the file, words unchanged."""
    groups = _group_keys(data)
    for index, entry in enumerate(data.get("contributions") or ()):
        status = ContributionStatus(entry["status"])
        by = TranslatedBy(entry["translation_by"]) if entry.get("translation_de") else None
        answer, reply = entry.get("answer_de") or "", entry.get("reply_de") or ""
        if status is ContributionStatus.REJECTED and not reply:
            # What a file says about a rejected contribution is said to its author.
            answer, reply = "", answer
        values: dict[str, Any] = {
            "kind": ContributionKind(entry["kind"]),
            "channel": ContributionChannel(entry["channel"]),
            "language": entry["lang"],
            "text": entry.get("text"),
            "german": entry.get("translation_de") or "",
            "german_by": by,
            "german_reviewed": bool(by) and bool(entry.get("translation_reviewed", by is TranslatedBy.HUMAN)),
            "display_name": entry.get("display_name") or "",
            "group": _among(groups, entry.get("group")),
            "topic": entry.get("cluster"),
            "status": status,
            "rejection_reason": RejectionReason(entry["reason_code"])
            if status is ContributionStatus.REJECTED
            else None,
            "reply": reply,
            "forwarded_to": entry["forwarded_to"].strip() if status is ContributionStatus.FORWARDED else "",
            "duplicate_of": entry["duplicate_of"] if status is ContributionStatus.DUPLICATE else None,
            "answer": answer,
        }
        named = {
            "received_on": entry.get("received_on"),
            "decided_on": entry.get("withdrawn_at") or entry.get("decided_on"),
            "answered_on": entry.get("answered_on"),
        }
        values.update((name, date.fromisoformat(day)) for name, day in named.items() if day)
        yield Entry(entry["id"], index, values, entry.get("number"))


def minutes(data: Mapping[str, Any]) -> Iterator[Entry]:
    """What the groups wrote down, by group and round."""
    for index, entry in enumerate(data.get("minutes") or ()):
        points = [line.strip() for point in entry.get("main_points") or () for line in point.splitlines()]
        values = {
            "group": entry["group"],
            "round_number": entry["round"],
            "participants": entry.get("participants"),
            "main_points": "\n".join(filter(None, points)),
            "signed_off": entry.get("signed_off", False),
        }
        yield Entry(f"{entry['group']}/{entry['round']}", index, values)


def recommendations(data: Mapping[str, Any]) -> Iterator[Entry]:
    """The recommendations of the file."""
    is_published = data["conference"]["status"] == ConferenceStatus.PUBLISHED.value
    for index, entry in enumerate(data.get("recommendations") or ()):
        status = RecommendationStatus(entry["status"])
        values: dict[str, Any] = {
            "title": entry["title"],
            "field_of_action": entry.get("field") or "",
            "target_groups": list(entry.get("target_groups") or ()),
            "need": entry.get("need") or "",
            "goal": entry.get("goal") or "",
            "measures": list(entry.get("measures") or ()),
            "lead": entry.get("lead") or "",
            "partners": list(entry.get("partners") or ()),
            "caretaker": entry.get("caretaker") or "",
            "horizon": Horizon(entry["horizon"]) if entry.get("horizon") else None,
            "target_date": times.parse_date(entry.get("target_date")),
            "priority": entry.get("priority"),
            "status": status,
            "note": entry.get("status_note") or "",
            "is_public": entry.get("public", shown_by_itself(status, is_published)),
            "answer": entry.get("answer_de") or "",
            "result": entry.get("result_de") or "",
            "evidence": [kind for kind in map(evidence, entry.get("evidence") or ()) if kind],
        }
        if "history" in entry:
            values["history"] = [
                (
                    RecommendationStatus(step["status"]),
                    date.fromisoformat(step["on"]),
                    step.get("text") or "",
                    step.get("decided_by") or "",
                )
                for step in entry["history"]
            ]
        yield Entry(entry["id"], index, values, entry.get("number"))


def shown_by_itself(status: RecommendationStatus, is_published: bool) -> bool:
    """Whether residents see a recommendation where the file does not say."""
    return status not in BEFORE_CONSULTATION or (is_published and status is not _S.COLLECTED)


def evidence(reference: str) -> tuple[str, str] | None:
    """Kind and key of what a recommendation rests on; None for what the product does not carry yet."""
    kind, _, key = reference.rpartition(":")
    kinds = {"": "contribution", "taken_back": "contribution", "cluster": "topic", "minutes": "minutes"}
    return (kinds[kind], key) if kind in kinds else None


def _group_keys(data: Mapping[str, Any]) -> set[str]:
    return {group["key"] for group in data["working_groups"]}


def _among(groups: set[str], key: str | None) -> str | None:
    return key if key in groups else None
