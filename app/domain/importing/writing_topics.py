"""Writing the topics (clusters) and the minutes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain.importing.ledger import Ledger
from app.domain.importing.numbers import Numbers
from app.domain.importing.plans import Entry
from app.models import Conference, Contribution, Evidence, Minutes, Topic, WorkingGroup


class Topics:
    """The topics of one conference: written before what lies in them, dropped after it."""

    WHAT = "Themenbündel"

    def __init__(self, ledger: Ledger, conference: Conference, groups: Mapping[str, WorkingGroup]) -> None:
        self._ledger = ledger
        self._conference = conference
        self._groups = groups
        self.rows = {
            row.key: row
            for row in db.session.scalars(select(Topic).where(Topic.conference_id == conference.id))
        }

    def write(self) -> None:
        """Make and change topics."""
        ledger = self._ledger
        numbers = Numbers(ledger, "clusters", {row.number: row.key for row in self.rows.values()})
        numbers.reserve(ledger.plan.topics)
        for plan in ledger.plan.topics:
            entity = f"topic/{plan.key}"
            changed = ledger.changes(entity, plan.values)
            row = self.rows.get(plan.key)
            if row is None and ledger.knows(entity) and not changed:
                ledger.report.note(
                    f"Das Themenbündel {plan.key} wurde in der Anwendung entfernt und bleibt es."
                )
                continue
            ledger.count(self.WHAT, is_new=row is None, is_changed=bool(changed))
            if row is None:
                row = Topic(
                    host_id=self._conference.host_id,
                    conference_id=self._conference.id,
                    key=plan.key,
                    number=numbers.of(plan),
                )
                db.session.add(row)
                self.rows[plan.key] = row
                changed = plan.values
            for name in ("title", "summary", "position"):
                if name in changed:
                    setattr(row, name, changed[name])
            if "group" in changed:
                row.working_group_id = group_id(ledger, self._groups, ("clusters", plan.index), plan)
        ledger.stop_if_refused()
        db.session.flush()

    def drop(self) -> None:
        """Remove topics the file no longer names, where nothing lies in them any more."""
        for key in self._ledger.vanished("topic/"):
            row = self.rows.get(key)
            if row is None:
                continue
            uses = (
                select(Contribution.id).where(Contribution.topic_id == row.id).limit(1),
                select(Evidence.id).where(Evidence.topic_id == row.id).limit(1),
            )
            if any(db.session.scalar(use) is not None for use in uses):
                expected = f"das Themenbündel „{key}“: In der Anwendung liegen Beiträge darin"
                self._ledger.refuse(("clusters",), f"kein Themenbündel „{key}“", expected)
            else:
                db.session.delete(row)
                self._ledger.report.count(self.WHAT, "entfernt")
        self._ledger.stop_if_refused()
        db.session.flush()


class AllMinutes:
    """What the groups of one conference wrote down, by group and round."""

    WHAT = "Ergebnisprotokolle"

    def __init__(self, ledger: Ledger, conference: Conference, groups: Mapping[str, WorkingGroup]) -> None:
        self._ledger = ledger
        self._conference = conference
        self._groups = groups
        keys = {group.id: key for key, group in groups.items()}
        self.rows = {
            f"{keys[row.working_group_id]}/{row.round_number}": row
            for row in db.session.scalars(select(Minutes).where(Minutes.conference_id == conference.id))
            if row.working_group_id in keys
        }

    def write(self) -> None:
        """Make and change minutes."""
        ledger = self._ledger
        for plan in ledger.plan.minutes:
            entity = f"minutes/{plan.key}"
            changed = ledger.changes(entity, plan.values)
            row = self.rows.get(plan.key)
            if row is None and ledger.knows(entity) and not changed:
                ledger.report.note(f"Das Protokoll {plan.key} wurde in der Anwendung entfernt und bleibt es.")
                continue
            ledger.count(self.WHAT, is_new=row is None, is_changed=bool(changed))
            if row is None:
                of_group = group_id(ledger, self._groups, ("minutes", plan.index), plan)
                if of_group is None:
                    continue
                row = Minutes(
                    host_id=self._conference.host_id,
                    conference_id=self._conference.id,
                    working_group_id=of_group,
                    round_number=plan.values["round_number"],
                )
                db.session.add(row)
                self.rows[plan.key] = row
                changed = plan.values
            for name in ("participants", "main_points", "signed_off"):
                if name in changed:
                    setattr(row, name, changed[name])
                    row.changed_at = ledger.at
        ledger.stop_if_refused()
        db.session.flush()

    def drop(self) -> None:
        """Remove minutes the file no longer names, unless somebody has worked on them or built on them."""
        for key in self._ledger.vanished("minutes/"):
            row = self.rows.get(key)
            if row is None:
                continue
            since = self._ledger.imported_at
            is_used = db.session.scalar(select(Evidence.id).where(Evidence.minutes_id == row.id).limit(1))
            if is_used is not None or since is None or row.changed_at > since:
                expected = (
                    f"das Protokoll „{key}“: In der Anwendung hat es jemand geändert oder nutzt es als Beleg"
                )
                self._ledger.refuse(("minutes",), f"kein Protokoll „{key}“", expected)
            else:
                db.session.delete(row)
                self._ledger.report.count(self.WHAT, "entfernt")
        self._ledger.stop_if_refused()
        db.session.flush()


def group_id(
    ledger: Ledger, groups: Mapping[str, WorkingGroup], place: tuple[Any, ...], plan: Entry
) -> int | None:
    """The id of the group an entry belongs to; a finding where it was removed in the application."""
    key = plan.values["group"]
    if key is None:
        return None
    if key not in groups:
        ledger.refuse(
            (*place, "group"), f"die Gruppe „{key}“", "eine Gruppe, die es in der Anwendung noch gibt"
        )
        return None
    return groups[key].id
