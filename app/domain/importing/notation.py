"""How a file puts what it says: what an export needs to make the same file again, wherever nothing changed since.

`keyed` lets lists of entries stand as mappings by key, code or position, so that they can be compared whatever their
order. `difference` notes where a file differs from the plain way of saying the same; `apply` puts it that way again,
unless what it says is another by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.importing import schema as schemas
from app.domain.importing.plans import digest

# Fields that only make sense together: when one of them has changed, none is put as the file put it.
_TOGETHER = (
    (("conference",), ("date", "starts_at")),
    (("registrations", "*"), ("status", "assigned", "waiting", "waitlist_position", "conference_queue")),
    (("registrations", "*"), ("consents", "consent_withdrawn")),
    (("registration_form", "questions", "*"), ("type", "options", "asked", "min", "max")),
    (("registration_form", "consents", "*"), ("label", "version")),
    (("contributions", "*"), ("status", "answer_de", "reply_de", "decided_on", "withdrawn_at", "text")),
    (("recommendations", "*"), ("status", "status_note", "history", "result_de")),
)
_MISSING: Any = object()
# [place, mark of what the plain way says there, whether the file says something, what it says]
Item = list[Any]


def keyed(value: Any, part: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """`value` with lists of entries as mappings; an empty list stays a list."""
    part = schemas.resolved(root, part)
    if isinstance(value, dict):
        return {name: keyed(inner, schemas.of_field(name, part), root) for name, inner in value.items()}
    if isinstance(value, list) and value and "x-key" in part:
        return {
            schemas.name_of(entry, part, index): keyed(entry, part["items"], root)
            for index, entry in enumerate(value)
        }
    return value


def unkeyed(value: Any, part: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """The shape of a file again, the fields in the order of the schema."""
    part = schemas.resolved(root, part)
    if not isinstance(value, dict):
        return value
    if "x-key" in part:
        return [unkeyed(entry, part["items"], root) for entry in value.values()]
    known = list(part.get("properties", ()))
    named = [name for name in known if name in value] + [name for name in value if name not in known]
    return {name: unkeyed(value[name], schemas.of_field(name, part), root) for name in named}


def with_kept(
    tree: dict[str, Any], kept: Mapping[str, Any], part: Mapping[str, Any], root: Mapping[str, Any]
) -> None:
    """Put what is kept of a file into the keyed `tree`, wherever there still is something it belongs to."""
    part = schemas.resolved(root, part)
    for name, value in kept.items():
        inner = part["items"] if "x-key" in part else schemas.of_field(name, part)
        inner = schemas.resolved(root, inner)
        if "x-kept" in inner:
            tree[name] = value
        elif isinstance(value, dict) and isinstance(tree.get(name), dict):
            with_kept(tree[name], value, inner, root)


def difference(said: Mapping[str, Any], plain: Mapping[str, Any]) -> list[Item]:
    """Where the keyed file `said` differs from the keyed `plain` way of saying the same."""
    items: list[Item] = []
    _differ(said, plain, plain, (), items)
    return items


def apply(tree: dict[str, Any], items: list[Item]) -> None:
    """Say in the keyed `tree` as the file said it whatever is still the same."""
    # All marks first: fields that go together must not see each other changed.
    fitting = [item for item in items if _mark(tree, tuple(item[0])) == item[1]]
    for place, _, is_said, value in fitting:
        parent = _at(tree, place[:-1])
        if not isinstance(parent, dict):
            continue
        if is_said:
            parent[place[-1]] = value
        else:
            parent.pop(place[-1], None)


def _differ(
    said: Mapping[str, Any],
    plain: Mapping[str, Any],
    root: Mapping[str, Any],
    place: tuple[str, ...],
    items: list[Item],
) -> None:
    for name in dict.fromkeys((*said, *plain)):
        one, other = said.get(name, _MISSING), plain.get(name, _MISSING)
        if isinstance(one, dict) and isinstance(other, dict):
            _differ(one, other, root, (*place, name), items)
        elif one is _MISSING or other is _MISSING or not _same(one, other):
            is_said = one is not _MISSING
            where = (*place, name)
            items.append([list(where), _mark(root, where), is_said, one if is_said else None])


def _same(one: Any, other: Any) -> bool:
    """Equal as a file sees it: 1, 1.0 and true are three."""
    return digest(one) == digest(other) and type(one) is type(other)


def _mark(tree: Mapping[str, Any], place: tuple[str, ...]) -> str:
    """A mark of what stands at this place, with the fields it goes together with."""
    parent = _at(tree, place[:-1])
    if not isinstance(parent, dict):
        return ""
    names = next((names for where, names in _TOGETHER if _fits(place, where, names)), (place[-1],))
    return digest([[name, parent[name]] if name in parent else [name] for name in names])


def _fits(place: tuple[str, ...], where: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return (
        len(place) == len(where) + 1
        and place[-1] in names
        and all(mine in ("*", its) for its, mine in zip(place, where, strict=False))
    )


def _at(tree: Any, place: Any) -> Any:
    for part in place:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree
