"""The pages on which staff upload a table of registrations, read the verdicts and confirm."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.blueprints.signup import manage_import
from app.database import db, transaction
from app.domain import codes, registration_imports
from app.domain.errors import DomainError
from app.models import (
    Conference,
    ConferenceStatus,
    Host,
    Message,
    Registration,
    RegistrationImport,
    StaffMember,
    StaffRole,
)
from tests import make
from tests.blueprints.signup.desk import PLACE
from tests.browse import Page, visit, words
from tests.counting import statements
from tests.visitor import Visitor

BASE = "/verwaltung/beispiel/konferenz/anmeldungen/import"
HEADER = "Haushalt;Name;Kommt als;E-Mail;Anschrift;Alter;Runde 1"
GOOD = "1;Ayşe Yılmaz;Einwohner;ayse@post.example;;;1\n1;;;;;7;"
POST = ";Herr Weiß;Politik;;Weg 1, 12345 Stadt;;"
CHILD = ";Gast;Politik;;;45;"


@pytest.fixture(autouse=True)
def group(conference: Conference) -> Any:
    return make.group(conference, title="Wohnen", capacity=2)


def start(client: Visitor) -> Page:
    return visit(client, "signup.import_table", **PLACE)


def send(client: Visitor, *lines: str, status: int | None = 303, name: str = "liste.csv") -> Page:
    content = "\n".join([HEADER, *lines]).encode()
    return start(client).form().send(table=(io.BytesIO(content), name), status=status)


def table_rows(page: Page) -> list[str]:
    return [words(row) for row in page.one("main").iter("tr")][1:]


def figures(page: Page) -> dict[str, str]:
    (found,) = page.all("dl", class_="figures")
    return {words(part[0]): words(part[1]) for part in found}


def registered() -> list[str]:
    return list(db.session.scalars(select(Registration.display_name).order_by(Registration.id)))


def test_a_table_is_uploaded_read_and_confirmed(staff_client: Visitor, conference: Conference) -> None:
    page = send(staff_client, GOOD, POST).follow()

    assert page.h1 == "Tabelle prüfen"
    assert figures(page) == {
        "bekommen einen Platz": "2",
        "kommen auf eine Warteliste": "0",
        "stimmen noch nicht": "0",
        "Personen, die übernommen würden": "3",
    }
    assert table_rows(page) == [
        "2, 3 Ayşe Yılmaz 2 bekommt einen Platz",
        "4 Herr Weiß 1 bekommt einen Platz",
    ]
    assert registered() == []

    done = page.form().send(status=303).follow()

    assert done.h1 == "Tabelle übernommen"
    assert figures(done) == {
        "Anmeldungen übernommen": "2",
        "davon auf der Warteliste der Konferenz": "0",
        "davon ohne E-Mail-Adresse": "1",
        "Zeilen, die nicht übernommen sind": "0",
    }
    assert registered() == ["Ayşe Yılmaz", "Herr Weiß"]
    assert len(db.session.scalars(select(Message)).all()) == 2
    again = page.form().send(status=303).follow()
    assert (again.h1, registered()) == ("Tabelle übernommen", ["Ayşe Yılmaz", "Herr Weiß"])


def test_the_way_in_stands_on_the_list_and_what_was_uploaded_on_the_page(
    staff_client: Visitor, conference: Conference
) -> None:
    listed = visit(staff_client, "signup.registrations", **PLACE)
    assert listed.links()["Aus einer Tabelle"] == BASE

    send(staff_client, POST)

    (stored,) = registration_imports.latest(conference)
    page = start(staff_client)
    assert "wartet auf Ihre Bestätigung" in page.text
    assert f"{BASE}/{stored.id}" in page.links().values()


def test_no_mail_is_sent_where_staff_do_not_want_it(staff_client: Visitor) -> None:
    send(staff_client, GOOD).follow().form().send(sends=None, status=303)

    assert (registered(), db.session.scalars(select(Message)).all()) == (["Ayşe Yılmaz"], [])


def test_wrong_rows_stand_first_with_row_and_column_and_have_to_be_left_out_by_hand(
    staff_client: Visitor,
) -> None:
    page = send(staff_client, GOOD, CHILD).follow()
    assert table_rows(page)[0] == (
        "4 Gast 1 stimmt noch nicht Zeile 4, Alter: Als Kind zählt, wer höchstens 17 Jahre alt ist; hier steht 45. "
        "Bei Erwachsenen bleibt das Alter leer."
    )

    refused = page.form().send(status=422)

    assert refused.errors() == {
        "only_good": "Noch stimmt nicht alles (Anmeldungen mit Fehlern: 1), und es ist niemand angemeldet. Bessern Sie "
        "die Zeilen aus und laden Sie die Datei neu hoch, oder kreuzen Sie an, dass Sie nur die anderen übernehmen."
    }
    assert registered() == []
    done = refused.form().send(only_good="y", status=303).follow()
    assert figures(done)["Zeilen, die nicht übernommen sind"] == "1"
    assert registered() == ["Ayşe Yılmaz"]
    mend = staff_client.get(done.links()["Nur diese Zeilen herunterladen (CSV)"])
    assert (
        mend.data.decode("utf-8-sig")
        .splitlines()[1]
        .startswith(';Gast;Politik;;;45;;4;"Alter: Als Kind zählt')
    )


def test_rows_to_mend_start_no_formula_and_come_back_as_they_are(staff_client: Visitor) -> None:
    page = send(staff_client, '=1+1;Gast;Politik;;"@B; 1";;', POST).follow()
    answer = staff_client.get(page.links()["Nur diese Zeilen herunterladen (CSV)"])

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, row = answer.data.decode("utf-8-sig").splitlines()
    assert header == f"{HEADER};Zeile;Was nicht stimmt"
    assert row.startswith('\'=1+1;Gast;Politik;;"\'@B; 1";;;2;"Haushalt: Hier steht eine Formel')
    back = start(staff_client).form().send(table=(io.BytesIO(answer.data), "fehler.csv"), status=303).follow()
    assert figures(back)["stimmen noch nicht"] == "1"
    mended = answer.data.replace(b"'=1+1", b"").replace(b"'@B", b"B")
    fine = start(staff_client).form().send(table=(io.BytesIO(mended), "fehler.csv"), status=303).follow()
    assert figures(fine)["bekommen einen Platz"] == "1"


def test_a_full_group_and_a_full_conference_lead_to_waiting_lists(
    staff_client: Visitor, conference: Conference, group: Any
) -> None:
    make.registration(conference, group.rounds[0])
    with transaction():
        conference.capacity = 3

    page = send(staff_client, "1;A;Politik;;;;1\n1;;;;;;1", POST).follow()

    assert table_rows(page) == [
        "2, 3 A 2 kommt auf die Warteliste Warteliste der Gruppe „Wohnen“",
        "4 Herr Weiß 1 kommt auf die Warteliste Warteliste der Konferenz",
    ]
    assert figures(page.form().send(status=303).follow())["davon auf der Warteliste der Konferenz"] == "1"


def test_what_has_changed_meanwhile_is_shown_anew(
    staff_client: Visitor, conference: Conference, group: Any
) -> None:
    page = send(staff_client, GOOD).follow()
    make.registration(conference, group.rounds[0], group.rounds[0])
    make.registration(conference, group.rounds[0])

    refused = page.form().send(status=422)

    assert refused.errors()[""].startswith("Inzwischen hat sich etwas geändert")
    assert figures(refused)["kommen auf eine Warteliste"] == "1"
    assert registered() == ["", ""]
    assert refused.form().send(status=303).follow().h1 == "Tabelle übernommen"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"Name;Kommt als;Rollstuhl\nA;Politik;ja",
            "Die Spalte C heißt „Rollstuhl“. Diese Spalte kennen wir nicht. Bekannt sind: „Haushalt“, „Name“, „Kommt "
            "als“, „Einrichtung“, „E-Mail“, „Telefon“, „Anschrift“, „Sprache“, „Alter“, „Runde 1“. "
            "Bitte benennen Sie die Spalte um oder löschen Sie sie.",
        ),
        (
            b"Name;Kommt als\n" + b"A;Politik\n" * 50_000,
            "Diese Tabelle hat mehr als 2000 Zeilen mit Anmeldungen. So viele nehmen wir nicht auf einmal. "
            "Bitte teilen Sie sie auf mehrere Dateien auf.",
        ),
    ],
    ids=["wrong column", "fifty thousand rows"],
)
def test_a_file_that_is_refused_keeps_nothing(staff_client: Visitor, content: bytes, sentence: str) -> None:
    page = start(staff_client).form().send(table=(io.BytesIO(content), "liste.csv"), status=422)

    assert page.errors() == {"table": sentence}
    assert db.session.scalars(select(RegistrationImport)).all() == []


def test_without_a_file_one_is_asked_for(staff_client: Visitor) -> None:
    assert start(staff_client).form().send(status=422).errors() == {"table": "Bitte wählen Sie eine Datei."}


def test_a_file_beyond_all_measure_is_refused_before_it_is_read(staff_client: Visitor) -> None:
    answer = staff_client.post(
        BASE,
        content_type="multipart/form-data; boundary=grenze",
        environ_overrides={"CONTENT_LENGTH": str(2 << 30)},
    )

    assert answer.status_code == 413
    assert "Der Text oder die Datei ist zu groß." in answer.text


def test_the_template_can_be_uploaded_as_it_is_once_it_is_filled(staff_client: Visitor) -> None:
    template = staff_client.get(f"{BASE}/vorlage.csv").data
    assert template.decode("utf-8-sig") == (
        "Haushalt;Name;Kommt als;Einrichtung;E-Mail;Telefon;Anschrift;Sprache;Alter;Runde 1\r\n"
    )

    filled = template + b"1;Frau A;Presse;;;0209 123;;Deutsch;;Wohnen\r\n"
    page = start(staff_client).form().send(table=(io.BytesIO(filled), "liste.csv"), status=303).follow()

    assert figures(page)["bekommen einen Platz"] == "1"


def test_letters_are_printed_with_codes(staff_client: Visitor, conference: Conference) -> None:
    done = send(staff_client, GOOD, POST).follow().form().send(status=303).follow()

    answer = staff_client.get(done.links()["Briefe drucken (PDF)"])

    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_long_table_is_left_to_the_worker(staff_client: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage_import, "SECONDS", -1.0)

    page = send(staff_client, GOOD, POST).follow().form().send(status=303).follow()

    assert page.h1 == "Tabelle wird übernommen"
    assert "0 von 2 Anmeldungen sind übernommen." in page.text
    errors = staff_client.get(f"{page.address}/fehler.csv")
    assert (errors.status_code, errors.location) == (302, page.address)
    registration_imports.carry_on_all()
    assert visit(staff_client, page.address).h1 == "Tabelle übernommen"


def test_a_table_whose_rows_are_erased_says_so(staff_client: Visitor) -> None:
    page = send(staff_client, POST).follow()
    with transaction():
        db.session.scalars(select(RegistrationImport)).one().rows = ""

    gone = visit(staff_client, page.address)

    assert "Wir heben sie höchstens einen Tag auf." in gone.text
    refused = page.form().send(status=422)
    assert (refused.h1, registered()) == ("Tabelle nicht mehr da", [])


def test_an_import_into_a_draft_is_refused(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.status = ConferenceStatus.DRAFT

    assert (
        "Für diese Konferenz kann sich gerade niemand anmelden" in send(staff_client, POST, status=422).text
    )


@pytest.mark.parametrize("count", [3, 300])
def test_the_page_of_verdicts_needs_the_same_statements_for_any_number_of_rows(
    staff_client: Visitor, count: int
) -> None:
    lines = [f";Person {number};Politik;p{number}@post.example;;;1" for number in range(count)]
    page = send(staff_client, *lines).follow()
    visit(staff_client, page.address)

    with statements() as sent:
        found = visit(staff_client, page.address)

    assert (len(table_rows(found)), len(sent)) == (min(count, manage_import.PER_PAGE), 9)


def test_pages_are_for_those_who_may_register_others(
    app: Flask, conference: Conference, host: Host, organizer: StaffMember
) -> None:
    stored = registration_imports.upload(conference, "liste.csv", f"{HEADER}\n{POST}".encode())
    foreign = make.conference(host)
    make.group(foreign)
    other = registration_imports.upload(foreign, "liste.csv", f"{HEADER}\n{POST}".encode())
    places = [BASE, f"{BASE}/vorlage.csv"]
    places += [f"{BASE}/{stored.id}{end}" for end in ("", "/fehler.csv", "/briefe.pdf")]

    def answers(member: StaffMember | None) -> list[int]:
        visitor = Visitor(app)
        if member is not None:
            make.sign_in(visitor, member)
        return [visitor.get(place).status_code for place in places]

    assert answers(None) == [302] * 5
    assert answers(make.staff_member(StaffRole.HELPER, host)) == [403] * 5
    assert answers(organizer) == [200, 200, 200, 302, 302]
    visitor = Visitor(app)
    make.sign_in(visitor, organizer)
    ends = ("", "/fehler.csv", "/briefe.pdf")
    assert [visitor.get(f"{BASE}/{other.id}{end}").status_code for end in ends] == [404] * 3


def test_a_code_is_known_only_to_who_prints_it(staff_client: Visitor, conference: Conference) -> None:
    send(staff_client, POST).follow().form().send(status=303)

    stored = registration_imports.latest(conference)[0]
    kept = str([getattr(stored, column.name) for column in RegistrationImport.__table__.columns])
    registration = db.session.scalars(select(Registration)).one()
    guess = codes.code_of_submission(f"{stored.id}:2")
    assert registration.display_name not in kept
    assert codes.digest(guess) != registration.code_digest
    with pytest.raises(DomainError):
        registration_imports.opened(stored)


def test_the_list_says_how_long_each_table_is_and_whether_anything_can_be_taken(
    staff_client: Visitor, conference: Conference
) -> None:
    send(staff_client, CHILD, name="falsch.csv")
    send(staff_client, GOOD, POST, name="gut.csv")

    lines = [
        words(item).partition(", ")[2].split(", ", 2)[-1]
        for item in start(staff_client).one("main").iter("li")
        if ".csv" in words(item)
    ]

    assert lines == ["3 Zeilen: wartet auf Ihre Bestätigung", "1 Zeile: nichts zu übernehmen"]


def test_a_child_without_an_adult_is_worth_a_look(staff_client: Visitor, conference: Conference) -> None:
    page = send(staff_client, ";;Einwohner;;;7;", GOOD).follow()

    assert table_rows(page) == [
        "2 ohne Namen 1 bekommt einen Platz Hinweis zu Zeile 2: In dieser Anmeldung ist keine erwachsene Person. "
        "Gehört jemand dazu? Dann tragen Sie bei allen, die zusammen kommen, in der Spalte „Haushalt“ dasselbe ein.",
        "3, 4 Ayşe Yılmaz 2 bekommt einen Platz",
    ]
