"""What a file holds beyond what the product carries: set aside whole, in the shape of the file, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.importing import schema as schemas
from app.domain.importing.findings import Path

_NOTHING = object()


@dataclass
class Kept:
    """`tree` mirrors the file; entries of lists stand under their key, code or position, so that they can be found
    again when the list has another order.
    """

    tree: dict[str, Any] = field(default_factory=dict, repr=False)
    # (label, place in the file) -> how often something stood there.
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """One line for each kind of thing kept, in the order of the file."""
        places: dict[str, list[str]] = {}
        numbers: Counter[str] = Counter()
        for (label, place), number in self.counts.items():
            places.setdefault(label, []).append(place)
            numbers[label] += number
        for label, found_at in places.items():
            where = f" ({found_at[0]})" if len(found_at) == 1 else ""
            yield f"{label}{where}: {numbers[label]}"


def set_aside(data: Mapping[str, Any], schema: Mapping[str, Any]) -> Kept:
    """Gather every value whose place in the schema is marked `x-kept`."""
    kept = Kept()
    tree = _Walk(schema, kept.counts).kept(data, schema, ())
    kept.tree = tree if isinstance(tree, dict) else {}
    return kept


def put_aside(kept: Kept, path: tuple[str, ...], value: Any, label: str, place: str, number: int = 1) -> None:
    """Add one value that the schema alone cannot tell to be kept."""
    tree = kept.tree
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    tree[path[-1]] = value
    kept.counts[label, place] += number


def leave(kept: Kept, section: str, name: str) -> None:
    """Keep nothing of the field `name` in the entries of a section after all."""
    entries = kept.tree.get(section)
    for entry in entries.values() if isinstance(entries, dict) else ():
        entry.pop(name, None)
    for counted in [found for found in kept.counts if found[1] == f"{section}[].{name}"]:
        del kept.counts[counted]


class _Walk:
    def __init__(self, root: Mapping[str, Any], counts: Counter[tuple[str, str]]) -> None:
        self._root = root
        self._counts = counts

    def kept(self, value: Any, schema: Mapping[str, Any], place: Path) -> Any:
        schema = schemas.resolved(self._root, schema)
        if "x-kept" in schema:
            if value not in (None, [], {}):
                # A section is counted by its entries, a field by its occurrences.
                number = len(value) if isinstance(value, list) and len(place) == 1 else 1
                self._counts[schema["x-kept"], _pattern(place)] += number
            return value
        if isinstance(value, dict):
            found = {
                name: self.kept(inner, schemas.of_field(name, schema), (*place, name))
                for name, inner in value.items()
            }
        elif isinstance(value, list) and "items" in schema:
            found = {}
            for index, entry in enumerate(value):
                name = schemas.name_of(entry, schema, index)
                found[name] = self.kept(entry, schema["items"], (*place, index))
        else:
            return _NOTHING
        return {name: inner for name, inner in found.items() if inner is not _NOTHING} or _NOTHING


def _pattern(place: Path) -> str:
    text = ""
    for part in place:
        text += "[]" if isinstance(part, int) else f".{part}" if text else part
    return text
