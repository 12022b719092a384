"""Whether the registrations of a file fit its groups: seats, queues, ways to reach people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.domain.importing.checking import Check, capacities
from app.domain.importing.findings import Path, names, quote, visible

NO_PLACES = ("cancelled",)


def check(found: Check) -> None:
    """Look at all registrations of the file."""
    groups = {group["key"]: group for _, group in found.entries("working_groups") if "key" in group}
    seated: Counter[tuple[str, int]] = Counter()
    queues: dict[tuple[str, int, int], Path] = {}
    conference_queue: dict[int, Path] = {}
    persons = 0
    found.unique(("registrations",), "code")
    for path, entry in found.entries("registrations"):
        status, size = entry.get("status"), entry.get("party_size", 1) or 1
        _contact(found, path, entry)
        for index, wish in enumerate(entry.get("group_wishes") or ()):
            found.refers((*path, "group_wishes", index), wish, groups, "eine Arbeitsgruppe")
        _wishes(found, path, entry, groups)
        placed = _placed(found, path, entry, groups)
        if "conference_queue" in entry:
            _conference_queue(found, path, entry, conference_queue)
            continue
        if status not in NO_PLACES:
            persons += size
            for key, number in placed:
                seated[key, number] += size
        _queue_place(found, path, entry, queues)
    _enough_seats(found, groups, seated)
    capacity = found.block("conference").get("capacity")
    if capacity is not None and persons > capacity:
        found.remark(
            ("conference", "capacity"),
            f"{capacity} Plätze und {persons} angemeldete Menschen",
            "mindestens so viele Plätze wie angemeldete Menschen",
        )


def _conference_queue(found: Check, path: Path, entry: dict[str, Any], queue: dict[int, Path]) -> None:
    """Who waits for a place at the conference has none in any group."""
    place, position = (*path, "conference_queue"), entry["conference_queue"]
    if entry.get("status") != "waitlisted":
        found.add(place, position, "status: waitlisted")
    for name in ("assigned", "waiting", "waitlist_position"):
        if entry.get(name):
            found.remark(
                (*path, name), "ein Platz in einer Gruppe", "keine Gruppe auf der Warteliste der Konferenz"
            )
    if position is not None and queue.setdefault(position, path) != path:
        line = found.source.line((*queue[position], "conference_queue"))
        found.add(place, position, f"ein Platz der Warteliste, den es nicht schon gibt (Zeile {line})")


def _wishes(found: Check, path: Path, entry: dict[str, Any], groups: dict[str, dict[str, Any]]) -> None:
    for number, keys in (entry.get("wishes") or {}).items():
        for index, key in enumerate(keys or ()):
            place = (*path, "wishes", number, index)
            found.refers(place, key, groups, "eine Arbeitsgruppe")
            if key in groups and "capacity" in groups[key]:
                meets = capacities(found.data, groups[key])
                if int(number) not in meets:
                    rounds = names(str(known) for known in meets)
                    found.add(
                        place, key, f"eine Gruppe, die in Runde {number} tagt (diese tagt in: {rounds})"
                    )


def _contact(found: Check, path: Path, entry: dict[str, Any]) -> None:
    contact = entry.get("contact") or {}
    value, kind = contact.get("value"), contact.get("type")
    if kind == "none" and value:
        found.remark(
            (*path, "contact", "value"), "eine Angabe trotz type: none", "email, phone oder post als type"
        )
    if kind == "email" and value and ("@" not in value.strip("@") or " " in value):
        found.add((*path, "contact", "value"), value, "eine E-Mail-Adresse wie name@anbieter.example")


def _placed(
    found: Check, path: Path, entry: dict[str, Any], groups: dict[str, dict[str, Any]]
) -> list[tuple[str, int]]:
    """Seats as (group, round); findings for groups and rounds that do not exist or meet at the same time."""
    status = entry.get("status")
    seats = []
    for name in ("assigned", "waiting"):
        for number, key in (entry.get(name) or {}).items():
            place = (*path, name, number)
            if status in NO_PLACES:
                found.add(place, key, "keine Gruppe bei einer Absage (status: cancelled)")
                continue
            if key not in groups:
                found.refers(place, key, groups, "eine Arbeitsgruppe")
                continue
            if "capacity" not in groups[key]:
                continue
            meets = capacities(found.data, groups[key])
            if int(number) not in meets:
                rounds = names(str(known) for known in meets)
                found.remark(
                    place,
                    f"Runde {number} für „{visible(key)}“",
                    f"eine Runde, in der die Gruppe tagt ({rounds})",
                )
            elif name == "assigned":
                seats.append((key, int(number)))
    for number in set(entry.get("assigned") or {}) & set(entry.get("waiting") or {}):
        found.remark(
            (*path, "waiting", number), f"Platz und Warteliste in Runde {number}", "eine Gruppe je Runde"
        )
    return seats


def queue_of(data: dict[str, Any], entry: dict[str, Any]) -> dict[int, str]:
    """Where a registration waits: group keys by round number.

    A file that says `waitlisted` without a round means the first group wished for, in its first round.
    """
    if "conference_queue" in entry:
        return {}
    if entry.get("waiting"):
        return {int(number): key for number, key in entry["waiting"].items()}
    if entry.get("status") != "waitlisted" or not entry.get("group_wishes"):
        return {}
    key = entry["group_wishes"][0]
    for group in data.get("working_groups") or ():
        if isinstance(group, dict) and group.get("key") == key:
            rounds = capacities(data, group)
            return {min(rounds): key} if rounds else {}
    return {}


def _queue_place(
    found: Check, path: Path, entry: dict[str, Any], queues: dict[tuple[str, int, int], Path]
) -> None:
    position, waits = entry.get("waitlist_position"), queue_of(found.data, entry)
    raw = found.source.value["registrations"][path[-1]]
    if entry.get("status") == "waitlisted":
        if "waitlist_position" not in raw:
            found.remark(
                path, "eine Warteliste ohne Platz", "das Feld „waitlist_position“ mit dem Platz, ab 1"
            )
        if not raw.get("waiting") and not raw.get("group_wishes"):
            found.remark(
                path, "eine Warteliste ohne Gruppe", "das Feld „waiting“ wie {1: ag4} oder „group_wishes“"
            )
        if raw.get("assigned") and not raw.get("waiting"):
            found.remark(
                (*path, "assigned"),
                "Plätze bei einer Warteliste ohne Runde",
                "das Feld „waiting“ wie {1: ag4}",
            )
    elif position is not None and not waits:
        found.add(
            (*path, "waitlist_position"), position, "status: waitlisted oder das Feld „waiting“ wie {1: ag4}"
        )
    if position is None:
        return
    for number, key in waits.items():
        first = queues.setdefault((key, number, position), path)
        if first != path:
            line = found.source.line((*first, "waitlist_position"))
            expected = (
                f"ein Platz der Warteliste von „{visible(key)}“, den es nicht schon gibt (Zeile {line})"
            )
            found.add((*path, "waitlist_position"), position, expected)


def _enough_seats(found: Check, groups: dict[str, dict[str, Any]], seated: Counter[tuple[str, int]]) -> None:
    for path, group in found.entries("working_groups"):
        key = group.get("key")
        if key is None or groups.get(key) is not group:
            continue
        for number, seats in capacities(found.data, group).items():
            if seated[key, number] > seats:
                place = (*path, "capacity")
                by_round = (*place, str(number))
                found.remark(
                    by_round if isinstance(group["capacity"], dict) else place,
                    f"{seats} Plätze und {seated[key, number]} Menschen in Runde {number} ({quote(key)})",
                    "höchstens so viele Menschen wie Plätze",
                )
