"""Whether what was said and what is recommended fits together: topics, contributions, minutes, evidence."""

from __future__ import annotations

from typing import Any

from app.domain.importing.checking import Check, capacities, german
from app.domain.importing.findings import Path

# Not decided or taken back: nothing can be founded on it.
NO_EVIDENCE = ("rejected", "withdrawn", "in_review", "received")
# What was evidence once, and is public no more.
TAKEN_BACK = ("rejected", "withdrawn")
_NEEDED = {"rejected": "reason_code", "duplicate": "duplicate_of", "forwarded": "forwarded_to"}
# What would repeat words that were taken back.
_WORDS = ("text", "translation_de", "display_name", "answer_de", "reply_de")


def check(found: Check, topics: list[str], outreach: list[str]) -> list[str]:
    """Look at all of it; returns the keys of the clusters. `topics` are the groups and the cross topic."""
    clusters = found.unique(("clusters",), "key")
    found.unique(("clusters",), "number")
    for path, cluster in found.entries("clusters"):
        found.refers((*path, "group"), cluster.get("group"), topics, "eine Gruppe")
        if "title" in cluster and not german(cluster["title"]):
            found.add((*path, "title"), cluster["title"], "ein Titel auf Deutsch")
    _contributions(found, topics, clusters, outreach)
    _minutes(found)
    _recommendations(found, clusters)
    return clusters


def _contributions(found: Check, topics: list[str], clusters: list[str], outreach: list[str]) -> None:
    found.unique(("contributions",), "id")
    found.unique(("contributions",), "number")
    public = [
        entry.get("id") for _, entry in found.entries("contributions") if entry.get("status") == "published"
    ]
    for path, entry in found.entries("contributions"):
        raw = found.source.value["contributions"][path[-1]]
        found.refers((*path, "group"), entry.get("group"), topics, "eine Gruppe")
        found.refers((*path, "cluster"), entry.get("cluster"), clusters, "ein Themenbündel (clusters)")
        found.refers((*path, "outreach"), entry.get("outreach"), outreach, "ein Gespräch (outreach)")
        if entry.get("duplicate_of") is not None:
            found.refers(
                (*path, "duplicate_of"),
                entry["duplicate_of"],
                [key for key in public if key != entry.get("id")],
                "ein anderer Beitrag, der veröffentlicht ist",
            )
        _decision(found, path, entry, raw)
        if entry.get("channel") == "outreach" and "outreach" not in raw:
            found.remark(path, "ein Beitrag aus einem Gespräch ohne „outreach“", "das Feld „outreach“")
        if entry.get("translation_de") and "translation_by" not in raw:
            found.remark(
                path, "eine Übersetzung ohne „translation_by“", "human oder machine im Feld „translation_by“"
            )
        _words(found, path, entry, raw)


def _decision(found: Check, path: Path, entry: dict[str, Any], raw: dict[str, Any]) -> None:
    status = entry.get("status")
    needed = _NEEDED.get(str(status))
    if needed and needed not in raw:
        found.remark(path, f"der Stand {status} ohne „{needed}“", f"das Feld „{needed}“")
    if status == "forwarded" and not (entry.get("forwarded_to") or "-").strip():
        found.add((*path, "forwarded_to"), entry["forwarded_to"], "eine Stelle, die sich kümmert")


def _words(found: Check, path: Path, entry: dict[str, Any], raw: dict[str, Any]) -> None:
    if entry.get("status") == "withdrawn":
        for name in _WORDS:
            if entry.get(name):
                expected = "text: null, damit nichts davon bleibt" if name == "text" else "kein solches Feld"
                found.remark((*path, name), "ein Text, der zurückgezogen ist", expected)
    elif "status" in entry and not (entry.get("text") or "").strip():
        is_refused_already = bool(raw.get("text")) and "text" not in entry
        if not is_refused_already:
            found.remark(path, "ein Beitrag ohne Text", "das Feld „text“")


def _minutes(found: Check) -> None:
    groups = {group["key"]: group for _, group in found.entries("working_groups") if "key" in group}
    seen: dict[tuple[Any, Any], Path] = {}
    for path, entry in found.entries("minutes"):
        key, number, present = entry.get("group"), entry.get("round"), entry.get("participants")
        found.refers((*path, "group"), key, groups, "eine Arbeitsgruppe")
        first = seen.setdefault((key, number), path)
        if first != path and key is not None and number is not None:
            line = found.source.line(first)
            found.add(
                (*path, "round"), number, f"eine Runde dieser Gruppe ohne anderes Protokoll (Zeile {line})"
            )
        seats = capacities(found.data, groups.get(str(key), {}))
        if not seats or number is None:
            continue
        if number not in seats:
            found.add((*path, "round"), number, "eine Runde, in der die Gruppe tagt")
        elif present is not None and present > seats[number]:
            found.add(
                (*path, "participants"), present, f"höchstens so viele Menschen wie Plätze ({seats[number]})"
            )


def _recommendations(found: Check, clusters: list[str]) -> None:
    found.unique(("recommendations",), "id")
    found.unique(("recommendations",), "number")
    voices = {entry.get("id"): entry for _, entry in found.entries("contributions")}
    minutes = [f"{entry.get('group')}/{entry.get('round')}" for _, entry in found.entries("minutes")]
    for path, entry in found.entries("recommendations"):
        references = entry.get("evidence") or []
        for index, reference in enumerate(references):
            if reference is None:
                continue
            place = (*path, "evidence", index)
            if reference in references[:index]:
                found.add(place, reference, "jeder Beleg nur einmal")
            kind, _, key = reference.rpartition(":")
            if kind == "cluster":
                found.refers(place, key, clusters, "ein Themenbündel (clusters)")
            elif kind == "minutes":
                found.refers(place, key, minutes, "ein Protokoll aus minutes wie minutes:ag1/1")
            elif kind != "indicator":
                found.refers(place, key, voices, "ein Beitrag")
                _voice(found, place, key, voices.get(key, {}).get("status"), is_taken_back=bool(kind))
        if entry.get("status") == "done" and not (entry.get("result_de") or "").strip():
            found.remark(path, "eine erledigte Empfehlung ohne Ergebnis", "das Feld „result_de“")
        if entry.get("history") is not None and entry.get("status_note") is not None:
            found.remark(
                (*path, "status_note"), "„status_note“ neben „history“", "einen Text im letzten Schritt"
            )


def _voice(found: Check, place: Path, key: str, status: str | None, *, is_taken_back: bool) -> None:
    if is_taken_back and status is not None and status not in TAKEN_BACK:
        found.remark(place, f"der Beitrag {key} mit dem Stand {status}", f"{key} ohne „taken_back:“")
    elif not is_taken_back and status in NO_EVIDENCE:
        found.remark(
            place,
            f"der Beitrag {key} mit dem Stand {status}",
            "ein Beitrag, der entschieden und nicht zurückgezogen ist",
        )
