"""Exporting Rheine: the file comes back as it was, field by field, and once more byte by byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select

from app import demo
from app.database import db, transaction
from app.domain import exporting, import_records, importing, moderation, secrets, taking_back
from app.domain.importing.reading import read
from app.models import (
    Conference,
    Contribution,
    ContributionStatus,
    ImportRecord,
    Recommendation,
    RecommendationStatus,
    StatusUpdate,
    Translated,
)
from tests.domain.importing.rheine import FILE, TEXT, changed, imported, rows
from tests.domain.importing.test_importing import the_conference


def exported(conference: Conference | None = None, **options: Any) -> str:
    """The text of a conference, the Rheine one where none is named."""
    return exporting.conference(conference or the_conference(), **options).text


def values(text: str) -> dict[str, Any]:
    """The values of a file."""
    return read("export.yaml", text.encode()).value


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every single value of a tree under its place."""
    if isinstance(value, dict) and value:
        return {k: v for name, inner in value.items() for k, v in flat(inner, f"{path}.{name}").items()}
    if isinstance(value, list) and value:
        return {k: v for i, inner in enumerate(value) for k, v in flat(inner, f"{path}[{i}]").items()}
    return {path: (type(value).__name__, value)}


def contribution(key: str) -> Contribution:
    return db.session.scalars(select(Contribution).where(Contribution.key == key)).one()


def recommendation(key: str) -> Recommendation:
    return db.session.scalars(select(Recommendation).where(Recommendation.key == key)).one()


def entry(text: str, section: str, key: str) -> dict[str, Any]:
    """One entry of a section of a file."""
    found: dict[str, Any] = next(entry for entry in values(text)[section] if entry["id"] == key)
    return found


def test_import_of_an_export_is_the_file_field_by_field(app: Flask) -> None:
    importing.conference(FILE)

    made = values(exported())

    assert flat(made) == flat(values(TEXT))
    assert len(flat(made)) > 1_400
    assert (len(made["contributions"]), len(made["recommendations"])) == (48, 15)


def test_export_imported_into_an_empty_database_is_the_same_byte_by_byte(app: Flask) -> None:
    importing.conference(FILE)
    first = exported()
    _empty()

    imported(first)

    assert exported() == first
    assert exported() == exported()


def _empty() -> None:
    from app.database import metadata

    with transaction():
        for table in reversed(metadata.sorted_tables):
            db.session.execute(table.delete())
