"""Somebody calls: staff register them with the keyboard alone, read the code out and take the next call."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.domain import staff
from app.models import Registration, RegistrationChannel, StaffMember, StaffRole
from tests import make
from tests.browser.look import PHONE, focus_is_visible, focused, tab_to, too_wide, violations
from tests.chromium import NewPage


@pytest.fixture(autouse=True)
def _tokens(with_tokens: object) -> None:
    """Forms need their token, as they do outside of tests."""


@pytest.fixture
def desk(app: Flask, new_page: NewPage) -> Callable[..., Page]:
    """Somebody is signed in and has the page for a new registration open."""

    def open_page(**options: object) -> Page:
        host = make.host(key="beispiel")
        conference = make.conference(host, key="konferenz")
        make.group(conference, title="Wohnen", capacity=1)
        make.group(conference, title="Verkehr")
        make.registration(conference, conference.groups[0].rounds[0])
        member = make.staff_member(StaffRole.ORGANIZER, host)
        email = member.email
        db.session.rollback()
        page = new_page(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options})
        page.goto("/verwaltung/beispiel/konferenz/anmeldungen/neu")
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort").fill(make.PASSWORD)
        page.get_by_label("Passwort").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Neue Anmeldung")
        return page

    return open_page


def test_registration_by_keyboard_ends_on_a_code_and_goes_on(desk: Callable[..., Page]) -> None:
    page = desk()
    tab_to(page, page.get_by_label("Telefon", exact=True))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("Name"))
    assert focus_is_visible(page)
    page.keyboard.type("Ayşe Yılmaz")
    tab_to(page, page.get_by_label("Telefonnummer, E-Mail-Adresse oder Anschrift"))
    page.keyboard.type("0209 123456")
    tab_to(page, page.get_by_label("Gruppe"))
    page.keyboard.type("1")
    tab_to(page, page.get_by_role("main").get_by_role("button", name="Anmelden"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Ihre Anmeldung: "))
    code = page.locator(".code-card__code").inner_text()
    assert re.fullmatch(r"[a-z]+\s[a-z]+\s[a-z]+\s[0-9]{2}", code)
    expect(page.get_by_text("Warteliste, Platz 1")).to_be_visible()
    assert violations(page) == []
    db.session.rollback()
    registration = db.session.scalars(select(Registration).where(Registration.display_name != "")).one()
    assert registration.channel is RegistrationChannel.PAPER

    tab_to(page, page.get_by_role("link", name="Nächste Anmeldung"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_have_value("")


def test_household_by_keyboard_with_fields_for_each_person(desk: Callable[..., Page]) -> None:
    page = desk()
    tab_to(page, page.get_by_label("Name"))
    page.keyboard.type("Ayşe Yılmaz")
    tab_to(page, page.get_by_label("Erwachsene"))
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    tab_to(page, page.get_by_label("Kinder: Alter in Jahren"))
    page.keyboard.type("4, 7")
    tab_to(page, page.get_by_label("Wie erreichen wir die Person?"))
    page.keyboard.type("gar")
    tab_to(page, page.get_by_text("Jede Person einzeln"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Felder für jede Person zeigen"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("group", name="Person 4, Kind von 7 Jahren")).to_be_visible()
    assert violations(page) == []
    tab_to(page, page.get_by_role("group", name="Person 2, erwachsen").get_by_label("Name"))
    page.keyboard.type("Ali")
    # The Enter key in a field registers; it does not press the button of the part one is in.
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Ihre Anmeldung: "))
    db.session.rollback()
    registration = db.session.scalars(select(Registration).where(Registration.display_name != "")).one()
    assert [(person.name, person.age) for person in registration.participants] == [
        ("Ayşe Yılmaz", None),
        ("Ali", None),
        ("", 4),
        ("", 7),
    ]


def test_desk_fits_a_telephone_and_a_list_with_calls(desk: Callable[..., Page]) -> None:
    page = desk(viewport=PHONE)
    assert too_wide(page) == []
    assert violations(page) == []
    for address in ("anmeldungen", "anmeldungen/1", "anmeldungen/1/brief", "anmeldungen/1/personen/neu"):
        page.goto(f"/verwaltung/beispiel/konferenz/{address}")
        assert too_wide(page) == [], address
        assert violations(page) == [], address


def test_mistake_leads_to_the_field_and_keeps_what_was_typed(desk: Callable[..., Page]) -> None:
    page = desk(viewport=PHONE)
    page.get_by_label("Name").fill("Ayşe Yılmaz")
    page.get_by_label("Wie erreichen wir die Person?").select_option("email")
    page.get_by_label("Telefonnummer, E-Mail-Adresse oder Anschrift").fill("kaputt")
    page.get_by_role("main").get_by_role("button", name="Anmelden").press("Enter")

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert violations(page) == []
    assert too_wide(page) == []
    tab_to(page, summary.get_by_role("link"))
    page.keyboard.press("Enter")

    assert focused(page).startswith("input #contact")
    expect(page.get_by_label("Name")).to_have_value("Ayşe Yılmaz")
    page.keyboard.press("Control+a")
    page.keyboard.type("ayse@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Ihre Anmeldung: "))


def test_session_that_ended_meanwhile_costs_nothing_that_was_typed(
    app: Flask, desk: Callable[..., Page]
) -> None:
    page = desk()
    page.get_by_label("Name").fill("Ayşe Yılmaz")
    page.get_by_label("Telefonnummer, E-Mail-Adresse oder Anschrift").fill("0209 123456")
    member = staff.find(_only_email())
    # A new password ends all sessions.
    staff.set_password(member, "ein ganz neuer Satz")
    email = member.email
    db.session.rollback()
    page.get_by_role("main").get_by_role("button", name="Anmelden").press("Enter")

    expect(page.get_by_text("Ihre Angaben sind noch da")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill("ein ganz neuer Satz")
    page.get_by_label("Passwort").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Angaben sind noch da")
    assert violations(page) == []
    page.get_by_role("button", name="Jetzt absenden").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Ihre Anmeldung: "))
    expect(page.get_by_text("Für: Ayşe Yılmaz")).to_be_visible()


def _only_email() -> str:
    db.session.rollback()
    return db.session.scalars(select(StaffMember.email)).one()
