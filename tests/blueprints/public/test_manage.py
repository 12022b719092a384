"""Settings, team and reported barriers of a host."""

from __future__ import annotations

import io
from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import hosts, staff
from app.models import (
    AccessibilityFeedback,
    Host,
    Message,
    MessageKind,
    RoleAssignment,
    StaffMember,
    StaffRole,
    StoredFile,
    Translated,
)
from tests import make
from tests.browse import Page, visit, words
from tests.visitor import Visitor


@pytest.fixture
def host(app: Flask) -> Host:
    return make.host(name="Stadt Beispiel", key="beispiel")


@pytest.fixture
def admin(host: Host) -> StaffMember:
    return make.staff_member(StaffRole.HOST_ADMIN, host, email="leitung@stadt.example")


@pytest.fixture
def admin_client(client: Visitor, admin: StaffMember) -> Visitor:
    make.sign_in(client, admin)
    return client


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#00615a").save(out, kind)
    return out.getvalue()


def settings(client: Visitor) -> Page:
    return visit(client, "public.settings", host="beispiel")


# --- Settings --------------------------------------------------------------------------------------------------------


def test_settings_of_every_kind_are_saved(admin_client: Visitor, host: Host) -> None:
    typed = {
        "name": "Stadt Neu",
        "street": "Ring 2",
        "postal_code": "54321",
        "city": "Neustadt",
        "phone": "0209 169-0",
        "email": "neu@stadt.example",
        "represented_by": "Bürgermeisteramt",
        "responsible_role": "Sozialplanung",
        "vat_id": "DE123456789",
        "supervisory_authority": "Bezirksregierung",
        "dpo_contact": "Datenschutz\nTelefon 1",
        "accessibility_contact": "Hilfe\nTelefon 2",
        "accessibility_gaps": "Alte PDF",
        "accessibility_reviewed_on": "2026-03-01",
        "accent_colour": "#123456",
    }
    spoken = {
        "phone_hours_de": "montags",
        "phone_hours_ar": "الاثنين",
        "welcome_de": "Willkommen",
        "welcome_ar": "أهلا",
    }

    page = settings(admin_client).form().send({**typed, **spoken})

    assert "Die Einstellungen sind gespeichert." in page.follow().text
    db.session.refresh(host)
    assert {name: getattr(host, name) for name in typed} == {
        **typed,
        "accessibility_reviewed_on": date(2026, 3, 1),
    }
    assert host.phone_hours == Translated({"de": "montags", "ar": "الاثنين"})
    assert host.welcome == Translated({"de": "Willkommen", "ar": "أهلا"})
    assert set(hosts.SETTINGS) == {*typed, "phone_hours", "welcome"}


def test_settings_sent_unchanged_change_nothing_but_the_version(admin_client: Visitor, host: Host) -> None:
    with transaction():
        host.phone_hours = Translated({"de": "montags", "ar": "الاثنين"})
        host.accessibility_reviewed_on = date(2026, 3, 1)
    before = {name: getattr(host, name) for name in hosts.SETTINGS}
    version = host.version

    settings(admin_client).form().send(status=302)

    db.session.refresh(host)
    assert {name: getattr(host, name) for name in hosts.SETTINGS} == before
    assert host.version == version + 1


def test_settings_may_be_left_empty(admin_client: Visitor, host: Host) -> None:
    settings(admin_client).form().send(email="", phone="", dpo_contact="", status=302)

    db.session.refresh(host)
    assert (host.email, host.phone, host.dpo_contact) == ("", "", "")


def test_settings_show_on_the_public_page_at_once(admin_client: Visitor, host: Host) -> None:
    conference = make.conference(host, contact_phone="")
    address = f"/beispiel/{conference.key}/"
    assert "02000 12345" in visit(admin_client, address).everything

    settings(admin_client).form().send(phone="0209 777 777", status=302)

    assert "0209 777 777" in visit(admin_client, address).everything


def test_settings_name_what_the_legal_pages_still_need(admin_client: Visitor, host: Host) -> None:
    with transaction():
        host.street = ""

    page = settings(admin_client)

    assert {words(link): link.get("href") for link in _notice(page).iter("a")} == {
        "Straße und Hausnummer": "#street",
        "Vertreten durch": "#represented_by",
        "Aufsichtsbehörde": "#supervisory_authority",
        "Zuletzt geprüft am": "#accessibility_reviewed_on",
    }


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": ""}, {"name": "Bitte geben Sie einen Namen ein."}),
        ({"name": "x" * 100_000}, {"name": "Das ist zu lang: 100000 Zeichen."}),
        ({"email": "kaputt"}, {"email": "Diese E-Mail-Adresse stimmt so nicht."}),
        ({"accent_colour": "#ffff00"}, {"accent_colour": "Weiße Schrift ist auf dieser Farbe schlecht"}),
        ({"accent_colour": "rot"}, {"accent_colour": "Das ist keine Farbe"}),
        ({"accent_colour": "#12345g"}, {"accent_colour": "Das ist keine Farbe"}),
        ({"accent_colour": None}, {"accent_colour": ""}),
        ({"accessibility_reviewed_on": "gestern"}, {"accessibility_reviewed_on": "Das ist kein Datum."}),
        ({"welcome_de": "x" * 5001}, {"welcome_de": "Das ist zu lang: 5001 Zeichen."}),
    ],
)
def test_settings_with_a_mistake_keep_what_was_typed(
    admin_client: Visitor, host: Host, typed: dict[str, str | None], errors: dict[str, str]
) -> None:
    page = settings(admin_client).form().send({"city": "Anderswo", **typed}, status=422)

    found = page.errors()
    assert list(found) == list(errors)
    assert all(found[field].startswith(sentence) for field, sentence in errors.items())
    assert page.form().values["city"] == "Anderswo"
    db.session.refresh(host)
    assert host.city != "Anderswo"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_logo_is_shown_without_what_the_file_told(admin_client: Visitor, host: Host, kind: str) -> None:
    settings(admin_client).form().send(logo=(io.BytesIO(picture(kind)), "wappen.png"), status=302)

    page = settings(admin_client)
    assert page.all("img", alt="Jetziges Logo") != []
    answer = admin_client.get("/beispiel/logo.png")
    assert answer.mimetype == "image/png"
    with Image.open(io.BytesIO(answer.data)) as shown:
        assert (shown.format, shown.size, shown.info) == ("PNG", (40, 20), {})


@pytest.mark.parametrize(
    "content", [b"no picture", b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\n" + b"0" * 40]
)
def test_logo_that_is_no_picture_saves_nothing(admin_client: Visitor, host: Host, content: bytes) -> None:
    page = (
        settings(admin_client)
        .form()
        .send({"logo": (io.BytesIO(content), "wappen.png"), "city": "Anderswo"}, status=422)
    )

    assert page.errors()["logo"].startswith("Diese Datei ist kein Bild")
    db.session.refresh(host)
    assert (host.logo_id, host.city == "Anderswo") == (None, False)
    assert db.session.scalar(select(StoredFile)) is None


def test_logo_can_be_taken_away(admin_client: Visitor, host: Host) -> None:
    hosts.set_logo(host, "wappen.png", picture())

    settings(admin_client).form().send(remove_logo="y", status=302)

    db.session.refresh(host)
    assert host.logo_id is None


# --- Team ------------------------------------------------------------------------------------------------------------


def team(client: Visitor) -> Page:
    return visit(client, "public.team", host="beispiel")


def rows(page: Page) -> list[list[str]]:
    return [
        [words(cell) for cell in row if cell.tag in ("th", "td")]
        for row in page.one("main").iter("tr")
        if any(cell.tag == "td" for cell in row)
    ]


def test_team_shows_who_works_here_and_only_here(admin_client: Visitor, host: Host) -> None:
    make.staff_member(StaffRole.ORGANIZER, host, email="organisation@stadt.example")
    make.staff_member(StaffRole.ORGANIZER, make.host(), email="anderswo@stadt.example")
    locked = make.staff_member(StaffRole.ORGANIZER, host, email="weg@stadt.example")
    with transaction():
        locked.is_active = False

    assert rows(team(admin_client)) == [
        ["Sachbearbeitung leitung@stadt.example", "Leitung", "aktiv", "Sie selbst"],
        [
            "Sachbearbeitung organisation@stadt.example",
            "Organisation",
            "aktiv",
            "Entfernen",
        ],
        [
            "Sachbearbeitung weg@stadt.example",
            "Organisation",
            "gesperrt",
            "Entfernen",
        ],
    ]


def test_team_invites_by_mail(app: Flask, admin_client: Visitor, host: Host) -> None:
    page = (
        team(admin_client)
        .form("/verwaltung/beispiel/team")
        .send(email="Neu@Stadt.example", name="Sozialplanung", role="organizer")
    )

    assert "Die Einladung an neu@stadt.example ist unterwegs." in page.follow().text
    member = staff.find("neu@stadt.example")
    assert [(held.role, held.host_id) for held in member.assignments] == [(StaffRole.ORGANIZER, host.id)]
    assert [message.kind for message in db.session.scalars(select(Message))] == [MessageKind.STAFF_INVITATION]


def test_team_without_mail_shows_the_link_once(admin_client: Visitor, host: Host) -> None:
    page = (
        team(admin_client).form("/verwaltung/beispiel/team").send(email="neu@stadt.example", role="organizer")
    )

    link = words(page.follow().one("code"))
    assert link.startswith("http://localhost/verwaltung/einladung/")
    assert staff.invited(link.rpartition("/")[2]).email == "neu@stadt.example"
    assert team(admin_client).all("code") == []


def test_team_with_mail_shows_no_link(
    app: Flask, admin_client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://localhost")

    page = (
        team(admin_client).form("/verwaltung/beispiel/team").send(email="neu@stadt.example", role="organizer")
    )

    assert page.follow().all("code") == []


def test_team_never_shows_the_link_of_somebody_invited_elsewhere_too(
    admin_client: Visitor, host: Host
) -> None:
    """The link opens the whole account: with it, this host would act for the other one."""
    staff.invite("neu@stadt.example", "", StaffRole.INSTANCE_ADMIN, None)

    page = (
        team(admin_client).form("/verwaltung/beispiel/team").send(email="neu@stadt.example", role="organizer")
    )

    assert page.follow().all("code") == []


def test_team_shows_the_link_at_its_own_host_only(app: Flask, client: Visitor, host: Host) -> None:
    other = make.host(key="anderswo")
    make.sign_in(client, make.staff_member(StaffRole.INSTANCE_ADMIN))
    team(client).form("/verwaltung/beispiel/team").send(email="neu@stadt.example", role="organizer")

    assert visit(client, "public.team", host=other.key).all("code") == []


def test_team_gives_a_role_to_somebody_with_an_account(admin_client: Visitor, host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, make.host(), email="schon@stadt.example")

    page = (
        team(admin_client)
        .form("/verwaltung/beispiel/team")
        .send(email="schon@stadt.example", role="host_admin")
    )

    assert "schon@stadt.example hat schon ein Konto." in page.follow().text
    db.session.refresh(member)
    assert (StaffRole.HOST_ADMIN, host.id) in [(held.role, held.host_id) for held in member.assignments]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"email": "", "role": None},
            {
                "email": "Bitte geben Sie die E-Mail-Adresse ein.",
                "role-0": "Bitte wählen Sie, was die Person darf.",
            },
        ),
        ({"email": "kaputt", "role": "organizer"}, {"email": "Diese E-Mail-Adresse stimmt so nicht."}),
        ({"email": "a@b.example", "role": "instance_admin"}, {"role-0": ""}),
    ],
)
def test_team_with_a_mistake_invites_nobody(
    admin_client: Visitor, typed: dict[str, str | None], errors: dict[str, str]
) -> None:
    page = team(admin_client).form("/verwaltung/beispiel/team").send({"name": "Planung", **typed}, status=422)

    found = page.errors()
    assert list(found) == list(errors)
    assert all(found[field].startswith(sentence) for field, sentence in errors.items())
    assert page.one("input", name="name").get("value") == "Planung"
    assert db.session.scalar(select(Message)) is None


def test_team_shows_invitations_and_when_they_end(
    app: Flask, client: Visitor, host: Host, clock: time_machine.Traveller
) -> None:
    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    admin = make.staff_member(StaffRole.HOST_ADMIN, host)
    make.sign_in(client, admin)
    assert "eingeladen bis Montag, 16. März 2026" in team(client).text

    clock.shift(timedelta(days=15))
    make.sign_in(client, admin)

    assert "Einladung abgelaufen" in team(client).text


def test_remove_ends_the_role_at_once(app: Flask, admin_client: Visitor, host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)
    other = Visitor(app)
    make.sign_in(other, member)
    conference = make.conference(host)
    place = f"/verwaltung/beispiel/{conference.key}/anmeldungen"
    assert other.get(place).status_code == 200
    address = f"/verwaltung/beispiel/team/{member.assignments[0].id}/entfernen"

    page = team(admin_client).form(address).send().follow()

    assert "Die Aufgabe ist entfernt." in page.text
    assert other.get(place).status_code == 403
    assert "schon entfernt" in visit(admin_client, address, data={}, status=302).follow().text


def test_remove_of_an_open_invitation_ends_it(admin_client: Visitor, host: Host) -> None:
    member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    address = f"/verwaltung/beispiel/team/{member.assignments[0].id}/entfernen"

    team(admin_client).form(address).send(status=302)

    assert staff.find("neu@stadt.example") is None
    visit(admin_client, "accounts.accept_invitation", token=token, status=404)


def test_remove_of_oneself_is_refused(admin_client: Visitor, host: Host, admin: StaffMember) -> None:
    address = f"/verwaltung/beispiel/team/{admin.assignments[0].id}/entfernen"

    page = visit(admin_client, address, data={}, status=302).follow()

    assert "Ihre eigene Rolle können Sie nicht entfernen." in page.text


def test_remove_of_a_role_elsewhere_does_nothing(admin_client: Visitor, host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, make.host())
    held = member.assignments[0].id

    admin_client.post(f"/verwaltung/beispiel/team/{held}/entfernen")

    assert db.session.get(RoleAssignment, held) is not None


