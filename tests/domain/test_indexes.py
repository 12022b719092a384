"""What the worker asks each minute, and what is asked within the lock of a conference, reads no whole table."""

import re
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.database import db, now
from app.domain import admission, offers, outbox, registrations, seats
from app.domain.errors import UnknownCode
from app.models import ContactChannel
from tests import make

# Tables that grow with each household.
GROWING = ("registration", "participant", "seat", "message", "registration_event")


def _whole_tables(engine, ask) -> list[str]:
    """Statements of `ask` whose plan reads a growing table from end to end."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.lstrip().startswith(("SELECT", "UPDATE")):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    db.session.rollback()
    is_sqlite = engine.dialect.name == "sqlite"
    found = []
    with engine.connect() as connection:
        if not is_sqlite:
            # With few rows reading them all is best; the question is whether it could be avoided.
            connection.execute(text("SET enable_seqscan = off"))
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(
                f"{'EXPLAIN QUERY PLAN' if is_sqlite else 'EXPLAIN'} {statement}", parameters
            ).all()
            lines = " / ".join(str(row[-1]) for row in plan)
            scan = r"SCAN {0}\b" if is_sqlite else r"Seq Scan on {0}\b"
            if any(re.search(scan.format(table), lines) for table in GROWING):
                found.append(f"{statement}\n{lines}")
    assert asked
    return found


@pytest.fixture
def busy(app: Flask):
    """A conference with a queue, offers and mails, among others."""
    for _ in range(2):
        conference = make.conference(capacity=3, makes_offers=True)
        first, second = (make.group(conference, capacity=1).rounds[0] for _ in range(2))
        held = [
            make.registration(
                conference,
                first if number < 2 else second,
                contact_channel=ContactChannel.EMAIL,
                contact=f"a{number}@example.org",
            )
            for number in range(6)
        ]
        registrations.cancel(held[0])
    return held


@pytest.mark.parametrize(
    "ask",
    [
        lambda held: offers.lapse_due(now()),
        lambda held: outbox.is_anything_due(now()),
        lambda held: outbox.claim(now()),
        lambda held: admission.queue_positions(held),
        lambda held: registrations.by_code(held[1].host_id, "apfel-birne-wolke-47"),
        lambda held: seats.queue_positions(seat for row in held for seat in row.participants[0].seats),
        lambda held: registrations.cancel(held[2]),
    ],
    ids=["lapse_due", "is_anything_due", "claim", "queue", "by_code", "queue_of_a_group", "cancel"],
)
def test_no_growing_table_is_read_whole(busy, ask):
    def tried() -> None:
        with suppress(UnknownCode):
            ask(busy)

    assert _whole_tables(db.engine, tried) == []


def test_a_table_that_is_read_whole_is_noticed(busy):
    found = _whole_tables(
        db.engine, lambda: db.session.execute(text("SELECT id FROM seat WHERE changed_at > '2000-01-01'"))
    )

    assert len(found) == 1
