"""Registrations from a table in two steps: upload and read the verdicts, then confirm.

Who may write to many may register many: each of them hears of it.
"""

from __future__ import annotations

import math
import time

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.signup import bp
from app.blueprints.signup.manage_import_forms import TableForm, TakeForm
from app.blueprints.signup.manage_parts import staff_page
from app.database import db, now
from app.domain import imported_registrations, registration_imports, secrets
from app.domain.errors import DomainError, NotFound
from app.domain.registration_table import MOST_ROWS, Row, columns, frame
from app.domain.registration_table.forecast import Outcome
from app.exports import letter as paper
from app.exports import registration_table as files
from app.letters import desk
from app.models import Conference, RegistrationImport
from app.policies import Permission
from app.web import access
from app.web.access import requires

PER_PAGE = 50
# So many letters are drawn while somebody waits for the file.
LETTERS_PER_FILE = 100
# How long a page takes registrations before it leaves the rest to the worker.
SECONDS = 3.0

_ORDER = (Outcome.FAULTY, Outcome.WAITS, Outcome.GOOD)
OUTCOME_WORDS = {
    Outcome.GOOD: _l("bekommt einen Platz"),
    Outcome.WAITS: _l("kommt auf die Warteliste"),
    Outcome.FAULTY: _l("stimmt noch nicht"),
}


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/import", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def import_table(conference: Conference) -> ResponseReturnValue:
    """What a table has to look like, and the field to upload one; nobody is registered by that."""
    form = TableForm()
    if form.validate_on_submit():
        upload = form.table.data
        try:
            stored = registration_imports.upload(
                conference, upload.filename or "tabelle", upload.read(), by=access.me()
            )
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(_page_of(conference, stored), 303)
    of = frame.of(conference)
    return (
        staff_page(
            "import",
            conference,
            form=form,
            most=MOST_ROWS,
            names=columns.NAMES,
            roles=[words[0] for words in frame.ROLES.values()],
            frame=of,
            uploads=registration_imports.latest(conference),
            is_confirmed=registration_imports.is_confirmed,
            has_nothing=registration_imports.has_nothing,
        ),
        form.status,
    )


