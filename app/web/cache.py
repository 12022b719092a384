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

from app.database import now
from app.models import Conference
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


def kept_until_changed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the page of a conference: its versions, its sign-up state, language and path are the key.

    Versions rise in the transaction that changes something and the state follows from the clock at the moment of
    asking, so nothing stale is ever shown and nothing fresh is made twice. For views whose first argument is a
    Conference, or has one as `.conference`.
    """

    @wraps(view)
    def kept(subject: Any, **parts: Any) -> Any:
        conference: Conference = subject if isinstance(subject, Conference) else subject.conference
        if request.query_string:
            return _public(make_response(view(subject, **parts)))
        key = (
            conference.id,
            conference.version,
            conference.host.version,
            conference.signup_state(now()),
            languages.current().code,
            request.script_root,
            request.path,
            request.host_url,
        )
        page = pages.get(key)
        if page is None:
            response = make_response(view(subject, **parts))
            if response.status_code != 200:
                return response
            body = response.get_data()
            page = _Page(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:32])
            pages.put(key, page)
        packed = request.accept_encodings.quality("gzip") > 0
        answer = Response(page.packed if packed else page.body, mimetype="text/html")
        answer.set_etag(page.etag + ("-gz" if packed else ""))
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        return _public(answer).make_conditional(request)

    return kept


def _public(response: Response) -> Response:
    # Anybody may keep it, but asks each time whether it still holds: 304 costs one look at the version.
    response.headers["Cache-Control"] = "public, no-cache"
    return response
