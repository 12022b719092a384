"""Editions for everybody: the list, the page, the files."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import edition_files, editions, taking_back
from app.models import Contribution, Edition, EditionFile, FileFormat
from tests import counting, results
from tests.browse import visit

FORMATS = ["pdf", "csv", "json"]
GONE = "Diese Datei gibt es nicht mehr"


def withdraw_first(conference):
    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 1)
        ).one()
    )


def file_of(edition, kind):
    return results.file_of(edition, FileFormat(kind))


def test_editions_before_the_first_says_that_there_is_none(client, conference, address):
    page = visit(client, address)

    assert page.h1 == "Dokumentation"
    assert "Nach der Konferenz stehen hier die Ergebnisse." in page.text


def test_editions_lists_files_with_size_and_hash(client, edition, address):
    page = visit(client, address)

    assert "Ausgabe 1 vom" in page.text
    assert "Erste Fassung." in page.text
    for kind in FORMATS:
        file = file_of(edition, kind)
        assert f"{address}/1/ergebnisse.{kind}" in page.links().values()
        assert file.sha256 in page.text
    assert page.links()["Ausgabe 1 lesen"] == f"{address}/1"


def test_editions_tells_what_changed_since_the_one_before(client, conference, edition, address):
    results.voice(conference, "Später dazugekommen.")
    results.voice(conference, "Und noch eine.")
    results.recommendation(conference, title="Schatten pflanzen")
    withdraw_first(conference)
    results.published(conference)

    page = visit(client, address)

    text = page.text
    assert text.index("Ausgabe 2 vom") < text.index("Ausgabe 1 vom")
    # The recommendation rests on the one now that said the same as what was withdrawn.
    assert (
        "Seit Ausgabe 1: 1 neue Empfehlung 1 Empfehlung geändert 2 neue Beiträge 1 Beitrag geändert "
        "1 Beitrag zurückgezogen"
    ) in text
    assert "Bitte nehmen Sie die neueste Ausgabe." in text


def test_editions_says_why_files_are_gone(client, conference, edition, address):
    sha256 = file_of(edition, "pdf").sha256
    withdraw_first(conference)

    page = visit(client, address)

    assert "PDF: entfernt, weil ein Beitrag zurückgezogen ist" in page.text
    assert "Aus dieser Ausgabe ist ein Beitrag zurückgezogen." in page.text
    # Whoever has a copy can still check it.
    assert sha256 in page.text
    assert not any("ergebnisse." in address for address in page.links().values())


def test_editions_shows_a_finished_file_at_once(client, conference, address):
    edition = editions.freeze(conference)
    before = visit(client, address)

    edition_files.render(file_of(edition, "csv").id, results.QUICK)

    assert "CSV-Tabelle: wird noch erstellt" in before.text
    assert "CSV-Tabelle: wird noch erstellt" not in visit(client, address).text


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_editions_needs_the_same_statements_for_many(client, conference, address, rows):
    editions.freeze(conference)
    with transaction():
        first = editions.latest_of(conference)
        db.session.add_all(
            Edition(
                host_id=first.host_id,
                conference_id=first.conference_id,
                number=number,
                published_on=first.published_on,
                snapshot={**first.snapshot, "changes": None},
                sha256=first.sha256,
                files=[
                    EditionFile(host_id=first.host_id, conference_id=first.conference_id, format=kind)
                    for kind in FileFormat
                ],
            )
            for number in range(2, rows + 1)
        )

    with counting.statements() as sent:
        answer = client.get(address)

    assert answer.text.count("<h2 id=") == rows
    assert len(sent) <= 5


def test_edition_is_the_document_as_a_page(client, edition, address):
    page = visit(client, f"{address}/1")

    assert page.h1 == "Ergebnisse, Ausgabe 1"
    for words in (
        "Mehr Bänke im Park.",
        "Wir wollen Bänke im Park.",
        "Bänke aufstellen",
        "Die Bänke kommen im Mai.",
        "Es fehlt Schatten.",
        "Bänke und Schatten",
    ):
        assert words in page.text
    arabic = next(element for element in page.all(lang="ar") if "نريد" in "".join(element.itertext()))
    assert arabic.get("dir") == "rtl"
    for secret in ("Ungelesen und geheim", "nie öffentlich", "Noch geheimes Protokoll", "Geheimer Entwurf"):
        assert secret not in page.everything


def test_edition_in_another_language_marks_the_german_document(client, edition, address):
    page = visit(client, f"{address}/1", language="ar")

    document = page.one(class_="results")
    assert (document.get("lang"), document.get("dir")) == ("de", "ltr")


def test_edition_stays_as_it_was_published(client, conference, edition, address):
    before = visit(client, f"{address}/1").text
    results.voice(conference, "Später dazugekommen.")

    assert visit(client, f"{address}/1").text == before


@pytest.mark.parametrize(
    ("kind", "media_type", "disposition"),
    [
        ("pdf", "application/pdf", "inline"),
        ("csv", "text/csv; charset=utf-8", "attachment"),
        ("json", "application/json", "attachment"),
    ],
)
def test_file_gives_the_stored_bytes(client, conference, edition, address, kind, media_type, disposition):
    file = file_of(edition, kind)
    stored = file.stored_file.content

    answer = client.get(f"{address}/1/ergebnisse.{kind}")

    assert (answer.status_code, answer.data) == (200, stored)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Length"] == str(len(stored))
    assert answer.headers["Content-Disposition"] == (
        f'{disposition}; filename="{conference.host.key}-{conference.key}-ausgabe-1.{kind}"'
    )
    assert answer.headers["ETag"] == f'"{file.sha256}"'
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    # It repeats voices: a copy at a search engine could not be taken back.
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_file_answers_conditional_requests_parts_and_head(client, edition, address):
    place = f"{address}/1/ergebnisse.json"
    whole = client.get(place)
    etag = whole.headers["ETag"]

    known = client.get(place, headers={"If-None-Match": etag})
    other = client.get(place, headers={"If-None-Match": '"etwas-anderes"'})
    part = client.get(place, headers={"Range": "bytes=0-9"})
    too_far = client.get(place, headers={"Range": "bytes=99999999-"})
    head = client.head(place)

    assert (known.status_code, known.data) == (304, b"")
    assert (other.status_code, other.data) == (200, whole.data)
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert too_far.status_code == 416
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", etag)
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_file_that_was_removed_is_gone_whatever_the_browser_holds(
    client, conference, edition, address, kind, method
):
    place = f"{address}/1/ergebnisse.{kind}"
    before = client.get(place)
    etag = before.headers["ETag"]
    withdraw_first(conference)

    for headers in (
        {},
        {"If-None-Match": etag},
        {"If-None-Match": "*"},
        {"If-Match": etag},
        {"If-Modified-Since": "Mon, 02 Mar 2099 12:00:00 GMT"},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=0-99", "If-Range": etag},
        {"If-None-Match": etag, "Accept-Encoding": "gzip"},
    ):
        answer = client.open(place, method=method, headers=headers)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store"), headers
        assert "ETag" not in answer.headers
        assert b"Park" not in answer.data


def test_file_that_was_removed_says_so_and_leads_to_the_edition(client, conference, edition, address):
    withdraw_first(conference)

    page = visit(client, f"{address}/1/ergebnisse.pdf", status=410)

    assert page.h1 == GONE
    assert "Aus dieser Ausgabe ist ein Beitrag zurückgezogen." in page.text
    assert page.links()["Ausgabe 1 lesen"] == f"{address}/1"
    assert visit(client, page.links()["Ausgabe 1 lesen"]).h1 == "Ergebnisse, Ausgabe 1"


def test_file_that_is_not_made_yet_says_so(client, conference, address):
    editions.freeze(conference)

    page = visit(client, f"{address}/1/ergebnisse.pdf", status=404)

    assert page.h1 == "Diese Datei gibt es noch nicht"
    assert page.links()["Ausgabe 1 lesen"] == f"{address}/1"


@pytest.mark.parametrize(
    "tail", ["/2", "/0", "/1/ergebnisse.docx", "/2/ergebnisse.pdf", "/99999999999999999999"]
)
def test_what_was_never_published_is_not_found(client, edition, address, tail):
    assert client.get(address + tail).status_code == 404


def test_words_that_were_withdrawn_are_gone_from_the_page_at_once(client, conference, edition, address):
    before = client.get(f"{address}/1")
    assert "Mehr Bänke im Park." in before.text

    withdraw_first(conference)

    after = client.get(f"{address}/1", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Mehr Bänke im Park." not in after.text
    assert "Eine Anwohnerin" not in after.text
    assert "Nr. 1: zurückgezogen" in visit(client, f"{address}/1").text


def test_json_and_page_are_read_from_the_same_snapshot(client, edition, address):
    found = json.loads(client.get(f"{address}/1/ergebnisse.json").data)

    assert found == edition.snapshot
    assert date.fromisoformat(found["edition"]["published_on"]) == edition.published_on
