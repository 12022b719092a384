"""From an empty installation to a conference people come to: newcomer and organizer, by mouse and by keyboard."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db, now
from app.models import (
    AgendaItem,
    Conference,
    ConferenceStatus,
    GroupRound,
    Registration,
    StaffRole,
    WorkingGroup,
)
from tests import make
from tests.browser.look import focused, tab_to, violations

PASSWORD = "noch ein langes Passwort"


@pytest.fixture(autouse=True)
def tokens(with_tokens):
    """Forms need their token, as they do outside of tests."""


@pytest.fixture
def desk(new_page) -> Page:
    """A work place."""
    return new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")


def press(page, name):
    """Press the button of this name in the page."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def sign_in(page, member):
    page.goto("/verwaltung/")
    page.get_by_label("E-Mail-Adresse").fill(member.email)
    page.get_by_label("Passwort").fill(make.PASSWORD)
    press(page, "Anmelden")
    expect(page).to_have_url(re.compile("/verwaltung/$"))


def row(model, **wanted):
    """The only such row, read freshly."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(model).filter_by(**wanted)).one()


def column(statement):
    db.session.rollback()
    return list(db.session.scalars(statement))


def step(page, button):
    """Take one step of the conference's life: its page asks, and then it is done."""
    page.get_by_role("main").get_by_role("link", name=button, exact=True).click()
    press(page, button)
    expect(page.get_by_role("status").first).to_be_visible()


def test_newcomer_goes_from_an_empty_installation_to_a_public_conference(app, desk):
    commands = app.test_cli_runner()
    assert commands.invoke(args=["host", "create", "neustadt", "Neustadt an der Aue"]).exit_code == 0
    invited = commands.invoke(args=["staff", "invite", "leitung@neustadt.example", "--host", "neustadt"])
    link = re.search(r"/verwaltung/einladung/\S+", invited.output)[0]

    # The start page is there from the first moment, and so are the legal pages.
    desk.goto("/neustadt/")
    expect(desk.locator("main")).to_contain_text("Zurzeit ist kein Termin geplant")

    desk.goto(link)
    desk.get_by_label("Ihr Name oder Ihre Funktion").fill("Sozialplanung")
    desk.get_by_label("Neues Passwort", exact=True).fill(PASSWORD)
    desk.get_by_label("Neues Passwort noch einmal").fill(PASSWORD)
    desk.locator("main form [type=submit]").first.click()
    expect(desk).to_have_url(re.compile("/verwaltung/$"))
    expect(desk.get_by_role("status").first).to_contain_text("Willkommen")

    # What imprint and privacy notice need.
    desk.goto("/verwaltung/neustadt/einstellungen")
    for name, value in (
        ("street", "Rathausplatz 1"),
        ("postal_code", "12345"),
        ("city", "Neustadt"),
        ("represented_by", "Bürgermeisteramt"),
        ("responsible_role", "Fachbereich Soziales"),
        ("phone", "02000 1234"),
        ("email", "soziales@neustadt.example"),
        ("dpo_contact", "Datenschutzbeauftragte Person der Stadt"),
    ):
        desk.locator(f"[name={name}]").fill(value)
    desk.locator("main form").filter(has=desk.locator("[name=street]")).locator("[type=submit]").first.click()
    expect(desk.get_by_role("status").first).to_contain_text("gespeichert")

    desk.goto("/verwaltung/neustadt/konferenzen/neu")
    desk.locator("[name=title]").fill("Sozialkonferenz Neustadt")
    day = (now() + timedelta(days=60)).date()
    desk.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    press(desk, "Entwurf anlegen")
    expect(desk.locator("h1")).to_have_text("Sozialkonferenz Neustadt")
    expect(desk.locator("main")).to_contain_text("Das fehlt noch, bevor Sie veröffentlichen können")

    follow(desk, "Ein Text fehlt, der sagt, worum es geht.")
    desk.locator("[name=teaser]").fill("Wir reden über das Wohnen in Neustadt.")
    desk.locator("main form [type=submit]").first.click()
    desk.goto("/verwaltung/neustadt/sozialkonferenz-neustadt/ort/neu")
    desk.locator("[name=name]").fill("Bürgerhaus Neustadt")
    desk.locator("[name=new_rooms]").fill("Saal\nRaum 2")
    desk.locator("main form [type=submit]").first.click()
    desk.goto("/verwaltung/neustadt/sozialkonferenz-neustadt/")
    if row(Conference).venue_id is None:
        desk.goto("/verwaltung/neustadt/sozialkonferenz-neustadt/ort")
        desk.get_by_label(re.compile("Bürgerhaus Neustadt")).check()
        desk.locator("main form [type=submit]").first.click()
        desk.goto("/verwaltung/neustadt/sozialkonferenz-neustadt/")
    expect(desk.locator("main")).to_contain_text("Alles Nötige ist da")
    step(desk, "Veröffentlichen")

    desk.context.clear_cookies()
    desk.goto("/")
    desk.get_by_role("link", name="Sozialkonferenz Neustadt").click()
    expect(desk.locator("main")).to_contain_text("Bürgerhaus Neustadt")
    expect(desk.get_by_role("link", name="Jetzt anmelden").first).to_be_visible()