@bp.get("/verwaltung/<host>/<conference>/anmeldungen/import/vorlage.csv")
@requires(Permission.SEND_MESSAGES, Conference)
def import_template(conference: Conference) -> ResponseReturnValue:
    """An empty table with all columns of this conference."""
    of = frame.of(conference)
    return _csv(
        files.template(columns.labels(list(of.rounds), of.questions)), f"vorlage-{conference.key}.csv"
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/import/<int:upload>", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def imported_table(conference: Conference, upload: int) -> ResponseReturnValue:
    """The verdict for each registration of a table; posting confirms it. Afterwards: what has become of it."""
    stored = _find(conference, upload)
    form = TakeForm()
    if form.validate_on_submit():
        try:
            registration_imports.confirm(
                conference,
                stored,
                seen=form.seen.data or "",
                only_good=bool(form.only_good.data),
                sends=bool(form.sends.data),
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            until = time.monotonic() + SECONDS
            registration_imports.carry_on(
                _find(conference, upload), should_stop=lambda: time.monotonic() > until
            )
            return redirect(_page_of(conference, _find(conference, upload)), 303)
    stored = _find(conference, upload)
    if registration_imports.is_confirmed(stored):
        return _taken(conference, stored, form), form.status
    return _verdicts(conference, stored, form)


@bp.get("/verwaltung/<host>/<conference>/anmeldungen/import/<int:upload>/fehler.csv")
@requires(Permission.SEND_MESSAGES, Conference)
def import_errors(conference: Conference, upload: int) -> ResponseReturnValue:
    """The rows in which something is wrong, with what it is; whole registrations, to mend and upload again."""
    stored = _find(conference, upload)
    is_confirmed = registration_imports.is_confirmed(stored)
    if is_confirmed and stored.confirmed_at is None:
        flash(_("Diese Tabelle wird gerade übernommen. Bitte warten Sie, bis das fertig ist."), "info")
        return redirect(_page_of(conference, stored))
    try:
        found = registration_imports.judged(conference, stored)
    except DomainError as error:
        flash(str(error), "warning")
        return redirect(_page_of(conference, stored))
    wrong: dict[int, list[str]] = {}
    rows: list[Row] = []
    for verdict in found.verdicts:
        # Of a confirmed table only those rows are left that were not taken.
        if verdict.outcome is not Outcome.FAULTY and not is_confirmed:
            continue
        rows += verdict.household.rows
        for fault in verdict.household.faults:
            wrong.setdefault(fault.row, []).append(
                f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence
            )
    if not rows:
        flash(_("In dieser Tabelle gibt es nichts auszubessern."), "info")
        return redirect(_page_of(conference, stored))
    rows.sort(key=lambda row: row.number)
    sentences = {number: " ".join(said) for number, said in wrong.items()}
    return _csv(files.to_mend(found.table, rows, sentences), f"fehler-{conference.key}.csv")


@bp.get("/verwaltung/<host>/<conference>/anmeldungen/import/<int:upload>/briefe.pdf")
@requires(Permission.GIVE_ACCESS, Conference)
def import_letters(conference: Conference, upload: int) -> ResponseReturnValue:
    """Letters with the codes, for those who get no mail; `teil` says which file of several."""
    stored = _find(conference, upload)
    part = request.args.get("teil", 1, type=int)
    pairs = imported_registrations.letters(conference, stored, min(part, MOST_ROWS), LETTERS_PER_FILE)
    if not pairs:
        flash(_("Hier sind keine Briefe zu drucken, oder nicht mehr."), "info")
        return redirect(_page_of(conference, stored))
    at = now()
    letters = [
        desk.write(
            registration, code, desk.address_of(registration, secrets.decrypt(registration.contact)), at
        )
        for registration, code in pairs
    ]
    name, back = f"briefe-{conference.key}-{part}.pdf", _page_of(conference, stored)
    db.session.rollback()
    try:
        made = paper.many_letters_pdf(letters)
    except DomainError as error:
        flash(str(error), "warning")
        return redirect(back)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _verdicts(conference: Conference, stored: RegistrationImport, form: TakeForm) -> ResponseReturnValue:
    try:
        found = registration_imports.judged(conference, stored)
    except DomainError as error:
        return staff_page("import_gone", conference, upload=stored, form=form, reason=str(error)), form.status
    form.seen.data = found.seen
    ordered = [verdict for outcome in _ORDER for verdict in found.of(outcome)]
    pages = max(1, math.ceil(len(ordered) / PER_PAGE))
    page = min(max(1, request.args.get("seite", 1, type=int)), pages)
    return (
        staff_page(
            "import_verdicts",
            conference,
            upload=stored,
            form=form,
            counts={outcome.value: len(found.of(outcome)) for outcome in Outcome},
            people=found.people,
            rows=len(found.table.rows),
            second_ways=sum(verdict.household.has_second_way for verdict in ordered),
            verdicts=ordered[(page - 1) * PER_PAGE : page * PER_PAGE],
            words={outcome.value: words for outcome, words in OUTCOME_WORDS.items()},
            page=page,
            pages=pages,
        ),
        form.status,
    )


def _taken(conference: Conference, stored: RegistrationImport, form: TakeForm) -> str:
    done = imported_registrations.taken(stored)
    return staff_page(
        "import_taken",
        conference,
        upload=stored,
        form=form,
        taken=done,
        files=done.parts(LETTERS_PER_FILE) if imported_registrations.has_letters(stored) else 0,
        has_rows=bool(stored.rows) and done.is_over,
    )


def _find(conference: Conference, number: int) -> RegistrationImport:
    try:
        return registration_imports.find(conference, number)
    except NotFound:
        abort(404)


def _page_of(conference: Conference, stored: RegistrationImport) -> str:
    return url_for(".imported_table", host=conference.host.key, conference=conference.key, upload=stored.id)


def _csv(content: bytes, name: str) -> Response:
    answer = Response(content, content_type=files.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
