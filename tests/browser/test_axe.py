"""axe finds nothing on any page: at 1280 and 320 px, light and dark, and after a form was refused."""

import pytest

from app.database import db
from app.domain import lifecycle
from app.models import Conference
from tests import tour
from tests.browser.look import DESK, PHONE, too_wide, violations

# Pages of staff are many; they are looked at in two halves, so that two processes share the work.
PARTS = {
    "residents": lambda stop: stop.is_for_residents,
    "planning": lambda stop: not stop.is_for_residents and stop.endpoint.startswith("conferences."),
    "rest": lambda stop: not stop.is_for_residents and not stop.endpoint.startswith("conferences."),
}


def look(page, stop, language=""):
    """What is wrong with the page that is open, at both widths and in the dark."""
    found = []
    for name, size in (("1280", DESK), ("320", PHONE)):
        page.set_viewport_size(size)
        found += [f"{language}{stop.endpoint} at {name}: {each}" for each in violations(page)]
    found += [f"{language}{stop.endpoint} is too wide: {each}" for each in too_wide(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"{language}{stop.endpoint} in the dark: {each}" for each in violations(page, "color-contrast")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    return found


def open_pages(page_for):
    return {who: page_for(who, reduced_motion="reduce") for who in ("everybody", "holder", "author", "staff")}


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_on_any_page(app, town, page_for, part):
    pages = open_pages(page_for)

    found, seen = [], 0
    for stop in filter(PARTS[part], tour.pages(app, town)):
        page = pages[stop.who]
        answer = page.goto(stop.address)
        if answer.status != 200:
            found.append(f"{stop.endpoint}: {answer.status}")
            continue
        found += look(page, stop)
        seen += 1

    assert found == []
    assert seen >= 8


def test_axe_finds_nothing_on_pages_of_residents_in_arabic(app, town, page_for):
    pages = open_pages(page_for)

    found = []
    for stop in filter(PARTS["residents"], tour.pages(app, town)):
        pages[stop.who].goto(f"/ar{stop.address}")
        found += look(pages[stop.who], stop, "ar ")

    assert found == []


def test_axe_finds_nothing_on_pages_that_say_why_something_is_not_possible(app, town, page_for):
    """Closed, cancelled, void, unknown, too fast: each tells what one can do instead."""
    at = f"/{town.parts['host']}/{town.parts['conference']}"
    holder, stranger = (
        page_for("holder", reduced_motion="reduce"),
        page_for("everybody", reduced_motion="reduce"),
    )
    lifecycle.close_signup(db.session.get_one(Conference, town.conference_id))
    db.session.rollback()

    found = []
    for page, address, status in (
        (holder, f"{at}/anmeldung", 200),
        (holder, f"{at}/meine-anmeldung", 200),
        (holder, f"/ar{at}/meine-anmeldung", 200),
        (stranger, f"{at}/anmeldung", 200),
        (stranger, f"/ar{at}/anmeldung", 200),
        (stranger, f"{at}/arbeitsgruppen", 200),
        (stranger, f"{at}/meine-anmeldung/link/1-falsch", 404),
        (stranger, f"{at}/gibt-es-nicht", 404),
        (stranger, f"{at}/beitraege/99999", 404),
        (stranger, f"{at}/beitraege?q=nirgends&art=idea", 200),
        (stranger, f"/ar{at}/beitraege?q=nirgends&art=idea", 200),
        (stranger, f"/ar/{town.parts['host']}/gibt-es-nicht/", 404),
        (stranger, "/verwaltung/einladung/abgelaufen", 404),
    ):
        answer = page.goto(address)
        assert answer.status == status, address
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            found += [f"{address}: {each}" for each in [*violations(page), *too_wide(page)]]

    assert found == []


@pytest.mark.parametrize("part", PARTS)
def test_a_refused_form_is_sound_and_has_the_focus_on_its_summary(app, town, page_for, with_tokens, part):
    pages = open_pages(page_for)
    posts = {stop.endpoint for stop in tour.posts(app, town)}

    found, refused = [], 0
    for stop in filter(PARTS[part], tour.pages(app, town)):
        if stop.endpoint not in posts:
            continue
        page = pages[stop.who]
        page.set_viewport_size(PHONE)
        page.goto(stop.address)
        form = page.locator("main form[method=post]:not([action])").first
        if form.count() == 0:
            continue
        # A token that is not valid any more: every form is refused by it, and nothing is stored.
        form.locator("[name=csrf_token]").evaluate("field => { field.value = 'alt' }")
        with page.expect_navigation() as answer:
            # The button that saves: not the one Enter presses, out of sight, nor one that only searches.
            form.locator("[type=submit]:not([aria-hidden], [name])").first.click()
        refused += 1
        if answer.value.status != 422:
            found.append(f"{stop.endpoint}: {answer.value.status}")
            continue
        if page.evaluate("document.activeElement.id") != "fehler":
            found.append(f"{stop.endpoint}: the focus is not on the summary")
        found += [f"{stop.endpoint}, refused: {each}" for each in violations(page)]
        found += [f"{stop.endpoint}, refused, is too wide: {each}" for each in too_wide(page)]

    assert found == []
    assert refused >= 3
