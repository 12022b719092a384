"""Importing conference files: read, checked as a whole, then written in one transaction or not at all."""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.database import now, transaction
from app.domain import files, hosts, import_records, versions
from app.domain.errors import NotAPicture
from app.domain.importing import (
    applying,
    checking,
    checking_kept,
    checking_registrations,
    keeping,
    notation,
    plan_results,
    schema,
    spelling,
    spelling_form,
)
from app.domain.importing.findings import FileRefused, Finding
from app.domain.importing.ledger import Ledger
from app.domain.importing.plan import host_settings, is_demo, plan
from app.domain.importing.plans import Plan, digest
from app.domain.importing.reading import MAX_BYTES, Source, read
from app.domain.importing.report import Report
from app.models import Conference, GroupChoice, Host, ImportRecord

__all__ = [
    "FileRefused",
    "Finding",
    "Report",
    "check",
    "conference",
    "conference_from",
    "kept",
    "schema",
    "set_up_host",
]

MAX_LOGO_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class _Checked:
    source: Source
    plan: Plan
    kept: keeping.Kept


class _DryRun(Exception):
    """Ends the transaction of a dry run: everything was done, nothing stays."""


def conference(
    path: pathlib.Path,
    *,
    dry_run: bool = False,
    shown_languages: Collection[str] = ("de",),
    allow_demo: bool = True,
) -> Report:
    """Bring a host's conference to the state of the file at `path`; see `conference_from`."""
    return conference_from(
        path.name,
        _bytes_of(path),
        path.parent,
        dry_run=dry_run,
        shown_languages=shown_languages,
        allow_demo=allow_demo,
    )


def conference_from(
    file_name: str,
    content: bytes,
    folder: pathlib.Path | None = None,
    *,
    dry_run: bool = False,
    shown_languages: Collection[str] = ("de",),
    allow_demo: bool = True,
) -> Report:
    """Bring a host's conference to the state of a file; what is missing is made.

    `folder` holds the files it names. The same file again writes nothing. What the product does not carry is kept
    encrypted in the import record. `shown_languages` are those the pages exist in. With `dry_run` everything is
    checked, tried and undone.
    Raises FileRefused with every mistake found; nothing has changed then.
    """
    checked = _check(file_name, content, folder, allow_demo)
    sha256 = hashlib.sha256(content).hexdigest()
    report = Report(file_name, dry_run=dry_run)
    try:
        with transaction():
            _write(checked, sha256, report)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except IntegrityError as error:
        # Another import or a page has written the same thing between our look and our write.
        found = "etwas, das gerade auch in der Anwendung geschrieben wurde"
        raise FileRefused(
            file_name, [Finding(None, (), found, "ein ruhiger Moment. Bitte noch einmal importieren")]
        ) from error
    if not report.unchanged:
        report.kept = list(checked.kept.lines())
        _say_what_differs(checked, folder, shown_languages, report)
    return report


def set_up_host(host: Host, path: pathlib.Path) -> None:
    """Save the settings and the logo of a file that holds nothing but `schema` and `municipality`.

    Raises FileRefused; nothing has changed then.
    """
    source = read(path.name, _bytes_of(path))
    findings, _ = schema.check(source, schema.settings_of_host())
    if not findings and source.value["municipality"]["key"] != host.key:
        findings.append(
            source.finding(("municipality", "key"), source.value["municipality"]["key"], host.key)
        )
    logo = _logo(source, path.parent, findings)
    if findings:
        raise FileRefused(path.name, findings)
    settings = host_settings(source.value["municipality"])
    settings.pop("kind", None)
    with transaction():
        hosts.set_up(host, **settings)
        if logo:
            hosts.set_logo(host, *logo)


def kept(conference: Conference) -> dict[str, Any]:
    """What the last import of this conference has kept, in the shape of the file; lists stand as mappings by key,
    code or position. Empty for a conference that came from no file.
    """
    stored = import_records.last(conference.id)
    return stored[1]["file"] if stored else {}


