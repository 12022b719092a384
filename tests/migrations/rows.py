"""One row in every table, made from the models alone."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    Table,
    func,
    select,
)
from sqlalchemy.types import TypeDecorator

from app.database import metadata

START = datetime(2026, 3, 2, 17, tzinfo=UTC)

# What a CHECK asks for and a type does not tell.
WISHES: dict[tuple[str, str], Any] = {
    ("host", "accent_colour"): "#00615a",
    ("registration", "contact"): "",
    ("registration", "contact_channel"): "none",
}


def _value(table: Table, column: Column[Any]) -> Any:
    if (table.name, column.name) in WISHES:
        wish = WISHES[table.name, column.name]
        return (
            column.type.python_type(wish)
            if isinstance(column.type, Enum) and column.type.enum_class
            else wish
        )
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(column.type, Enum):
        first: enum.Enum = next(iter(column.type.enum_class or ()))
        return first
    if isinstance(kind, DateTime):
        return START + timedelta(hours=2) if column.name.startswith("ends") else START
    if isinstance(kind, Date):
        return date(2026, 3, 2)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, LargeBinary):
        return b"bytes"
    if isinstance(kind, JSON):
        return {"de": "Text"} if isinstance(column.type, TypeDecorator) else []
    return f"{table.name}.{column.name}"[: getattr(kind, "length", None)]


def fill(connection: Connection) -> None:
    """Put one row with id 1 into every table; columns that may be empty stay empty unless they refer to a row."""
    for table in metadata.sorted_tables:
        values = {
            column.name: _value(table, column)
            for column in table.columns
            if not column.nullable
            or (table.name, column.name) in FILLED
            or (column.foreign_keys and (table.name, column.name) not in LEFT_EMPTY)
        }
        connection.execute(table.insert(), values)


LEFT_EMPTY = {
    # A row of the first kind of agenda item has no round, so nothing can refer to it.
    ("group_round", "agenda_item_id"),
    # Nothing is a duplicate of itself, a queued file is not stored yet, evidence is one thing.
    ("contribution", "duplicate_of_id"),
    ("edition_file", "stored_file_id"),
    ("evidence", "topic_id"),
    ("evidence", "minutes_id"),
}
# May be empty, but not in a row of the first status.
FILLED = {("contribution", "text"), ("registration", "ticket")}


def count(connection: Connection) -> dict[str, int]:
    """Rows per table."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }
