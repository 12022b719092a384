"""What was erased on time does not come back with the file it once came from, and still can be exported."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.database import db, now
from app.domain import exporting, import_records, retention
from app.models import Registration
from tests.domain.importing.rheine import TEXT, changed, imported
from tests.domain.importing.test_importing import the_conference
from tests.erasing import aggregates


def test_a_changed_file_brings_back_nobody_and_counts_nobody_twice(app: Flask) -> None:
    imported()
    conference = the_conference()
    before = aggregates(conference)
    assert "Oma G." in str([row.display_name for row in db.session.scalars(select(Registration))])
    report = retention.run(conference.host, now()).report
    assert [(line["purpose"], line["count"]) for line in report] == [
        ("file_needs", 1),
        ("never_placed", 1),
        ("files", 1),
        ("consents", 10),
        ("people", 13),
    ]

    again = imported(changed(("Oma G.", "Oma Gerda"), text=TEXT))

    assert "Anmeldungen dieser Konferenz sind fristgerecht gelöscht und bleiben es." in str(again)
    assert aggregates(conference) == before
    assert {
        (row.display_name, row.key, row.link_nonce) for row in db.session.scalars(select(Registration))
    } == {("", None, "")}


def test_an_export_after_erasing_names_nobody(app: Flask) -> None:
    imported()
    conference = the_conference()
    retention.run(conference.host, now())

    text = exporting.conference(conference, with_contacts=True).text

    assert [word for word in ("Oma G.", "Kalle", "BAUM-47", "needs:") if word in text] == []
    stored = import_records.last(conference.id)
    assert stored is not None
    assert not import_records.tells_registrations(stored[1])
