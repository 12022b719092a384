"""Writing the recommendations of a file with their evidence and their steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain import local_time
from app.domain.importing.ledger import Ledger
from app.domain.importing.numbers import Numbers
from app.domain.importing.plans import Entry
from app.models import (
    Conference,
    Contribution,
    ContributionStatus,
    Edition,
    Evidence,
    Minutes,
    Recommendation,
    RecommendationStatus,
    StatusUpdate,
    Topic,
)

WHAT = "Handlungsempfehlungen"
_PLAIN = (
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
    *("horizon", "target_date", "priority", "is_public", "answer", "result"),
)
_TAKEN_BACK = (ContributionStatus.WITHDRAWN, ContributionStatus.REJECTED)
Step = tuple[RecommendationStatus, date, str, str]


@dataclass(frozen=True)
class Grounds:
    """What recommendations can rest on, by the names of the file."""

    contributions: Mapping[str, Contribution]
    topics: Mapping[str, Topic]
    minutes: Mapping[str, Minutes]


class Recommendations:
    """The recommendations of one conference."""

    def __init__(self, ledger: Ledger, conference: Conference, grounds: Grounds) -> None:
        self._ledger = ledger
        self._conference = conference
        self._grounds = grounds
        self._today = local_time.day_of(ledger.at)
        self.rows = {
            row.key: row
            for row in db.session.scalars(
                select(Recommendation)
                .where(Recommendation.conference_id == conference.id)
                .options(selectinload(Recommendation.evidence), selectinload(Recommendation.history))
            )
        }

    def write(self) -> None:
        """Make and change recommendations; steps are only ever added."""
        ledger = self._ledger
        taken = {row.number: row.key for row in self.rows.values()}
        numbers = Numbers(ledger, "recommendations", taken, self._conference.last_recommendation_number)
        numbers.reserve(ledger.plan.recommendations)
        for plan in ledger.plan.recommendations:
            entity = f"recommendation/{plan.key}"
            evidence = {f"evidence/{kind}/{key}": True for kind, key in plan.values["evidence"]}
            values = {name: value for name, value in plan.values.items() if name != "evidence"}
            changed = ledger.changes(entity, {**values, **evidence})
            row = self.rows.get(plan.key)
            if row is None and ledger.knows(entity) and not changed:
                ledger.report.note(
                    f"Die Empfehlung {plan.key} wurde in der Anwendung entfernt und bleibt es."
                )
                continue
            ledger.count(WHAT, is_new=row is None, is_changed=bool(changed))
            if row is None:
                self._make(plan, numbers.of(plan))
            elif changed:
                self._change(row, plan, changed)
        self._conference.last_recommendation_number = numbers.last
        ledger.stop_if_refused()
        db.session.flush()

    def drop(self) -> None:
        """Remove recommendations the file no longer names, unless somebody has worked on them since."""
        for key in self._ledger.vanished("recommendation/"):
            row = self.rows.get(key)
            if row is None:
                continue
            since = self._ledger.imported_at
            stamps = [row.changed_at, *(step.noted_at for step in row.history)]
            editions = select(Edition.id).where(Edition.conference_id == row.conference_id).limit(1)
            is_published = row.is_public and db.session.scalar(editions) is not None
            if is_published or since is None or max(stamps) > since:
                expected = (
                    f"die Empfehlung {key}: Sie steht in einer Ausgabe, oder jemand hat sie seither geändert. "
                    "Lassen Sie sie in der Datei stehen"
                )
                self._ledger.refuse(("recommendations",), f"keine Empfehlung {key}", expected)
            else:
                db.session.delete(row)
                self._ledger.report.count(WHAT, "entfernt")
        self._ledger.stop_if_refused()
        db.session.flush()

    def _make(self, plan: Entry, number: int) -> None:
        values, at = plan.values, self._ledger.at
        row = Recommendation(
            host_id=self._conference.host_id,
            conference_id=self._conference.id,
            key=plan.key,
            number=number,
            status=values["status"],
            created_at=at,
            changed_at=at,
            **{name: values[name] for name in _PLAIN},
        )
        db.session.add(row)
        self.rows[plan.key] = row
        for kind, key in values["evidence"]:
            self._rest_on(row, plan, kind, key)
        first = min(self._ledger.plan.decided_on, self._today)
        words = values["note"] or values["result"]
        for step in values.get("history", [(values["status"], first, words, "")]):
            self._add(row, step)
        db.session.flush()

    def _change(self, row: Recommendation, plan: Entry, changed: Mapping[str, Any]) -> None:
        for name in _PLAIN:
            if name in changed:
                setattr(row, name, changed[name])
        row.changed_at = self._ledger.at
        for name in changed:
            what, _, reference = name.partition("/")
            if what != "evidence":
                continue
            kind, _, key = reference.partition("/")
            if changed[name]:
                self._rest_on(row, plan, kind, key)
            else:
                self._rest_no_longer_on(row, kind, key)
        status = plan.values["status"]
        is_new_status = "status" in changed and status is not row.status
        if is_new_status:
            row.status = status
        if changed.get("history"):
            present = [(step.status, step.happened_on, step.text, step.decided_by) for step in row.history]
            for step in changed["history"]:
                if step not in present:
                    self._add(row, step)
        elif "history" not in plan.values and (is_new_status or changed.get("note")):
            words = plan.values["note"] or (plan.values["result"] if "result" in changed else "")
            self._add(row, (row.status, self._today, words, ""))
        db.session.flush()

    def _add(self, row: Recommendation, step: Step) -> None:
        status, day, words, decided_by = step
        row.history.append(
            StatusUpdate(
                host_id=row.host_id,
                conference_id=row.conference_id,
                status=status,
                happened_on=day,
                text=words,
                decided_by=decided_by,
                noted_at=self._ledger.at,
            )
        )

    def _rest_on(self, row: Recommendation, plan: Entry, kind: str, key: str) -> None:
        grounds: Mapping[str, Any] = {
            "contribution": self._grounds.contributions,
            "topic": self._grounds.topics,
            "minutes": self._grounds.minutes,
        }[kind]
        ground = grounds.get(key)
        if ground is None:
            self._ledger.refuse(
                ("recommendations", plan.index, "evidence"),
                f"der Beleg {key}",
                "ein Beleg, den es in der Anwendung noch gibt",
            )
            return
        column = f"{kind}_id"
        if any(getattr(found, column) == ground.id for found in row.evidence):
            return
        if plan.values["status"] and isinstance(ground, Contribution) and key in self._ledger.withdrawn:
            self._ledger.report.note(
                f"Der Beitrag {key} wurde zurückgezogen und ist kein neuer Beleg für {plan.key}."
            )
            return
        position = 1 + max((found.position for found in row.evidence), default=0)
        row.evidence.append(
            Evidence(
                host_id=row.host_id, conference_id=row.conference_id, position=position, **{column: ground.id}
            )
        )

    def _rest_no_longer_on(self, row: Recommendation, kind: str, key: str) -> None:
        grounds: Mapping[str, Any] = {
            "contribution": self._grounds.contributions,
            "topic": self._grounds.topics,
            "minutes": self._grounds.minutes,
        }[kind]
        if key in grounds:
            for found in [one for one in row.evidence if getattr(one, f"{kind}_id") == grounds[key].id]:
                row.evidence.remove(found)
