"""Published results: page, PDF, table and data say the same, item by item; what is withdrawn is gone everywhere."""

import csv
import functools
import io
import json
import re
import unicodedata

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app import demo
from app.database import db
from app.domain import edition_files, snapshot, taking_back
from app.exports import glyphs
from app.exports.results import RENDERERS
from app.models import Conference, Contribution, Edition, FileFormat, FileState, StaffRole
from tests import make, results
from tests.browse import visit, words
from tests.journeys.conftest import signed_in

PLACE = "/rheine/rheine-2023/dokumentation"


_MADE = {}


def _once(held, logo, progress):
    """The real document; the same snapshot, which gives the same document, is drawn once for all tests here."""
    name = snapshot.sha256(held)
    if name not in _MADE:
        _MADE[name] = RENDERERS[FileFormat.PDF].render(held, logo, progress)
    return _MADE[name]


REAL = {**RENDERERS, FileFormat.PDF: edition_files.Renderer(_once, "application/pdf")}


@pytest.fixture
def rheine(app):
    """The demo of Rheine with its first edition, all files made by the real renderers."""
    demo.load()
    edition = db.session.scalars(select(Edition)).one()
    for file_id in [file.id for file in edition.files]:
        assert edition_files.render(file_id, REAL)
    db.session.expire_all()
    assert {file.state for file in edition.files} == {FileState.READY}
    return edition


@functools.cache
def _sheets(document):
    """The text of each page."""
    return [flat(sheet.extract_text()) for sheet in PdfReader(io.BytesIO(document)).pages]


class Published:
    """An edition as anybody can fetch it: page, table, data, document."""

    def __init__(self, client, place=f"{PLACE}/1"):
        self.page = visit(client, place)
        self.json = json.loads(client.get(f"{place}/ergebnisse.json").data)
        table = client.get(f"{place}/ergebnisse.csv").data.decode("utf-8-sig")
        self.csv = list(csv.DictReader(io.StringIO(table, newline=""), delimiter=";"))
        self.sheets = _sheets(client.get(f"{place}/ergebnisse.pdf").data)
        self.pdf = "".join(self.sheets)

    def rows(self, kind):
        return {row["Nummer"]: row for row in self.csv if row["Art"] == kind}

    def part(self, anchor):
        """What the page says in one of its entries."""
        return words(self.page.one(id=anchor))

    def anchors(self, name):
        found = (re.fullmatch(rf"{name}-(\d+)", element.get("id") or "") for element in self.page.all())
        return [match[1] for match in found if match]

    def document_says(self, text):
        """True where the document says it in one piece, or on both sides of a page's end."""
        wanted = flat(text)
        if wanted in self.pdf:
            return True
        return any(
            wanted[:cut] in before and wanted[cut:] in after
            for before, after in zip(self.sheets, self.sheets[1:], strict=False)
            for cut in range(1, len(wanted))
        )


def flat(text):
    """Without blanks, soft hyphens and what breaks words; shaped letters as the plain ones they stand for."""
    text = re.sub(r"[-\u2010](?=\n)", "", text)
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def one_line(text):
    return " ".join(glyphs.readable(text).split())


def cell(text):
    """A cell as it was before it was made harmless."""
    return text[1:] if text.startswith("'") else text


def test_page_table_and_data_name_the_same_items(client, rheine):
    found = Published(client)

    contributions = [str(entry["number"]) for entry in found.json["contributions"]]
    recommendations = [str(entry["number"]) for entry in found.json["recommendations"]]
    assert (len(contributions), len(recommendations)) == (len(set(contributions)), 15)
    assert found.anchors("beitrag") == list(found.rows("Beitrag")) == contributions
    assert found.anchors("empfehlung") == list(found.rows("Empfehlung")) == recommendations
    assert found.anchors("thema") == list(found.rows("Thema"))
    assert set(found.rows("Protokoll")) == {
        f"{group['number']}/{minutes['round']}"
        for group in found.json["groups"]
        for minutes in group["minutes"]
    }
    # The document has each once as a heading.
    for number in contributions:
        assert found.pdf.count(flat(f"Nr. {number}: ")) >= 1


def test_every_contribution_says_the_same_everywhere(client, rheine):
    found = Published(client)
    rows, differing, languages = found.rows("Beitrag"), [], set()

    for entry in found.json["contributions"]:
        number = entry["number"]
        row, part = rows[str(number)], found.part(f"beitrag-{number}")
        if entry.get("withdrawn"):
            assert part == f"Nr. {number}: zurückgezogen"
            assert {name for name, value in row.items() if value} == {"Art", "Nummer", "Stand"}
            assert found.document_says(part)
            continue
        languages.add(entry["lang"])
        assert (cell(row["Text"]), row["Sprache"]) == (entry["text"], entry["lang"])
        assert (cell(row["Deutsche Übersetzung"]), cell(row["Antwort"])) == (entry["german"], entry["answer"])
        assert row["Zählt mit bei"] == str(entry["duplicate_of"] or "")
        assert row["Antwort schuldet"] == entry["owed_by"]
        carried = [str(each["number"]) for each in entry["recommendations"]]
        assert re.findall(r"\d+", row["Empfehlungen"]) == carried
        assert re.findall(r"Daraus wurde Empfehlung (\d+)", part) == carried
        for text in (entry["text"], entry["german"], entry["answer"], entry["display_name"]):
            assert one_line(text) in part
            # What is written from right to left is drawn in another order than it is read in.
            if text and entry["dir"] == "ltr" and not found.document_says(glyphs.readable(text)):
                differing.append((number, text))
        if entry["dir"] == "rtl":
            assert found.document_says(glyphs.readable(entry["german"]))

    assert differing == []
    assert languages >= {"de", "tr", "ar", "uk", "en"}


