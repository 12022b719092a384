"""The languages of the interface, and the prefix of the address that chooses one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import g, request


@dataclass(frozen=True)
class Language:
    """A language residents can read the pages in."""

    code: str
    name: str
    locale: str
    dir: str = "ltr"


GERMAN = Language("de", "Deutsch", "de")
INSTALLED: dict[str, Language] = {
    language.code: language
    for language in (
        GERMAN,
        Language("ar", "العربية", "ar", "rtl"),
    )
}
# Pages that exist in German only keep their plain address.
WITHOUT_PREFIX = ("/verwaltung", "/static")


class LanguagePrefix:
    """WSGI middleware: `/ar/rheine/` is `/rheine/` in Arabic.

    The prefix moves from PATH_INFO to SCRIPT_NAME, so every address the app makes keeps the language by itself.
    """

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]]) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        code, _, rest = path.removeprefix("/").partition("/")
        rest = "/" + rest
        if code in INSTALLED and code != GERMAN.code and not rest.startswith(WITHOUT_PREFIX):
            environ["app.language"] = code
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + code
            environ["PATH_INFO"] = rest
        return self.wsgi_app(environ, start_response)


def without_prefix(address: str) -> str:
    """An address of this app as it is in German: for pages that exist in German only."""
    root = request.script_root
    return root.removesuffix("/" + current().code) + address.removeprefix(root)


def get(code: str) -> Language:
    """The language with this code, German for one that is not installed."""
    return INSTALLED.get(code, GERMAN)


def current() -> Language:
    """The language of the page that is being made; German outside of a request."""
    if not request:
        return GERMAN
    return get(request.environ.get("app.language", GERMAN.code))


def current_locale() -> str:
    """The name Babel knows the current language by."""
    return current().locale


def offered() -> list[tuple[Language, str]]:
    """Languages this page exists in, with its address in each; empty where there is only German."""
    if not request or request.path.startswith(WITHOUT_PREFIX):
        return []
    conference = g.get("conference")
    codes = [GERMAN.code, *(conference.languages if conference else INSTALLED)]
    prefix = request.script_root
    if current() is not GERMAN:
        prefix = prefix.removesuffix("/" + current().code)
    found = [INSTALLED[code] for code in INSTALLED if code in codes]
    if len(found) < 2:
        return []
    return [
        (language, prefix + ("" if language is GERMAN else "/" + language.code) + quote(request.path))
        for language in found
    ]
