"""Pages for everybody, kept in memory until something that shows on them has changed."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import bindparam, select

from app.database import db, now
from app.models import Conference, Host
from app.web import languages

MOST_PAGES = 500
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class _Page:
    body: bytes
    packed: bytes
    etag: str


class PageCache:
    """The pages used last, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[Any, ...], _Page] = OrderedDict()
        self._bytes = 0

    def get(self, key: tuple[Any, ...]) -> _Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page:
                self._pages.move_to_end(key)
            return page

    def put(self, key: tuple[Any, ...], page: _Page) -> None:
        with self._lock:
            if key not in self._pages:
                self._bytes += len(page.body) + len(page.packed)
            self._pages[key] = page
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= len(dropped.body) + len(dropped.packed)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


pages = PageCache()


# All that the key of a page is made of, in one narrow statement: most requests need nothing else.
_STATE_COLUMNS = (
    "id",
    "version",
    "status",
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "capacity",
    "walk_in_quota",
    "places_taken",
)
_hosts, _conferences = Host.__table__, Conference.__table__
_STATE = (
    select(_hosts.c.version.label("host_version"), *(_conferences.c[name] for name in _STATE_COLUMNS))
    .select_from(_conferences.join(_hosts, _conferences.c.host_id == _hosts.c.id))
    .where(_hosts.c.key == bindparam("host"), _conferences.c.key == bindparam("conference"))
)


def kept_until_changed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the page of a conference: its versions, its sign-up state, language and path are the key.

    Versions rise in the transaction that changes something and the state follows from the clock at the moment of
    asking, so nothing stale is ever shown and nothing fresh is made twice. For views whose first argument is a
    Conference, or has one as `.conference`. `@requires` asks `found` first and loads nothing when a page is there.
    """

    @wraps(view)
    def kept(subject: Any, **parts: Any) -> Any:
        conference: Conference = subject if isinstance(subject, Conference) else subject.conference
        if request.query_string:
            return _public(make_response(view(subject, **parts)))
        response = make_response(view(subject, **parts))
        if response.status_code != 200:
            return response
        body = response.get_data()
        page = _Page(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:32])
        pages.put(_key(conference, conference.host.version), page)
        return _answer(page)

    kept.found = _found  # type: ignore[attr-defined]  # read by @requires
    return kept


def _found(host: str, conference: str, **_parts: Any) -> Response | None:
    """The kept page at this address, if it still holds; nothing hidden is ever kept."""
    if request.query_string:
        return None
    # Without a session: there is nothing to keep track of, and it would cost as much as the rest.
    with db.engine.connect() as connection:
        row = connection.execute(_STATE, {"host": host, "conference": conference}).first()
    if row is None:
        return None
    state = Conference(**{name: getattr(row, name) for name in _STATE_COLUMNS})
    page = pages.get(_key(state, row.host_version)) if state.is_public else None
    return _answer(page) if page else None


def _key(conference: Conference, host_version: int) -> tuple[Any, ...]:
    return (
        conference.id,
        conference.version,
        host_version,
        conference.signup_state(now()),
        languages.current().code,
        request.script_root,
        request.path,
        request.host_url,
    )


def _answer(page: _Page) -> Response:
    packed = request.accept_encodings.quality("gzip") > 0
    answer = Response(page.packed if packed else page.body, mimetype="text/html")
    answer.set_etag(page.etag + ("-gz" if packed else ""))
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.make_conditional(request)
    return _public(answer)


def _public(response: Response) -> Response:
    # Anybody may keep it, but asks each time whether it still holds: 304 costs one look at the version.
    response.headers["Cache-Control"] = "public, no-cache"
    return response
