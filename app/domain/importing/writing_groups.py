"""Writing the working groups of a file and their rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from app.database import db
from app.domain.importing.findings import Path
from app.domain.importing.ledger import Ledger
from app.domain.importing.numbers import Numbers
from app.domain.importing.places import Places
from app.domain.importing.plans import GroupPlan
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    GroupRound,
    Minutes,
    Seat,
    Topic,
    WorkingGroup,
)

WHAT = "Arbeitsgruppen"


class Groups:
    """The groups of one conference: written first, cut down only after people have left their seats."""

    def __init__(self, ledger: Ledger, conference: Conference, places: Places) -> None:
        self._ledger = ledger
        self._conference = conference
        self._places = places
        self.rows = {
            row.key: row
            for row in db.session.scalars(
                select(WorkingGroup).where(WorkingGroup.conference_id == conference.id)
            )
        }
        self._to_shrink: list[tuple[GroupRound, GroupPlan, int]] = []
        self._to_drop: list[tuple[GroupRound, GroupPlan]] = []

    def write(self, rooms: Mapping[str, int], agenda: Mapping[int, int]) -> None:
        """Make and change groups and rounds; no round gets smaller yet."""
        ledger = self._ledger
        numbers = Numbers(ledger, "working_groups", {row.number: row.key for row in self.rows.values()})
        numbers.reserve(ledger.plan.groups)
        for plan in ledger.plan.groups:
            entity = f"group/{plan.key}"
            values = {
                **plan.values,
                **{f"capacity/{number}": seats for number, seats in plan.capacities.items()},
            }
            changed = ledger.changes(entity, values)
            group = self.rows.get(plan.key)
            if group is None and ledger.knows(entity) and not changed:
                ledger.report.note(
                    f"Die Arbeitsgruppe {plan.key} wurde in der Anwendung entfernt und bleibt es."
                )
                continue
            ledger.count(WHAT, is_new=group is None, is_changed=bool(changed))
            if group is None:
                group = WorkingGroup(
                    host_id=self._conference.host_id,
                    conference_id=self._conference.id,
                    key=plan.key,
                    number=numbers.of(plan),
                )
                db.session.add(group)
                self.rows[plan.key] = group
                changed = values
            for name in plan.values:
                if name in changed and name != "room":
                    setattr(group, name, changed[name])
            if "room" in changed:
                group.room_id = rooms[changed["room"][1]] if changed["room"] else None
            db.session.flush()
            self._write_rounds(group, plan, changed, agenda)

    def cut(self) -> None:
        """Make rounds smaller and remove what the file no longer names, where nobody sits or waits."""
        for group_round, plan, seats in self._to_shrink:
            if seats < group_round.seats_taken:
                found = f"{seats} Plätze in Runde {group_round.number}"
                expected = f"mindestens {group_round.seats_taken}: So viele sind in der Anwendung vergeben"
                self._ledger.refuse(("working_groups", plan.index, "capacity"), found, expected)
            else:
                group_round.capacity = seats
        db.session.flush()
        for group_round, plan in self._to_drop:
            self._drop_round(group_round, ("working_groups", plan.index, "capacity"))
        for key in self._ledger.vanished("group/"):
            group = self.rows.pop(key, None)
            if group is not None:
                self._drop_group(group)
        self._ledger.stop_if_refused()
        is_numbered = any(plan.number is not None for plan in self._ledger.plan.groups)
        if self._conference.status is ConferenceStatus.DRAFT and not is_numbered:
            self._number_again()

    def _write_rounds(
        self, group: WorkingGroup, plan: GroupPlan, changed: Mapping[str, Any], agenda: Mapping[int, int]
    ) -> None:
        rows = {group_round.number: group_round for group_round in group.rounds}
        for number, seats in plan.capacities.items():
            group_round = rows.get(number)
            if group_round is None:
                group_round = GroupRound(
                    host_id=group.host_id, conference_id=group.conference_id, number=number, capacity=seats
                )
                group.rounds.append(group_round)
            elif f"capacity/{number}" in changed and seats > group_round.capacity:
                self._places.freed.add((plan.key, number))
                group_round.capacity = seats
            elif f"capacity/{number}" in changed and seats < group_round.capacity:
                self._to_shrink.append((group_round, plan, seats))
            group_round.agenda_item_id = agenda.get(number)
        db.session.flush()
        before = self._ledger.before.get(f"group/{plan.key}", {})
        for number, group_round in rows.items():
            if number not in plan.capacities and f"capacity/{number}" in before:
                group_round.agenda_item_id = None
                self._to_drop.append((group_round, plan))
        for group_round in group.rounds:
            self._places.know(plan.key, group_round)

    def _drop_round(self, group_round: GroupRound, path: Path) -> None:
        group = group_round.group
        if group_round.seats_taken or group_round.waiting:
            found = f"keine Runde {group_round.number} für „{group.key}“"
            expected = f"Runde {group_round.number}: In der Anwendung sitzen oder warten dort Menschen"
            self._ledger.refuse(path, found, expected)
            return
        # Only places that were given up hang on it.
        db.session.execute(delete(Seat).where(Seat.group_round_id == group_round.id))
        db.session.expire_all()
        group.rounds.remove(group_round)
        db.session.flush()

    def _drop_group(self, group: WorkingGroup) -> None:
        if any(group_round.seats_taken or group_round.waiting for group_round in group.rounds):
            expected = f"die Gruppe „{group.key}“: In der Anwendung sitzen oder warten dort Menschen"
            self._ledger.refuse(("working_groups",), f"keine Gruppe „{group.key}“", expected)
            return
        if any(
            db.session.scalar(select(model.id).where(model.working_group_id == group.id).limit(1)) is not None
            for model in (Contribution, Topic, Minutes)
        ):
            expected = (
                f"die Gruppe „{group.key}“: In der Anwendung gehören Beiträge, Themen oder Protokolle zu ihr"
            )
            self._ledger.refuse(("working_groups",), f"keine Gruppe „{group.key}“", expected)
            return
        rounds = [group_round.id for group_round in group.rounds]
        db.session.execute(delete(Seat).where(Seat.group_round_id.in_(rounds)))
        db.session.expire_all()
        db.session.delete(group)
        db.session.flush()
        self._ledger.report.count(WHAT, "entfernt")

    def _number_again(self) -> None:
        """While the conference is a draft, numbers follow the order."""
        ordered = sorted(self.rows.values(), key=lambda group: (group.position, group.number))
        if [group.number for group in ordered] == list(range(1, len(ordered) + 1)):
            return
        # Two steps, since numbers are unique: first beyond all, then down.
        for step in (max(group.number for group in ordered), 0):
            for number, group in enumerate(ordered, 1):
                group.number = step + number
            db.session.flush()
