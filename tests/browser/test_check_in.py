"""The door in a real browser: by keyboard alone, while typing, without scripts, on a telephone, and by the camera."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import segno
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import func, select

from app.database import db, now
from app.domain import day, registrations
from app.domain.registrations import Details, Person
from app.models import CheckIn, Conference, Registration, RoleGroup, StaffRole
from tests import make
from tests.browser.look import PHONE, focus_is_visible, focused, tab_to, too_wide, violations
from tests.chromium import ARGUMENTS, NewPage, executable

BASE = "/verwaltung/beispiel/konferenz/tag"
NAMES = ("Mona Amiri", "Jürgen Groß", "Élodie Petit", "محمد الخطيب")


@pytest.fixture(autouse=True)
def _tokens(with_tokens: object) -> None:
    """Forms need their token, as they do outside of tests."""


@pytest.fixture
def conference(app: Flask) -> Conference:
    """It has begun, and a household of two and three people alone are expected."""
    host = make.host(key="beispiel")
    conference = make.conference(host, key="konferenz", starts_at=now() - timedelta(hours=1))
    meeting = make.group(conference, title="Wohnen").rounds[0]
    for name in NAMES:
        people = [Person(name=name, groups={1: meeting.id})]
        if name == NAMES[0]:
            people.append(Person(age=6))
        registrations.register(
            conference,
            Details(RoleGroup.RESIDENT),
            people,
            submission=secrets.token_urlsafe(24),
            by=make.staff_member(of=host),
        )
    return conference


def signed_in(page: Page, conference: Conference, end: str = "/einlass") -> Page:
    email = make.staff_member(StaffRole.HELPER, conference.host).email
    db.session.rollback()
    page.goto(BASE + end)
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill(make.PASSWORD)
    page.get_by_label("Passwort").press("Enter")
    page.wait_for_url("**" + BASE + end)
    return page


@pytest.fixture
def door(new_page: NewPage, conference: Conference) -> Callable[..., Page]:
    """A helper has the list at the door open."""

    def open_page(**options: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        return signed_in(new_page(**options), conference)

    return open_page


def inside() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(CheckIn.id)).where(CheckIn.group_round_id.is_(None))) or 0


def names(page: Page) -> list[str]:
    return page.locator(".arrivals h3").all_inner_texts()


def test_the_door_works_by_keyboard_alone(door):
    page = door()
    search = page.get_by_label("Name oder Einrichtung")

    tab_to(page, search)
    page.keyboard.type("amiri")
    expect(page.locator("#stand")).to_contain_text("1 Anmeldung gefunden.")
    everybody = page.get_by_role("button", name="Alle 2 einlassen: Mona Amiri")
    tab_to(page, everybody)
    assert focus_is_visible(page), focused(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Angekommen: Mona Amiri, 1 Person ohne Namen")
    assert inside() == 2
    # Back in the same search, at the same line.
    assert names(page) == ["Mona Amiri"]
    tab_to(page, page.get_by_role("button", name="Zurücknehmen: Kind, 6 Jahre"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Das ist zurückgenommen.")).to_be_visible()
    assert inside() == 1


def test_the_list_follows_what_is_typed_and_is_read_out(door):
    page = door()
    search = page.get_by_label("Name oder Einrichtung")

    search.press_sequentially("jurgen")

    expect(page.locator(".arrivals h3")).to_have_text(["Jürgen Groß"])
    expect(page.locator("#stand")).to_have_text("1 Anmeldung gefunden. 0 von 5 Personen sind da.")
    assert page.locator("#stand").get_attribute("role") == "status"
    expect(search).to_be_focused()
    search.fill("")
    expect(page.locator(".arrivals h3")).to_have_count(4)


def test_without_scripts_the_same_is_done_by_buttons(door):
    page = door(java_script_enabled=False)

    page.get_by_label("Name oder Einrichtung").fill("elodie")
    page.get_by_role("button", name="Suchen").click()
    assert names(page) == ["Élodie Petit"]
    page.get_by_role("button", name="Einlassen: Élodie Petit").click()

    expect(page.get_by_text("Angekommen: Élodie Petit")).to_be_visible()
    assert page.get_by_role("button", name="Mit der Kamera lesen").is_hidden()
    assert inside() == 1


def test_one_adult_without_registration_takes_two_presses(door):
    page = door(viewport=PHONE)

    page.get_by_role("link", name="Ohne Anmeldung: 1 Person").click()
    page.get_by_role("button", name="Aufnehmen").click()

    expect(page.get_by_text("Angekommen: 1 Person ohne Namen")).to_be_visible()
    assert inside() == 1


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_day_fit_and_axe_finds_nothing(door, conference, viewport, scheme):
    page = door(viewport=viewport, color_scheme=scheme)
    guest = db.session.scalars(select(Registration)).first()
    day.check_in(conference, [guest.participants[0].id])
    ends = ("", "/einlass", f"/einlass/{guest.id}", "/raum/1/1", "/ohne-anmeldung", "/abschliessen", "/druck")

    found = {}
    for end in ends:
        page.goto(BASE + end)
        if broken := [*violations(page), *too_wide(page)]:
            found[end] = broken

    assert found == {}


def film(mark: str, file: Path) -> Path:
    """A film for the pretended camera: a QR code on paper, a little aside."""
    width, height, scale = 640, 480, 8
    rows = [list(row) for row in segno.make(mark, error="m", micro=False).matrix_iter(scale=scale, border=4)]
    left, top = (width - len(rows)) // 2 + 20, (height - len(rows)) // 2
    bright = bytearray([200] * (width * height))
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            bright[(top + y) * width + left + x] = 25 if is_dark else 225
    colour = bytes([128] * (width * height // 2))
    frame = b"FRAME\n" + bytes(bright) + colour
    file.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)
    return file


@pytest.fixture
def camera(
    _playwright: Playwright, conference: Conference, live_server: str, tmp_path: Path
) -> Iterator[Callable[[str], Page]]:
    """Open the door in a browser whose camera sees a QR code that says something."""
    browsers: list[Browser] = []

    def open_page(says: str) -> Page:
        browser = _playwright.chromium.launch(
            executable_path=executable(),
            args=[
                *ARGUMENTS,
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film(says, tmp_path / 'film.y4m')}",
            ],
        )
        browsers.append(browser)
        page = browser.new_page(base_url=live_server, locale="de-DE", viewport={"width": 1280, "height": 800})
        page.set_default_timeout(15_000)
        return signed_in(page, conference)

    yield open_page
    for browser in browsers:
        browser.close()


def test_the_camera_reads_the_code_of_the_door(camera):
    guest = db.session.scalars(select(Registration).order_by(Registration.id)).all()[1]
    page = camera(day.door_mark(guest))

    page.get_by_role("button", name="Mit der Kamera lesen").click()

    expect(page.get_by_text("Angekommen: Jürgen Groß")).to_be_visible(timeout=15_000)
    assert inside() == 1


def test_the_camera_passes_over_other_codes(camera):
    page = camera("https://anderswo.example/")
    button = page.get_by_role("button", name="Mit der Kamera lesen")

    button.click()
    expect(page.get_by_text("Das ist nicht der QR-Code für den Einlass.")).to_be_visible(timeout=15_000)
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()

    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("video")).to_be_hidden()
    assert inside() == 0


def test_without_https_the_page_says_why_there_is_no_camera(new_page, conference, live_server):
    # To a browser only this machine and what begins with https:// is secure.
    page = new_page(viewport=PHONE)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    signed_in(page, conference)

    page.get_by_role("button", name="Mit der Kamera lesen").click()

    expect(page.locator("[data-camera-said]")).to_contain_text("muss mit https:// beginnen")