def test_remove_with_an_old_token_does_nothing(
    app: Flask, admin_client: Visitor, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = make.staff_member(StaffRole.ORGANIZER, host).assignments[0].id
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    page = visit(
        admin_client, f"/verwaltung/beispiel/team/{held}/entfernen", data={"csrf_token": "old"}, status=302
    )

    assert "Bitte drücken Sie den Knopf noch einmal." in page.follow().text
    assert db.session.get(RoleAssignment, held) is not None


# --- Barriers --------------------------------------------------------------------------------------------------------


def tell(host: Host, text: str, contact: str = "") -> AccessibilityFeedback:
    hosts.tell_barrier(host, text=text, page="/beispiel/", contact=contact, submission=f"{text:-<20}")
    return db.session.scalars(select(AccessibilityFeedback).order_by(AccessibilityFeedback.id.desc())).first()


def barriers(client: Visitor) -> Page:
    return visit(client, "public.barriers", host="beispiel")


def test_barriers_without_any_say_where_they_come_from(admin_client: Visitor, host: Host) -> None:
    assert "Keine Meldungen" in barriers(admin_client).text


def test_barriers_show_the_contact_to_those_in_charge(admin_client: Visitor, host: Host) -> None:
    feedback = tell(host, "Das Bild ist stumm.\n\n<b>Bitte</b> ändern.", "02000 777")
    tell(make.host(), "Woanders.")
    assert "02000" not in feedback.contact

    page = barriers(admin_client)

    assert "Das Bild ist stumm." in page.text
    assert "<b>Bitte</b> ändern." in page.text
    assert "Antwort an 02000 777" in page.text
    assert "Woanders" not in page.text


def test_barriers_are_marked_as_answered_once(admin_client: Visitor, host: Host, admin: StaffMember) -> None:
    feedback = tell(host, "Das Bild ist stumm.")
    tell(host, "Der Knopf ist winzig.")
    form = barriers(admin_client).form(f"/verwaltung/beispiel/barrieren/{feedback.id}/beantwortet")

    page = form.send().follow()

    assert "Als beantwortet vermerkt." in page.text
    assert [words(article.find("div")) for article in page.one("main").iter("article")] == [
        "Der Knopf ist winzig.",
        "Das Bild ist stumm.",
    ]
    db.session.refresh(feedback)
    first = feedback.answered_at
    assert now() - first < timedelta(minutes=1)
    form.send(status=302)
    db.session.refresh(feedback)
    assert feedback.answered_at == first


def test_barriers_elsewhere_are_not_marked(admin_client: Visitor, host: Host) -> None:
    feedback = tell(make.host(), "Woanders.")

    assert admin_client.post(f"/verwaltung/beispiel/barrieren/{feedback.id}/beantwortet").status_code == 404
    db.session.refresh(feedback)
    assert feedback.answered_at is None


def test_barriers_with_an_old_token_are_not_marked(
    app: Flask, admin_client: Visitor, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = tell(host, "Das Bild ist stumm.")
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    admin_client.post(f"/verwaltung/beispiel/barrieren/{feedback.id}/beantwortet", data={"csrf_token": "old"})

    db.session.refresh(feedback)
    assert feedback.answered_at is None


# --- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["einstellungen", "team", "barrieren"])
def test_pages_are_for_those_in_charge(app: Flask, host: Host, page: str) -> None:
    elsewhere = make.host()
    expected = {
        "nobody": (None, 302),
        "organizer": (make.staff_member(StaffRole.ORGANIZER, host), 403),
        "host admin": (make.staff_member(StaffRole.HOST_ADMIN, host), 200),
        "instance admin": (make.staff_member(StaffRole.INSTANCE_ADMIN), 200),
        "without a role": (make.staff_member(None), 403),
        "host admin elsewhere": (make.staff_member(StaffRole.HOST_ADMIN, elsewhere), 403),
    }

    found = {}
    for who, (member, _status) in expected.items():
        visitor = Visitor(app)
        if member is not None:
            make.sign_in(visitor, member)
        found[who] = visitor.get(f"/verwaltung/beispiel/{page}").status_code

    assert found == {who: status for who, (_member, status) in expected.items()}
    visitor = Visitor(app)
    make.sign_in(visitor, expected["instance admin"][0])
    assert visitor.get(f"/verwaltung/gibtesnicht/{page}").status_code == 404


@pytest.mark.parametrize("deed", ["team/{assignment}/entfernen", "barrieren/{feedback}/beantwortet"])
def test_deeds_are_for_those_in_charge(app: Flask, host: Host, deed: str) -> None:
    feedback = tell(host, "Das Bild ist stumm.")
    held = make.staff_member(StaffRole.ORGANIZER, host).assignments[0].id
    address = "/verwaltung/beispiel/" + deed.format(assignment=held, feedback=feedback.id)
    organizer = Visitor(app)
    make.sign_in(organizer, make.staff_member(StaffRole.ORGANIZER, host))

    assert organizer.post(address).status_code == 403
    assert Visitor(app).post(address).status_code == 302

    db.session.refresh(feedback)
    assert feedback.answered_at is None
    assert db.session.get(RoleAssignment, held) is not None


def _notice(page: Page) -> Element:
    return page.one("div", class_="notice__body")
