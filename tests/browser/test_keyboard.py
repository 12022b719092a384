"""Without a mouse: the skip link skips, each stop of the Tab key can be seen, a refused form leads to its fields."""

import pytest
from playwright.sync_api import expect

from tests import tour
from tests.browser.look import PHONE, focus_is_visible, focused, too_wide, violations

MOST_STOPS = 60


@pytest.mark.parametrize("language", ["", "/ar"], ids=["deutsch", "arabisch"])
def test_the_skip_link_comes_first_and_skips(app, town, page_for, language):
    page = page_for("everybody")
    page.goto(f"{language}/{town.parts['host']}/{town.parts['conference']}/")

    page.keyboard.press("Tab")
    link = page.locator("a.skip")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


LOOKED_AT = (
    "public.start",
    "conferences.show",
    "signup.register",
    "signup.mine",
    "accounts.sign_in",
    "conferences.edit_groups",
    "conferences.edit_places",
    "signup.register_by_phone",
    "feedback.queue",
    "feedback.moderate",
    "feedback.enter_card",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_can_always_be_seen(app, town, page_for, scheme):
    pages = {
        who: page_for(who, color_scheme=scheme, reduced_motion="reduce")
        for who in ("everybody", "holder", "author", "staff")
    }
    stops = [stop for stop in tour.pages(app, town) if stop.endpoint in LOOKED_AT]
    assert len(stops) == len(LOOKED_AT)

    unseen = []
    for stop in stops:
        page = pages[stop.who]
        page.goto(stop.address)
        places = []
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            place = page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
            if place in places or focused(page).startswith("body"):
                break
            places.append(place)
            if not focus_is_visible(page):
                unseen.append(f"{stop.endpoint}: {focused(page)}")
        assert len(places) > 5, stop

    assert unseen == []


def test_the_summary_leads_to_each_field_it_names(app, town, page_for):
    page = page_for("everybody", viewport=PHONE)
    page.goto(f"/{town.parts['host']}/{town.parts['conference']}/anmeldung")
    page.locator("[name=contact_channel][value=email]").check()
    page.locator("[name=email]").fill("keine Adresse")
    assert [*violations(page), *too_wide(page)] == []
    page.locator("main form .actions [type=submit]").first.click()
    expect(page.locator("#fehler")).to_be_focused()

    for name in ("role_group", "email"):
        page.locator(f"#fehler a[href^='#{name}']").click()
        expect(page.locator(f"[name={name}]").first).to_be_focused()
        expect(page.locator(f"[name={name}]").first).to_be_in_viewport()
    expect(page.locator("[name=email]")).to_have_value("keine Adresse")
    described = page.locator("[name=email]").get_attribute("aria-describedby")
    assert "Adresse stimmt so nicht" in page.locator(f"#{described.split()[-1]}").inner_text()


def test_an_error_takes_the_focus_even_after_the_skip_link_was_used(app, town, page_for):
    page = page_for("everybody")
    page.goto("/verwaltung/anmelden#inhalt")

    page.locator("main form [type=submit]").click()

    expect(page.locator("#fehler")).to_be_focused()
