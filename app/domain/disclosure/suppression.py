"""Cell suppression: hides what is too small (primary), and what would give it back (secondary)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.disclosure.attack import Contradiction, Interval, Knowledge, knowledge
from app.domain.disclosure.model import Cell, Key, Quantity, Reason, Sum, by_key


@dataclass(frozen=True)
class Exposed:
    """A hidden cell an attacker can narrow down further than its source allows."""

    key: Key
    quantity: Quantity
    interval: Interval
    wanted: float


@dataclass
class _Tables:
    """All cells, and what ties them."""

    cells: Mapping[Key, Cell]
    sums: Sequence[Sum]
    hidden: dict[Key, Reason] = field(default_factory=dict)
    showing: dict[Quantity, list[Key]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for key, cell in self.cells.items():
            for quantity in (cell.above, cell.below):
                if quantity is not None:
                    self.showing[quantity].append(key)

    def known(self) -> Knowledge:
        return knowledge(self.cells.values(), self.hidden, self.sums)

    def public(self) -> set[Quantity]:
        """The quantities somebody can read off a published cell."""
        return {
            quantity for key, cell in self.cells.items() if key not in self.hidden for quantity in cell.shown
        }


def suppress(cells: Iterable[Cell], sums: Iterable[Sum]) -> dict[Key, Reason]:
    """The cells that must not be published, with the reason; `audit` finds none of them exposed.

    Primary cells are those their rule hides, and all that show the same small number. As long as one of the hidden
    can be narrowed down too far, a further cell goes: one tied to it, a part rather than a total, and as small as
    hides enough. In the end those that turned out not to be needed come back, largest first.
    Raises Contradiction where totals are not the sums of their parts.
    """
    every = by_key(cells)
    ties = list(sums)
    found: dict[Key, Reason] = {}
    for block, block_sums in _blocks(every, ties):
        tables = _Tables(block, block_sums)
        _hide_primary(tables)
        if tables.hidden:
            _hide_secondary(tables)
            _bring_back(tables)
        found |= tables.hidden
    return found


def audit(cells: Iterable[Cell], sums: Iterable[Sum], hidden: Collection[Key]) -> list[Exposed]:
    """Attack what is published; the hidden cells that do not stand it, in the order of their keys.

    A number that another published cell shows is no secret of the hidden one.
    """
    found: list[Exposed] = []
    for block, block_sums in _blocks(by_key(cells), list(sums)):
        tables = _Tables(block, block_sums, {key: Reason.SOURCE for key in block if key in hidden})
        if tables.hidden:
            found += _exposed(tables, tables.known(), sorted(tables.hidden))
    return sorted(found, key=lambda exposed: exposed.key)


def _blocks(cells: Mapping[Key, Cell], sums: Sequence[Sum]) -> list[tuple[dict[Key, Cell], list[Sum]]]:
    """Cells that share no count and no sum bear nothing on each other."""
    parent: dict[object, object] = {}

    def root(item: object) -> object:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for cell in cells.values():
        parent[root(cell.below or cell.above)] = root(cell.above)
    counts = {name for cell in cells.values() for name in (cell.over, cell.under) if name}
    present = set(parent)
    for tie in sums:
        for count in counts:
            total = Quantity(count, tie.total)
            if total in present and all(Quantity(count, part) in present for part in tie.parts):
                for part in tie.parts:
                    parent[root(Quantity(count, part))] = root(total)
    found: dict[object, dict[Key, Cell]] = defaultdict(dict)
    for key in sorted(cells):
        found[root(cells[key].above)][key] = cells[key]
    blocks = []
    for block in found.values():
        places = {key.place for key in block}
        blocks.append((block, [tie for tie in sums if tie.total in places and places.issuperset(tie.parts)]))
    return blocks


def _hide_primary(tables: _Tables) -> None:
    small: set[Quantity] = set()
    for key, cell in tables.cells.items():
        reason = cell.primary_reason()
        if reason is not None:
            tables.hidden[key] = reason
            if reason in (Reason.NUMERATOR, Reason.SOURCE):
                small.add(cell.above)
    for quantity in sorted(small):
        for key in tables.showing[quantity]:
            tables.hidden.setdefault(key, Reason.NUMERATOR)


def _hide_secondary(tables: _Tables) -> None:
    known = tables.known()
    left = sorted(tables.hidden)
    while left:
        exposed = _exposed(tables, known, left)
        if not exposed:
            return
        # Hiding more never narrows anything: those that stand now need not be looked at again.
        left = list(dict.fromkeys(each.key for each in exposed))
        further = _next_to_hide(tables, known, exposed[0])
        if further is None:
            left.remove(exposed[0].key)
            continue
        tables.hidden[further] = Reason.SECONDARY
        left.append(further)
        known = tables.known()


def _exposed(tables: _Tables, known: Knowledge, keys: Iterable[Key]) -> list[Exposed]:
    public = tables.public()
    found = []
    for key in keys:
        cell = tables.cells[key]
        for quantity in (cell.above, cell.below):
            if quantity is None or quantity in public:
                continue
            interval = known.interval(quantity)
            wanted = min(cell.rule.width, _most(cell, quantity, known, public))
            if interval.width < wanted:
                found.append(Exposed(key, quantity, interval, wanted))
                break
    return found


def _most(cell: Cell, quantity: Quantity, known: Knowledge, public: Collection[Quantity]) -> float:
    """How uncertain a number can be at all: of the people everybody can count, nobody to everybody."""
    below = cell.below
    if cell.is_share and below is not None and quantity == cell.above and below in public:
        return known.interval(below).high or 0
    return math.inf


def _next_to_hide(tables: _Tables, known: Knowledge, exposed: Exposed) -> Key | None:
    """The published cell that costs least and helps this one; None where all that is tied to it is hidden."""
    tied = set(known.connected(exposed.quantity))
    candidates: dict[Key, bool] = {}
    count = exposed.quantity.what
    for tie in tables.sums:
        members = [Quantity(count, place) for place in (tie.total, *tie.parts)]
        if tied.isdisjoint(members):
            continue
        for quantity in members:
            for key in tables.showing[quantity]:
                if key not in tables.hidden and quantity in tables.cells[key].shown:
                    is_total = quantity.place == tie.total
                    candidates[key] = candidates.get(key, False) or is_total
    lacking = exposed.wanted - exposed.interval.width

    def cost(key: Key) -> tuple[bool, bool, int, Key]:
        size = tables.cells[key].shown.get(Quantity(count, key.place), 0)
        enough = size >= lacking
        return candidates[key], not enough, size if enough else -size, key

    return min(candidates, key=cost, default=None)


def _bring_back(tables: _Tables) -> None:
    """Publish again each secondary cell the hidden ones stand without, largest first."""
    secondary = [key for key, reason in tables.hidden.items() if reason is Reason.SECONDARY]
    if len(secondary) < 2:
        return
    before = {each.key for each in _exposed(tables, tables.known(), sorted(tables.hidden))}

    def size(key: Key) -> tuple[int, Key]:
        return -max(tables.cells[key].shown.values(), default=0), key

    for key in sorted(secondary, key=size):
        del tables.hidden[key]
        known = tables.known()
        if {each.key for each in _exposed(tables, known, sorted(tables.hidden))} - before:
            tables.hidden[key] = Reason.SECONDARY


__all__ = ["Contradiction", "Exposed", "audit", "suppress"]
