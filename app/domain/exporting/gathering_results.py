"""What was said and what is recommended, gathered from the database into a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain import import_records
from app.domain.importing.plans import Entry
from app.models import Conference, Contribution, Minutes, Recommendation, Topic, WorkingGroup

_CONTRIBUTION = (
    *("kind", "channel", "language", "text", "german", "german_by", "german_reviewed", "display_name"),
    *("status", "rejection_reason", "reply", "forwarded_to", "answer"),
    *("received_on", "decided_on", "answered_on"),
)
_RECOMMENDATION = (
    *(
        "title",
        "field_of_action",
        "target_groups",
        "need",
        "goal",
        "measures",
        "lead",
        "partners",
        "caretaker",
    ),
    *("horizon", "target_date", "priority", "status", "is_public", "answer", "result"),
)


def gather(
    conference: Conference, groups: Sequence[WorkingGroup], in_file: Sequence[str]
) -> dict[str, list[Entry]]:
    """The entries by section; contributions in the order of `in_file`, the others after them."""
    group_keys = {group.id: group.key for group in groups}
    topics = _all(Topic, conference, Topic.position, Topic.id)
    minutes = _all(Minutes, conference, Minutes.id)
    contributions = _all(Contribution, conference, Contribution.number.is_(None), Contribution.number)
    names = {row.id: import_records.name_of(row) for row in contributions}
    places = {key: place for place, key in enumerate(in_file)}
    # Nothing tells when somebody wrote: what has no number and is in no file stands in the order of random ids.
    contributions.sort(
        key=lambda row: (places.get(names[row.id], len(places)), row.number is None, row.number or row.id)
    )
    grounds = {
        "topic": {row.id: row.key for row in topics},
        "minutes": {row.id: f"{group_keys[row.working_group_id]}/{row.round_number}" for row in minutes},
        "contribution": names,
    }
    return {
        "topics": [
            Entry(
                row.key,
                index,
                {"title": row.title, "summary": row.summary, "group": group_keys.get(row.working_group_id)},
                row.number,
            )
            for index, row in enumerate(topics)
        ],
        "contributions": [
            _contribution(index, row, group_keys, grounds) for index, row in enumerate(contributions)
        ],
        "minutes": [
            Entry(
                grounds["minutes"][row.id],
                index,
                {
                    "group": group_keys[row.working_group_id],
                    "round_number": row.round_number,
                    "participants": row.participants,
                    "main_points": "\n".join(row.points),
                    "signed_off": row.signed_off,
                },
            )
            for index, row in enumerate(minutes)
        ],
        "recommendations": _recommendations(conference, grounds),
    }


def _all(model: Any, conference: Conference, *order: Any) -> list[Any]:
    return list(
        db.session.scalars(
            select(model)
            .where(model.host_id == conference.host_id, model.conference_id == conference.id)
            .order_by(*order)
        )
    )


def _contribution(
    index: int, row: Contribution, group_keys: dict[int, str], grounds: dict[str, dict[int, str]]
) -> Entry:
    values = {name: getattr(row, name) for name in _CONTRIBUTION}
    values["group"] = group_keys.get(row.working_group_id) if row.working_group_id else None
    values["topic"] = grounds["topic"].get(row.topic_id) if row.topic_id else None
    values["duplicate_of"] = grounds["contribution"].get(row.duplicate_of_id) if row.duplicate_of_id else None
    return Entry(grounds["contribution"][row.id], index, values, row.number)


def _recommendations(conference: Conference, grounds: dict[str, dict[int, str]]) -> list[Entry]:
    rows = db.session.scalars(
        select(Recommendation)
        .where(Recommendation.host_id == conference.host_id, Recommendation.conference_id == conference.id)
        .options(selectinload(Recommendation.evidence), selectinload(Recommendation.history))
        .order_by(Recommendation.number)
    )
    entries = []
    for index, row in enumerate(rows):
        values = {name: getattr(row, name) for name in _RECOMMENDATION}
        values["evidence"] = [
            (kind, grounds[kind][ground_id])
            for found in row.evidence
            for kind in ("contribution", "topic", "minutes")
            if (ground_id := getattr(found, f"{kind}_id")) is not None
        ]
        values["history"] = [
            (step.status, step.happened_on, step.text, step.decided_by) for step in row.history
        ]
        entries.append(Entry(row.key, index, values, row.number))
    return entries
