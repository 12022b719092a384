"""A real Chromium and a real server for the tests that need to see a page."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# As root Chromium starts without its sandbox only; the rest keeps it from calling home and from using little /dev/shm.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads anywhere: what is not on this machine cannot be reached.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]

NewPage = Callable[..., Page]


def executable() -> str | None:
    """The Chromium of the system; None stands for the one that `playwright install` has fetched."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class QuietHandler(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the output of the tests readable."""


def _whole(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """The app with each body read to its end: Werkzeug leaves a file open when the browser hangs up."""
    body = app(environ, start_response)
    try:
        return [b"".join(body)]
    finally:
        if hasattr(body, "close"):
            body.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The app behind a real port, on SQLite; yields its address, without a slash at the end."""
    server = make_server("127.0.0.1", 0, partial(_whole, app), threaded=True, request_handler=QuietHandler)
    # Threads of requests that a page has left behind must not keep the test process alive.
    server.daemon_threads = True
    address = f"http://127.0.0.1:{server.server_port}"
    before = app.config["BASE_URL"]
    app.config["BASE_URL"] = address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()
    app.config["BASE_URL"] = before


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """One Chromium per test process."""
    browser = _playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
    yield browser
    browser.close()


class Watch:
    """Collects what no page may do: load from elsewhere, break the content security policy, throw in a script."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.problems: list[str] = []

    def on_request(self, request: Request) -> None:
        # Not by a route: each request would wait for this process, and Chromium would keep no style sheet.
        if not self._is_ours(request):
            self.problems.append(f"loads from elsewhere: {request.url}")

    def on_console(self, message: ConsoleMessage) -> None:
        # Chromium also reports each answer with 4xx here, and a form with mistakes is answered by 422.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def on_page(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))

    def _is_ours(self, request: Request) -> bool:
        if request.url.startswith(("data:", "blob:", "about:")):
            return True
        return urlsplit(request.url).netloc == urlsplit(self.address).netloc


@pytest.fixture
def new_page(browser: Browser, live_server: str) -> Iterator[NewPage]:
    """Open a page in a new browser context: `new_page(viewport=…, java_script_enabled=False, color_scheme="dark")`.

    The content security policy stays on. A page that loads from elsewhere, is stopped by the policy or throws in a
    script fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    watch = Watch(live_server)

    def open_page(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_server, "locale": "de-DE", "timezone_id": "Europe/Berlin", **options}
        )
        context.set_default_timeout(10_000)
        context.on("request", watch.on_request)
        context.on("page", watch.on_page)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def browser_page(new_page: NewPage) -> Page:
    """A page of 1280 × 800 in Chromium, German, with JavaScript; `browser_page.goto("/")` opens the start page."""
    return new_page(viewport={"width": 1280, "height": 800})
