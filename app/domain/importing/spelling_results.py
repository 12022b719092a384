"""The plain way of saying in a file what was said and what is recommended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.importing import plan_results, spelling
from app.domain.importing.plans import PUBLIC, Entry, Plan
from app.models import ConferenceStatus, ContributionStatus, TranslatedBy


def spell(plan: Plan) -> dict[str, Any]:
    """The keyed sections of the results."""
    numbered = _by_order(plan.topics), _by_order(plan.recommendations), _numbers_by_order(plan.contributions)
    topics, recommendations, contributions = numbered
    taken_back = {
        entry.key
        for entry in plan.contributions
        if entry.values["status"] in (ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN)
    }
    return {
        "clusters": {entry.key: _topic(entry, topics) for entry in plan.topics},
        "contributions": {
            entry.key: _contribution(plan, entry, contributions) for entry in plan.contributions
        },
        "minutes": {entry.key: _minutes(entry) for entry in plan.minutes},
        "recommendations": {
            entry.key: _recommendation(plan, entry, taken_back, recommendations)
            for entry in plan.recommendations
        },
    }


def _by_order(entries: Sequence[Entry]) -> bool:
    """True where an import would give the same numbers by itself, all in order."""
    return all(entry.number in (None, place) for place, entry in enumerate(entries, 1))


def _numbers_by_order(entries: Sequence[Entry]) -> bool:
    """The same for contributions: numbers of those that are not public are said, the rest follows around them."""
    public = [entry.number for entry in entries if entry.values["status"] in PUBLIC]
    if None in public:
        return True
    given = {entry.number for entry in entries if entry.values["status"] not in PUBLIC}
    free = [number for number in range(1, len(entries) + len(given) + 1) if number not in given]
    return public == free[: len(public)]


def _topic(entry: Entry, is_in_order: bool) -> dict[str, Any]:
    values = entry.values
    return {
        "key": entry.key,
        "title": spelling.text(values["title"]),
        **spelling.said(
            number=None if is_in_order else entry.number,
            group=values["group"],
            summary=spelling.text(values["summary"]),
        ),
    }


def _contribution(plan: Plan, entry: Entry, is_in_order: bool) -> dict[str, Any]:
    values = entry.values
    status: ContributionStatus = values["status"]
    is_said = not is_in_order or status not in PUBLIC
    by = values["german_by"]
    answer, reply = values["answer"], values["reply"]
    if status is ContributionStatus.REJECTED and not answer:
        answer, reply = reply, ""
    is_undecided = status in (ContributionStatus.RECEIVED, ContributionStatus.IN_REVIEW)
    decided_on = None if is_undecided else values.get("decided_on")
    is_withdrawn = status is ContributionStatus.WITHDRAWN
    fields = {
        "id": entry.key,
        "channel": values["channel"].value,
        "lang": values["language"],
        "kind": values["kind"].value,
        "status": status.value,
        **spelling.said(
            number=entry.number if is_said else None,
            group=values["group"],
            cluster=values["topic"],
            received_on=_day(values.get("received_on"), plan.received_on),
            decided_on=None if is_withdrawn else _day(decided_on, plan.decided_on),
            withdrawn_at=_day(decided_on, plan.decided_on) if is_withdrawn else None,
            text=values["text"],
            display_name=values["display_name"],
            translation_de=values["german"],
            translation_by=by.value if by else None,
            duplicate_of=values["duplicate_of"],
            reason_code=values["rejection_reason"].value if values["rejection_reason"] else None,
            forwarded_to=values["forwarded_to"],
            answer_de=answer,
            answered_on=_day(values.get("answered_on"), plan.decided_on) if values["answer"] else None,
            reply_de=reply,
        ),
    }
    if by and values["german_reviewed"] is not (by is TranslatedBy.HUMAN):
        fields["translation_reviewed"] = values["german_reviewed"]
    return fields


def _day(day: date | None, usual: date) -> str | None:
    return None if day is None or day == usual else day.isoformat()


def _minutes(entry: Entry) -> dict[str, Any]:
    values = entry.values
    fields = {
        "group": values["group"],
        "round": values["round_number"],
        **spelling.said(main_points=values["main_points"].splitlines(), signed_off=values["signed_off"]),
    }
    if values["participants"] is not None:
        fields["participants"] = values["participants"]
    return fields


def _recommendation(plan: Plan, entry: Entry, taken_back: set[str], is_in_order: bool) -> dict[str, Any]:
    values = entry.values
    is_published = plan.conference["status"] is ConferenceStatus.PUBLISHED
    by_itself = plan_results.shown_by_itself(values["status"], is_published)
    fields = {
        "id": entry.key,
        "title": values["title"],
        "status": values["status"].value,
        **spelling.said(
            number=None if is_in_order else entry.number,
            field=values["field_of_action"],
            target_groups=values["target_groups"],
            need=values["need"],
            goal=values["goal"],
            measures=values["measures"],
            lead=values["lead"],
            partners=values["partners"],
            caretaker=values["caretaker"],
            horizon=values["horizon"].value if values["horizon"] else None,
            target_date=values["target_date"].isoformat() if values["target_date"] else None,
            priority=values["priority"],
            evidence=[_reference(kind, key, taken_back) for kind, key in values["evidence"]],
            answer_de=values["answer"],
            result_de=values["result"],
        ),
        **_history(plan, entry),
    }
    if values["is_public"] is not by_itself:
        fields["public"] = values["is_public"]
    return fields


def _reference(kind: str, key: str, taken_back: set[str]) -> str:
    if kind == "contribution":
        return f"taken_back:{key}" if key in taken_back else key
    return f"{'cluster' if kind == 'topic' else kind}:{key}"


def _history(plan: Plan, entry: Entry) -> dict[str, Any]:
    """A note where the one step there is says no more than status and result do; else the steps."""
    values = entry.values
    steps = values.get(
        "history", [(values["status"], plan.decided_on, values.get("note") or values["result"], "")]
    )
    if len(steps) == 1:
        status, day, words, decided_by = steps[0]
        if (status, day, decided_by) == (values["status"], plan.decided_on, ""):
            if words == values["result"]:
                return {}
            if words:
                return {"status_note": words}
    return {
        "history": [
            {
                "status": status.value,
                "on": day.isoformat(),
                **spelling.said(text=words, decided_by=decided_by),
            }
            for status, day, words, decided_by in steps
        ]
    }