def _bytes_of(path: pathlib.Path) -> bytes:
    hint = "Prüfen Sie Namen und Ordner."
    try:
        with path.open("rb") as file:
            # One byte more than allowed shows that there is more, without reading all of it.
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        finding = Finding(None, (), "keine Datei mit diesem Namen", "eine YAML-Datei", hint)
        raise FileRefused(str(path), [finding]) from error
    except OSError as error:
        finding = Finding(None, (), "eine Datei, die sich nicht lesen lässt", "eine lesbare YAML-Datei", hint)
        raise FileRefused(str(path), [finding]) from error


def check(file_name: str, content: bytes, folder: pathlib.Path | None = None) -> list[Finding]:
    """Every mistake in a file, in the order of its lines; looks at the file alone, not at the database."""
    try:
        _check(file_name, content, folder, allow_demo=True)
    except FileRefused as error:
        return error.findings
    return []


def _check(file_name: str, content: bytes, folder: pathlib.Path | None, allow_demo: bool) -> _Checked:
    source = read(file_name, content)
    findings, spoiled = schema.check(source, schema.conference())
    check = checking.check(source, spoiled)
    checking_registrations.check(check)
    checking_kept.check(check, folder)
    findings += check.findings
    logo = _logo(source, folder, findings)
    if findings:
        raise FileRefused(file_name, findings)
    if is_demo(source) and not allow_demo:
        expected = "sozialraumkonferenz/1: In einer Produktion gibt es keine Demos"
        raise FileRefused(file_name, [source.finding(("schema",), source.value["schema"], expected)])
    planned = plan(source, logo, at=now(), spaces=checking_kept.names_of_spaces(source.value, folder))
    aside = keeping.set_aside(source.value, schema.conference())
    _leave_what_is_carried(aside, planned)
    for entry in source.value.get("registrations") or ():
        contact = entry.get("contact") or {}
        if contact.get("type", "none") != "none" and not contact.get("value"):
            place = ("registrations", entry["code"], "contact")
            keeping.put_aside(
                aside, place, contact, "Kontaktwege ohne Adresse oder Nummer", "registrations[].contact"
            )
    for recommendation in source.value.get("recommendations") or ():
        others = [found for found in recommendation.get("evidence") or () if not plan_results.evidence(found)]
        if others:
            place = ("recommendations", recommendation["id"], "evidence")
            keeping.put_aside(
                aside, place, others, "Kennzahlen als Belege", "recommendations[].evidence", len(others)
            )
    return _Checked(source, planned, aside)


def _leave_what_is_carried(aside: keeping.Kept, planned: Plan) -> None:
    """What depends on the conference is set aside only where the product does not carry it there."""
    if not planned.forgets_needs:
        keeping.leave(aside, "registrations", "needs")
    if planned.conference.get("group_choice") is GroupChoice.WISHES:
        # An export says them as the file did while they are the same.
        aside.counts.pop(("Wünsche nach Arbeitsgruppen", "registrations[].group_wishes"), None)


def _logo(source: Source, folder: pathlib.Path | None, findings: list[Finding]) -> tuple[str, bytes] | None:
    """Name and content of the picture the file names; findings where it cannot be shown."""
    host = source.value.get("municipality")
    name = host.get("logo") if isinstance(host, dict) else None
    place = ("municipality", "logo")
    if not isinstance(name, str) or any(finding.path == place for finding in findings):
        return None
    file = folder / name if folder else None
    if file is None or not file.is_file():
        findings.append(source.finding(place, name, "eine Bilddatei im selben Ordner"))
        return None
    if file.stat().st_size > MAX_LOGO_BYTES:
        findings.append(
            source.finding(place, name, f"ein Bild von höchstens {MAX_LOGO_BYTES // 1024 // 1024} MB")
        )
        return None
    content = file.read_bytes()
    try:
        files.as_picture(content)
    except NotAPicture:
        findings.append(source.finding(place, name, "ein Bild in PNG, JPEG, WebP oder GIF"))
        return None
    return name, content


