"""How many SQL statements something needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.database import db

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