def test_every_recommendation_says_the_same_everywhere(client, rheine):
    found = Published(client)
    rows, kinds = found.rows("Empfehlung"), set()

    for entry in found.json["recommendations"]:
        number = entry["number"]
        row, part = rows[str(number)], found.part(f"empfehlung-{number}")
        assert (cell(row["Titel"]), row["Stand"]) == (entry["title"], entry["status_label"])
        assert (row["Zuständig"], cell(row["Antwort"])) == (entry["lead"], entry["answer"])
        assert cell(row["Ergebnis"]) == entry["result"]
        assert part.startswith(
            one_line(f"Empfehlung {number}: {entry['title']} Stand: {entry['status_label']}")
        )
        for text in (entry["lead"], entry["answer"], entry["result"], entry["need"], entry["goal"]):
            assert one_line(text) in part
            assert found.document_says(glyphs.readable(text)), (number, text)
        assert found.document_says(f"Empfehlung {number}: {entry['title']}")
        evidence = {
            "Beitrag": [str(each["number"]) for each in entry["evidence"] if each["kind"] == "contribution"],
            "Thema": [str(each["number"]) for each in entry["evidence"] if each["kind"] == "topic"],
            "Protokoll": [
                f"{each['group']}/{each['round']}" for each in entry["evidence"] if each["kind"] == "minutes"
            ],
        }
        for kind, numbers in evidence.items():
            kinds |= {kind} if numbers else set()
            assert re.findall(rf"{kind} (\d+(?:/\d+)?)", row["Belege"]) == numbers
        links = [
            link.get("href")
            for link in found.page.one(id=f"empfehlung-{number}").iter("a")
            if link.get("href")
        ]
        assert [f"#beitrag-{each}" for each in evidence["Beitrag"] if f"#beitrag-{each}" not in links] == []
        assert [f"#thema-{each}" for each in evidence["Thema"] if f"#thema-{each}" not in links] == []

    assert kinds >= {"Beitrag", "Thema"}


def test_the_public_page_of_a_contribution_and_the_edition_agree(client, rheine):
    found = Published(client)

    for entry in found.json["contributions"][:10]:
        if entry.get("withdrawn"):
            continue
        page = visit(client, f"/rheine/rheine-2023/beitraege/{entry['number']}")
        assert " ".join(entry["text"].split()) in page.text


def test_a_second_edition_says_what_changed_on_page_and_in_files(client, rheine):
    at = db.session.get_one(Conference, rheine.conference_id)
    results.voice(at, "Nach der ersten Ausgabe gesagt.")
    results.recommendation(at, title="Nach der ersten Ausgabe empfohlen")

    results.published(at, REAL)
    found = Published(client, f"{PLACE}/2")

    changes = found.json["changes"]
    added = changes["contributions"]["added"], changes["recommendations"]["added"]
    assert [len(numbers) for numbers in added] == [1, 1]
    assert changes["since"] == 1
    assert "Was sich seit Ausgabe 1 geändert hat" in found.page.text
    assert found.document_says("Was sich seit Ausgabe 1 geändert hat")
    for number, kind in ((added[0][0], "beitrag"), (added[1][0], "empfehlung")):
        links = [link.get("href") for link in found.page.one(id="aenderungen").iter("a")]
        assert f"#{kind}-{number}" in links
    listed = visit(client, PLACE).text
    assert "Seit Ausgabe 1: 1 neue Empfehlung 1 neuer Beitrag" in listed


def withdrawn_by_its_author(conference_id, number):
    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(
                Contribution.conference_id == conference_id, Contribution.number == number
            )
        ).one()
    )


