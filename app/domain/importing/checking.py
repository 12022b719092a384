"""What a schema cannot say: whether the parts of a conference file fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from babel import Locale

from app.domain import hosts
from app.domain.importing import times
from app.domain.importing.findings import Finding, Path, names, visible
from app.domain.importing.reading import Source

# Second parts of an address that belong to the pages of a host.
RESERVED_CONFERENCE_KEYS = frozenset(("impressum", "datenschutz", "barrierefreiheit"))
ROUND_WITHOUT_AGENDA = 1


class Check:
    """The findings about one file, gathered section by section.

    `data` is the file without the values the schema has refused, so that one mistake is not told twice.
    """

    def __init__(self, source: Source, spoiled: set[Path]) -> None:
        self.source = source
        self.data = _without(source.value, spoiled, ())
        self.findings: list[Finding] = []

    def add(self, path: Path, found: Any, expected: str, hint: str = "") -> None:
        """Note a value of the file that does not fit."""
        self.findings.append(self.source.finding(path, found, expected, hint))

    def remark(self, path: Path, found: str, expected: str, hint: str = "") -> None:
        """Note a fact that does not fit; `found` is a part of a sentence."""
        self.findings.append(self.source.remark(path, found, expected, hint))

    def block(self, *path: str) -> dict[str, Any]:
        """The mapping at this path; empty where there is none."""
        value: Any = self.data
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def entries(self, *path: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The mappings of the list at this path, each with its own path."""
        for index, entry in enumerate(self.block(*path[:-1]).get(path[-1]) or ()):
            if isinstance(entry, dict):
                yield (*path, index), entry

    def unique(self, path: tuple[str, ...], name: str) -> list[str]:
        """The values of the field `name` in the list at this path; each that comes twice is a finding."""
        seen: dict[str, Path] = {}
        for place, entry in self.entries(*path):
            key = entry.get(name)
            if key is None:
                continue
            if key in seen:
                first = self.source.line((*seen[key], name))
                self.add((*place, name), key, f"einen Wert, den es nicht schon gibt (Zeile {first})")
            else:
                seen[key] = place
        return list(seen)

    def refers(self, path: Path, key: Any, known: Iterable[str | None], what: str) -> None:
        """A finding unless `key` is among the known ones; None refers to nothing."""
        choices = [choice for choice in known if choice is not None]
        if key is not None and key not in choices:
            listed = choices if len(choices) <= 12 else [*choices[:12], "…"]
            there = (
                f"{what} aus dieser Datei ({names(listed)})" if choices else f"{what}; die Datei nennt keine"
            )
            self.add(path, key, there)


def check(source: Source, spoiled: set[Path]) -> Check:
    """Look at host, conference, agenda and groups; registrations have a module of their own."""
    found = Check(source, spoiled)
    _host(found)
    _conference(found)
    _languages(found)
    _agenda(found)
    _groups(found)
    return found


def rounds_of_agenda(data: dict[str, Any]) -> list[int]:
    """The numbers of the rounds in the agenda; without any, groups meet once."""
    numbers = [item.get("round") for item in data.get("agenda") or () if isinstance(item, dict)]
    return sorted({number for number in numbers if isinstance(number, int)}) or [ROUND_WITHOUT_AGENDA]


def capacities(data: dict[str, Any], group: dict[str, Any]) -> dict[int, int]:
    """Seats of a group by round number."""
    capacity = group.get("capacity")
    if isinstance(capacity, dict):
        return {int(number): seats for number, seats in capacity.items() if isinstance(seats, int)}
    if isinstance(capacity, int):
        return dict.fromkeys(rounds_of_agenda(data), capacity)
    return {}


def group_keys(found: Check) -> list[str]:
    """The keys of the working groups."""
    return [group["key"] for _, group in found.entries("working_groups") if "key" in group]


