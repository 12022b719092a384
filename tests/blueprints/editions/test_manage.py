"""Publishing results: the preview, the form, files being made."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, now
from app.domain import edition_files, editions, local_time, taking_back
from app.domain.edition_files import DISK_FULL, Renderer
from app.models import Contribution, ContributionStatus, Edition, FileFormat, FileState, StaffRole
from tests import make, results
from tests.browse import visit
from tests.visitor import Visitor


@pytest.fixture
def place(conference):
    return f"/verwaltung/{conference.host.key}/{conference.key}/dokumentation"


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count(Edition.id)))


def raising(fault):
    def render(*_):
        raise fault

    return Renderer(render, "application/pdf")


def test_manage_shows_what_would_be_published_and_what_stays_out(staff, place):
    page = visit(staff, place)

    assert page.h1 == "Dokumentation"
    text = page.text
    assert "Was in Ausgabe 1 stünde" in text
    assert "Empfehlung 1 Beiträge 3 Thema 1 Protokoll 1 nur noch als Nummer (zurückgezogen) 1" in text
    assert (
        "Das bleibt draußen 1 Beitrag ohne Entscheidung 2 nicht veröffentlichte Beiträge "
        "1 Empfehlung, die noch nicht öffentlich ist "
        "1 Protokoll, bei dem die Leitung der Gruppe noch nicht einverstanden ist"
    ) in text
    assert page.form().values["number"] == "1"
    three_weeks = local_time.day_of(now()) + timedelta(weeks=3)
    assert page.form().values["correction_until"] == three_weeks.isoformat()


def test_manage_publishes_and_shows_the_files_being_made(staff, conference, place):
    page = visit(staff, place).form().send(note="Erste Fassung.", status=303).follow()

    edition = editions.latest_of(conference)
    assert (edition.number, edition.note) == (1, "Erste Fassung.")
    assert "Ausgabe 1 ist veröffentlicht. Die Dateien werden erstellt." in page.text
    assert "PDF: wartet" in page.text
    assert len(page.all("progress")) == 3
    # Without scripts there is a link, with scripts the page asks by itself.
    assert page.links()["Stand neu laden"] == place
    assert page.one(data_progress=f"{place}/stand") is not None
    assert [element.get("src").rpartition("/")[2] for element in page.all("script", defer="")] != []


def test_manage_with_finished_files_asks_no_more(staff, edition, place):
    page = visit(staff, place)

    assert "Stand neu laden" not in page.links()
    assert page.all("progress") == []
    assert page.links()["PDF"].endswith("/dokumentation/1/ergebnisse.pdf")
    assert not any("progress.js" in element.get("src", "") for element in page.all("script"))


def test_manage_sent_twice_publishes_once(staff, conference, place):
    form = visit(staff, place).form()

    first, second = form.send(status=303), form.send(status=303)

    assert first.location == second.location == place
    assert count() == 1


def test_manage_opened_before_somebody_else_published_gives_that_edition(staff, conference, place):
    form = visit(staff, place).form()
    editions.freeze(conference, note="Von jemand anderem.")

    page = form.send(note="Meine Fassung.", status=303).follow()

    assert count() == 1
    assert editions.latest_of(conference).note == "Von jemand anderem."
    assert "Ausgabe 1" in page.text


@pytest.mark.parametrize("number", ["", "2", "abc", "-1", "99999999999999999999", "١"])
def test_manage_with_a_number_that_is_none_is_refused(staff, place, number):
    page = visit(staff, place).form().send(number=number, status=422)

    assert list(page.errors()) == [""] or page.errors()
    assert count() == 0


def test_manage_with_a_deadline_that_has_passed_keeps_what_was_typed(staff, place):
    page = visit(staff, place).form().send(note="Bleibt stehen.", correction_until="2020-01-01", status=422)

    assert page.errors() == {
        "correction_until": "Dieser Tag ist vorbei. Bitte nennen Sie einen Tag, bis zu dem man noch etwas melden kann."
    }
    assert page.form().values["note"] == "Bleibt stehen."


def test_manage_without_a_deadline_is_fine(staff, conference, place):
    visit(staff, place).form().send(correction_until="", status=303)

    assert editions.latest_of(conference).correction_until is None


def test_manage_of_a_draft_says_what_comes_first(app, staff, place, conference):
    from app.database import transaction
    from app.models import Conference, ConferenceStatus

    with transaction():
        db.session.get_one(Conference, conference.id).status = ConferenceStatus.DRAFT

    page = visit(staff, place)

    assert "Diese Konferenz ist nicht öffentlich." in page.text
    assert page.form().send(status=422).errors()[""].startswith("Diese Konferenz ist nicht öffentlich.")
    assert count() == 0


def test_manage_of_an_empty_conference_says_that_it_would_be_short(app):
    conference = results.over()
    client = Visitor(app)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    place = f"/verwaltung/{conference.host.key}/{conference.key}/dokumentation"

    assert "Eine Ausgabe wäre jetzt sehr kurz." in visit(client, place).text
    visit(client, place).form().send(status=303).follow()

    assert count() == 1


def test_manage_says_that_the_next_edition_is_due_and_why(staff, conference, edition, place):
    assert "Ausgabe 1 ist aktuell." in visit(staff, place).text

    results.voice(conference, "Später dazugekommen.")
    assert "Die nächste Ausgabe ist fällig Seit Ausgabe 1: 1 neuer Beitrag" in visit(staff, place).text

    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 3)
        ).one()
    )
    text = visit(staff, place).text
    assert "Aus Ausgabe 1 ist 1 Beitrag zurückgezogen. Die Dateien dieser Ausgabe sind entfernt." in text
    assert "1 Beitrag zurückgezogen" in text


def test_progress_tells_the_state_of_each_file(staff, conference, place):
    edition = editions.freeze(conference)
    pdf = results.file_of(edition, FileFormat.PDF)
    claimed = edition_files.claim(pdf.id)
    edition_files.beat(claimed, 3, 7)

    answer = staff.get(f"{place}/stand")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["pending"] is True
    assert {
        "id": pdf.id,
        "state": "rendering",
        "words": "wird erstellt",
        "done": 3,
        "total": 7,
    } in answer.json["files"]
    assert [file["state"] for file in answer.json["files"]].count("queued") == 2


def test_retry_makes_a_failed_file_again(staff, conference, place):
    edition = editions.freeze(conference)
    pdf = results.file_of(edition, FileFormat.PDF)
    edition_files.render(pdf.id, {**results.QUICK, FileFormat.PDF: raising(OSError(28, "voll"))})

    page = visit(staff, place)
    assert str(DISK_FULL) in page.text
    page.form(f"{place}/1/pdf/noch-einmal").send(status=303).follow()

    assert results.file_of(edition, FileFormat.PDF).state is FileState.QUEUED


def test_retry_of_a_removed_file_says_why_not(staff, conference, edition, place):
    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 1)
        ).one()
    )

    staff.post(f"{place}/1/pdf/noch-einmal")

    assert "Aus Ausgabe 1 ist etwas zurückgezogen worden." in visit(staff, place).text
    assert results.file_of(edition, FileFormat.PDF).state is FileState.REMOVED


def test_somebody_without_a_role_here_is_refused(app, conference, place):
    stranger = Visitor(app)
    make.sign_in(stranger, make.staff_member(StaffRole.ORGANIZER, make.host()))

    assert stranger.get(place).status_code == 403
    assert stranger.post(place, data={"number": "1"}).status_code == 403
    assert count() == 0


def test_the_start_page_says_that_an_edition_is_due_or_a_file_failed(staff, conference, edition, place):
    assert place not in visit(staff, "/verwaltung/").links().values()

    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 1)
        ).one()
    )
    page = visit(staff, "/verwaltung/")
    assert (
        "Zukunft im Quartier: Die nächste Ausgabe der Ergebnisse ist fällig, "
        "weil aus Ausgabe 1 etwas zurückgezogen wurde."
    ) in page.text
    assert page.links()["Zur Dokumentation Zukunft im Quartier"] == place

    second = editions.freeze(conference)
    edition_files.render(
        results.file_of(second, FileFormat.PDF).id, {**results.QUICK, FileFormat.PDF: raising(MemoryError())}
    )
    text = visit(staff, "/verwaltung/").text
    assert "ist fällig" not in text
    assert "Zukunft im Quartier: 1 Datei der Ergebnisse konnte nicht erstellt werden." in text


def test_manage_names_the_signs_the_pdf_cannot_show(staff, conference, place):
    shown = (Contribution.number.is_not(None), Contribution.status == ContributionStatus.PUBLISHED)
    voice = db.session.scalars(select(Contribution).where(*shown).order_by(Contribution.number)).first()
    assert voice is not None
    voice.text = "ሰላም"
    db.session.commit()

    text = visit(staff, place).text

    assert "Diese Zeichen kann das PDF nicht zeigen" in text
    assert f"U+1230 (ETHIOPIC SYLLABLE SA) in Beitrag {voice.number}" in text


def test_manage_says_nothing_of_signs_where_all_can_be_shown(staff, place):
    assert "Diese Zeichen kann das PDF nicht zeigen" not in visit(staff, place).text
