"""The database: naming convention, types, the session, transaction() and after_commit()."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Enum, Integer, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, registry, relationship
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, stored as UTC without zone on both databases."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant; give it a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Model(DeclarativeBase):
    """Base of all models; an attribute annotated `datetime` is an instant."""

    registry = registry(metadata=metadata, type_annotation_map={datetime: UtcDateTime()})


db = SQLAlchemy(model_class=Model)

E = TypeVar("E", bound=enum.Enum)


def enum_by_value(kind: type[E]) -> Enum:
    """A column type that stores the enum's lower-case values as text under a named CHECK."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


RANDOM_ID = BigInteger().with_variant(Integer, "sqlite")
"""Column type of ids drawn at random; on SQLite the rows lie in the order of these."""


def random_id() -> int:
    """An id that says nothing about when its row was written, or what was written beside it."""
    return secrets.randbelow(2**62 - 1) + 1


def parent(column: str, key: str, **options: Any) -> Any:
    """A relationship to the one row `column` names, found in memory once it was read.

    Foreign keys also hold the host; by one that does, each parent would be read again for each child. Whoever makes a
    child says its `host_id`.
    """
    return relationship(primaryjoin=f"foreign({column}) == {key}", **options)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


# How many milliseconds to wait for others, on SQLite.
_PATIENCE = 20_000
_JOURNAL_PATIENCE = 500


def tune(engine: Engine) -> None:
    """Prepare connections: on SQLite the pragmas, and a BEGIN of the kind the work needs.

    `synchronous=FULL` lets a confirmed seat survive a power cut; `secure_delete` overwrites what was erased.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # the driver must not send a BEGIN of its own
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={_PATIENCE}",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A reader that later writes would run into "database is locked": writers say so at the start.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def empty_journal() -> bool:
    """Leave nothing in the journal beside an SQLite database; True when it is empty now.

    It keeps pages as they were, in the order in which they were written, until others are written over them: words that
    have been erased since, and who came after whom. False while others read for longer than a moment, and for databases
    that have no such file.
    """
    if db.engine.dialect.name != "sqlite":
        return False
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        # Whoever wants to write waits behind this.
        cursor.execute(f"PRAGMA busy_timeout={_JOURNAL_PATIENCE}")
        is_busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        return not is_busy
    finally:
        raw.close()


@contextmanager
def transaction() -> Iterator[None]:
    """Run a block as one write transaction; inside another one it joins it, and the outermost commits.

    The outermost first ends the read transaction that login and access check have opened, so that everything is read
    again under the lock. Objects loaded before are refreshed when touched. Any error rolls everything back.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside transaction()")
    session.rollback()
    session.info["in_transaction"] = True
    session.info["after_commit"] = []
    session.info["raised"] = {}
    try:
        session.connection(execution_options={"writes": True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    else:
        hooks = cast(list[Callable[[], None]], session.info["after_commit"])
    finally:
        session.info["in_transaction"] = False
        session.info["after_commit"] = []
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Call `hook` once when the transaction that is open now has been committed; never after a rollback."""
    session = db.session()
    if not session.info.get("in_transaction"):
        raise RuntimeError("after_commit() needs an open transaction()")
    hooks = cast(list[Callable[[], None]], session.info["after_commit"])
    if hook not in hooks:
        hooks.append(hook)
