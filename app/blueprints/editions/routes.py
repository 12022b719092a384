"""Published results for everybody: the editions, each as a page and as files that say the same."""

from __future__ import annotations

from typing import cast

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.blueprints.editions import bp
from app.domain import edition_files
from app.domain.queries import editions as queries
from app.domain.snapshot import Snapshot
from app.exports import results_view
from app.exports.results import RENDERERS
from app.models import Conference, Edition, EditionFile, FileFormat, FileState
from app.policies import Permission
from app.web.access import requires
from app.web.cache import kept_until_changed


@bp.get("/<host>/<conference>/dokumentation")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def editions(conference: Conference) -> ResponseReturnValue:
    return render_template("editions/editions.html", listed=queries.of_conference(conference))


@bp.get("/<host>/<conference>/dokumentation/<int:edition>")
@requires(Permission.SEE_CONFERENCE, Edition)
@kept_until_changed
def edition(edition: Edition) -> ResponseReturnValue:
    return render_template(
        "editions/edition.html",
        edition=edition,
        document=results_view.prepare(edition.snapshot),
        noindex=True,
    )


@bp.get("/<host>/<conference>/dokumentation/<int:edition>/ergebnisse.<any(pdf, csv, json):format>")
@requires(Permission.SEE_CONFERENCE, EditionFile)
def file(file: EditionFile) -> ResponseReturnValue:
    content = queries.content_of(file) if file.state is FileState.READY else None
    if content is None:
        # Whatever the browser holds of it: it is not there (any more), and never "not modified".
        gone = file.state in (FileState.REMOVED, FileState.READY)
        return render_template("editions/no_file.html", file=file, gone=gone), 410 if gone else 404
    response = make_response(content)
    _describe(response, file)
    return response.make_conditional(request, accept_ranges=True, complete_length=len(content))


def _describe(response: Response, file: EditionFile) -> None:
    response.headers["Content-Type"] = RENDERERS[file.format].media_type
    # A document opens in the browser, data are saved.
    kind = "inline" if file.format is FileFormat.PDF else "attachment"
    name = edition_files.file_name(cast(Snapshot, file.edition.snapshot), file.format)
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(file.sha256)
    # A copy at a search engine could not be taken back.
    response.headers["X-Robots-Tag"] = "noindex"
