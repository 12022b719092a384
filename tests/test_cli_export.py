"""`flask export results`: the stored bytes of the latest edition in a file, or a sentence and nothing."""

import json
import os
import stat
import threading

import pytest
from sqlalchemy import func, select

from app import cli_export
from app.database import db
from app.domain import edition_files, editions, taking_back
from app.domain.edition_files import DISK_FULL, Renderer
from app.models import ConferenceStatus, Contribution, Edition, FileFormat, FileState
from tests import make, results

FORMATS = ["pdf", "csv", "json"]


@pytest.fixture
def conference(app):
    host = make.host(key="neustadt", name="Neustadt")
    return results.rich(of=host, key="zukunft", title="Zukunft im Quartier")


@pytest.fixture
def quick(monkeypatch):
    """A small renderer stands in for the one of documents."""
    monkeypatch.setattr(cli_export, "RENDERERS", results.QUICK)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["export", *map(str, arguments)])


def export(app, out, kind="json", place="neustadt/zukunft"):
    return run(app, "results", place, "--format", kind, "--out", out)


def stored(kind):
    db.session.rollback()
    edition = db.session.scalars(select(Edition).order_by(Edition.number.desc())).first()
    return results.file_of(edition, FileFormat(kind)).stored_file.content


@pytest.mark.parametrize("kind", FORMATS)
def test_the_first_edition_is_published_and_written(app, conference, quick, tmp_path, kind):
    out = tmp_path / f"ergebnisse.{kind}"

    result = export(app, out, kind)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Ausgabe 1 ist geschrieben: {out} ({out.stat().st_size} Bytes)\n"
    assert out.read_bytes() == stored(kind)
    assert db.session.scalar(select(func.count(Edition.id))) == 1
    assert conference.status is ConferenceStatus.PUBLISHED
    assert sorted(tmp_path.iterdir()) == [out]


def test_further_exports_write_the_same_edition(app, conference, quick, tmp_path):
    contents = []
    for place in ("a.json", "b.json"):
        export(app, tmp_path / place)
        contents.append((tmp_path / place).read_bytes())
        results.voice(conference, "Später dazugekommen.")

    assert contents[0] == contents[1]
    assert "Später" not in contents[1].decode()
    assert db.session.scalar(select(func.count(Edition.id))) == 1


def test_the_latest_edition_is_written(app, conference, quick, tmp_path):
    results.published(conference)
    results.published(conference)

    result = export(app, tmp_path / "x.json")

    assert result.stdout.startswith("Ausgabe 2 ist geschrieben")
    assert json.loads((tmp_path / "x.json").read_text())["edition"]["number"] == 2


def test_the_document_itself_is_made_in_the_foreground(app, conference, tmp_path):
    result = export(app, tmp_path / "x.pdf", "pdf")

    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "x.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("neustadt", "„neustadt“ ist keine Adresse. Erwartet wird zum Beispiel: rheine/rheine-2023\n"),
        ("/", "„/“ ist keine Adresse. Erwartet wird zum Beispiel: rheine/rheine-2023\n"),
        (
            "altstadt/zukunft",
            "Es gibt keine Stadt mit der Adresse altstadt. Alle nennt: ./run flask host list\n",
        ),
        (
            "neustadt/gestern",
            "Neustadt hat keine Konferenz mit der Adresse gestern. Dort gibt es: zukunft.\n",
        ),
    ],
)
def test_a_place_that_is_not_there_is_told(app, conference, quick, tmp_path, place, sentence):
    result = export(app, tmp_path / "x.json", place=place)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", sentence)
    assert list(tmp_path.iterdir()) == []
    assert db.session.scalar(select(func.count(Edition.id))) == 0


def test_a_conference_of_another_host_is_not_found(app, conference, quick, tmp_path):
    results.over(of=make.host(key="altstadt", name="Altstadt"), key="anderes")

    result = export(app, tmp_path / "x.json", place="altstadt/zukunft")

    assert result.exit_code == 1
    assert result.stderr == ("Altstadt hat keine Konferenz mit der Adresse zukunft. Dort gibt es: anderes.\n")


def test_two_hosts_with_the_same_conference_get_their_own(app, conference, quick, tmp_path):
    other = results.over(of=make.host(key="altstadt", name="Altstadt"), key="zukunft", title="Andere")
    results.voice(other, "Nur in der Altstadt.")

    for place in ("neustadt/zukunft", "altstadt/zukunft"):
        for kind in ("json", "csv"):
            export(app, tmp_path / f"{place.partition('/')[0]}.{kind}", kind, place)

    for kind in ("json", "csv"):
        here, there = ((tmp_path / f"{key}.{kind}").read_text() for key in ("neustadt", "altstadt"))
        assert ("Nur in der Altstadt." in here, "Nur in der Altstadt." in there) == (False, True)
        assert ("Mehr Bänke im Park." in here, "Mehr Bänke im Park." in there) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("results", "neustadt/zukunft", "--out", "x"), "--format"),
        (("results", "neustadt/zukunft", "--format", "docx", "--out", "x"), "docx"),
        (("results", "neustadt/zukunft", "--format", "csv"), "--out"),
    ],
)
def test_what_is_missing_is_named(app, conference, arguments, named):
    result = run(app, *arguments)

    assert result.exit_code == 2
    assert named in result.stderr
    assert db.session.scalar(select(func.count(Edition.id))) == 0


