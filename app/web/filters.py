"""What templates can call: dates in words, passages, labels, addresses of assets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import flask_babel
from babel.lists import format_list
from flask import Flask, g, render_template
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.config import ROOT
from app.models import Conference, Passage, Translated
from app.models.translated import SOURCE_LANGUAGE
from app.web import labels, languages

STATIC = ROOT / "static"


@cache
def assets_version() -> str:
    """A name for the present state of all static files; it is part of their address."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and path.suffix not in (".br", ".gz"):
            digest.update(str(path.relative_to(STATIC)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """Address of a static file; it changes when any of them changes, so browsers may keep it for a year."""
    return f"/static/{assets_version()}/{name}"


def passage(value: Translated | None) -> Passage:
    """The text in the page's language, or the German one marked as a stand-in."""
    return Translated(value).passage(languages.current().code)


def german(text: str) -> Passage:
    """A text that exists in German only (names, roles), marked so on pages in another language."""
    return Passage(text, SOURCE_LANGUAGE, is_fallback=languages.current().code != SOURCE_LANGUAGE)


def in_german(template: str) -> Markup:
    """What `template` says in German, for texts whose German wording counts."""
    with flask_babel.force_locale(languages.GERMAN.locale):
        return Markup(render_template(template))  # noqa: S704 - rendered with escaping


def lines_of(text: Passage) -> list[Passage]:
    """Each line that is not empty, with the language of the whole."""
    return [
        Passage(line.strip(), text.lang, text.is_fallback) for line in text.text.splitlines() if line.strip()
    ]


def language_name(code: str) -> str:
    """`Türkisch` for `tr`, in the page's language; the code itself where nobody knows a name."""
    locale = flask_babel.get_locale()
    name = locale.languages.get(code.split("-")[0]) if locale else None
    return name or code


def listed(words: Iterable[str]) -> str:
    """`Arabisch und Türkisch`, in the page's language."""
    return format_list(list(words), locale=flask_babel.get_locale())


def contact_of(conference: Conference) -> dict[str, Any]:
    """Whom to call about a conference: its own contact, and what it lacks from the host."""
    host = conference.host
    own = bool(conference.contact_phone)
    return {
        "role": german(conference.contact_role or host.responsible_role),
        "phone": conference.contact_phone or host.phone,
        "hours": passage(conference.contact_hours if own else host.phone_hours),
        "email": conference.contact_email or host.email,
    }


def date_long(value: datetime) -> str:
    """`Donnerstag, 25. Mai 2023` in Berlin, in the page's language."""
    return flask_babel.format_date(value, "full")


def time_short(value: datetime) -> str:
    """`17:00 Uhr` in Berlin."""
    text = flask_babel.format_datetime(value, "HH:mm")
    return flask_babel.gettext("%(time)s Uhr", time=text)


def datetime_long(value: datetime) -> str:
    """`Donnerstag, 25. Mai 2023, 17:00 Uhr`."""
    return flask_babel.gettext("%(day)s, %(time)s", day=date_long(value), time=time_short(value))


def deadline(value: datetime) -> str:
    """A time until which something is possible; the end of a day is told by that day, not as 0:00 of the next."""
    if clock(value) == "00:00":
        return date_long(value - timedelta(minutes=1))
    return datetime_long(value)


def clock(value: datetime) -> str:
    """`17:00` in Berlin, for tables."""
    return flask_babel.format_datetime(value, "HH:mm")


def iso(value: datetime) -> str:
    """ISO 8601 with offset, for <time datetime>."""
    return flask_babel.to_user_timezone(value).isoformat(timespec="minutes")


def install(app: Flask) -> None:
    """Make filters and globals known to the templates of `app`."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date_long=date_long,
        time_short=time_short,
        datetime_long=datetime_long,
        deadline=deadline,
        clock=clock,
        iso=iso,
        label=labels.label,
        passage=passage,
        german=german,
        language_name=language_name,
        without_prefix=languages.without_prefix,
        listed=listed,
    )
    app.jinja_env.globals.update(
        asset=asset,
        passage=passage,
        german=german,
        in_german=in_german,
        lines_of=lines_of,
        label=labels.label,
        why_no_signup=labels.WHY_NO_SIGNUP.get,
        why_no_contributions=labels.WHY_NO_CONTRIBUTIONS.get,
        csrf_token=generate_csrf,
    )

    @app.context_processor
    def _page() -> dict[str, Any]:
        host, conference = g.get("host"), g.get("conference")
        return {
            "language": languages.current(),
            "languages_here": languages.offered(),
            "host": host,
            "conference": conference,
            "contact": contact_of(conference) if conference else None,
            # A proxy: it reads the session only where a template looks at it.
            "current_user": current_user,
            "is_demo": bool(conference.shows_demo if conference else host and host.is_demo),
        }


def static_root() -> Path:
    """Where static files lie."""
    return STATIC
