"""Erasing on time: one table of rules, what is due by them, and the run that erases it.

What is erased leaves the counts as they are: a registration stays as a place, a role and a number of people, and leads
to nobody any more. Doing it again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, select

from app.database import db, empty_journal, transaction
from app.domain import retention_due as due_rows
from app.domain import retention_erasing as erasing
from app.domain import versions
from app.models import Conference, Host, RetentionRun

# Reports older than this are of no use to anybody.
REPORT_DAYS = 365
# A night has been missed when the last run is longer ago.
MISSED_HOURS = 25
_AT_ONCE = 500


@dataclass(frozen=True)
class Rule:
    """What is erased, and when; `rows` finds what is due at an instant, `erase` ends it for good."""

    purpose: str
    what: Any
    when: Any
    # Selects the conference and the id of each row that is due.
    rows: Callable[[datetime, ColumnElement[bool]], due_rows.Rows]
    erase: Callable[[Sequence[int]], None]


RULES: tuple[Rule, ...] = (
    Rule(
        "needs",
        _l("Angaben zur Unterstützung"),
        _l(
            "14 Tage nach der Konferenz; nach einer Absage sofort, nach einem verfallenen Angebot in der Nacht darauf"
        ),
        due_rows.needs,
        erasing.needs,
    ),
    Rule(
        "need_messages",
        _l("Nachrichten, dass es eine Antwort zur Unterstützung gibt"),
        _l("wie die Angaben zur Unterstützung"),
        due_rows.need_messages,
        erasing.need_messages,
    ),
    Rule(
        "file_needs",
        _l("Angaben zur Unterstützung, die in der Datei einer Konferenz standen"),
        _l("14 Tage nach der Konferenz"),
        due_rows.files_with_needs,
        erasing.needs_of_files,
    ),
    Rule(
        "answers",
        _l("Antworten auf die eigenen Fragen der Konferenz"),
        _l("so viele Tage nach der Konferenz, wie bei der Frage steht"),
        due_rows.answers,
        erasing.answers,
    ),
    Rule(
        "tables",
        _l("hochgeladene Tabellen mit Anmeldungen"),
        _l("einen Tag nach dem Hochladen"),
        due_rows.tables,
        erasing.tables,
    ),
    Rule(
        "never_placed",
        _l("Anmeldungen ohne Platz: Warteliste, verfallene Angebote, Absagen"),
        _l("30 Tage nach der Konferenz, nach einer Absage 30 Tage danach"),
        due_rows.never_placed,
        erasing.people_without_a_place,
    ),
    Rule(
        "contacts",
        _l("E-Mail-Adressen, Telefonnummern und Anschriften von Teilnehmenden"),
        _l(
            "3 Monate nachdem die Ergebnisse veröffentlicht sind, spätestens ein Jahr nach der Konferenz; "
            "mit einer Einwilligung in spätere Nachrichten, wenn diese endet"
        ),
        due_rows.contacts,
        erasing.contacts,
    ),
    Rule(
        "reasons",
        _l("Begründungen im Verlauf, und wer von uns etwas eingetragen hat"),
        _l("wie die Adressen"),
        due_rows.reasons,
        erasing.reasons,
    ),
    Rule(
        "messages",
        _l("Reste von Nachrichten: Adressen, Inhalte, Fehlermeldungen"),
        _l("wie die Adressen"),
        due_rows.messages,
        erasing.messages,
    ),
    Rule(
        "invitations",
        _l("E-Mail-Adressen eingeladener Einrichtungen"),
        _l("wie die Adressen"),
        due_rows.invitations,
        erasing.invitations,
    ),
    Rule(
        "files",
        _l("was von den Anmeldungen der Datei einer Konferenz gemerkt ist"),
        _l("wie die Adressen"),
        due_rows.files_with_registrations,
        erasing.registrations_of_files,
    ),
    Rule(
        "consents",
        _l("Einwilligungen als Nachweis"),
        _l("3 Jahre nach der Konferenz oder nach dem Widerruf"),
        due_rows.consents,
        erasing.consents,
    ),
    Rule(
        "people",
        _l("Namen, Einrichtungen und Codes von Teilnehmenden"),
        _l("wie die Adressen; wer in etwas eingewilligt hat, wenn der Nachweis endet"),
        due_rows.people,
        erasing.people,
    ),
)
BY_PURPOSE = {rule.purpose: rule for rule in RULES}


@dataclass(frozen=True)
class Due:
    """How many rows of a conference are to be erased by one rule."""

    purpose: str
    conference: Conference
    count: int

    @property
    def rule(self) -> Rule:
        return BY_PURPOSE[self.purpose]


def due(host: Host, at: datetime) -> list[Due]:
    """What is to be erased at the instant `at`, in the order of conferences and rules; nothing is changed.

    A fixed number of statements. With an instant ahead: what will be due until then.
    """
    conferences = {
        conference.id: conference
        for conference in db.session.scalars(
            select(Conference)
            .where(Conference.host_id == host.id)
            .order_by(Conference.starts_at, Conference.id)
        )
    }
    found: dict[tuple[int, str], int] = {}
    for rule in RULES:
        rows = rule.rows(at, Conference.host_id == host.id).subquery()
        for number, count in db.session.execute(select(rows.c[0], func.count()).group_by(rows.c[0])):
            found[number, rule.purpose] = count
    return [
        Due(rule.purpose, conference, found[number, rule.purpose])
        for number, conference in conferences.items()
        for rule in RULES
        if (number, rule.purpose) in found
    ]


def run(host: Host, at: datetime) -> RetentionRun:
    """Erase what is due, each conference in a transaction of its own, and report how many rows of which kind.

    A second run right after it finds nothing. What is erased is overwritten in the file of an SQLite database and, as
    soon as nobody reads, in its journal.
    """
    host_id = host.id
    with transaction():
        report = RetentionRun(host_id=host_id, at=at, report=[])
        db.session.add(report)
        db.session.execute(
            delete(RetentionRun).where(
                RetentionRun.host_id == host_id, RetentionRun.at < at - timedelta(days=REPORT_DAYS)
            )
        )
    purposes: dict[int, list[str]] = defaultdict(list)
    for entry in due(host, at):
        purposes[entry.conference.id].append(entry.purpose)
    for conference_id in purposes:
        _erase(conference_id, at, report)
    empty_journal()
    return report


def run_everywhere(at: datetime) -> dict[Host, RetentionRun]:
    """The same at every host, by name."""
    hosts = list(db.session.scalars(select(Host).order_by(Host.name, Host.id)))
    return {host: run(host, at) for host in hosts}


def catch_up(at: datetime) -> dict[Host, RetentionRun]:
    """The same where the last night was missed because nothing ran; a host without any report waits for its night."""
    latest = (
        select(RetentionRun.host_id)
        .group_by(RetentionRun.host_id)
        .having(func.max(RetentionRun.at) < at - timedelta(hours=MISSED_HOURS))
    )
    hosts = list(db.session.scalars(select(Host).where(Host.id.in_(latest)).order_by(Host.name, Host.id)))
    return {host: run(host, at) for host in hosts}


def runs(host: Host, count: int = 30) -> list[RetentionRun]:
    """The latest reports, newest first."""
    return list(
        db.session.scalars(
            select(RetentionRun)
            .where(RetentionRun.host_id == host.id)
            .order_by(RetentionRun.at.desc(), RetentionRun.id.desc())
            .limit(count)
        )
    )


def _erase(conference_id: int, at: datetime, report: RetentionRun) -> None:
    with transaction():
        # Quietly: erasing is no change anybody has made.
        versions.raise_conference(conference_id, quietly=True)
        conference = db.session.get(Conference, conference_id)
        if conference is None:
            return
        # All of it is looked up before anything goes: one rule must not hide from the next what is due by it.
        wanted = {rule: _ids(rule, conference_id, at) for rule in RULES}
        for rule, ids in wanted.items():
            for start in range(0, len(ids), _AT_ONCE):
                rule.erase(ids[start : start + _AT_ONCE])
        erased = [
            {"purpose": rule.purpose, "conference": conference.key, "count": len(ids)}
            for rule, ids in wanted.items()
            if ids
        ]
        report.report = [*report.report, *erased]
        db.session.flush()


def _ids(rule: Rule, conference_id: int, at: datetime) -> list[int]:
    return sorted(row_id for _, row_id in db.session.execute(rule.rows(at, Conference.id == conference_id)))