def test_what_is_withdrawn_is_gone_from_pages_search_files_and_the_next_edition(client, rheine):
    first = Published(client)
    # One that carries a recommendation, so that it is quoted there as well.
    named = {
        each["number"]
        for entry in first.json["recommendations"]
        for each in entry["evidence"]
        if each["kind"] == "contribution"
    }
    entry = next(
        entry
        for entry in first.json["contributions"]
        if entry["number"] in named and not entry.get("withdrawn") and entry["lang"] == "de"
    )
    number, text = entry["number"], " ".join(entry["text"].split())
    word = max(re.findall(r"\w+", text), key=len)
    places = [
        f"/rheine/rheine-2023/beitraege/{number}",
        "/rheine/rheine-2023/beitraege",
        f"/rheine/rheine-2023/beitraege?q={word}",
        "/rheine/rheine-2023/ergebnisse",
        *(f"/rheine/rheine-2023/ergebnisse/{each['number']}" for each in first.json["recommendations"]),
        PLACE,
        f"{PLACE}/1",
        "/rheine/rheine-2023/",
    ]
    files = [f"{PLACE}/1/ergebnisse.{kind}" for kind in ("pdf", "csv", "json")]
    before = {place: client.get(place) for place in (*places, *files)}
    assert text in " ".join(before[places[0]].text.split())
    assert {answer.status_code for answer in before.values()} == {200}

    withdrawn_by_its_author(rheine.conference_id, number)

    for place in places:
        etag = before[place].headers.get("ETag")
        for headers in ({}, {"If-None-Match": etag}) if etag else ({},):
            answer = client.get(place, headers=headers)
            told = " ".join(answer.text.split())
            assert text not in told, (place, headers)
            if text in " ".join(before[place].text.split()):
                assert answer.status_code != 304, place
    for place in files:
        etag = before[place].headers["ETag"]
        for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-99", "If-Range": etag}):
            assert client.get(place, headers=headers).status_code == 410, (place, headers)
    assert "Die nächste Ausgabe ist in Arbeit." in visit(client, PLACE).text

    results.published(db.session.get_one(Conference, rheine.conference_id), REAL)
    second = Published(client, f"{PLACE}/2")

    assert {"number": number, "withdrawn": True} in second.json["contributions"]
    assert second.json["changes"]["contributions"]["withdrawn"] == [number]
    assert text not in json.dumps(second.json, ensure_ascii=False)
    assert text not in json.dumps(second.csv, ensure_ascii=False)
    assert flat(text) not in second.pdf
    assert text not in second.page.everything
    assert second.part(f"beitrag-{number}") == f"Nr. {number}: zurückgezogen"


def test_a_planner_publishes_a_resident_withdraws_and_the_planner_publishes_again(
    app, host, organizer, somebody
):
    conference = results.rich(of=host, key="zukunft", title="Zukunft im Quartier")
    manage, public = "/verwaltung/neustadt/zukunft/dokumentation", "/neustadt/zukunft/dokumentation"
    resident = somebody()
    assert "Noch keine Dokumentation" in visit(resident, public).text

    visit(organizer, manage).form(manage).send(note="Die erste Fassung.", status=303).follow()
    assert "wird noch erstellt" in visit(resident, public).text
    work(conference)
    page = visit(resident, public)
    assert "Die erste Fassung." in page.text
    for name in ("PDF, Ausgabe 1", "CSV-Tabelle, Ausgabe 1", "JSON-Daten, Ausgabe 1"):
        assert resident.get(page.links()[name]).status_code == 200

    withdrawn_by_its_author(conference.id, 1)
    assert "ist fällig" in visit(organizer, "/verwaltung/").text
    assert "Aus Ausgabe 1 ist 1 Beitrag zurückgezogen." in visit(organizer, manage).text

    visit(organizer, manage).form(manage).send(status=303)
    work(conference)
    assert "ist fällig" not in visit(organizer, "/verwaltung/").text
    page = visit(resident, public)
    assert page.text.index("Ausgabe 2 vom") < page.text.index("Ausgabe 1 vom")
    assert "1 Beitrag zurückgezogen" in page.text
    assert resident.get(page.links()["CSV-Tabelle, Ausgabe 2"]).status_code == 200


def work(conference):
    """What the worker does when it is woken."""
    while found := edition_files.claim_next():
        edition_files.make(found[0], results.QUICK)


def test_two_hosts_with_equal_names_keep_their_results_apart(app, client, host):
    other = make.host(key="altstadt", name="Altstadt")
    here, there = (results.over(of=town, key="zukunft") for town in (host, other))
    results.voice(here, "Nur in der Neustadt gesagt.")
    results.voice(there, "Nur in der Altstadt gesagt.")
    results.published(here)
    results.published(there)
    # A second edition here: its number does not exist there.
    results.published(here)

    for town, own, foreign in (("neustadt", "Neustadt", "Altstadt"), ("altstadt", "Altstadt", "Neustadt")):
        public = f"/{town}/zukunft/dokumentation"
        for place in ("/1", "/1/ergebnisse.csv", "/1/ergebnisse.json", "/1/ergebnisse.pdf"):
            told = client.get(public + place).data.decode()
            assert (f"Nur in der {own} gesagt." in told, f"Nur in der {foreign} gesagt." in told) == (
                True,
                False,
            )
    for place in ("/2", "/2/ergebnisse.csv", "/2/ergebnisse.json", "/2/ergebnisse.pdf"):
        assert client.get(f"/altstadt/zukunft/dokumentation{place}").status_code == 404

    stranger = signed_in(
        app, make.staff_member(StaffRole.HOST_ADMIN, other, email="leitung@altstadt.example")
    )
    for place in ("", "/stand"):
        assert stranger.get(f"/verwaltung/neustadt/zukunft/dokumentation{place}").status_code == 403
    assert stranger.post("/verwaltung/neustadt/zukunft/dokumentation/1/pdf/noch-einmal").status_code == 403