@pytest.fixture
def host(app):
    return make.host(represented_by="Verwaltungsleitung")


@pytest.fixture
def organizer(host):
    return make.staff_member(StaffRole.ORGANIZER, host)


@pytest.fixture
def draft(host):
    """A conference with a usual evening and three groups, not yet public."""
    from app.domain import conferences

    starts_at = make.conference(host).starts_at
    made = conferences.create(
        host,
        title="Stadtteilkonferenz Nord",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        contact_phone="02000 999",
        venue_id=make.venue(host).id,
        with_evening=True,
    )
    conferences.edit(made, {"teaser": "Wir reden miteinander."})
    from app.domain import groups

    for title in ("Wohnen", "Bewegen", "Begegnen"):
        wanted = dict.fromkeys(groups.TEXTS, "") | {
            "title": title,
            "interpreter_languages": [],
            "room_id": None,
        }
        groups.add(made, wanted, capacity=1)
    return made


def base_of(conference):
    return f"/verwaltung/{conference.host.key}/{conference.key}"


def titles(page, list_id):
    found = page.locator(f"#{list_id} > li").evaluate_all("items => items.map(each => each.dataset.title)")
    # A group is shown with its number: "AG 2: Wohnen".
    return [title.partition(": ")[2] or title for title in found]


def move(page, title, where):
    """The button that moves an entry one place up or down."""
    return page.get_by_role("button", name=re.compile(f"{re.escape(title)}“ nach {where}$"))


def saved(page):
    expect(page.locator("[data-status]")).to_contain_text("Reihenfolge gespeichert.")


def drag(page, list_id, title, onto):
    """Take an entry by its handle and let it go on another one, as a hand does: in small steps."""
    handle = page.locator(f"#{list_id} > li[data-title$='{title}'] .sortable__handle")
    target = page.locator(f"#{list_id} > li[data-title$='{onto}']")
    handle.scroll_into_view_if_needed()
    begin, end = handle.bounding_box(), target.bounding_box()
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    down = end["y"] > begin["y"]
    page.mouse.move(end["x"] + 30, end["y"] + end["height"] * (0.9 if down else 0.1), steps=12)
    page.mouse.up()


def test_groups_are_ordered_by_mouse_and_by_keyboard(app, desk, organizer, draft):
    base, draft_id = base_of(draft), draft.id
    db.session.rollback()
    sign_in(desk, organizer)
    desk.goto(f"{base}/gruppen")
    assert titles(desk, "gruppen") == ["Wohnen", "Bewegen", "Begegnen"]

    drag(desk, "gruppen", "Begegnen", onto="Wohnen")
    assert titles(desk, "gruppen") == ["Begegnen", "Wohnen", "Bewegen"]
    saved(desk)
    assert violations(desk) == []

    down = move(desk, "Begegnen", "unten")
    tab_to(desk, down)
    desk.keyboard.press("Enter")
    desk.keyboard.press("Space")
    assert titles(desk, "gruppen") == ["Wohnen", "Bewegen", "Begegnen"]
    # The focus stays on the button, so that one can go on.
    assert "nach unten" in focused(desk)
    expect(desk.locator("[data-status]")).to_contain_text("Begegnen steht jetzt an Stelle 3 von 3")
    saved(desk)

    up = move(desk, "Bewegen", "oben")
    tab_to(desk, up, backwards=True)
    desk.keyboard.press("Enter")
    saved(desk)
    stored = column(
        select(WorkingGroup).where(WorkingGroup.conference_id == draft_id).order_by(WorkingGroup.position)
    )
    assert [(group.number, str(group.title)) for group in stored] == [
        (1, "Bewegen"),
        (2, "Wohnen"),
        (3, "Begegnen"),
    ]


