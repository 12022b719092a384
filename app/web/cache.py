"""Pages for everybody, kept in memory until something that shows on them has changed."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import Engine, Row, bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_accept_header, parse_etags

from app.database import now
from app.domain import local_time
from app.models import Conference, Host
from app.web import headers

MOST_PAGES = 500
MOST_BYTES = 64 * 1024 * 1024

# Scheme, host, prefix (language included) and path: where a page stands.
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Page:
    """A finished page: plain and packed, its ETag, and the conference it belongs to (host key, conference key)."""

    body: bytes
    packed: bytes
    etag: str
    of: tuple[str, str]
    state: tuple[Any, ...]
    """What it shows: it holds while the conference's state is still this one."""

    @property
    def size(self) -> int:
        """How many bytes it keeps."""
        return len(self.body) + len(self.packed)


class PageCache:
    """The pages used last, in this process; one page a place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[Place, Page] = OrderedDict()
        self._bytes = 0

    def get(self, place: Place) -> Page | None:
        """The page kept for this place, whether it still holds or not."""
        with self._lock:
            page = self._pages.get(place)
            if page:
                self._pages.move_to_end(place)
            return page

    def put(self, place: Place, page: Page) -> None:
        """Keep `page`; those used longest ago make room for it."""
        with self._lock:
            before = self._pages.pop(place, None)
            self._bytes += page.size - (before.size if before else 0)
            self._pages[place] = page
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= dropped.size

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0


pages = PageCache()

# All that the state of a conference is made of, in one narrow statement: most requests need nothing else.
_COLUMNS = (
    "id",
    "version",
    "status",
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "capacity",
    "walk_in_quota",
    "walk_ins_taken",
    "reserved_open",
    "places_taken",
    "contributions_open_at",
    "contributions_close_at",
)
_hosts, _conferences = Host.__table__, Conference.__table__
STATE = (
    select(_hosts.c.version.label("host_version"), *(_conferences.c[name] for name in _COLUMNS))
    .select_from(_conferences.join(_hosts, _conferences.c.host_id == _hosts.c.id))
    .where(_hosts.c.key == bindparam("host"), _conferences.c.key == bindparam("conference"))
)


class Seen:
    """A conference as the statement above shows it, answering the questions its state is made of."""

    places_open = Conference.places_open
    places_free = Conference.places_free
    signup_state = Conference.signup_state
    contribution_phase = Conference.contribution_phase
    is_public = Conference.is_public

    def __init__(self, row: Row[Any]) -> None:
        self.__dict__.update(row._mapping)


def for_one_statement(engine: Engine) -> Engine:
    """The engine without a transaction around what it does: on Postgres that saves two of three journeys to it."""
    is_postgres = engine.dialect.name == "postgresql"
    return engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgres else engine


class KeptPages:
    """WSGI middleware: answers from memory while a page holds, after one statement and without the rest of the app."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], engine: Engine, base_url: str) -> None:
        self.wsgi_app = wsgi_app
        self.engine = for_one_statement(engine)
        self.headers = headers.of_all_answers(base_url)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING"):
            page = pages.get(place_of(environ))
            if page and self._holds(page):
                return self._answer(page, environ, start_response)
        return self.wsgi_app(environ, start_response)

    def _holds(self, page: Page) -> bool:
        host, conference = page.of
        try:
            with self.engine.connect() as connection:
                row = connection.execute(STATE, {"host": host, "conference": conference}).first()
        except SQLAlchemyError:
            # The app will meet the same trouble, and has a page that says so.
            return False
        if row is None:
            return False
        seen: Any = Seen(row)
        return bool(seen.is_public) and _state(seen, row.host_version) == page.state

    def _answer(self, page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        packed = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING")).quality("gzip") > 0
        body, etag = (page.packed, page.etag + "-gz") if packed else (page.body, page.etag)
        fields = [*self.headers, *_PUBLIC, ("ETag", f'"{etag}"')]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and parse_etags(known).contains_weak(etag):
            start_response("304 NOT MODIFIED", fields)
            return []
        fields += [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        if packed:
            fields.append(("Content-Encoding", "gzip"))
        start_response("200 OK", fields)
        return [body]


# Anybody may keep it, but asks each time whether it still holds: 304 costs one look at the version.
_PUBLIC = [("Cache-Control", "public, no-cache"), ("Vary", "Accept-Encoding")]


def kept_until_changed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the page of a conference for KeptPages: its versions, its sign-up state and the day say how long it holds.

    Versions rise in the transaction that changes something and the state follows from the clock at the moment of
    asking, so nothing stale is ever shown and nothing fresh is made twice. For views whose first argument is a
    Conference, or has one as `.conference`.
    """

    @wraps(view)
    def kept(subject: Any, **parts: Any) -> Any:
        conference: Conference = subject if isinstance(subject, Conference) else subject.conference
        state = _state(conference, conference.host.version)
        of = (conference.host.key, conference.key)
        response: Response = make_response(view(subject, **parts))
        response.headers.extend(_PUBLIC)
        if response.status_code == 200 and not request.query_string:
            body = response.get_data()
            etag = hashlib.sha256(body).hexdigest()[:32]
            page = Page(body, gzip.compress(body, 6, mtime=0), etag, of, state)
            pages.put(place_of(request.environ), page)
            response.set_etag(etag)
            response.make_conditional(request)
        return response

    return kept


def place_of(environ: dict[str, Any]) -> Place:
    """Where the page that is asked for stands."""
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
    )


def _state(conference: Any, host_version: int) -> tuple[Any, ...]:
    # The language is a part of the prefix, and so of the place. The day: pages say since when nothing was heard.
    at = now()
    return (
        *(conference.id, conference.version, host_version, local_time.day_of(at)),
        *(conference.signup_state(at), conference.contribution_phase(at)),
    )
