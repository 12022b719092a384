"""What a file says of the people of a registration beyond their places: needs, consents, wishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.importing import checking, plan_form
from app.domain.retention_due import LATEST_DAYS, NEEDS_DAYS
from app.models import ConferenceStatus, GroupChoice, NeedKind

# As the product keeps it: more is no detail but a story.
LONGEST_DETAIL = 200
MOST_WISHES = 3


def forgets_needs(status: ConferenceStatus, ends_at: datetime, at: datetime) -> bool:
    """Whether support needs of a conference are erased at the instant `at`: 14 days after it."""
    days = NEEDS_DAYS + (LATEST_DAYS if status is ConferenceStatus.POSTPONED else 0)
    return ends_at <= at - timedelta(days=days)


def needs(entry: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """Kinds with what helps to arrange them; None where the file says nothing."""
    if "needs" not in entry:
        return None
    found = []
    for need in entry["needs"] or ():
        value = need.get("value")
        words = _words(value)
        for kind in plan_form.need_kinds(need["type"], [words] if words else []) or [NeedKind.OTHER]:
            # What the kind says already is not said again.
            is_said = need["type"] == "access" and kind is not NeedKind.OTHER
            found.append((kind.value, "" if is_said else words[:LONGEST_DETAIL]))
    return list(dict.fromkeys(found))


def _words(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(inner) for inner in value)))
    return "" if isinstance(value, dict) else " ".join(str(value).split())


def consents(entry: Mapping[str, Any]) -> dict[str, date | None] | None:
    """Those that were given, with the day they were withdrawn; what was refused leaves nothing to prove."""
    if "consents" not in entry:
        return None
    withdrawn = entry.get("consent_withdrawn") or {}
    return {
        key: date.fromisoformat(withdrawn[key]) if key in withdrawn else None
        for key, given in entry["consents"].items()
        if given and key in plan_form.PURPOSES
    }


def wishes(data: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[int, list[str]] | None:
    """Up to three groups for each round, the dearest first.

    `group_wishes` speaks of every round in which the group meets, where groups are given by wishes.
    """
    if "wishes" in entry:
        return {int(number): list(keys) for number, keys in entry["wishes"].items() if keys}
    if data["conference"].get("group_choice") != GroupChoice.WISHES.value or "group_wishes" not in entry:
        return None
    by_round: dict[int, list[str]] = {}
    meets = {group["key"]: checking.capacities(dict(data), group) for group in data["working_groups"]}
    for key in entry["group_wishes"]:
        for number in meets[key]:
            if len(by_round.setdefault(number, [])) < MOST_WISHES:
                by_round[number].append(key)
    return dict(sorted(by_round.items()))