def test_the_programme_is_ordered_by_mouse_and_by_keyboard(app, desk, organizer, draft):
    base, draft_id = base_of(draft), draft.id
    db.session.rollback()
    sign_in(desk, organizer)
    desk.goto(f"{base}/ablauf")
    before = titles(desk, "ablauf")
    assert len(before) > 4

    drag(desk, "ablauf", before[0], onto=before[1])
    saved(desk)
    swapped = [before[1], before[0], *before[2:]]
    assert titles(desk, "ablauf") == swapped

    button = move(desk, before[0], "oben")
    tab_to(desk, button)
    desk.keyboard.press("Space")
    saved(desk)
    desk.reload()

    assert titles(desk, "ablauf") == before
    items = column(
        select(AgendaItem).where(AgendaItem.conference_id == draft_id).order_by(AgendaItem.position)
    )
    # All follow one another without a gap.
    assert [item.starts_at for item in items[1:]] == [item.ends_at for item in items[:-1]]


def test_lists_are_ordered_without_scripts(app, new_page, organizer, draft):
    page = new_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    base, draft_id = base_of(draft), draft.id
    db.session.rollback()
    sign_in(page, organizer)
    page.goto(f"{base}/gruppen")

    move(page, "Begegnen", "oben").click()

    expect(page.get_by_role("status").first).to_be_visible()
    stored = column(
        select(WorkingGroup).where(WorkingGroup.conference_id == draft_id).order_by(WorkingGroup.position)
    )
    assert [str(group.title) for group in stored] == ["Wohnen", "Begegnen", "Bewegen"]


def test_organizer_plans_publishes_and_people_move_up(app, desk, new_page, host, organizer):
    venue = make.venue(host, name="Bürgerhaus")
    venue_id, host_key = venue.id, host.key
    db.session.rollback()
    sign_in(desk, organizer)

    # Create.
    desk.goto(f"/verwaltung/{host_key}/konferenzen/neu")
    desk.locator("[name=title]").fill("Konferenz der Nachbarn")
    desk.locator("[name=venue]").select_option(str(venue_id))
    press(desk, "Entwurf anlegen")
    base = f"/verwaltung/{host_key}/konferenz-der-nachbarn"

    # Texts.
    desk.goto(f"{base}/texte")
    desk.locator("[name=motto]").fill("Zusammen leben")
    desk.locator("[name=teaser]").fill("Was ist gut? Was fehlt?")
    desk.locator("main form [type=submit]").first.click()
    expect(desk.get_by_role("status").first).to_be_visible()

    # A room, and a group in it.
    desk.goto(f"{base}/ort/{venue_id}")
    desk.locator("[name=new_rooms]").fill("Tisch am Fenster")
    desk.locator("main form [type=submit]").first.click()
    desk.goto(f"{base}/gruppen/neu")
    desk.locator("[name=title]").fill("Wohnen")
    desk.locator("[name=questions]").fill("Was ist gut?\nWas fehlt?")
    desk.locator("[name=room]").select_option(label="Tisch am Fenster")
    desk.locator("[name=capacity]").fill("1")
    desk.locator("main form [type=submit]").first.click()
    group = row(WorkingGroup)
    rounds = [held.id for held in group.rounds]
    db.session.rollback()
    assert len(rounds) == 2

    # Half an hour more, and a point of the programme in it.
    desk.goto(f"{base}/termin")
    desk.locator("[name=ends]").fill("20:30")
    desk.locator("main form [type=submit]").first.click()
    expect(desk.get_by_role("status").first).to_be_visible()
    desk.goto(f"{base}/ablauf/neu")
    desk.locator("[name=title]").fill("Musik")
    desk.locator("[name=starts]").fill("20:00")
    desk.locator("[name=ends]").fill("20:30")
    desk.locator("main form [type=submit]").first.click()
    assert "Musik" in [str(item.title) for item in column(select(AgendaItem))]

    # Preview: what residents will see, while they do not see it yet.
    desk.goto(f"{base}/vorschau")
    expect(desk.locator("main")).to_contain_text("Zusammen leben")
    resident = new_page(viewport={"width": 320, "height": 640})
    assert resident.goto(f"/{host_key}/konferenz-der-nachbarn/").status == 404

    desk.goto(f"{base}/")
    step(desk, "Veröffentlichen")

    # Three residents; the second and third wait.
    for name in ("Erste", "Zweite", "Dritte"):
        resident.context.clear_cookies()
        resident.goto(f"/{host_key}/konferenz-der-nachbarn/anmeldung")
        resident.locator("[name=role_group][value=resident]").check()
        resident.locator("[name=display_name]").fill(name)
        resident.locator("[name=round_1][value='1']").check()
        resident.locator("main form .actions [type=submit]").first.click()
        expect(resident).to_have_url(re.compile("/anmeldung/fertig$"))
    expect(resident.locator("main")).to_contain_text("Sie stehen auf Platz 2 der Warteliste")

    # More seats: the queue moves up at once.
    desk.goto(f"{base}/anmeldungen")
    expect(desk.locator("main")).to_contain_text("Dritte")
    desk.goto(f"{base}/plaetze")
    desk.locator(f"[name=places-{group.id}-1]").fill("2")
    press(desk, "Plätze speichern")
    expect(desk.get_by_role("status").first).to_be_visible()
    held = row(GroupRound, id=rounds[0])
    assert (held.capacity, held.seats_taken, held.waiting) == (2, 2, 1)
    db.session.rollback()
    resident.goto(f"/{host_key}/konferenz-der-nachbarn/meine-anmeldung")
    expect(resident.locator("main")).to_contain_text("Sie stehen auf Platz 1 der Warteliste")

    # Close.
    desk.goto(f"{base}/")
    step(desk, "Anmeldung schließen")
    assert row(Conference).status is ConferenceStatus.REGISTRATION_CLOSED
    resident.context.clear_cookies()
    resident.goto(f"/{host_key}/konferenz-der-nachbarn/anmeldung")
    expect(resident.locator("main")).to_contain_text("Die Anmeldung ist geschlossen")


