"""The watch over the browser sees what no page may do; without it the other tests here would prove nothing."""

import pytest
from playwright.sync_api import Error

from tests.chromium import Watch


def test_watch_sees_what_is_loaded_from_elsewhere_and_nothing_comes(browser, live_server):
    # Without the content security policy, which would stop it earlier.
    context = browser.new_context(base_url=live_server, bypass_csp=True)
    watch = Watch(live_server)
    context.on("request", watch.on_request)
    page = context.new_page()
    page.goto("/")
    assert watch.problems == []

    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('http://elsewhere.example/', {mode: 'no-cors'})")
    context.close()

    assert watch.problems == ["loads from elsewhere: http://elsewhere.example/"]


def test_watch_sees_what_the_policy_stops(browser, live_server):
    context = browser.new_context(base_url=live_server)
    watch = Watch(live_server)
    context.on("page", watch.on_page)
    page = context.new_page()
    page.goto("/")

    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('http://elsewhere.example/', {mode: 'no-cors'})")
    context.close()

    assert len(watch.problems) > 0
    assert all("Content Security Policy" in problem for problem in watch.problems)
