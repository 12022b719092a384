"""The Rheine file for tests: whole, changed in places, and what stands in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app import demo
from app.database import db, metadata
from app.domain import importing
from app.domain.importing import Finding, Report

FILE = demo.FOLDER / "rheine-2023.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def changed(*replacements: tuple[str, str], text: str = TEXT) -> str:
    """The file with each first occurrence replaced; what is to be replaced must be there."""
    for old, new in replacements:
        assert old in text, f"not in the file: {old}"
        text = text.replace(old, new, 1)
    return text


def without_line(beginning: str, text: str = TEXT) -> str:
    """The file without the one line that begins so."""
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(beginning)]
    assert len(kept) == len(lines) - 1, f"not exactly one line begins so: {beginning}"
    return "".join(kept)


def line_of(part: str, text: str = TEXT) -> int:
    """The number of the first line that holds `part`."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def findings(text: str | bytes, folder: Path | None = demo.FOLDER) -> list[Finding]:
    """What is wrong in a file."""
    return importing.check("rheine.yaml", text.encode() if isinstance(text, str) else text, folder)


def imported(text: str = TEXT, **options: Any) -> Report:
    """Import a text as a file that lies beside the demo."""
    return importing.conference_from("rheine.yaml", text.encode(), demo.FOLDER, **options)


def rows() -> list[tuple[Any, ...]]:
    """Every row of every table, as the database holds it now."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return [
            (table.name, *row)
            for table in metadata.sorted_tables
            for row in connection.execute(table.select().order_by(*table.primary_key.columns))
        ]
