"""The desk without a mouse: five cards entered and decided about by the keyboard alone, and counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.models import Contribution, StaffRole
from tests import make
from tests.browser.look import PHONE, focus_is_visible, focused, tab_to, too_wide, violations
from tests.chromium import NewPage

CARDS = (
    "Mehr Bänke am Weg zum Friedhof.",
    "Schatten am Spielplatz!",
    "Der Bus fährt abends zu selten.",
    "Herr Müller vom Amt ist unfreundlich.",
    "Im Park ist ein tiefes Schlagloch.",
)


@pytest.fixture(autouse=True)
def _tokens(with_tokens: object) -> None:
    """Forms need their token, as they do outside of tests."""


@pytest.fixture
def desk(app: Flask, new_page: NewPage) -> Callable[..., Page]:
    """Somebody is signed in and has a page of the desk open."""

    def open_page(**options: object) -> Page:
        host = make.host(key="beispiel")
        conference = make.conference(host, key="konferenz")
        make.group(conference, title="Wohnen")
        make.topic(conference, "Draußen")
        email = make.staff_member(StaffRole.ORGANIZER, host).email
        db.session.rollback()
        page = new_page(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options})
        page.goto("/verwaltung/beispiel/konferenz/beitraege/erfassen")
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort").fill(make.PASSWORD)
        page.get_by_label("Passwort").press("Enter")
        expect(page.locator("h1")).to_have_text("Beitrag eintragen")
        page.wait_for_load_state()
        return page

    return open_page


class Keys:
    """A keyboard that counts what is pressed beside the letters of a text."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1


def stored() -> dict[str, str]:
    db.session.rollback()
    rows = db.session.scalars(select(Contribution)).all()
    found = {str(row.text): row.status.value for row in rows}
    db.session.rollback()
    return found


def enter_five(page: Page, keys: Keys, save: tuple[str, ...]) -> None:
    for number, text in enumerate(CARDS, start=1):
        expect(page.get_by_label("Was steht auf der Karte?")).to_be_focused()
        page.keyboard.type(text)
        for key in save:
            keys.press(key)
        expect(page.locator(".desk__last li")).to_have_count(number)
        # Nobody types as fast as a test: the script of the next page runs before the next letter.
        page.wait_for_load_state()


def test_five_cards_take_their_letters_and_two_keys_each(desk: Callable[..., Page]) -> None:
    page = desk()
    keys = Keys(page)

    enter_five(page, keys, ("Tab", "Enter"))

    assert keys.pressed == 2 * len(CARDS)
    assert stored() == dict.fromkeys(CARDS, "received")
    assert violations(page) == []


def test_five_cards_take_one_chord_each_with_scripts(desk: Callable[..., Page]) -> None:
    page = desk()
    keys = Keys(page)

    enter_five(page, keys, ("Control+Enter",))

    assert keys.pressed == len(CARDS)
    assert stored() == dict.fromkeys(CARDS, "received")


def test_enter_alone_breaks_the_line_and_saves_nothing(desk: Callable[..., Page]) -> None:
    page = desk()
    page.keyboard.type("Eins")
    page.keyboard.press("Enter")
    page.keyboard.type("Zwei")

    expect(page.get_by_label("Was steht auf der Karte?")).to_have_value("Eins\nZwei")
    assert stored() == {}


def test_cards_work_without_scripts_and_on_a_telephone(desk: Callable[..., Page]) -> None:
    page = desk(java_script_enabled=False, viewport=PHONE)
    keys = Keys(page)

    enter_five(page, keys, ("Tab", "Enter"))

    assert stored() == dict.fromkeys(CARDS, "received")


def test_choices_stay_from_card_to_card(desk: Callable[..., Page]) -> None:
    page = desk()
    page.get_by_label("Woher?").select_option("letter")
    page.get_by_label("Gleich veröffentlichen").check()
    page.get_by_label("Was steht auf der Karte?").fill(CARDS[0])
    page.get_by_label("Was steht auf der Karte?").press("Control+Enter")

    expect(page.locator(".desk__last li")).to_have_count(1)
    expect(page.get_by_label("Woher?")).to_have_value("letter")
    expect(page.get_by_label("Gleich veröffentlichen")).to_be_checked()
    assert stored() == {CARDS[0]: "published"}


