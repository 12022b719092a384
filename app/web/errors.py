"""Error pages: what happened and what one can do, in the page's language, never a traceback."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from app.database import db
from app.faults import log_fault
from app.models import Host

PAGES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Das haben wir nicht verstanden"),
        _l("Die Anfrage war unvollständig. Gehen Sie eine Seite zurück und versuchen Sie es noch einmal."),
    ),
    403: (
        _l("Das dürfen Sie hier nicht"),
        _l("Für diese Seite fehlt Ihnen die Berechtigung. Wenn Sie sie brauchen, fragen Sie Ihre Leitung."),
    ),
    404: (
        _l("Diese Seite gibt es nicht"),
        _l(
            "Vielleicht ist die Adresse falsch abgeschrieben, oder die Seite ist noch nicht öffentlich "
            "oder nicht mehr. Prüfen Sie die Adresse oder gehen Sie zur Startseite."
        ),
    ),
    405: (
        _l("So lässt sich diese Seite nicht öffnen"),
        _l("Gehen Sie zur Startseite und wählen Sie den Weg von dort."),
    ),
    413: (
        _l("Das war zu viel auf einmal"),
        _l(
            "Der Text oder die Datei ist zu groß. Gehen Sie eine Seite zurück, kürzen Sie und senden Sie noch einmal."
        ),
    ),
    429: (
        _l("Bitte warten Sie einen Moment"),
        _l("Es gab zu viele Versuche hintereinander. Versuchen Sie es in einer Minute noch einmal."),
    ),
    500: (
        _l("Bei uns ist etwas schiefgegangen"),
        _l("Ihre Angaben sind nicht gespeichert worden. Versuchen Sie es noch einmal oder rufen Sie uns an."),
    ),
}


def install(app: Flask) -> None:
    """Answer every error of `app` with a page of our own."""
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(Exception, _apologise)


def _explain(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    _show_only_what_is_public(code)
    page = _page(code)
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return page, code, headers


def _show_only_what_is_public(code: int) -> None:
    """Say nothing of a conference one may not see: its page looks like that of one which never was."""
    conference = g.get("conference")
    if conference is not None and (code == 403 or not conference.is_public):
        g.pop("conference")
    key = (request.view_args or {}).get("host")
    if code == 404 and key and "\0" not in key and g.get("host") is None:
        g.host = db.session.scalar(select(Host).where(Host.key == key))


def _apologise(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    log_fault(current_app.logger, "unhandled", error)
    db.session.rollback()
    # The page must not ask the database again: it may be what is broken.
    g.pop("conference", None)
    g.pop("host", None)
    return _page(500), 500


def _page(code: int) -> str:
    title, text = PAGES.get(code, PAGES[400 if code < 500 else 500])
    try:
        return render_template("error.html", title=title, text=text, code=code)
    except Exception as error:  # the frame of all pages may be what is broken
        current_app.logger.error("the error page failed: %s", type(error).__name__)
        heading, words = escape(title), escape(text)
        return f"<!doctype html><html lang=de><title>{heading}</title><h1>{heading}</h1><p>{words}</p></html>"