def is_known_language(code: str) -> bool:
    """True for a code that names a language, with or without a variant such as `de-x-ls`."""
    return code.split("-")[0] in Locale("de").languages


def _without(value: Any, spoiled: set[Path], path: Path) -> Any:
    if path in spoiled:
        return None
    if isinstance(value, dict):
        return {
            key: _without(inner, spoiled, (*path, key))
            for key, inner in value.items()
            if (*path, key) not in spoiled
        }
    if isinstance(value, list):
        return [_without(inner, spoiled, (*path, index)) for index, inner in enumerate(value)]
    return value


def _host(found: Check) -> None:
    host = found.block("municipality")
    key = host.get("key")
    if key in hosts.RESERVED:
        found.add(("municipality", "key"), key, "ein Schlüssel, der nicht zur Anwendung selbst gehört")
    colour = host.get("accent_colour")
    if colour and hosts.contrast(colour, "#ffffff") < 4.5:
        found.add(
            ("municipality", "accent_colour"), colour, "eine dunklere Farbe, auf der weiße Schrift lesbar ist"
        )


def _conference(found: Check) -> None:
    conference = found.block("conference")
    if conference.get("key") in RESERVED_CONFERENCE_KEYS:
        found.add(("conference", "key"), conference["key"], "ein Schlüssel, der keine Seite der Stadt ist")
    title = conference.get("title")
    if title is not None and not german(title):
        found.add(("conference", "title"), title, "ein Titel auf Deutsch")
    starts_at, ends_at = _instant(found, "starts_at"), _instant(found, "ends_at")
    if starts_at and ends_at and ends_at <= starts_at:
        found.add(
            ("conference", "ends_at"),
            conference["ends_at"],
            f"ein Ende nach dem Beginn ({times.spoken(starts_at)})",
        )
    day = times.parse_date(conference.get("date"))
    if day and starts_at and day != starts_at.astimezone(times.LOCAL).date():
        found.add(
            ("conference", "date"), conference["date"], f"der Tag des Beginns ({times.spoken(starts_at)})"
        )
    _windows(found, conference, starts_at)
    capacity, walk_in = conference.get("capacity"), conference.get("walk_in_quota")
    if capacity is not None and walk_in is not None and walk_in > capacity:
        found.add(
            ("conference", "walk_in_quota"),
            walk_in,
            f"höchstens so viele Plätze wie die Konferenz hat ({capacity})",
        )
    reserved = sum(places for places in found.block("conference", "reserved").values() if places)
    if capacity is not None and reserved and (walk_in or 0) + reserved > capacity:
        found.remark(
            ("conference", "reserved"),
            f"{(walk_in or 0) + reserved} Plätze, die freigehalten werden",
            f"höchstens so viele Plätze wie die Konferenz hat ({capacity})",
        )
    if "venue" not in conference:
        for path, entry in (*found.entries("agenda"), *found.entries("working_groups")):
            if "room" in entry:
                found.add(
                    (*path, "room"),
                    entry["room"],
                    "ein Ort der Konferenz (conference.venue), zu dem der Raum gehört",
                )


def _windows(found: Check, conference: dict[str, Any], starts_at: datetime | None) -> None:
    """When one can register and hand in contributions."""
    opens, closes = _window(found, conference, "registration_opens", "registration_closes", "der Anmeldung")
    _window(found, conference, "contributions_open", "contributions_close", "der Beiträge")
    if "contributions_close" in conference and "contributions_open" not in conference:
        found.remark(
            ("conference", "contributions_close"),
            "ein Ende der Beiträge ohne Beginn",
            "auch das Feld „contributions_open“",
        )
    if starts_at is None:
        return
    day = starts_at.astimezone(times.LOCAL).date()
    end_of_day = times.closes(day)
    for name, is_late in (
        ("registration_opens", opens and opens >= end_of_day),
        ("registration_closes", closes and closes > end_of_day),
    ):
        if is_late:
            found.add(
                ("conference", name), conference[name], f"ein Tag nicht nach der Konferenz ({day:%d.%m.%Y})"
            )