def _write(checked: _Checked, sha256: str, report: Report) -> None:
    planned = checked.plan
    host, conference = applying.find(planned.host_key, planned.conference_key)
    stored = import_records.last(conference.id) if conference else None
    if conference and stored and _is_the_same(stored, sha256, planned):
        report.unchanged = True
        report.conference = f"{conference.title} (/{planned.host_key}/{planned.conference_key}/)"
        return
    if conference:
        versions.raise_conference(conference.id)
        # Read again: before the lock somebody else may have imported.
        stored = import_records.last(conference.id)
    before = {**stored[1], "imported_at": stored[0].imported_at} if stored else None
    ledger = Ledger(checked.source, planned, before, report)
    conference = applying.write(ledger, host, conference)
    remembered = {
        "schema": checked.source.value["schema"],
        "applied": ledger.applied,
        "ids": ledger.ids,
        "sections": list(checked.source.value),
        "file": checked.kept.tree,
        "notation": _notation(checked),
        "form": spelling_form.names_in(checked.source.value.get("registration_form") or {}),
    }
    for key in ledger.withdrawn:
        import_records.forget_in(remembered, key)
    if planned.forgets_needs and stored and not import_records.tells_needs(stored[1]):
        # They have been erased here too: no later file brings them back for a night.
        import_records.forget_needs_in(remembered)
    import_records.add(conference, report.file_name, sha256, remembered, ledger.at)


def _notation(checked: _Checked) -> list[notation.Item]:
    root = schema.conference()
    plain = spelling.whole(checked.plan, checked.kept.tree)
    return notation.difference(notation.keyed(checked.source.value, root, root), plain)


def _is_the_same(stored: tuple[ImportRecord, dict[str, Any]], sha256: str, planned: Plan) -> bool:
    """The same file, and read by a version that carried as much of it."""
    record, remembered = stored
    if record.sha256 != sha256 or remembered.get("format") != import_records.FORMAT:
        return False
    # The file names its logo, the picture lies beside it: it may have changed alone.
    before = remembered.get("applied", {}).get("host", {}).get("logo")
    now_given = digest(hashlib.sha256(planned.logo[1]).hexdigest()) if planned.logo else None
    return bool(before == now_given)


def _say_what_differs(
    checked: _Checked, folder: pathlib.Path | None, shown_languages: Collection[str], report: Report
) -> None:
    """Name in the report what is not shown as it stands in the file."""
    data = checked.source.value
    if checked.plan.forgets_needs and any(entry.get("needs") for entry in data.get("registrations") or ()):
        report.note(
            "Die Konferenz liegt mehr als 14 Tage zurück: Angaben zur Unterstützung kommen nicht wieder in die "
            "Anmeldungen. Was davon noch aufgehoben ist, wird in der nächsten Nacht gelöscht."
        )
    if any(planned.consents for planned in checked.plan.registrations):
        report.note(
            "Wann jemand eingewilligt hat, sagt die Datei nicht: Es gilt der Import, spätestens der Beginn "
            "der Konferenz."
        )
    waiting = [entry["code"] for entry in data.get("registrations") or () if _waits_without_round(entry)]
    if waiting:
        report.note(
            f"Für {', '.join(waiting)} nennt die Datei eine Warteliste ohne Runde: "
            "Es gilt die zuerst gewünschte Gruppe in ihrer ersten Runde."
        )
    hidden = [
        checking.language_name(code)
        for code in checked.plan.conference.get("languages", ())
        if code not in shown_languages
    ]
    if hidden:
        report.note(
            f"Die Seiten gibt es noch nicht in: {', '.join(hidden)}. Die Texte in diesen Sprachen sind gespeichert."
        )
    spaces = data.get("social_spaces_file")
    if spaces and not data.get("social_spaces") and not (folder and (folder / spaces).is_file()):
        report.note(
            f"Neben der Datei liegt kein „{spaces}“: Die Schlüssel der Sozialräume sind nicht geprüft."
        )


def _waits_without_round(entry: dict[str, Any]) -> bool:
    waits = entry.get("status") == "waitlisted" and "conference_queue" not in entry
    return waits and not entry.get("waiting")
