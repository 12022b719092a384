"""`flask export conference` as somebody types it: a file, standard output, or a sentence and nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet
from flask import Flask
from sqlalchemy import select

from app import demo
from app.database import db
from app.domain import hosts, importing, secrets
from app.domain.importing.reading import read
from app.models import Host
from tests.domain.importing.rheine import FILE, TEXT, changed, imported, rows


@pytest.fixture(autouse=True)
def rheine(app: Flask) -> None:
    importing.conference(FILE)


def export(app: Flask, *arguments: object) -> Any:
    return app.test_cli_runner().invoke(args=["export", "conference", *map(str, arguments)])


def test_export_conference_writes_to_standard_output(app: Flask) -> None:
    result = export(app, "rheine/rheine-2023")

    assert (result.exit_code, result.stderr) == (0, "")
    assert read("x", result.stdout_bytes).value == read("x", TEXT.encode()).value


def test_export_conference_writes_to_a_file_and_changes_no_row(app: Flask, tmp_path: Path) -> None:
    before = rows()
    out = tmp_path / "rheine.yaml"
    out.write_text("vorher", encoding="utf-8")

    result = export(app, "rheine/rheine-2023", "--out", out)

    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout == f"Sozialkonferenz Rheine 2023 ist geschrieben: {out} ({out.stat().st_size} Bytes)\n"
    )
    assert out.read_bytes() == export(app, "rheine/rheine-2023").stdout_bytes
    assert list(tmp_path.iterdir()) == [out]
    assert rows() == before


def test_export_conference_puts_the_logo_beside_the_file(app: Flask, tmp_path: Path) -> None:
    picture = (demo.FOLDER / "rheine-logo.png").read_bytes()
    hosts.set_logo(db.session.scalars(select(Host)).one(), "rheine-logo.png", picture)
    out = tmp_path / "rheine.yaml"

    result = export(app, "rheine/rheine-2023", "--out", out)

    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "rheine-logo.png").read_bytes() == picture
    assert importing.check("rheine.yaml", out.read_bytes(), tmp_path) == []
    printed = export(app, "rheine/rheine-2023")
    assert "logo" not in printed.stdout
    assert printed.stderr == "Das Logo gehört in eine eigene Datei; mit --out liegt es daneben.\n"


def test_export_conference_never_overwrites_another_picture(app: Flask, tmp_path: Path) -> None:
    picture = (demo.FOLDER / "rheine-logo.png").read_bytes()
    hosts.set_logo(db.session.scalars(select(Host)).one(), "logo.png", picture)
    (tmp_path / "logo.png").write_bytes(b"etwas anderes")

    result = export(app, "rheine/rheine-2023", "--out", tmp_path / "rheine.yaml")

    assert result.exit_code == 1
    assert "logo.png ist schon eine andere Datei" in result.stderr
    assert (tmp_path / "logo.png").read_bytes() == b"etwas anderes"
    assert not (tmp_path / "rheine.yaml").exists()


def test_export_conference_with_contacts_says_them(app: Flask) -> None:
    imported(changed(("contact: {type: phone}", 'contact: {type: phone, value: "05971 000-222"}')))

    assert "000-222" not in export(app, "rheine/rheine-2023").stdout
    assert "000-222" in export(app, "rheine/rheine-2023", "--with-contacts").stdout


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("rheine", "„rheine“ ist keine Adresse."),
        ("nirgends/x", "Es gibt keine Stadt mit der Adresse nirgends."),
        ("rheine/x", "Stadt Rheine hat keine Konferenz mit der Adresse x. Dort gibt es: rheine-2023."),
    ],
)
def test_export_conference_at_a_wrong_address_is_a_sentence(app: Flask, place: str, sentence: str) -> None:
    result = export(app, place)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(sentence)


def test_export_conference_into_a_folder_that_is_missing_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    result = export(app, "rheine/rheine-2023", "--out", tmp_path / "fehlt" / "x.yaml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Den Ordner {tmp_path / 'fehlt'} gibt es nicht.\n"


def test_export_conference_with_another_key_is_a_sentence(app: Flask) -> None:
    vault = secrets._keys.vault
    try:
        secrets._keys.vault = MultiFernet([Fernet(Fernet.generate_key())])
        result = export(app, "rheine/rheine-2023")
    finally:
        secrets._keys.vault = vault

    assert (result.exit_code, result.stdout) == (1, "")
    assert "DATA_KEY passt nicht" in result.stderr
