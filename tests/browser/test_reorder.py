"""Putting programme and groups in order in a real browser: by dragging, by keyboard, and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.database import db
from app.domain import programme
from app.models import AgendaKind, Conference, StaffRole
from tests import make
from tests.browser.look import violations
from tests.chromium import NewPage


@pytest.fixture
def conference(live_server: str) -> Conference:
    """Three points one after another."""
    conference = make.conference(make.host("stadt"), key="konferenz")
    for number, title in enumerate(("Ankommen", "Vortrag", "Abschluss")):
        programme.add(
            conference,
            {
                "kind": AgendaKind.OTHER,
                "title": title,
                "speaker_role": "",
                "starts_at": conference.starts_at + timedelta(minutes=10 * number),
                "ends_at": conference.starts_at + timedelta(minutes=10 * (number + 1)),
                "room_id": None,
            },
        )
    return conference


def open_programme(new_page: NewPage, **options: object) -> Page:
    """The programme, opened by an organizer."""
    page = new_page(viewport={"width": 1280, "height": 800}, **options)
    email = make.staff_member(StaffRole.ORGANIZER, db.session.query(Conference).one().host).email
    page.goto("/verwaltung/anmelden")
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort").first.fill(make.PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.goto("/verwaltung/stadt/konferenz/ablauf")
    return page


def titles(conference: Conference) -> list[str]:
    db.session.rollback()
    return [str(item.title) for item in conference.agenda]


def test_order_by_keyboard_keeps_the_focus_and_says_what_happened(
    new_page: NewPage, conference: Conference
) -> None:
    page = open_programme(new_page)
    button = page.get_by_role("button", name="„Ankommen“ nach unten")
    button.focus()

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").last).to_have_text(
        "Ankommen steht jetzt an Stelle 3 von 3. Reihenfolge gespeichert."
    )
    expect(button).to_be_focused()
    assert titles(conference) == ["Vortrag", "Abschluss", "Ankommen"]


def test_order_by_dragging_shows_the_new_times(new_page: NewPage, conference: Conference) -> None:
    page = open_programme(new_page)
    items = page.locator(".sortable__item")
    before = items.nth(0).locator(".sortable__detail").inner_text()
    handle = items.nth(2).locator(".sortable__handle").bounding_box()
    target = items.nth(0).bounding_box()
    assert handle
    assert target

    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, target["y"] + 30, steps=5)
    page.mouse.move(handle["x"] + 10, target["y"] + 2, steps=5)
    page.mouse.up()

    expect(page.get_by_role("status").last).to_contain_text("Reihenfolge gespeichert.")
    assert titles(conference) == ["Abschluss", "Ankommen", "Vortrag"]
    # The point that now comes first has the time of the one that came first.
    assert items.nth(0).locator(".sortable__title").inner_text() == "Abschluss"
    assert items.nth(0).locator(".sortable__detail").inner_text().split(" · ")[0] == before.split(" · ")[0]
    assert violations(page) == []


def test_order_by_button_without_scripts(new_page: NewPage, conference: Conference) -> None:
    page = open_programme(new_page, java_script_enabled=False)

    page.get_by_role("button", name="„Abschluss“ nach oben").click()

    expect(page.get_by_text("Die Zeiten sind nachgerückt.")).to_be_visible()
    assert titles(conference) == ["Ankommen", "Abschluss", "Vortrag"]


def test_order_that_was_overtaken_shows_the_list_as_it_is(new_page: NewPage, conference: Conference) -> None:
    page = open_programme(new_page)
    programme.remove(conference.agenda[2])

    page.get_by_role("button", name="„Ankommen“ nach unten").click()

    expect(page.get_by_text("Die Liste hat sich inzwischen geändert.")).to_be_visible()
    assert titles(conference) == ["Ankommen", "Vortrag"]
