"""Writing the contributions of a file: their words, the decisions about them, the numbers they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db, random_id
from app.domain import contributions, editions, evidence, import_records, local_time, moderation, taking_back
from app.domain.importing.ledger import Ledger
from app.domain.importing.numbers import Numbers
from app.domain.importing.plans import PUBLIC, Entry
from app.domain.importing.writing_topics import group_id
from app.models import (
    Conference,
    Contribution,
    ContributionStatus,
    Edition,
    Evidence,
    ModerationDecision,
    Topic,
    WorkingGroup,
)

WHAT = "Beiträge"
_WORDS = ("kind", "channel", "language", "text", "german", "german_by", "german_reviewed", "display_name")
_DECISION = ("rejection_reason", "forwarded_to", "duplicate_of")


class Contributions:
    """The contributions of one conference; those a file does not name are never touched."""

    def __init__(
        self,
        ledger: Ledger,
        conference: Conference,
        groups: Mapping[str, WorkingGroup],
        topics: Mapping[str, Topic],
    ) -> None:
        self._ledger = ledger
        self._conference = conference
        self._groups = groups
        self._topics = topics
        self._today = local_time.day_of(ledger.at)
        self.rows = {
            import_records.name_of(row): row
            for row in db.session.scalars(
                select(Contribution).where(Contribution.conference_id == conference.id)
            )
        }

    def write(self) -> None:
        """Make and change contributions. What was withdrawn in the application stays so, without its words."""
        ledger = self._ledger
        taken = {row.number: name for name, row in self.rows.items() if row.number is not None}
        numbers = Numbers(ledger, "contributions", taken, self._conference.last_contribution_number)
        numbers.reserve(ledger.plan.contributions)
        given = {plan.key: self._number(plan, numbers) for plan in ledger.plan.contributions}
        # What says the same as another comes after it.
        ordered = sorted(
            ledger.plan.contributions, key=lambda plan: (plan.values["duplicate_of"] is not None, plan.index)
        )
        for plan in ordered:
            self._write(plan, given[plan.key])
        # The marks stand in the order of the file, which is the order of an export.
        entities = [f"contribution/{plan.key}" for plan in ledger.plan.contributions]
        ledger.applied.update({name: ledger.applied.pop(name) for name in entities})
        self._conference.last_contribution_number = numbers.last
        ledger.stop_if_refused()
        db.session.flush()

    def drop(self) -> None:
        """Remove contributions the file no longer names, as long as nobody has done anything with them."""
        gone = [(key, self.rows.get(key)) for key in self._ledger.vanished("contribution/")]
        # Duplicates go before what they duplicate.
        for key, row in sorted(gone, key=lambda found: found[1] is None or found[1].duplicate_of_id is None):
            # One that came from residents or is withdrawn stays, also when a file has named it once.
            if row is None or row.key is None or row.status is ContributionStatus.WITHDRAWN:
                continue
            if self._is_used(row):
                expected = (
                    f"den Beitrag {key}: In der Anwendung hängt etwas an ihm. "
                    "Ziehen Sie ihn dort zurück oder lassen Sie ihn in der Datei stehen"
                )
                self._ledger.refuse(("contributions",), f"kein Beitrag {key}", expected)
            else:
                db.session.delete(row)
                self._ledger.report.count(WHAT, "entfernt")
        self._ledger.stop_if_refused()
        db.session.flush()

    def _is_used(self, row: Contribution) -> bool:
        """True where something hangs on it: evidence, a decision of staff, an edition that may hold its words."""
        decisions = select(ModerationDecision.id).where(
            ModerationDecision.contribution_id == row.id, ModerationDecision.staff_member_id.is_not(None)
        )
        uses = [
            select(Evidence.id).where(Evidence.contribution_id == row.id),
            select(Contribution.id).where(Contribution.duplicate_of_id == row.id),
            decisions,
        ]
        if row.number is not None:
            # What was published once is taken back, not removed.
            uses.append(select(Edition.id).where(Edition.conference_id == row.conference_id))
        return any(db.session.scalar(use.limit(1)) is not None for use in uses)

    def _number(self, plan: Entry, numbers: Numbers) -> int | None:
        row = self.rows.get(plan.key)
        if plan.number is None and row is not None and row.number is not None:
            return row.number
        return numbers.of(plan) if plan.number is not None or plan.values["status"] in PUBLIC else None

    def _write(self, plan: Entry, number: int | None) -> None:
        ledger = self._ledger
        entity = f"contribution/{plan.key}"
        changed = ledger.changes(entity, plan.values)
        row = self.rows.get(plan.key)
        if row is None and ledger.knows(entity) and not changed:
            ledger.report.note(f"Der Beitrag {plan.key} wurde in der Anwendung entfernt und bleibt es.")
            return
        is_withdrawn = plan.values["status"] is ContributionStatus.WITHDRAWN
        if row is not None and row.status is ContributionStatus.WITHDRAWN and not is_withdrawn:
            ledger.withdrawn.add(plan.key)
            ledger.report.note(f"Der Beitrag {plan.key} wurde zurückgezogen und bleibt es.")
            ledger.count(WHAT, is_new=False, is_changed=False)
            return
        ledger.count(WHAT, is_new=row is None, is_changed=bool(changed))
        if row is None:
            self._make(plan, number)
        elif is_withdrawn and "status" in changed:
            taking_back.withdraw(row)
            row.decided_on = plan.values.get("decided_on") or self._today
        elif changed or (plan.number is not None and row.number != plan.number):
            self._change(row, plan, changed, number)

    def _make(self, plan: Entry, number: int | None) -> None:
        values = plan.values
        row = Contribution(
            id=random_id(),
            host_id=self._conference.host_id,
            conference_id=self._conference.id,
            key=plan.key,
            number=number,
            status=values["status"],
            received_on=values.get("received_on") or self._usual(self._ledger.plan.received_on),
        )
        self.rows[plan.key] = row
        self._place(row, plan, values)
        for name in (*_WORDS, "reply", "answer"):
            setattr(row, name, values[name])
        self._decide(row, plan, values.get("decided_on") or self._usual(self._ledger.plan.decided_on))
        self._answered(row, plan, self._usual(self._ledger.plan.decided_on))
        moderation.reindex(row)
        db.session.add(row)
        db.session.flush()
        self._note(row)

    def _change(self, row: Contribution, plan: Entry, changed: Mapping[str, Any], number: int | None) -> None:
        was_public = row.is_public
        is_decided = "status" in changed and plan.values["status"] is not row.status
        for name in (*_WORDS, "reply", "answer"):
            if name in changed:
                setattr(row, name, changed[name])
        self._place(row, plan, changed)
        if "answer" in changed or changed.get("answered_on"):
            self._answered(row, plan, self._today)
        if changed.get("received_on"):
            row.received_on = changed["received_on"]
        # A decision of the file counts while it is the one in force, or once the file decides anew.
        if is_decided or (plan.values["status"] is row.status and any(name in changed for name in _DECISION)):
            row.status = plan.values["status"]
            self._decide(row, plan, plan.values.get("decided_on") or self._today)
        elif changed.get("decided_on") and not row.is_undecided:
            row.decided_on = changed["decided_on"]
        if plan.number is not None or row.is_public:
            row.number = number
        moderation.reindex(row)
        db.session.flush()
        if is_decided:
            self._note(row)
        if was_public and not row.is_public:
            self._let_go(row)

    def _let_go(self, row: Contribution) -> None:
        """It is no longer public: it leaves the editions, and what said the same stands by itself."""
        editions.redact(row)
        twins = list(db.session.scalars(select(Contribution).where(Contribution.duplicate_of_id == row.id)))
        contributions.let_stand_alone(row)
        for twin in twins:
            if twin.duplicate_of_id is None:
                evidence.inherit(row, twin)

    def _place(self, row: Contribution, plan: Entry, values: Mapping[str, Any]) -> None:
        """Put it under its group and its topic."""
        place = ("contributions", plan.index)
        if "group" in values:
            row.working_group_id = group_id(self._ledger, self._groups, place, plan)
        if "topic" in values:
            key = values["topic"]
            if key is not None and key not in self._topics:
                self._ledger.refuse(
                    (*place, "cluster"),
                    f"das Themenbündel „{key}“",
                    "ein Themenbündel, das es in der Anwendung noch gibt",
                )
            row.topic_id = self._topics[key].id if key in self._topics else None

    def _decide(self, row: Contribution, plan: Entry, day: date) -> None:
        values = plan.values
        original = self.rows.get(values["duplicate_of"])
        if original is not None and not original.is_public:
            place = ("contributions", plan.index, "duplicate_of")
            self._ledger.refuse(
                place,
                f"der Beitrag {values['duplicate_of']}",
                "ein Beitrag, der in der Anwendung öffentlich ist",
            )
            self._ledger.stop_if_refused()
        row.rejection_reason, row.forwarded_to = values["rejection_reason"], values["forwarded_to"]
        row.duplicate_of_id = original.id if original else None
        row.decided_on = None if row.is_undecided else day

    def _answered(self, row: Contribution, plan: Entry, day: date) -> None:
        row.answered_on = (plan.values.get("answered_on") or day) if row.answer else None

    def _usual(self, day: date) -> date:
        """The day where the file says none; never one to come."""
        return min(day, self._today)

    def _note(self, row: Contribution) -> None:
        if row.is_undecided:
            return
        db.session.add(
            ModerationDecision(
                host_id=row.host_id,
                conference_id=row.conference_id,
                contribution_id=row.id,
                status=row.status,
                reason=row.rejection_reason,
                decided_on=row.decided_on,
            )
        )
        db.session.flush()