def test_a_folder_that_is_not_there_is_told_before_anything_is_published(app, conference, quick, tmp_path):
    result = export(app, tmp_path / "gibt" / "es" / "nicht.json")

    assert (result.exit_code, result.stderr) == (1, f"Den Ordner {tmp_path / 'gibt' / 'es'} gibt es nicht.\n")
    assert db.session.scalar(select(func.count(Edition.id))) == 0


def test_a_folder_one_may_not_write_to_is_told(app, conference, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)

    result = export(app, tmp_path / "x.json")

    assert result.exit_code == 1
    assert result.stderr == f"In den Ordner {tmp_path} darf hier nicht geschrieben werden.\n"


def test_a_disk_that_is_full_while_writing_leaves_what_was_there(
    app, conference, quick, tmp_path, monkeypatch
):
    out = tmp_path / "x.json"
    out.write_text("von gestern")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = export(app, out)

    assert result.exit_code == 1
    assert result.stderr == (
        f"{out} konnte nicht geschrieben werden: No space left on device. Es ist nichts geändert.\n"
    )
    assert (out.read_text(), list(tmp_path.iterdir())) == ("von gestern", [out])


def test_a_file_that_is_there_is_replaced_with_ordinary_rights(app, conference, quick, tmp_path):
    out = tmp_path / "x.json"
    out.write_text("von gestern")

    export(app, out)

    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o666 & ~mask
    assert out.read_bytes() == stored("json")


def test_a_file_that_cannot_be_made_is_told_and_tried_again_next_time(app, conference, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "voll")

    broken = {**results.QUICK, FileFormat.CSV: Renderer(full, "text/csv")}
    monkeypatch.setattr(cli_export, "RENDERERS", broken)
    first = export(app, tmp_path / "x.csv", "csv")
    monkeypatch.setattr(cli_export, "RENDERERS", results.QUICK)
    second = export(app, tmp_path / "x.csv", "csv")

    assert (first.exit_code, first.stderr) == (1, f"{DISK_FULL}\n")
    assert (second.exit_code, second.stderr) == (0, "")
    assert db.session.scalar(select(func.count(Edition.id))) == 1


def test_an_edition_with_something_withdrawn_is_not_written(app, conference, quick, tmp_path):
    results.published(conference)
    taking_back.withdraw(
        db.session.scalars(
            select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 1)
        ).one()
    )

    result = export(app, tmp_path / "x.json")

    assert result.exit_code == 1
    assert result.stderr.startswith("Aus Ausgabe 1 ist etwas zurückgezogen worden.")
    assert list(tmp_path.iterdir()) == []


def test_a_draft_is_not_written(app, quick, tmp_path):
    draft = results.over(status=ConferenceStatus.DRAFT)

    result = export(app, tmp_path / "x.json", place=f"{draft.host.key}/{draft.key}")

    assert result.exit_code == 1
    assert result.stderr.startswith("Diese Konferenz ist nicht öffentlich.")


def test_a_file_that_a_worker_makes_just_now_is_waited_for(app, conference, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(cli_export, "LOOK_EVERY_SECONDS", 0.05)
    edition = editions.freeze(conference)
    claimed = edition_files.claim(results.file_of(edition, FileFormat.JSON).id)

    def finish():
        with app.app_context():
            edition_files.make(claimed, results.QUICK)

    worker = threading.Timer(0.4, finish)
    worker.start()
    db.session.rollback()
    result = export(app, tmp_path / "x.json")
    worker.join()

    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "x.json").read_bytes() == stored("json")


def test_a_worker_that_never_finishes_is_not_waited_for_forever(
    app, conference, quick, tmp_path, monkeypatch
):
    monkeypatch.setattr(cli_export, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(cli_export, "LOOK_EVERY_SECONDS", 0.05)
    edition = editions.freeze(conference)
    edition_files.claim(results.file_of(edition, FileFormat.JSON).id)

    result = export(app, tmp_path / "x.json")

    assert (result.exit_code, result.stderr) == (
        1,
        "Die Datei ist nicht fertig geworden. Versuchen Sie es noch einmal.\n",
    )
    assert results.file_of(edition, FileFormat.JSON).state is FileState.RENDERING


def test_an_empty_conference_gives_a_valid_file(app, quick, tmp_path):
    empty = results.over()

    result = export(app, tmp_path / "x.json", place=f"{empty.host.key}/{empty.key}")

    assert result.exit_code == 0
    assert json.loads((tmp_path / "x.json").read_text())["contributions"] == []
