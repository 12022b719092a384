"""Pages of the browser that act for somebody, and the town they visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests import town as towns
from tests.chromium import NewPage
from tests.town import Town
from tests.visitor import Visitor

PageFor = Callable[..., Page]


@pytest.fixture
def town(app: Flask) -> Town:
    """A town with rows of every kind."""
    return towns.build()


@pytest.fixture
def with_tokens(app: Flask) -> Any:
    """Forms need their token, as they do outside of tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def page_for(app: Flask, town: Town, new_page: NewPage, live_server: str) -> PageFor:
    """Open a page as everybody, holder, author or staff; the session is the one the product gave a plain client."""

    def open_page(who: str, **options: Any) -> Page:
        page = new_page(**{"viewport": {"width": 1280, "height": 800}, **options})
        client = Visitor(app)
        if who == "staff":
            tokens, app.config["WTF_CSRF_ENABLED"] = app.config["WTF_CSRF_ENABLED"], False
            town.sign_in(client)
            app.config["WTF_CSRF_ENABLED"] = tokens
        elif who == "holder":
            town.hold(client)
        elif who == "author":
            town.follow(client)
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        if cookie is not None:
            page.context.add_cookies([{"name": name, "value": cookie.value, "url": live_server}])
        return page

    return open_page
