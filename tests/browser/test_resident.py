"""A resident at 320 px without JavaScript, in German and Arabic: from the start page to a seat, and out again."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.models import Conference, Participant, Registration, Seat, SeatState
from tests import make
from tests.browser.look import PHONE, too_wide


@pytest.fixture
def phone(new_page) -> Page:
    """A small phone whose browser runs no scripts."""
    return new_page(viewport=PHONE, java_script_enabled=False)


def fits(page):
    """Nothing has to be scrolled sideways; without scripts the browser tells by its boxes."""
    page.wait_for_load_state("load")
    width = page.locator("body").bounding_box()["width"]
    for place in ("header", "main", "footer"):
        box = page.locator(place).first.bounding_box()
        assert box["x"] >= 0, place
        assert box["x"] + box["width"] <= width + 1 <= PHONE["width"] + 1, place


def follow(page, address):
    """Click the first link that leads there, whatever it is called in the page's language."""
    page.locator(f'main a[href$="{address}"]').first.click()
    fits(page)


def seats():
    """Who sits and waits where, by name and group."""
    db.session.rollback()
    rows = db.session.execute(
        select(Registration.display_name, Seat.group_round_id, Seat.state)
        .join(Participant, Participant.registration_id == Registration.id)
        .join(Seat, Seat.participant_id == Participant.id)
        .where(Seat.state != SeatState.RELEASED)
    ).all()
    db.session.rollback()
    return {(name, round_id): state.value for name, round_id, state in rows}


def code_on(page):
    """The code as it stands on the page: three words and two digits."""
    text = page.locator("main").inner_text()
    found = re.search(r"^([a-zäöüß]+[- \n]){3}\d\d$", text, re.MULTILINE)
    assert found, text
    return re.sub(r"\s", "-", found[0])


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["deutsch", "arabisch"])
def test_register_see_change_and_cancel(app, town, phone, prefix):
    host, key = town.parts["host"], town.parts["conference"]
    conference = db.session.get(Conference, town.conference_id)
    rounds = {
        (held.group.position, held.number): held.id for group in conference.groups for held in group.rounds
    }
    db.session.rollback()

    phone.goto(f"{prefix}/")
    assert phone.locator("html").get_attribute("dir") == ("rtl" if prefix else "ltr")
    fits(phone)
    follow(phone, f"{prefix}/{host}/")
    follow(phone, f"{prefix}/{host}/{key}/")
    expect(phone.locator("h1")).to_contain_text(f"Konferenz {town.word}")
    # What, when, where, free of charge, children, language, whom to call.
    for words in ("16:00", f"Haus {town.word}", "02000 54321", "kostet"):
        expect(phone.locator("main")).to_contain_text(words)
    follow(phone, f"{prefix}/{host}/{key}/programm")
    expect(phone.locator("main")).to_contain_text(f"Vortrag {town.word}")
    phone.go_back()
    phone.locator(f'nav a[href="{prefix}/{host}/{key}/arbeitsgruppen"]').click()
    fits(phone)
    follow(phone, f"{prefix}/{host}/{key}/arbeitsgruppen/1")
    expect(phone.locator("main")).to_contain_text("Was fehlt?")
    phone.locator(f'nav a[href="{prefix}/{host}/{key}/anmeldung"]').click()

    # Sent without a choice: the same page says what is missing, and nothing typed is lost.
    phone.locator("[name=display_name]").fill("Amal")
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("#fehler a")).to_have_attribute("href", "#role_group-0")
    expect(phone.locator("[name=display_name]")).to_have_value("Amal")
    fits(phone)

    phone.locator("[name=role_group][value=resident]").check()
    phone.locator("[name=round_1][value='1']").check()
    phone.locator("[name=round_2][value='2']").check()
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone).to_have_url(re.compile(rf"{prefix}/{host}/{key}/anmeldung/fertig$"))
    fits(phone)
    code = code_on(phone)
    assert seats()["Amal", rounds[1, 1]] == "seated"
    # The second group has one seat, and somebody sits there.
    assert seats()["Amal", rounds[2, 2]] == "waiting"
    if not prefix:
        expect(phone.locator("main")).to_contain_text("Sie stehen auf Platz 1 der Warteliste")

    # Another day, another browser: only the code is there.
    phone.context.clear_cookies()
    phone.goto(f"{prefix}/{host}/")
    phone.locator(f'header a[href="{prefix}/{host}/meine-anmeldung"]').click()
    fits(phone)
    phone.locator("[name=code]").fill(code.replace("-", " ").upper())
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone).to_have_url(re.compile(rf"{prefix}/{host}/{key}/meine-anmeldung$"))
    expect(phone.locator("main")).to_contain_text("Amal")
    fits(phone)

    follow(phone, f"{prefix}/{host}/{key}/meine-anmeldung/gruppen")
    phone.locator("[name=round_2][value='3']").check()
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    assert seats()["Amal", rounds[3, 2]] == "seated"
    assert ("Amal", rounds[2, 2]) not in seats()

    follow(phone, f"{prefix}/{host}/{key}/meine-anmeldung/absagen")
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    fits(phone)
    assert not any(name == "Amal" for name, _round in seats())