def test_somebody_is_registered_by_telephone_with_the_keyboard_only(app, desk, host, organizer):
    conference = make.conference(host)
    group = make.group(conference, capacity=3, title="Wohnen")
    base, round_id = base_of(conference), group.rounds[0].id
    email = organizer.email
    db.session.rollback()

    desk.goto(f"{base}/anmeldungen/neu")
    desk.keyboard.press("Tab")
    assert "Zum Inhalt" in focused(desk)
    desk.keyboard.press("Enter")
    tab_to(desk, desk.get_by_label("E-Mail-Adresse"))
    desk.keyboard.type(email)
    desk.keyboard.press("Tab")
    tab_to(desk, desk.get_by_label("Passwort"))
    desk.keyboard.type(make.PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("/anmeldungen/neu$"))

    tab_to(desk, desk.locator("[name=display_name]"))
    desk.keyboard.type("Frau am Telefon")
    tab_to(desk, desk.locator("[name=contact]"))
    desk.keyboard.type("keine")
    tab_to(desk, desk.get_by_role("main").get_by_role("button", name="Anmelden"))
    desk.keyboard.press("Enter")

    # Refused: the focus is on the summary, and its link leads to the field.
    expect(desk.locator("#fehler")).to_be_focused()
    assert violations(desk) == []
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=contact]")).to_be_focused()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("02000 55566")
    tab_to(desk, desk.locator("[name=round_1]"))
    desk.keyboard.press("ArrowDown")
    tab_to(desk, desk.get_by_role("main").get_by_role("button", name="Anmelden"))
    desk.keyboard.press("Enter")

    expect(desk).to_have_url(re.compile(r"/anmeldungen/\d+/brief$"))
    expect(desk.locator("main")).to_contain_text(re.compile(r"\d\d"))
    registration = row(Registration)
    (seat,) = registration.participants[0].seats
    assert (registration.display_name, registration.created_by_id, seat.group_round_id) == (
        "Frau am Telefon",
        organizer.id,
        round_id,
    )
