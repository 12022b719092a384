"""Writing the agenda of a file: an item is known by its position there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain.importing.ledger import Ledger
from app.models import AgendaItem, AgendaKind, Conference, GroupRound

WHAT = "Ablauf"
Change = tuple[int, AgendaItem | None, dict[str, Any]]


def write(ledger: Ledger, conference: Conference, rooms: Mapping[str, int]) -> dict[int, int]:
    """Bring the agenda to the state of the file; returns the ids of the items by round number."""
    items = _rows(ledger, conference)
    wanted = len(ledger.plan.agenda)
    changes = _changes(ledger, items)
    for item in items[wanted:]:
        if item is not None:
            _remove(item)
            ledger.report.count(WHAT, "entfernt")
            ledger.moves_calendar = True
    # Numbers of rounds are unique: all that give theirs up do so before another takes it.
    for _, item, changed in changes:
        if item is not None and ("round_number" in changed or "kind" in changed):
            item.kind, item.round_number = AgendaKind.OTHER, None
    db.session.flush()
    _refuse_rounds_in_use(ledger, conference, changes)
    ids = {position: item.id for position, item in enumerate(items[:wanted], 1) if item is not None}
    for position, item, changed in changes:
        ids[position] = _write_item(ledger, conference, rooms, position, item, changed)
    ledger.moves_calendar |= bool(changes)
    ledger.ids["agenda"] = [ids.get(position, 0) for position in range(1, wanted + 1)]
    return {item.round_number: item.id for item in _all(conference) if item.round_number is not None}


def _changes(ledger: Ledger, items: list[AgendaItem | None]) -> list[Change]:
    changes: list[Change] = []
    for position, values in enumerate(ledger.plan.agenda, 1):
        entity = f"agenda/{position}"
        changed = ledger.changes(entity, values)
        item = items[position - 1] if position <= len(items) else None
        if item is None and ledger.knows(entity) and not changed:
            ledger.report.note(f"Punkt {position} des Ablaufs wurde in der Anwendung entfernt und bleibt es.")
            continue
        ledger.count(WHAT, is_new=item is None, is_changed=bool(changed))
        if item is None or changed:
            changes.append((position, item, changed))
    return changes


def _write_item(
    ledger: Ledger,
    conference: Conference,
    rooms: Mapping[str, int],
    position: int,
    item: AgendaItem | None,
    changed: dict[str, Any],
) -> int:
    whole = ledger.plan.agenda[position - 1]
    values = dict(whole) if item is None else dict(changed)
    if item is None:
        item = AgendaItem(host_id=conference.host_id, conference_id=conference.id, position=position)
        db.session.add(item)
    if "round_number" in values or "kind" in values:
        values["kind"], values["round_number"] = whole["kind"], whole["round_number"]
    if "room" in values:
        room = values.pop("room")
        item.room_id = rooms[room[1]] if room else None
    for name, value in values.items():
        setattr(item, name, value)
    db.session.flush()
    return item.id


def _all(conference: Conference) -> list[AgendaItem]:
    return list(
        db.session.scalars(
            select(AgendaItem)
            .where(AgendaItem.conference_id == conference.id)
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


def _rows(ledger: Ledger, conference: Conference) -> list[AgendaItem | None]:
    """The rows the file's items stand for: those of the last import, else those at the same positions."""
    rows = _all(conference)
    if "agenda" not in ledger.ids_before:
        return list[AgendaItem | None](rows[: len(ledger.plan.agenda)])
    by_id = {row.id: row for row in rows}
    return [by_id.get(number) for number in ledger.ids_before["agenda"]]


def _remove(item: AgendaItem) -> None:
    for group_round in db.session.scalars(select(GroupRound).where(GroupRound.agenda_item_id == item.id)):
        group_round.agenda_item_id = None
    db.session.flush()
    db.session.delete(item)
    db.session.flush()


def _refuse_rounds_in_use(ledger: Ledger, conference: Conference, changes: list[Change]) -> None:
    """An item made in the application may hold a number the file wants."""
    mine = {item.id for _, item, _ in changes if item is not None}
    taken = {
        row.round_number for row in _all(conference) if row.round_number is not None and row.id not in mine
    }
    for position, _, _ in changes:
        number = ledger.plan.agenda[position - 1]["round_number"]
        if number in taken:
            expected = "eine Runde, die im Ablauf in der Anwendung noch keinen anderen Punkt hat"
            ledger.refuse(("agenda", position - 1, "round"), f"Runde {number}", expected)
    ledger.stop_if_refused()
