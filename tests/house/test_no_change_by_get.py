"""Opening a page changes nothing, and neither does a form without its token."""

from tests import tour
from tests.town import stored


def changed(before, after):
    return [name for name, rows in before.items() if rows != after[name]]


def test_opening_any_page_changes_nothing(app, town, clients):
    before = stored()

    found = {}
    for stop in tour.stops(app, town):
        answer = clients[stop.who].get(stop.address)
        assert answer.status_code in (200, 302), stop
        if tables := changed(before, stored()):
            found[stop.endpoint] = tables
            before = stored()

    assert found == {}
    # The comparison would notice: there is something in nearly every table.
    assert [name for name, rows in before.items() if not rows] == []


def test_a_form_without_its_token_changes_nothing(app, town, clients):
    before = stored()

    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {
            stop.endpoint: clients[stop.who].post(stop.address).status_code for stop in tour.posts(app, town)
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert changed(before, stored()) == []
    assert set(answers.values()) <= {302, 303, 422}, answers