def test_a_mistake_takes_the_focus_to_what_is_missing(desk: Callable[..., Page]) -> None:
    page = desk(viewport=PHONE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#fehler")).to_be_focused()
    assert [*violations(page), *too_wide(page)] == []
    tab_to(page, page.locator("#fehler").get_by_role("link"))
    page.keyboard.press("Enter")
    assert focused(page).startswith("textarea #text")


def decide(page: Page, text: str) -> None:
    """One decision by keyboard; the page says afterwards what it was."""
    main = page.get_by_role("main")
    if "Müller" in text:
        expect(main.get_by_role("heading", name="Bitte ein zweiter Blick")).to_be_visible()
        tab_to(page, main.locator("summary", has_text="Nicht veröffentlichen"))
        assert focus_is_visible(page)
        page.keyboard.press("Enter")
        tab_to(page, main.get_by_role("radio", name="nennt Namen oder Adresse einer Person"))
        page.keyboard.press("Space")
        expect(main.get_by_label("Satz für die Person")).to_have_value(
            "Wir haben Ihre Idee gelesen. Wir veröffentlichen sie nicht, weil sie den Namen oder die Adresse einer "
            "Person enthält. Sie können sie ohne Namen noch einmal schicken."
        )
        assert [*violations(page), *too_wide(page)] == []
        tab_to(page, main.get_by_role("button", name="Nicht veröffentlichen"))
    elif "Schlagloch" in text:
        tab_to(page, main.locator("summary", has_text="An eine Stelle weiterleiten"))
        page.keyboard.press("Enter")
        tab_to(page, main.get_by_label("An welche Stelle?"))
        page.keyboard.type("Tiefbauamt")
        tab_to(page, main.get_by_role("button", name="Weiterleiten"))
    else:
        tab_to(page, main.get_by_role("button", name="Veröffentlichen", exact=True))
    assert focus_is_visible(page)
    page.keyboard.press("Enter")


def test_five_cards_are_decided_from_the_queue_one_after_the_other(desk: Callable[..., Page]) -> None:
    page = desk()
    enter_five(page, Keys(page), ("Control+Enter",))
    tab_to(page, page.get_by_role("link", name="Zur Liste der Beiträge"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("5 Beiträge warten auf eine Entscheidung.")).to_be_visible()
    assert violations(page) == []
    tab_to(page, page.locator("tbody th a").first)
    page.keyboard.press("Enter")

    for left in range(len(CARDS) - 1, -1, -1):
        expect(page.locator("h1")).to_have_text("Beitrag ohne Nummer")
        decide(page, page.locator("blockquote.voice").inner_text())
        expect(page.locator(".flashes")).to_be_focused()
        if left:
            # The next one has opened by itself.
            expect(page.locator("blockquote.voice")).to_be_visible()

    expect(page.get_by_role("heading", name="Alles entschieden")).to_be_visible()
    assert stored() == {
        CARDS[0]: "published",
        CARDS[1]: "published",
        CARDS[2]: "published",
        CARDS[3]: "rejected",
        CARDS[4]: "forwarded",
    }


def test_several_are_ticked_and_published_by_keyboard(desk: Callable[..., Page]) -> None:
    page = desk()
    enter_five(page, Keys(page), ("Control+Enter",))
    page.goto("/verwaltung/beispiel/konferenz/beitraege")
    boxes = page.locator("tbody input[type=checkbox]")
    ticked = []
    for place in (0, 2):
        tab_to(page, boxes.nth(place))
        assert focus_is_visible(page)
        page.keyboard.press("Space")
        ticked.append(page.locator("tbody th bdi").nth(place).inner_text())
    tab_to(page, page.get_by_role("button", name="Angekreuzte veröffentlichen"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 Beiträge sind veröffentlicht.")).to_be_visible()
    assert {text for text, status in stored().items() if status == "published"} == set(ticked)
