"""Start pages, legal pages, colours and logo of a host: open to everybody."""

from __future__ import annotations

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app.blueprints.public import bp
from app.blueprints.public.forms import BarrierForm
from app.database import db, now
from app.domain import hosts
from app.domain.queries import conferences
from app.models import Host, StoredFile
from app.policies import Permission
from app.web import colours as colour_rules
from app.web.access import requires

A_YEAR = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"


@bp.get("/")
@requires(Permission.VISIT)
def start() -> ResponseReturnValue:
    dates = conferences.of_all_hosts(now())
    only_demos = bool(dates) and all(entry.host.is_demo for entry in dates)
    return _for_everybody(render_template("public/start.html", dates=dates, is_demo=only_demos))


@bp.get("/<host>/")
@requires(Permission.VISIT, Host)
def host(host: Host) -> ResponseReturnValue:
    return _for_everybody(
        render_template("public/host.html", dates=conferences.of_host(host, now()), at=now())
    )


@bp.get("/<host>/impressum")
@requires(Permission.VISIT, Host)
def imprint(host: Host) -> ResponseReturnValue:
    return _for_everybody(render_template("public/imprint.html"))


@bp.get("/<host>/datenschutz")
@requires(Permission.VISIT, Host)
def privacy(host: Host) -> ResponseReturnValue:
    return _for_everybody(render_template("public/privacy.html"))


@bp.route("/<host>/barrierefreiheit", methods=["GET", "POST"])
@requires(Permission.VISIT, Host)
def accessibility(host: Host) -> ResponseReturnValue:
    form = BarrierForm()
    if form.validate_on_submit():
        hosts.tell_barrier(
            host,
            text=form.text.data or "",
            page=form.page.data or "",
            contact=form.contact.data or "",
            submission=form.submission.data or "",
        )
        flash(_("Vielen Dank. Ihre Nachricht ist angekommen."), "success")
        return redirect(url_for(".accessibility", host=host.key))
    return render_template("public/accessibility.html", form=form), form.status


@bp.get("/<host>/farben.css")
@requires(Permission.VISIT, Host)
def colours(host: Host) -> ResponseReturnValue:
    response = make_response(colour_rules.stylesheet(host.accent_colour))
    response.mimetype = "text/css"
    return _kept_by_version(response, host)


@bp.get("/<host>/logo.png")
@requires(Permission.VISIT, Host)
def logo(host: Host) -> ResponseReturnValue:
    stored = db.session.execute(
        select(StoredFile.content, StoredFile.media_type).where(
            StoredFile.host_id == host.id, StoredFile.id == host.logo_id
        )
    ).first()
    if stored is None:
        abort(404)
    return _kept_by_version(Response(stored.content, mimetype=stored.media_type), host)


@bp.get("/robots.txt")
@requires(Permission.VISIT)
def robots() -> ResponseReturnValue:
    lines = (
        "User-agent: *",
        "Disallow: /verwaltung/",
        "Disallow: /*/meine-anmeldung",
        "Disallow: /*/anmeldung",
        "",
    )
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Cache-Control"] = AN_HOUR
    return response


@bp.get("/gesund")
@requires(Permission.VISIT)
def health() -> ResponseReturnValue:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        current_app.logger.error("database out of reach: %s", type(error).__name__)
        db.session.rollback()
        return {"ok": False, "database": False}, 503
    return {"ok": True, "database": True}


def _for_everybody(page: str) -> ResponseReturnValue:
    """A page that is the same for all readers: anybody may keep it, and asks each time whether it still holds."""
    response = make_response(page)
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _kept_by_version(response: Response, host: Host) -> ResponseReturnValue:
    """Kept for a year under the address that names the present version, and for no time under any other."""
    current = request.args.get("v") == str(host.version)
    response.headers["Cache-Control"] = A_YEAR if current else "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)