def _window(
    found: Check, conference: dict[str, Any], begin: str, end: str, what: str
) -> tuple[datetime | None, datetime | None]:
    opens, closes = times.opening(conference.get(begin)), times.closing(conference.get(end))
    for name, given in ((begin, opens), (end, closes)):
        if given is None and conference.get(name) is not None:
            found.add(("conference", name), conference[name], "ein Datum, das es gibt")
    if opens and closes and closes <= opens:
        day = opens.astimezone(times.LOCAL)
        found.add(
            ("conference", end), conference[end], f"ein Tag nicht vor dem Beginn {what} ({day:%d.%m.%Y})"
        )
    return opens, closes


def _instant(found: Check, name: str) -> datetime | None:
    text = found.block("conference").get(name)
    if text is None:
        return None
    path = ("conference", name)
    parsed = times.parse_instant(text)
    if parsed is None:
        found.add(path, text, "Datum und Uhrzeit, die es gibt")
    elif not times.exists(parsed):
        found.add(path, text, "eine Uhrzeit, die es an diesem Tag gibt (Beginn der Sommerzeit)")
    elif parsed.tzinfo is not times.LOCAL and parsed.isoformat()[-6:] != times.offset_in_force(parsed):
        in_force = times.offset_in_force(parsed)
        found.add(
            path,
            text,
            f"die Zeit in Deutschland, an diesem Tag mit {in_force}",
            "Sie können die Angabe auch weglassen.",
        )
    return parsed


def german(value: Any) -> str:
    """The German text of a field, with or without translations; empty where there is none."""
    text = value.get("de") if isinstance(value, dict) else value
    return text.strip() if isinstance(text, str) else ""


def _languages(found: Check) -> None:
    languages = found.block("conference").get("languages")
    if languages and "de" not in languages:
        found.add(
            ("conference", "languages"),
            names(filter(None, languages), last="und"),
            "auch de: Deutsch steht ein, wo Text fehlt",
        )
    for path, code in _language_codes(found.data, ()):
        if not is_known_language(code):
            found.add(path, code, "ein Sprachcode, den es gibt, wie de, ar, tr oder uk")


def _language_codes(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every language named in the file: lists of languages, fields for one, and the keys of translations."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _language_codes(inner, (*path, index))
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        place = (*path, name)
        if name in ("languages", "interpreter_languages") and isinstance(inner, list):
            yield from (((*place, index), code) for index, code in enumerate(inner) if isinstance(code, str))
        elif name in ("lang", "language") and isinstance(inner, str):
            yield place, inner
        elif (place == ("conference", "texts") and isinstance(inner, dict)) or (
            isinstance(inner, dict)
            and "de" in inner
            and all(isinstance(text, str) for text in inner.values())
        ):
            yield from (((*place, code), code) for code in inner)
        else:
            yield from _language_codes(inner, place)


def _agenda(found: Check) -> None:
    conference = found.block("conference")
    starts_at = times.parse_instant(conference.get("starts_at"))
    ends_at = times.parse_instant(conference.get("ends_at"))
    rounds: dict[int, Path] = {}
    spans: list[tuple[datetime, datetime, Path]] = []
    for path, item in found.entries("agenda"):
        _round_of_item(found, path, item, rounds)
        if "title" in item and not german(item["title"]):
            found.add((*path, "title"), item["title"], "ein Titel auf Deutsch")
        span = span_of_item(item, starts_at)
        if span is None:
            continue
        begins, ends = span
        if ends <= begins:
            found.add((*path, "end"), item["end"], f"eine Uhrzeit nach dem Beginn ({item['start']} Uhr)")
            continue
        if starts_at and begins < starts_at:
            found.add(
                (*path, "start"),
                item["start"],
                f"eine Uhrzeit nicht vor dem Beginn der Konferenz ({times.spoken(starts_at)})",
            )
        if ends_at and ends > ends_at:
            found.add(
                (*path, "end"),
                item["end"],
                f"eine Uhrzeit nicht nach dem Ende der Konferenz ({times.spoken(ends_at)})",
            )
        spans.append((begins, ends, path))
    for (_, ends, _), (begins, _, path) in pairwise(spans):
        if begins < ends:
            item = found.source.value["agenda"][path[-1]]
            expected = (
                f"ein Beginn nicht vor dem Ende des Punktes davor ({ends.astimezone(times.LOCAL):%H:%M} Uhr)"
            )
            found.add((*path, "start"), item["start"], expected)
    missing = set(range(1, max(rounds, default=0))) - set(rounds)
    if missing:
        found.remark(
            ("agenda",),
            f"keine Runde {names(str(number) for number in sorted(missing))}",
            "Runden ohne Lücke, ab 1",
        )


def span_of_item(item: dict[str, Any], starts_at: datetime | None) -> tuple[datetime, datetime] | None:
    """Beginning and end of an agenda item; None where something is missing."""
    day: date | None = times.parse_date(item.get("date"))
    if day is None and starts_at is not None:
        day = starts_at.astimezone(times.LOCAL).date()
    if day is None or not item.get("start") or not item.get("end"):
        return None
    last = times.parse_date(item.get("end_date")) or day
    return times.at(day, item["start"]), times.at(last, item["end"])


def _round_of_item(found: Check, path: Path, item: dict[str, Any], rounds: dict[int, Path]) -> None:
    number, kind = item.get("round"), item.get("kind")
    if kind == "group_round" and number is None and "round" not in found.source.value["agenda"][path[-1]]:
        found.remark(
            path, "eine Runde der Arbeitsgruppen ohne Nummer", "das Feld „round“ mit der Nummer der Runde"
        )
    if kind not in (None, "group_round") and number is not None:
        found.add((*path, "round"), number, "kein Feld „round“: Nur kind: group_round hat eine Nummer")
    if kind == "group_round" and number is not None:
        if number in rounds:
            first = found.source.line((*rounds[number], "round"))
            found.add((*path, "round"), number, f"eine Runde, die es nicht schon gibt (Zeile {first})")
        rounds.setdefault(number, path)


def _groups(found: Check) -> None:
    rounds = rounds_of_agenda(found.data)
    found.unique(("working_groups",), "key")
    found.unique(("working_groups",), "number")
    for path, group in found.entries("working_groups"):
        if "title" in group and not german(group["title"]):
            found.add((*path, "title"), group["title"], "ein Titel auf Deutsch")
        if isinstance(group.get("capacity"), dict):
            for number in capacities(found.data, group):
                if number not in rounds:
                    expected = f"eine Runde aus dem Ablauf ({names(str(known) for known in rounds)})"
                    found.add((*path, "capacity", str(number)), number, expected)
        _questions(found, path, group)


def _questions(found: Check, path: Path, group: dict[str, Any]) -> None:
    """Questions are shown as one list per language: a language has all of them or none."""
    questions = group.get("questions") or []
    languages = {code for question in questions if isinstance(question, dict) for code in question}
    for index, question in enumerate(questions):
        if question is not None and not german(question):
            found.add((*path, "questions", index), question, "eine Frage auf Deutsch")
        given = question if isinstance(question, dict) else {"de": question}
        for code in sorted(languages - set(given)):
            expected = f"diese Frage auch auf {language_name(code)}, wie die anderen"
            found.remark((*path, "questions", index), f"keine Übersetzung „{visible(code)}“", expected)


def language_name(code: str) -> str:
    """The German name of a language."""
    special = {"de-x-ls": "Leichte Sprache", "de-x-es": "Einfache Sprache"}
    return special.get(code) or str(Locale("de").languages.get(code.split("-")[0], code))
