"""Signing in and out, invitations, passwords and the dashboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event

from app.database import db, now, transaction
from app.domain import contributions, hosts, outbox, staff
from app.models import (
    ConferenceStatus,
    ContactChannel,
    Host,
    Message,
    MessageState,
    ReportReason,
    StaffMember,
    StaffRole,
)
from tests import make
from tests.browse import Page, visit, words
from tests.visitor import Visitor

WRONG = "E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides."


@pytest.fixture
def host(app: Flask) -> Host:
    return make.host(
        name="Stadt Beispiel",
        represented_by="Leitung",
        supervisory_authority="Bezirksregierung",
        accessibility_reviewed_on=now().date(),
    )


@pytest.fixture
def organizer(host: Host) -> StaffMember:
    return make.staff_member(StaffRole.ORGANIZER, host)


def sign_in(client: Visitor, email: str, password: str = make.PASSWORD, **more: str) -> object:
    return client.post("/verwaltung/anmelden", data={"email": email, "password": password, **more})


def test_sign_in_page_is_shown_and_not_kept(client: Visitor) -> None:
    page = visit(client, "accounts.sign_in")

    assert page.h1 == "Anmelden für Mitarbeitende"
    assert page.response.headers["Cache-Control"] == "no-store"
    fields = {
        field.get("name"): field.get("autocomplete")
        for field in page.one("main").iter("input")
        if field.get("id")
    }
    assert (fields["email"], fields["password"]) == ("username", "current-password")


def test_sign_in_with_the_right_password_leads_to_the_dashboard(
    client: Visitor, organizer: StaffMember
) -> None:
    page = (
        visit(client, "accounts.sign_in").form().send(email=organizer.email.upper(), password=make.PASSWORD)
    )

    assert page.location == "/verwaltung/"
    assert page.follow().h1 == "Übersicht"


@pytest.mark.parametrize("email", ["person@nirgends.example", "known"])
def test_sign_in_wrongly_says_one_sentence_and_keeps_the_address(
    client: Visitor, organizer: StaffMember, email: str
) -> None:
    typed = organizer.email if email == "known" else email

    page = visit(client, "accounts.sign_in").form().send(email=typed, password="falsch", status=422)

    assert page.errors() == {"password": WRONG}
    assert page.one("input", name="email").get("value") == typed
    assert page.one("input", name="password").get("value") in (None, "")


def test_sign_in_without_anything_says_what_is_missing(client: Visitor) -> None:
    page = visit(client, "accounts.sign_in", data={}, status=422)

    assert page.errors() == {
        "email": "Bitte geben Sie Ihre E-Mail-Adresse ein.",
        "password": "Bitte geben Sie Ihr Passwort ein.",
    }


def test_sign_in_with_a_hundred_thousand_characters_is_refused_in_a_sentence(client: Visitor) -> None:
    page = visit(
        client, "accounts.sign_in", data={"email": "a" * 100_000, "password": "b" * 100_000}, status=422
    )

    assert page.errors()["password"].startswith("Das ist zu lang: 100000 Zeichen.")


def test_sign_in_of_somebody_locked_is_refused_in_the_same_words(
    client: Visitor, organizer: StaffMember
) -> None:
    with transaction():
        organizer.is_active = False

    page = visit(
        client,
        "accounts.sign_in",
        data={"email": organizer.email, "password": make.PASSWORD},
        status=422,
    )

    assert page.errors() == {"password": WRONG}


def test_sign_in_of_somebody_invited_is_refused_in_the_same_words(client: Visitor, host: Host) -> None:
    member, _token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    page = visit(client, "accounts.sign_in", data={"email": member.email, "password": "x"}, status=422)

    assert page.errors() == {"password": WRONG}


def test_sign_in_after_many_mistakes_must_wait_and_is_told_how_long(
    client: Visitor, organizer: StaffMember, clock: time_machine.Traveller
) -> None:
    for _ in range(6):
        clock.shift(timedelta(minutes=2))
        sign_in(client, organizer.email, "falsch")

    page = visit(
        client, "accounts.sign_in", data={"email": organizer.email, "password": make.PASSWORD}, status=429
    )

    # Five mistakes are free, the sixth costs two seconds; the right password does not help while one waits.
    assert page.errors() == {
        "": "Das waren zu viele Versuche. Bitte warten Sie 2 Sekunden und versuchen Sie es dann noch einmal."
    }
    assert page.response.headers["Retry-After"] == "2"
    assert page.one("input", name="email").get("value") == organizer.email

    clock.shift(timedelta(seconds=2))
    assert sign_in(client, organizer.email).status_code == 302


def test_sign_in_mistakes_of_one_account_do_not_slow_another(
    client: Visitor, organizer: StaffMember, host: Host, clock: time_machine.Traveller
) -> None:
    colleague = make.staff_member(StaffRole.ORGANIZER, host)
    for _ in range(8):
        sign_in(client, organizer.email, "falsch")
        clock.shift(timedelta(minutes=2))
    sign_in(client, organizer.email, "falsch")

    assert sign_in(client, colleague.email).status_code == 302


def test_sign_in_makes_a_new_session(client: Visitor, organizer: StaffMember) -> None:
    """Whoever prepared the session before (or used it as a resident) leaves nothing in it."""
    with client.session_transaction() as before:
        before["csrf_token"] = "prepared by somebody else"
        before["registration"] = 7

    sign_in(client, organizer.email)

    with client.session_transaction() as after:
        assert "csrf_token" not in after
        assert "registration" not in after
        assert "_id" not in after
        assert after["_user_id"] == f"{organizer.id}:{organizer.session_stamp}"


def test_session_cookie_ends_with_the_browser_and_is_hidden_from_scripts(
    client: Visitor, organizer: StaffMember
) -> None:
    cookie = sign_in(client, organizer.email).headers["Set-Cookie"]

    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert flags == {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_session_ends_after_twelve_hours_without_use(
    client: Visitor, organizer: StaffMember, clock: time_machine.Traveller
) -> None:
    sign_in(client, organizer.email)
    clock.shift(timedelta(hours=11))
    visit(client, "accounts.dashboard")
    clock.shift(timedelta(hours=11, minutes=59))
    visit(client, "accounts.dashboard")

    clock.shift(timedelta(hours=12, minutes=6))

    assert visit(client, "accounts.dashboard", status=302).location == (
        "/verwaltung/anmelden?weiter=/verwaltung/"
    )


def test_session_ends_with_a_new_password(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    staff.set_password(organizer, "ein anderes langes Passwort")

    assert client.get("/verwaltung/").status_code == 302


def test_session_ends_when_the_account_is_locked(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    with transaction():
        organizer.is_active = False

    assert client.get("/verwaltung/").status_code == 302


@pytest.mark.parametrize(
    "identity", ["", "1", "x:y", "99999:stamp", "１:stamp", "-1:stamp", "9" * 30 + ":stamp"]
)
def test_session_with_a_broken_identity_is_nobody(
    client: Visitor, organizer: StaffMember, identity: str
) -> None:
    with client.session_transaction() as prepared:
        prepared["_user_id"] = identity
        prepared["staff_seen"] = int(now().timestamp())

    assert client.get("/verwaltung/").status_code == 302


def test_sign_in_returns_to_the_page_asked_for(client: Visitor, organizer: StaffMember) -> None:
    wanted = visit(client, "/verwaltung/passwort?x=1", status=302)

    page = wanted.follow().form().send(email=organizer.email, password=make.PASSWORD)

    assert page.location == "/verwaltung/passwort?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://boese.example/",
        "//boese.example/verwaltung/",
        "/\\boese.example",
        "/verwaltung\\..\\..//boese.example",
        "javascript:alert(1)",
        "/rheine/",
        "verwaltung/",
        "/verwaltung/gibt/es/nicht/wirklich/so",
        "/verwaltung/abmelden",
        "/verwaltung/\r\nX-Header: 1",
        "",
    ],
)
def test_sign_in_never_leads_elsewhere(client: Visitor, organizer: StaffMember, elsewhere: str) -> None:
    answer = sign_in(client, organizer.email, weiter=elsewhere)

    assert answer.headers["Location"] == "/verwaltung/"


def test_sign_in_when_signed_in_leads_on(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    assert visit(client, "accounts.sign_in", status=302).location == "/verwaltung/"
    assert visit(client, "/verwaltung/anmelden?weiter=/verwaltung/passwort", status=302).location == (
        "/verwaltung/passwort"
    )


def test_sign_in_notes_when_it_was(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    db.session.refresh(organizer)
    assert now() - organizer.signed_in_at < timedelta(minutes=1)


def test_sign_out_ends_the_session(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    page = visit(client, "accounts.sign_out", data={}, status=302).follow()

    assert "Sie sind abgemeldet." in page.text
    assert client.get("/verwaltung/").status_code == 302


def test_sign_out_by_an_address_does_nothing(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    client.get("/verwaltung/abmelden")
    assert client.get("/verwaltung/").status_code == 200


def test_forms_of_staff_need_their_token(
    app: Flask, client: Visitor, organizer: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, organizer.email)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    client.post("/verwaltung/abmelden")
    assert client.get("/verwaltung/").status_code == 200

    page = visit(client, "accounts.change_password")
    page.form().send(
        current=make.PASSWORD, password="zwölf Zeichen lang", repeat="zwölf Zeichen lang", status=302
    )
    forged = visit(
        client,
        "accounts.change_password",
        data={"current": "zwölf Zeichen lang", "password": "x" * 12, "repeat": "x" * 12},
        status=422,
    )
    assert "" in forged.errors()


# --- A form left open ------------------------------------------------------------------------------------------------


@pytest.fixture
def interrupted(app: Flask, client: Visitor, host: Host, clock: time_machine.Traveller) -> Page:
    """An invitation to the team, sent thirteen hours after the page was opened."""
    admin = make.staff_member(StaffRole.HOST_ADMIN, host, email="leitung@stadt.example")
    sign_in(client, admin.email)
    form = visit(client, "public.team", host=host.key).form(f"/verwaltung/{host.key}/team")
    clock.shift(timedelta(hours=13))
    typed = {"email": "neu@stadt.example", "name": 'Sozial"planung" <b>', "role": "organizer"}
    answer = form.send(typed, status=307)
    # A browser sends the same body there.
    return visit(client, answer.location, data=typed)


def test_form_left_open_loses_nothing(client: Visitor, interrupted: Page) -> None:
    assert "Ihre Angaben sind noch da" in interrupted.text
    assert interrupted.one("input", name="email").get("value") in (None, "")

    page = interrupted.form().send(email="leitung@stadt.example", password=make.PASSWORD, status=200)

    assert page.h1 == "Ihre Angaben sind noch da"
    assert staff.find("neu@stadt.example") is None
    sent = page.form().send(status=302).follow()
    assert "Die Einladung an neu@stadt.example ist unterwegs." in sent.text
    assert staff.find("neu@stadt.example").name == 'Sozial"planung" <b>'


def test_form_left_open_survives_a_wrong_password(
    client: Visitor, interrupted: Page, clock: time_machine.Traveller
) -> None:
    page = interrupted.form().send(email="leitung@stadt.example", password="falsch", status=422)
    clock.shift(timedelta(seconds=5))

    page = page.form().send(email="leitung@stadt.example", password=make.PASSWORD, status=200)

    assert page.form().values["name"] == 'Sozial"planung" <b>'


@pytest.mark.parametrize(
    "kept",
    ["rubbish", "7", "[1]", '["a"]', "{}", "[[1, 2, 3]]", "[]", "[" * 100_000, '[["a", "\\ud800"]]'],
)
def test_form_left_open_that_is_none_leads_on(client: Visitor, organizer: StaffMember, kept: str) -> None:
    answer = sign_in(client, organizer.email, weiter="/verwaltung/passwort", angefangen=kept)

    assert answer.headers["Location"] == "/verwaltung/passwort"


@pytest.mark.parametrize("target", ["https://boese.example/", "/verwaltung/", "/beispiel/", ""])
def test_form_left_open_is_never_sent_elsewhere(client: Visitor, organizer: StaffMember, target: str) -> None:
    answer = sign_in(client, organizer.email, weiter=target, angefangen='[["a", "b"]]')

    assert answer.headers["Location"] == "/verwaltung/"


# --- Invitations -----------------------------------------------------------------------------------------------------


@pytest.fixture
def invitation(host: Host) -> tuple[StaffMember, str]:
    return staff.invite("neu@stadt.example", "Frau Neu", StaffRole.HOST_ADMIN, host)


def test_invitation_asks_for_a_name_and_a_password_twice(
    client: Visitor, invitation: tuple[StaffMember, str]
) -> None:
    page = visit(client, "accounts.accept_invitation", token=invitation[1])

    assert "neu@stadt.example" in page.text
    assert "Leitung: Stadt Beispiel" in page.text
    fields = {
        field.get("name"): (field.get("autocomplete"), field.get("value"))
        for field in page.one("main").iter("input")
        if field.get("id")
    }
    assert fields == {
        "name": ("name", "Frau Neu"),
        "password": ("new-password", ""),
        "repeat": ("new-password", ""),
    }
    assert not [
        field for field in page.all("input") if field.get("onpaste") or field.get("maxlength") == "12"
    ]


def test_invitation_accepted_signs_in_and_is_used_up(
    client: Visitor, invitation: tuple[StaffMember, str]
) -> None:
    form = visit(client, "accounts.accept_invitation", token=invitation[1]).form()

    page = form.send(name="Sozialplanung", password="ein ganzer Satz", repeat="ein ganzer Satz")

    dashboard = page.follow()
    assert "Willkommen!" in dashboard.text
    assert "Stadt Beispiel" in dashboard.text
    member = staff.find("neu@stadt.example")
    assert member.name == "Sozialplanung"
    assert staff.sign_in(member.email, "ein ganzer Satz") == member
    gone = visit(client, "accounts.accept_invitation", token=invitation[1], status=404)
    assert gone.h1 == "Diese Einladung gilt nicht mehr"


@pytest.mark.parametrize(
    ("password", "repeat", "errors"),
    [
        (
            "elf Zeichen",
            "elf Zeichen",
            {"password": "Das Passwort ist zu kurz. Bitte nehmen Sie mindestens 12 Zeichen."},
        ),
        (
            "zwölf Zeichen",
            "zwölf Zeichem",
            {"repeat": "Die beiden Passwörter sind verschieden. Bitte geben Sie sie neu ein."},
        ),
        (
            "",
            "",
            {
                "password": "Bitte wählen Sie ein Passwort.",
                "repeat": "Bitte geben Sie das Passwort noch einmal ein.",
            },
        ),
    ],
)
def test_invitation_with_an_unfit_password_stays_open(
    client: Visitor, invitation: tuple[StaffMember, str], password: str, repeat: str, errors: dict[str, str]
) -> None:
    form = visit(client, "accounts.accept_invitation", token=invitation[1]).form()

    page = form.send(name="Neuer Name", password=password, repeat=repeat, status=422)

    assert page.errors() == errors
    assert page.one("input", name="name").get("value") == "Neuer Name"
    assert staff.invited(invitation[1]) == invitation[0]


def test_invitation_with_a_password_of_one_kind_of_character_is_accepted(
    client: Visitor, invitation: tuple[StaffMember, str]
) -> None:
    """Only the length counts: rules about kinds of characters make passwords worse (NIST SP 800-63B)."""
    form = visit(client, "accounts.accept_invitation", token=invitation[1]).form()

    assert form.send(name="N", password="aaaa bbbb cccc", repeat="aaaa bbbb cccc").status == 302


def test_invitation_after_two_weeks_is_over(
    client: Visitor, invitation: tuple[StaffMember, str], clock: time_machine.Traveller
) -> None:
    _member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, make.host())
    clock.shift(timedelta(days=14, seconds=1))

    page = visit(client, "accounts.accept_invitation", token=token, status=404)

    assert "Zur Anmeldung" in page.links()


def test_invitation_that_ends_while_the_form_is_open_says_so(
    client: Visitor, invitation: tuple[StaffMember, str]
) -> None:
    form = visit(client, "accounts.accept_invitation", token=invitation[1]).form()
    staff.invite("neu@stadt.example", "", StaffRole.HOST_ADMIN, db.session.get(Host, 1) or make.host())

    page = form.send(name="N", password="ein ganzer Satz", repeat="ein ganzer Satz", status=404)

    assert page.h1 == "Diese Einladung gilt nicht mehr"


def test_invitation_with_a_wrong_token_is_none(client: Visitor, app: Flask) -> None:
    visit(client, "/verwaltung/einladung/abc", status=404)


# --- Own password ----------------------------------------------------------------------------------------------------


def test_change_password_keeps_this_session_and_ends_others(
    app: Flask, client: Visitor, organizer: StaffMember
) -> None:
    other = Visitor(app)
    sign_in(client, organizer.email)
    sign_in(other, organizer.email)

    page = (
        visit(client, "accounts.change_password")
        .form()
        .send(current=make.PASSWORD, password="ein neuer Satz", repeat="ein neuer Satz")
    )

    assert "Ihr neues Passwort gilt ab jetzt." in page.follow().text
    assert other.get("/verwaltung/").status_code == 302
    assert sign_in(other, organizer.email, "ein neuer Satz").status_code == 302


def test_change_password_needs_the_present_one(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    page = (
        visit(client, "accounts.change_password")
        .form()
        .send(current="falsch", password="ein neuer Satz", repeat="ein neuer Satz", status=422)
    )

    assert page.errors() == {
        "current": "Ihr jetziges Passwort stimmt nicht. Bitte geben Sie es noch einmal ein."
    }


def test_change_password_slows_down_guesses(
    client: Visitor, organizer: StaffMember, clock: time_machine.Traveller
) -> None:
    sign_in(client, organizer.email)
    guess = {"current": "falsch", "password": "ein neuer Satz", "repeat": "ein neuer Satz"}
    for _ in range(6):
        clock.shift(timedelta(minutes=2))
        client.post("/verwaltung/passwort", data=guess)

    page = visit(client, "accounts.change_password", data={**guess, "current": make.PASSWORD}, status=429)

    assert page.errors()[""].startswith("Das waren zu viele Versuche. Bitte warten Sie ")


def test_change_password_of_nobody_leads_to_the_sign_in(client: Visitor, app: Flask) -> None:
    assert visit(client, "accounts.change_password", status=302).location == (
        "/verwaltung/anmelden?weiter=/verwaltung/passwort"
    )


# --- Dashboard -------------------------------------------------------------------------------------------------------


def statements(client: Visitor, address: str) -> int:
    """How many SQL statements it takes to show a page."""
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    answer = client.get(address)
    event.remove(db.engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len(seen)


def test_dashboard_of_a_new_host_shows_the_first_step(client: Visitor, organizer: StaffMember) -> None:
    sign_in(client, organizer.email)

    page = visit(client, "accounts.dashboard")

    assert "Noch keine Konferenz" in page.text
    assert "Erste Konferenz anlegen" in page.links()


def test_dashboard_shows_what_is_open(client: Visitor, host: Host) -> None:
    admin = make.staff_member(StaffRole.HOST_ADMIN, host)
    conference = make.conference(host, capacity=10)
    group_round = make.group_round(conference, capacity=1)
    for _ in range(3):
        make.registration(
            conference, group_round, contact_channel=ContactChannel.EMAIL, contact="a@example.org"
        )
    make.conference(host, status=ConferenceStatus.DRAFT)
    make.conference(host, starts_at=now() - timedelta(days=30))
    hosts.tell_barrier(host, text="Das Bild ist stumm.", page="/", contact="", submission="s" * 20)
    with transaction():
        host.supervisory_authority = ""
    sign_in(client, admin.email)

    page = visit(client, "accounts.dashboard")

    assert "1 gemeldete Barriere wartet auf Antwort" in page.text
    assert "fehlt noch 1 Angabe." in page.text
    rows = [" ".join(row) for row in _table(page)]
    title = str(conference.title)
    assert rows[0].startswith(title)
    assert rows[0].endswith(
        f"Anmeldung offen 3 von 10 Anmeldungen: {title} Plätze auf Wartelisten der Gruppen: 2 keine offen 3 warten"
    )
    assert _captions(page) == [
        "Kommende Konferenzen",
        "Entwürfe",
        "Vergangene Konferenzen",
    ]


def test_dashboard_says_how_long_contributions_wait(
    client: Visitor, host: Host, organizer: StaffMember, clock: time_machine.Traveller
) -> None:
    conference = make.conference(host)
    make.said(conference)
    contributions.report(make.published(conference), ReportReason.OTHER, "", submission="meldung")

    def row(days: int) -> tuple[str, bool]:
        clock.shift(timedelta(days=days))
        sign_in(client, organizer.email)
        page = visit(client, "accounts.dashboard")
        return _table(page)[0][5], bool(page.all("span", class_="kern-badge--warning"))

    title = f"Beiträge: {conference.title}"
    assert row(0) == (f"1 wartet, alle von heute {title} 1 gemeldet {title}", False)
    assert row(6) == (f"1 wartet, der älteste seit 6 Tagen {title} 1 gemeldet {title}", False)
    assert row(1) == (f"1 wartet, der älteste seit 7 Tagen {title} 1 gemeldet {title}", True)


def test_dashboard_names_mails_that_failed(client: Visitor, host: Host, organizer: StaffMember) -> None:
    conference = make.conference(host)
    make.registration(conference, contact_channel=ContactChannel.EMAIL, contact="a@example.org")
    _fail_all()
    sign_in(client, organizer.email)

    assert "1 nicht zugestellt" in visit(client, "accounts.dashboard").text


def test_dashboard_names_invitations_that_failed(client: Visitor, host: Host) -> None:
    admin = make.staff_member(StaffRole.HOST_ADMIN, host)
    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    _fail_all()
    staff.invite("anders@stadt.example", "", StaffRole.ORGANIZER, host)
    sign_in(client, admin.email)

    text = visit(client, "accounts.dashboard").text

    assert "1 Einladung oder Hinweis an Mitarbeitende wurde nicht zugestellt." in text
    assert "1 Nachricht an Mitarbeitende wartet darauf, gesendet zu werden." in text


def test_dashboard_says_why_mails_to_staff_wait(client: Visitor, host: Host) -> None:
    admin = make.staff_member(StaffRole.HOST_ADMIN, host)
    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    outbox.note_waiting("Der Mailserver antwortet nicht.")
    sign_in(client, admin.email)

    text = visit(client, "accounts.dashboard").text

    assert "wartet darauf, gesendet zu werden. Der Mailserver antwortet nicht." in text


def test_dashboard_of_an_organizer_hides_what_is_for_those_in_charge(
    client: Visitor, host: Host, organizer: StaffMember
) -> None:
    hosts.tell_barrier(host, text="Das Bild ist stumm.", page="/", contact="", submission="s" * 20)
    sign_in(client, organizer.email)

    page = visit(client, "accounts.dashboard")

    assert "Barriere" not in page.text
    assert "Team" not in page.links()
    assert "Neue Konferenz" in page.links()


def test_dashboard_shows_own_hosts_only(client: Visitor, organizer: StaffMember) -> None:
    elsewhere = make.host(name="Stadt Anderswo")
    make.conference(elsewhere)
    sign_in(client, organizer.email)

    page = visit(client, "accounts.dashboard")

    assert "Stadt Beispiel" in page.text
    assert "Anderswo" not in page.text


def test_dashboard_of_the_instance_shows_all_hosts(client: Visitor, host: Host) -> None:
    make.host(name="Stadt Anderswo")
    sign_in(client, make.staff_member(StaffRole.INSTANCE_ADMIN).email)

    page = visit(client, "accounts.dashboard")

    assert [name for name in ("Stadt Anderswo", "Stadt Beispiel") if name in page.text] == [
        "Stadt Anderswo",
        "Stadt Beispiel",
    ]


def test_dashboard_of_an_empty_instance_says_how_to_begin(client: Visitor, app: Flask) -> None:
    sign_in(client, make.staff_member(StaffRole.INSTANCE_ADMIN).email)

    assert "./run flask host create" in visit(client, "accounts.dashboard").text


def test_dashboard_without_a_role_says_whom_to_ask(client: Visitor, app: Flask) -> None:
    sign_in(client, make.staff_member(None).email)

    assert "Bitten Sie die Leitung Ihrer Stadt" in visit(client, "accounts.dashboard").text


@pytest.mark.parametrize("count", [1, 3, 40])
def test_dashboard_takes_the_same_number_of_statements(
    client: Visitor, host: Host, organizer: StaffMember, count: int
) -> None:
    for _ in range(count):
        make.group_round(make.conference(host))
    sign_in(client, organizer.email)

    assert statements(client, "/verwaltung/") == 14


def test_dashboard_of_nobody_leads_to_the_sign_in(client: Visitor, app: Flask) -> None:
    assert visit(client, "accounts.dashboard", status=302).location == (
        "/verwaltung/anmelden?weiter=/verwaltung/"
    )


def _fail_all() -> None:
    while claim := outbox.claim(now() + timedelta(seconds=1)):
        outbox.mark_failed(claim, "Die Adresse gibt es nicht.")
    assert {message.state for message in db.session.query(Message)} == {MessageState.FAILED}


def _table(page: Page) -> list[list[str]]:
    return [
        [words(cell) for cell in row if cell.tag in ("td", "th")]
        for row in page.one("main").iter("tr")
        if any(cell.tag == "td" for cell in row)
    ]


def _captions(page: Page) -> list[str]:
    return [words(caption) for caption in page.one("main").iter("caption")]


def test_sign_out_voids_copies_of_the_cookie(client: Visitor, organizer: StaffMember) -> None:
    make.sign_in(client, organizer)
    copied = client.get_cookie("sitzung")
    assert copied is not None
    visit(client, "accounts.sign_out", data={}, status=302)

    client.set_cookie("sitzung", copied.value)
    answer = client.get("/verwaltung/")

    assert answer.status_code == 302
    assert answer.location.startswith("/verwaltung/anmelden")


def test_passwords_do_not_go_along_when_the_session_has_ended(client: Visitor) -> None:
    answer = client.post(
        "/verwaltung/passwort", data={"current": "altes Geheimnis", "password": "neues Geheimnis"}
    )

    assert answer.status_code == 302
    assert "Geheimnis" not in client.get(answer.location).text


def test_an_endless_way_back_leads_to_the_dashboard(client: Visitor, organizer: StaffMember) -> None:
    answer = client.post(
        "/verwaltung/anmelden",
        data={"email": organizer.email, "password": make.PASSWORD, "weiter": "/verwaltung/" + "x" * 9000},
    )

    assert (answer.status_code, answer.location) == (302, "/verwaltung/")
