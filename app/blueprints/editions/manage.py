"""Publishing results: what would be in the next edition, publishing it, and watching its files being made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.editions import bp
from app.blueprints.editions.forms import FreezeForm, RetryForm
from app.database import now
from app.domain import edition_files, local_time
from app.domain import editions as editions_of
from app.domain.errors import DomainError
from app.domain.queries import editions as queries
from app.exports import glyphs
from app.models import Conference, EditionFile, FileState
from app.policies import Permission
from app.web import navigation
from app.web.access import me, requires
from app.web.labels import label
from app.web.saving import was_refused

# How long readers have to say what is wrong, unless staff choose another day.
CORRECTION_WEEKS = 3
_PENDING = (FileState.QUEUED, FileState.RENDERING)


@bp.route("/verwaltung/<host>/<conference>/dokumentation", methods=["GET", "POST"])
@requires(Permission.PUBLISH_RESULTS, Conference)
def manage(conference: Conference) -> ResponseReturnValue:
    form = FreezeForm()
    if form.validate_on_submit():
        try:
            edition = editions_of.freeze(
                conference,
                number=form.number.data,
                note=form.note.data or "",
                correction_until=form.correction_until.data,
                by=me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _(
                    "Ausgabe %(number)s ist veröffentlicht. Die Dateien werden erstellt.",
                    number=edition.number,
                ),
                "success",
            )
            return redirect(_here(conference), 303)
    preview = editions_of.preview(conference)
    if not form.is_submitted():
        form.number.data = preview.number
        form.correction_until.data = local_time.day_of(now()) + timedelta(weeks=CORRECTION_WEEKS)
    listed = queries.of_conference(conference)
    body = render_template(
        "editions/manage/manage.html",
        form=form,
        retry_form=RetryForm(),
        preview=preview,
        unprintable=glyphs.missing(preview.snapshot),
        staying_out=queries.staying_out(conference),
        listed=listed,
        pending=_is_pending(listed),
        is_over=conference.ends_at <= now(),
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
    )
    return body, form.status


@bp.get("/verwaltung/<host>/<conference>/dokumentation/stand")
@requires(Permission.PUBLISH_RESULTS, Conference)
def progress(conference: Conference) -> ResponseReturnValue:
    """What the script on the page above asks for every few seconds."""
    listed = queries.of_conference(conference)
    return jsonify(
        pending=_is_pending(listed),
        files=[_told(file) for entry in listed for file in entry.edition.files],
    )


@bp.post(
    "/verwaltung/<host>/<conference>/dokumentation/<int:edition>/<any(pdf, csv, json):format>/noch-einmal"
)
@requires(Permission.PUBLISH_RESULTS, EditionFile)
def retry(file: EditionFile) -> ResponseReturnValue:
    conference = file.edition.conference
    if was_refused(RetryForm()):
        return redirect(_here(conference), 303)
    try:
        edition_files.retry(file)
    except DomainError as error:
        flash(str(error), "error")
    return redirect(_here(conference), 303)


def _here(conference: Conference) -> str:
    return url_for(".manage", host=g.host.key, conference=conference.key)


def _is_pending(listed: list[queries.Listed]) -> bool:
    return any(file.state in _PENDING for entry in listed for file in entry.edition.files)


def _told(file: EditionFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "state": file.state.value,
        "words": label(file.state),
        "done": file.done,
        "total": file.total,
    }
