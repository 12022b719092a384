"""Exporting Rheine: the file comes back as it was, field by field, and once more byte by byte."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.database import db, metadata, now, transaction
from app.domain import (
    exporting,
    import_records,
    importing,
    local_time,
    moderation,
    secrets,
    taking_back,
)
from app.domain.importing.plans import digest
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
    with transaction():
        for table in reversed(metadata.sorted_tables):
            db.session.execute(table.delete())


def test_export_shows_what_was_changed_in_the_application(app: Flask) -> None:
    importing.conference(FILE)
    with transaction():
        the_conference().title = Translated({"de": "Sozialkonferenz", "ar": "مؤتمر"})
        step = recommendation("E08")
        step.status = RecommendationStatus.PLANNED
        step.history.append(
            StatusUpdate(
                host_id=step.host_id,
                conference_id=step.conference_id,
                status=RecommendationStatus.PLANNED,
                happened_on=date(2025, 2, 3),
                text="Im Haushalt",
                decided_by="Rat",
            )
        )
    moderation.publish(contribution("I47"))

    text = exported()

    assert values(text)["conference"]["title"] == {"de": "Sozialkonferenz", "ar": "مؤتمر"}
    published = entry(text, "contributions", "I47")
    assert (published["status"], published["decided_on"]) == ("published", f"{local_time.day_of(now())}")
    planned = entry(text, "recommendations", "E08")
    assert "status_note" not in planned
    assert planned["status"] == "planned"
    assert planned["history"] == [
        {"status": "deferred", "on": "2023-07-14", "text": "Haushaltslage, neue Prüfung 2025 (Demo)"},
        {"status": "planned", "on": "2025-02-03", "text": "Im Haushalt", "decided_by": "Rat"},
    ]
    before, after = flat(values(TEXT)), flat(values(text))
    touched = {place.split("[")[0] for place in before if before[place] != after.get(place)}
    assert touched == {".conference.title", ".contributions", ".recommendations"}


def test_withdrawn_contribution_is_nowhere_in_export_and_record(app: Flask) -> None:
    text = changed(
        (
            'text: "Beratung in der Kita, da bin',
            'x_card: "Kita-Zettel 17", text: "Beratung in der Kita, da bin',
        )
    )
    imported(text)
    number = contribution("I17").number

    taking_back.withdraw(contribution("I17"))

    made = exported()
    assert "Beratung in der Kita" in text
    assert entry(made, "contributions", "I17") == {
        "id": "I17",
        "number": number,
        "channel": "card",
        "lang": "de",
        "group": "ag4",
        "kind": "idea",
        "cluster": "c7",
        "status": "withdrawn",
        "withdrawn_at": f"{local_time.day_of(now())}",
    }
    assert "taken_back:I17" in entry(made, "recommendations", "E01")["evidence"]
    remembered = secrets.decrypt(db.session.scalars(select(ImportRecord)).one().kept)
    digests = {digest("Beratung in der Kita, da bin ich sowieso jeden Tag.")}
    for trace in ("Beratung in der Kita", "Kita-Zettel", *digests):
        assert trace not in made
        assert trace not in remembered
    _empty()
    imported(made)
    assert exported() == made
    assert [contribution(key).number for key in ("I16", "I17", "I18", "I48")] == [16, 17, 18, 43]


def test_withdrawn_contribution_stays_so_when_the_old_file_comes_again(app: Flask) -> None:
    importing.conference(FILE)
    taking_back.withdraw(contribution("I17"))

    report = imported(
        changed(("title: Familien-App", "title: App"), ("da bin ich sowieso", "da bin ich immer"))
    )

    assert "Der Beitrag I17 wurde zurückgezogen und bleibt es." in report.notes
    row = contribution("I17")
    assert (row.status, row.text, row.search_words) == (ContributionStatus.WITHDRAWN, None, "")
    assert "in der Kita, da" not in str(rows())
    stored = import_records.last(the_conference().id)
    assert stored is not None
    assert "da bin ich immer" not in json.dumps(stored[1], ensure_ascii=False)
    assert stored[1]["applied"]["contribution/I17"] == {}
    assert "I17" not in stored[1]["file"]["contributions"]
    assert "da bin ich" not in exported()
    assert importing.conference(FILE).counts["Beiträge"] == {"unverändert": 48}


def test_file_that_withdraws_takes_the_words_everywhere(app: Flask) -> None:
    importing.conference(FILE)
    line = 'status: published, text: "Beratung in der Kita, da bin ich sowieso jeden Tag."'

    imported(
        changed(
            (line, "status: withdrawn, withdrawn_at: 2023-09-01, text: null"),
            ("evidence: [I05, I07, I17,", 'evidence: [I05, I07, "taken_back:I17",'),
        )
    )

    row = contribution("I17")
    assert (row.status, row.text) == (ContributionStatus.WITHDRAWN, None)
    assert "Beratung in der Kita, da" not in str(rows())
