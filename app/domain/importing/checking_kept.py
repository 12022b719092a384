"""Whether those parts of a file fit together that are kept for later: forms, votes, council papers, spaces."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from typing import Any

from app.domain.importing import checking_results
from app.domain.importing.checking import Check, group_keys

MAX_SPACES_FILE = 5 * 1024 * 1024


def check(found: Check, folder: pathlib.Path | None) -> None:
    """Look at everything the product validates and keeps; `folder` holds the files the file names."""
    groups = group_keys(found)
    cross_topic = found.block("cross_topic").get("key")
    if cross_topic in groups:
        found.add(("cross_topic", "key"), cross_topic, "ein Schlüssel, der keine Arbeitsgruppe ist")
    topics = [*groups, cross_topic] if cross_topic else groups
    outreach = found.unique(("outreach",), "key")
    polls = found.unique(("dot_polls",), "key")
    clusters = checking_results.check(found, topics, outreach)
    for path, item in found.entries("agenda"):
        found.refers((*path, "poll"), item.get("poll"), polls, "eine Punktabfrage (dot_polls)")
    _form(found, groups)
    _polls(found, clusters)
    _council(found)
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


def _council(found: Check) -> None:
    ids = [entry.get("id") for _, entry in found.entries("recommendations")]
    found.unique(("council_papers",), "key")
    for path, paper in found.entries("council_papers"):
        for index, key in enumerate(paper.get("recommendations") or ()):
            found.refers((*path, "recommendations", index), key, ids, "eine Empfehlung")
    place = ("follow_up", "conference")
    for index, key in enumerate(found.block(*place).get("linked_recommendations") or ()):
        found.refers((*place, "linked_recommendations", index), key, ids, "eine Empfehlung")


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


def names_of_spaces(data: Mapping[str, Any], folder: pathlib.Path | None) -> list[str]:
    """The names of the social spaces a checked file lists, or the GeoJSON file beside it; empty where neither does."""
    listed = data.get("social_spaces")
    if listed:
        return [space.get("name") or space["key"] for space in listed]
    name = data.get("social_spaces_file")
    file = folder / name if folder and name else None
    if file is None or not file.is_file():
        return []
    features = json.loads(file.read_bytes())["features"]
    return [str((feature.get("properties") or {}).get("name") or feature["id"]) for feature in features]


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