def test_the_next_in_the_queue_moves_up_when_somebody_cancels(app, phone):
    conference = make.conference()
    group = make.group(conference, capacity=1, title="Wohnen")
    host, key, round_id = conference.host.key, conference.key, group.rounds[0].id
    _seated, code = make.registered(conference, group.rounds[0], name="Zuerst da")
    make.registration(conference, group.rounds[0], name="Wartet schon")
    db.session.rollback()

    phone.goto(f"/{host}/{key}/arbeitsgruppen/1")
    expect(phone.locator("main")).to_contain_text("voll", ignore_case=True)
    phone.goto(f"/{host}/{key}/anmeldung")
    phone.locator("[name=role_group][value=resident]").check()
    phone.locator("[name=display_name]").fill("Kommt dazu")
    phone.locator("[name=round_1][value='1']").check()
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Sie stehen auf Platz 2 der Warteliste")
    late_code = code_on(phone)

    phone.context.clear_cookies()
    phone.goto(f"/{host}/meine-anmeldung")
    phone.locator("[name=code]").fill(code)
    phone.locator("main form .actions [type=submit]").first.click()
    phone.locator(f'main a[href="/{host}/{key}/meine-anmeldung/absagen"]').click()
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Ihre Anmeldung ist abgesagt")

    assert seats() == {("Wartet schon", round_id): "seated", ("Kommt dazu", round_id): "waiting"}
    phone.goto(f"/{host}/meine-anmeldung")
    phone.locator("[name=code]").fill(late_code)
    phone.locator("main form .actions [type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Sie stehen auf Platz 1 der Warteliste")


def test_a_household_is_put_together_without_scripts(app, town, phone):
    host, key = town.parts["host"], town.parts["conference"]
    phone.goto(f"/{host}/{key}/anmeldung")
    phone.locator("[name=role_group][value=resident]").check()
    phone.locator("[name=display_name]").fill("Amal")
    for kind in ("e", "k", "k"):
        phone.locator(f"[name=add][value={kind}]").click()
        fits(phone)
    phone.locator("[name=p2_name]").fill("Samir")
    phone.locator("[name=p3_age]").fill("4")
    phone.locator("[name=remove][value=p4]").click()
    # Enter in a field sends the form and presses none of the buttons before it.
    phone.locator("[name=p3_age]").press("Enter")

    expect(phone).to_have_url(re.compile(rf"/{host}/{key}/anmeldung/fertig$"))
    fits(phone)
    expect(phone.locator("main")).to_contain_text("Zusammen 3 Personen: Amal, Samir, Kind, 4 Jahre")
    for page in ("gruppen", "personen", "unterstuetzung", "einwilligungen"):
        phone.goto(f"/{host}/{key}/meine-anmeldung/{page}")
        fits(phone)


def test_with_scripts_people_are_added_without_losing_the_place_on_the_page(app, town, page_for, with_tokens):
    host, key = town.parts["host"], town.parts["conference"]
    page = page_for("everybody")
    page.goto(f"/{host}/{key}/anmeldung")
    page.locator("[name=role_group][value=resident]").check()
    page.locator("[name=display_name]").fill("Amal")
    page.evaluate("window.stays = true")

    for kind, field in (("e", "p2_name"), ("k", "p3_age"), ("k", "p4_age")):
        page.locator(f"[name=add][value={kind}]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"[name={field}]")).to_be_focused()
    page.keyboard.type("7")
    page.locator("[name=remove][value=p3]").click()
    expect(page.locator("[name=p3_age]")).to_have_count(0)
    expect(page.locator("[name=p4_age]")).to_have_value("7")
    expect(page.locator("[name=display_name]")).to_have_value("Amal")
    assert page.evaluate("window.stays")
    page.locator("main form .actions [type=submit]").first.click()

    expect(page).to_have_url(re.compile(rf"/{host}/{key}/anmeldung/fertig$"))
    expect(page.locator("main")).to_contain_text("Zusammen 3 Personen: Amal, Person 2, Kind, 7 Jahre")


def test_the_code_fits_on_one_sheet_of_paper(app, town, page_for):
    page = page_for("holder")
    page.goto(f"/{town.parts['host']}/{town.parts['conference']}/anmeldung/fertig")
    page.emulate_media(media="print")

    assert code_on(page) == town.code
    expect(page.locator("header .menu").first).to_be_hidden()
    expect(page.locator("main button").first).to_be_hidden()
    # DIN A4 at 96 dots an inch, less margins.
    page.set_viewport_size({"width": 700, "height": 1000})
    assert too_wide(page) == []
