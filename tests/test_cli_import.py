"""The commands `flask import …` and `flask demo load` as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from jsonschema import Draft202012Validator

from app import demo
from app.domain import secrets
from tests.domain.importing.rheine import FILE, TEXT, changed, rows


def test_import_conference_prints_the_report(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["import", "conference", str(FILE)])

    assert result.exit_code == 0
    assert result.stdout.startswith("rheine-2023.yaml: gespeichert.\nSozialkonferenz Rheine 2023")
    assert "Leichte Sprache, Türkisch, Ukrainisch, Englisch." in result.stdout
    assert result.stderr == ""


def test_import_conference_dry_run_changes_nothing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["import", "conference", str(FILE), "--dry-run"])

    assert result.exit_code == 0
    assert "nichts gespeichert (Probelauf)" in result.stdout
    assert rows() == []


def test_import_conference_with_mistakes_names_them_and_ends_with_1(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kaputt.yaml"
    file.write_text(
        changed(("capacity: 16", "capacity: viele"), ("kind: city_conference", "kind: stadt")),
        encoding="utf-8",
    )

    result = app.test_cli_runner().invoke(args=["import", "conference", str(file)])

    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "kaputt.yaml, Zeile 12, conference.kind",
        "kaputt.yaml, Zeile 63, working_groups[0].capacity",
        "Es hat sich nichts geändert.",
    ]
    assert rows() == []


def test_import_conference_without_a_file_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["import", "conference", str(tmp_path / "fehlt.yaml")])

    assert result.exit_code == 1
    assert "keine Datei mit diesem Namen" in result.stderr


def test_import_conference_of_a_demo_in_production_is_refused(app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "APP_ENV", "production")

    result = app.test_cli_runner().invoke(args=["import", "conference", str(FILE)])

    assert result.exit_code == 1
    assert "In einer Produktion gibt es keine Demos" in result.stderr
    assert rows() == []


def test_import_conference_without_the_data_key_is_a_sentence(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["import", "conference", str(FILE)])
    before = rows()

    with another_data_key():
        result = runner.invoke(args=["import", "conference", str(FILE)])

    assert result.exit_code == 1
    assert result.stderr.startswith("Der Schlüssel DATA_KEY passt nicht")
    assert rows() == before


@contextmanager
def another_data_key() -> Iterator[None]:
    """As after a move without the old `.env`."""
    kept = secrets._keys.vault
    secrets.configure(pepper=secrets._keys.pepper.decode(), data_key=Fernet.generate_key().decode())
    try:
        yield
    finally:
        secrets._keys.vault = kept


def test_import_schema_prints_a_json_schema_the_demo_fits(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["import", "schema"])

    printed = json.loads(result.stdout)
    Draft202012Validator.check_schema(printed)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(printed["properties"]) >= {
        "municipality",
        "conference",
        "agenda",
        "working_groups",
        "registrations",
    }


def test_demo_load_prints_logins_once(app: Flask) -> None:
    runner = app.test_cli_runner()

    first = runner.invoke(args=["demo", "load"])
    before = rows()
    second = runner.invoke(args=["demo", "load"])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.count("Passwort: ") == 3
    assert "Code: " in first.stdout
    assert second.stdout == "Die Datenbank ist nicht leer: Die Demos wurden nicht geladen.\n"
    assert rows() == before


def test_demo_load_in_production_is_refused(app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "APP_ENV", "production")

    result = app.test_cli_runner().invoke(args=["demo", "load"])

    assert result.exit_code == 1
    assert "keine Demos" in result.stderr
    assert rows() == []


def test_demo_folder_holds_what_the_file_names() -> None:
    assert "social_spaces_file: sozialraeume.geojson" in TEXT
    assert (demo.FOLDER / "sozialraeume.geojson").is_file()
