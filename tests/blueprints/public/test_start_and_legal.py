"""Start pages and legal pages of hosts, colours, logo, and what machines ask for."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.database import db, now, transaction
from app.domain import hosts, secrets
from app.models import AccessibilityFeedback, ConferenceStatus, Message, MessageKind, Translated
from tests import make
from tests.browse import visit
from tests.counting import statements

LEGAL = ("public.imprint", "public.privacy", "public.accessibility")
COMPLETE = {
    "represented_by": "die Bürgermeisterin oder der Bürgermeister",
    "supervisory_authority": "Bezirksregierung",
    "accessibility_reviewed_on": date(2026, 2, 1),
}


@pytest.fixture
def guarded(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_start_without_hosts_says_what_is_coming(client):
    assert "Noch keine Konferenz" in visit(client, "public.start").text


def test_start_lists_the_coming_conferences_of_each_host(client):
    second = make.host(name="B-Stadt")
    first = make.host(name="A-Stadt")
    make.conference(first, title=Translated("Später"), starts_at=now() + timedelta(days=60))
    make.conference(first, title=Translated("Bald"), starts_at=now() + timedelta(days=2))
    make.conference(first, title=Translated("Vorbei"), starts_at=now() - timedelta(days=2))
    make.conference(second, title=Translated("Geheim"), status=ConferenceStatus.DRAFT)

    page = visit(client, "public.start")

    assert [heading.text for heading in page.all("h2")] == ["A-Stadt", "B-Stadt"]
    assert page.text.index("Bald") < page.text.index("Später")
    assert "Vorbei" not in page.text
    assert "Geheim" not in page.text
    assert "Zurzeit ist hier kein Termin geplant." in page.text
    assert "Demo: erfunden" not in page.everything


def test_start_marks_demos(client):
    make.host(is_demo=True)
    only = visit(client, "public.start")
    assert "Demo: erfunden" in only.everything
    assert only.all("meta", name="robots")

    make.host()
    mixed = visit(client, "public.start")

    assert mixed.everything.count("Demo: erfunden") == 1
    assert not mixed.all("meta", name="robots")


@pytest.mark.parametrize("endpoint", ["public.start", "public.host"])
def test_lists_need_the_same_statements_with_1_3_and_1000_conferences(client, endpoint):
    host = make.host()
    values = {"host": host.key} if endpoint == "public.host" else {}
    venue = make.venue(host)
    needed = {}
    made = 0
    for rows in (1, 3, 1000):
        with transaction():
            for _number in range(rows - made):
                make.conference(host, venue_id=venue.id)
        made = rows
        with statements() as sent:
            page = visit(client, endpoint, **values)
        needed[rows] = len(sent)
        assert len(page.all(class_="card--event")) == rows

    assert needed == dict.fromkeys((1, 3, 1000), 2)


def test_host_shows_welcome_what_comes_what_is_over_and_whom_to_call(client):
    host = make.host(
        name="A-Stadt",
        welcome=Translated({"de": "Willkommen in A-Stadt.", "ar": "أهلا"}),
        phone_hours=Translated("Mo bis Fr"),
    )
    make.conference(host, title=Translated("Bald"))
    make.conference(host, title=Translated("Älter"), starts_at=now() - timedelta(days=400))
    make.conference(host, title=Translated("Neulich"), starts_at=now() - timedelta(days=4))
    make.conference(make.host(), title=Translated("Woanders"))

    page = visit(client, "public.host", host=host.key)

    assert "Willkommen in A-Stadt." in page.text
    assert page.text.index("Bald") < page.text.index("Das war schon")
    assert page.text.index("Neulich") < page.text.index("Älter")
    assert "Woanders" not in page.text
    assert "02000 12345 (Mo bis Fr)" in page.text
    assert "Fachbereich Soziales" in page.text
    assert "أهلا" in visit(client, "public.host", language="ar", host=host.key).text


def test_host_without_anything_says_what_one_can_do(client):
    host = make.host(phone="", email="")

    page = visit(client, "public.host", host=host.key)

    assert "Neue Termine stehen hier, sobald sie feststehen." in page.text
    assert page.links()["Zum Impressum"] == f"/{host.key}/impressum"
    with_phone = visit(client, "public.host", host=make.host().key)
    assert "Sie können auch anrufen: 02000 12345" in with_phone.text
    assert visit(client, "/gibt-es-nicht/", status=404).h1 == "Diese Seite gibt es nicht"


@pytest.mark.parametrize("endpoint", ["public.start", "public.host", "public.imprint", "public.privacy"])
def test_pages_for_everybody_set_no_cookie_and_are_asked_for_again(client, endpoint):
    host = make.host()
    page = visit(client, endpoint, **({} if endpoint == "public.start" else {"host": host.key}))

    assert page.response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in page.response.headers
    again = client.get(page.address, headers={"If-None-Match": page.response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("endpoint", LEGAL)
@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_complete_host_has_no_gaps_in_its_legal_pages(client, endpoint, language):
    host = make.host(**COMPLETE)
    assert hosts.missing_settings(host) == []

    page = visit(client, endpoint, language=language, host=host.key)

    assert "Hier fehlt noch" not in page.text


@pytest.mark.parametrize(
    ("setting", "endpoint", "words"),
    [
        ("street", "public.imprint", "Straße und Hausnummer"),
        ("postal_code", "public.imprint", "Postleitzahl und Ort"),
        ("city", "public.privacy", "Postleitzahl und Ort"),
        ("represented_by", "public.imprint", "wer vertretungsberechtigt ist"),
        ("responsible_role", "public.imprint", "die verantwortliche Stelle"),
        ("phone", "public.imprint", "Telefonnummer"),
        ("email", "public.privacy", "E-Mail-Adresse"),
        ("supervisory_authority", "public.imprint", "die Aufsichtsbehörde"),
        ("dpo_contact", "public.privacy", "Kontakt der oder des Datenschutzbeauftragten"),
        ("accessibility_contact", "public.accessibility", "Kontakt für Fragen zur Barrierefreiheit"),
        ("accessibility_reviewed_on", "public.accessibility", "Datum der letzten Prüfung"),
    ],
)
def test_a_missing_setting_is_seen_on_the_page_that_needs_it(client, setting, endpoint, words):
    empty = None if setting == "accessibility_reviewed_on" else ""
    host = make.host(**{**COMPLETE, setting: empty})
    assert hosts.missing_settings(host) == [setting]

    assert f"Hier fehlt noch: {words}" in visit(client, endpoint, host=host.key).text


def test_imprint_names_who_is_behind_it(client):
    host = make.host(**COMPLETE, name="A-Stadt", vat_id="DE 123")

    page = visit(client, "public.imprint", host=host.key)

    for words in ("§ 5", "A-Stadt", "Marktplatz 1", "die Bürgermeisterin", "Bezirksregierung", "DE 123"):
        assert words in page.text
    assert "Umsatzsteuer" not in visit(client, "public.imprint", host=make.host().key).text


def test_privacy_says_what_article_13_asks_for(client):
    page = visit(client, "public.privacy", host=make.host().key)

    for words in (
        "Datenschutzbeauftragte Person",
        "Artikel 6 Absatz 1 Buchstabe e",
        "§ 3 des Datenschutzgesetzes Nordrhein-Westfalen",
        "Wer bekommt die Angaben?",
        "Angaben zur Unterstützung: 14 Tage nach der Konferenz.",
        "Anmeldungen ohne Platz, also auf der Warteliste: 30 Tage nach der Konferenz.",
        "Artikel 15",
        "Artikel 17",
        "Artikel 21",
        "Landesbeauftragte für Datenschutz",
        "§ 25 Absatz 2 TDDDG",
    ):
        assert words in page.text


def test_legal_texts_are_marked_as_german_on_arabic_pages(client):
    page = visit(client, "public.privacy", language="ar", host=make.host().key)

    assert page.one("html").get("dir") == "rtl"
    assert "Wer ist verantwortlich?" in "".join(page.one("div", lang="de", dir="ltr").itertext())


def test_the_statement_lists_gaps_dates_and_the_ombuds_office(client):
    host = make.host(
        **COMPLETE, accessibility_gaps="Der Plan ist nur ein Bild.\n\nDas Video hat keine Untertitel."
    )

    page = visit(client, "public.accessibility", host=host.key)

    items = [item.text for item in page.one("main").iter("li") if item.text]
    assert items[1:] == ["Der Plan ist nur ein Bild.", "Das Video hat keine Untertitel."]
    assert "Zuletzt geprüft am: 1. Februar 2026" in page.text
    assert page.links()["www.lbbp.nrw.de/ombudsstelle"] == "https://www.lbbp.nrw.de/ombudsstelle"
    none = visit(client, "public.accessibility", host=make.host().key)
    assert "Weitere Barrieren sind uns zurzeit nicht bekannt." in none.text


def test_a_barrier_can_be_told_once_and_the_host_is_told(client):
    host = make.host()
    form = visit(client, "public.accessibility", host=host.key).form()

    page = form.send(text="Der Knopf <b>fehlt</b>", page="/", contact="02000 1", status=302).follow()
    form.send(text="Der Knopf <b>fehlt</b>", status=302)

    assert "Vielen Dank. Ihre Nachricht ist angekommen." in page.text
    feedback = db.session.scalars(select(AccessibilityFeedback)).one()
    assert (feedback.text, feedback.page) == ("Der Knopf <b>fehlt</b>", "/")
    assert secrets.decrypt(feedback.contact) == "02000 1"
    assert [row.kind for row in db.session.scalars(select(Message))] == [MessageKind.ACCESSIBILITY_FEEDBACK]


def test_a_mistake_in_the_form_keeps_what_was_typed(guarded, client):
    host = make.host()
    form = visit(client, "public.accessibility", host=host.key).form()

    page = form.send(text="", page="/x" * 50_000, contact="🌻", status=422)

    assert page.errors()["text"] == "Bitte schreiben Sie, was nicht funktioniert hat."
    assert "Das ist zu lang: 100000 Zeichen." in page.errors()["page"]
    assert page.form().values["contact"] == "🌻"
    client.delete_cookie("sitzung")
    lost = page.form().send(text="Barriere", page="", status=422)
    assert "lange offen" in lost.errors()[""]
    lost.form().send(status=302)
    assert db.session.scalars(select(AccessibilityFeedback)).one().text == "Barriere"


def test_colours_are_kept_for_a_year_under_their_version(client):
    host = make.host(accent_colour="#a3150d")
    address = f"/{host.key}/farben.css"

    answer = client.get(f"{address}?v={host.version}")

    assert answer.mimetype == "text/css"
    assert "--host-accent: #a3150d;" in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address).headers["Cache-Control"] == "public, no-cache"
    assert client.get(f"{address}?v=999").headers["Cache-Control"] == "public, no-cache"


def test_logo_is_the_picture_of_the_host(client):
    host = make.host()
    assert client.get(f"/{host.key}/logo.png").status_code == 404
    picture = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(picture, "PNG")
    hosts.set_logo(host, "logo.png", picture.getvalue())

    answer = client.get(f"/{host.key}/logo.png?v={host.version}")

    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (3, 2)
    assert "immutable" in answer.headers["Cache-Control"]
    page = visit(client, "public.host", host=host.key)
    assert page.one(class_="brand__logo--host").get("src") == f"/{host.key}/logo.png?v={host.version}"


def test_robots_stay_away_from_work_and_registrations(client):
    answer = client.get("/robots.txt")

    assert answer.mimetype == "text/plain"
    assert "Disallow: /verwaltung/" in answer.text
    assert "Disallow: /*/meine-anmeldung" in answer.text


def test_health_tells_whether_the_database_answers(client, monkeypatch):
    assert client.get("/gesund").json == {"ok": True, "database": True}

    def broken(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.scoping.scoped_session.execute", broken)
    answer = client.get("/gesund")

    assert (answer.status_code, answer.json) == (503, {"ok": False, "database": False})
