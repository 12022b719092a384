"""Whether those parts of a file fit together that are kept for later: voices, votes, minutes, recommendations."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from app.domain.importing.checking import Check, capacities, group_keys
from app.domain.importing.findings import Path

# Not decided or taken back: nothing can be founded on it.
NO_EVIDENCE = ("rejected", "withdrawn", "in_review", "received")
MAX_SPACES_FILE = 5 * 1024 * 1024


def check(found: Check, folder: pathlib.Path | None) -> None:
    """Look at everything the product validates and keeps; `folder` holds the files the file names."""
    groups = group_keys(found)
    cross_topic = found.block("cross_topic").get("key")
    if cross_topic in groups:
        found.add(("cross_topic", "key"), cross_topic, "ein Schlüssel, der keine Arbeitsgruppe ist")
    topics = [*groups, cross_topic] if cross_topic else groups
    clusters = found.unique(("clusters",), "key")
    outreach = found.unique(("outreach",), "key")
    polls = found.unique(("dot_polls",), "key")
    for path, cluster in found.entries("clusters"):
        found.refers((*path, "group"), cluster.get("group"), topics, "eine Gruppe")
    for path, item in found.entries("agenda"):
        found.refers((*path, "poll"), item.get("poll"), polls, "eine Punktabfrage (dot_polls)")
    _form(found, groups)
    _contributions(found, topics, clusters, outreach)
    _polls(found, clusters)
    _minutes(found)
    _recommendations(found, clusters)
    _spaces(found, folder)


def _form(found: Check, groups: list[str]) -> None:
    questions = found.unique(("registration_form", "questions"), "key")
    consents = found.unique(("registration_form", "consents"), "key")
    for index, key in enumerate(found.block("registration_form").get("required") or ()):
        found.refers(("registration_form", "required", index), key, questions, "eine Frage")
    for path, question in found.entries("registration_form", "questions"):
        if question.get("key") == "group_wishes":
            for index, key in enumerate(question.get("options") or ()):
                found.refers((*path, "options", index), key, groups, "eine Arbeitsgruppe")
    for path, consent in found.entries("registration_form", "consents"):
        if consent.get("preticked"):
            found.add((*path, "preticked"), True, "false: Eine Einwilligung darf nicht angekreuzt sein")
        if consent.get("required"):
            found.add(
                (*path, "required"), True, "false: Teilnehmen darf nicht von einer Einwilligung abhängen"
            )
    if "registration_form" not in found.source.value:
        return
    for path, entry in found.entries("registrations"):
        for key in entry.get("consents") or {}:
            found.refers((*path, "consents", key), key, consents, "eine Einwilligung")
        for key in entry.get("consent_withdrawn") or {}:
            given = entry.get("consents") or {}
            found.refers((*path, "consent_withdrawn", key), key, given, "eine Einwilligung dieser Anmeldung")


def _contributions(found: Check, topics: list[str], clusters: list[str], outreach: list[str]) -> None:
    ids = found.unique(("contributions",), "id")
    for path, entry in found.entries("contributions"):
        raw = found.source.value["contributions"][path[-1]]
        found.refers((*path, "group"), entry.get("group"), topics, "eine Gruppe")
        found.refers((*path, "cluster"), entry.get("cluster"), clusters, "ein Themenbündel (clusters)")
        found.refers((*path, "outreach"), entry.get("outreach"), outreach, "ein Gespräch (outreach)")
        found.refers(
            (*path, "duplicate_of"),
            entry.get("duplicate_of"),
            [key for key in ids if key != entry.get("id")],
            "ein anderer Beitrag",
        )
        status = entry.get("status")
        needed = {"rejected": "reason_code", "duplicate": "duplicate_of", "forwarded": "forwarded_to"}.get(
            str(status)
        )
        if needed and needed not in raw:
            found.remark(path, f"der Stand {status} ohne „{needed}“", f"das Feld „{needed}“")
        if entry.get("channel") == "outreach" and "outreach" not in raw:
            found.remark(path, "ein Beitrag aus einem Gespräch ohne „outreach“", "das Feld „outreach“")
        if status == "withdrawn" and entry.get("text"):
            found.remark(
                (*path, "text"), "ein Text, der zurückgezogen ist", "text: null, damit nichts davon bleibt"
            )
        if status == "published" and not entry.get("text") and (*path, "text") not in _told(found):
            found.remark(path, "ein veröffentlichter Beitrag ohne Text", "das Feld „text“")
        if entry.get("translation_de") and "translation_by" not in raw:
            found.remark(
                path, "eine Übersetzung ohne „translation_by“", "human oder machine im Feld „translation_by“"
            )


def _told(found: Check) -> set[Path]:
    return {finding.path for finding in found.findings}


def _polls(found: Check, clusters: list[str]) -> None:
    for path, poll in found.entries("dot_polls"):
        items = poll.get("items") or []
        for index, key in enumerate(items):
            found.refers((*path, "items", index), key, clusters, "ein Themenbündel (clusters)")
        results = {key: dots for key, dots in (poll.get("results") or {}).items() if isinstance(dots, int)}
        for key in results:
            found.refers((*path, "results", key), key, items, "ein Thema dieser Abfrage")
        ballots, dots, most = poll.get("ballots"), poll.get("dots_per_person"), poll.get("max_per_item")
        total = sum(results.values())
        if ballots is not None and dots and total > ballots * dots:
            found.remark(
                (*path, "results"),
                f"{total} Punkte",
                f"höchstens {ballots * dots} ({ballots} Menschen mit je {dots} Punkten)",
            )
        for key, given in results.items():
            if ballots is not None and most and given > ballots * most:
                found.remark(
                    (*path, "results", key),
                    f"{given} Punkte",
                    f"höchstens {ballots * most} ({ballots} Menschen mit je {most} Punkten)",
                )


def _minutes(found: Check) -> None:
    groups = {group["key"]: group for _, group in found.entries("working_groups") if "key" in group}
    for path, entry in found.entries("minutes"):
        key, number, present = entry.get("group"), entry.get("round"), entry.get("participants")
        found.refers((*path, "group"), key, groups, "eine Arbeitsgruppe")
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
    ids = found.unique(("recommendations",), "id")
    found.unique(("council_papers",), "key")
    voices = {entry.get("id"): entry for _, entry in found.entries("contributions")}
    for path, entry in found.entries("recommendations"):
        for index, reference in enumerate(entry.get("evidence") or ()):
            if reference is not None:
                _evidence(found, (*path, "evidence", index), reference, voices, clusters)
        if entry.get("status") == "done" and not entry.get("result_de"):
            found.remark(path, "eine erledigte Empfehlung ohne Ergebnis", "das Feld „result_de“")
    for path, paper in found.entries("council_papers"):
        for index, key in enumerate(paper.get("recommendations") or ()):
            found.refers((*path, "recommendations", index), key, ids, "eine Empfehlung")
    place = ("follow_up", "conference")
    for index, key in enumerate(found.block(*place).get("linked_recommendations") or ()):
        found.refers((*place, "linked_recommendations", index), key, ids, "eine Empfehlung")


def _evidence(found: Check, path: Path, reference: str, voices: dict[Any, Any], clusters: list[str]) -> None:
    kind, _, key = reference.rpartition(":")
    if kind == "cluster":
        found.refers(path, key, clusters, "ein Themenbündel (clusters)")
    elif kind == "":
        found.refers(path, key, voices, "ein Beitrag")
        status = voices.get(key, {}).get("status")
        if status in NO_EVIDENCE:
            found.remark(
                path,
                f"der Beitrag {key} mit dem Stand {status}",
                "ein Beitrag, der entschieden und nicht zurückgezogen ist",
            )


def _spaces(found: Check, folder: pathlib.Path | None) -> None:
    listed = found.unique(("social_spaces",), "key")
    known = listed or _spaces_of_file(found, folder)
    if known is None:
        return
    for section, name in (
        ("registrations", "social_space"),
        ("outreach", "social_space"),
        ("contributions", "sr"),
    ):
        for path, entry in found.entries(section):
            found.refers((*path, name), entry.get(name), known, "ein Sozialraum")
    for path, entry in found.entries("recommendations"):
        for index, key in enumerate(entry.get("sr") or ()):
            found.refers((*path, "sr", index), key, known, "ein Sozialraum")


def _spaces_of_file(found: Check, folder: pathlib.Path | None) -> list[str] | None:
    """Keys of the spaces in the GeoJSON file beside this one; None where there is no such file to look into."""
    name = found.data.get("social_spaces_file")
    file = folder / name if folder and name else None
    if file is None or not file.is_file():
        return None
    place = ("social_spaces_file",)
    try:
        if file.stat().st_size > MAX_SPACES_FILE:
            raise ValueError("too large")
        features = json.loads(file.read_bytes())["features"]
        return [str(feature["id"]) for feature in features]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        found.add(place, name, "eine GeoJSON-Datei, in der jede Fläche eine id hat")
        return None
