"""The queue and its place: a file beside an SQLite database, a schema of its own in Postgres; opened at first use."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import psycopg
from flask import Flask
from huey import Huey
from huey.storage import BaseStorage, MemoryStorage, PostgresStorage, SqliteStorage
from sqlalchemy.engine import URL

from app.database import db

NAME = "sozialraumkonferenz"
# A page must not wait long for a queue that only saves the worker a minute.
PATIENCE_SECONDS = 2
SCHEMA = "jobs"


class Room(Huey):
    """A queue that touches neither file nor server until something is put into it or taken out."""

    app: Flask | None = None

    def create_storage(self) -> BaseStorage:
        return _OpenedLater(self)

    def the_app(self) -> Flask:
        """The app whose work is done here; made from the environment where none was installed."""
        if self.app is None:
            from app import create_app  # not above: create_app() itself installs the queue

            self.move_to(create_app())
        return cast(Flask, self.app)

    def move_to(self, app: Flask) -> None:
        """Work for `app` from now on; what was open is closed."""
        self.storage.close()
        self.app = app


class _OpenedLater:
    """Stands in for huey's storage and opens the real one when it is first asked for anything."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._real: BaseStorage | None = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._real is None:
                app = self._room.the_app()
                with app.app_context():
                    self._real = open_storage(db.engine.url)
        return getattr(self._real, name)

    def close(self) -> bool:
        """Close the real storage; the next use opens it again."""
        real, self._real = self._real, None
        return real is not None and bool(real.close())


def open_storage(database: URL) -> BaseStorage:
    """The storage that belongs to a database: tables of it are made when they are missing."""
    if database.get_backend_name() == "postgresql":
        return PostgresStorage(NAME, connection=lambda: _connect(database))
    if not database.database or database.database == ":memory:":
        return MemoryStorage(NAME)
    return SqliteStorage(
        NAME,
        filename=str(Path(database.database).with_name("jobs.sqlite3")),
        timeout=PATIENCE_SECONDS,
        # A wake-up call need not survive a power cut: what there is to do stands in the database.
        fsync=False,
    )


def _connect(database: URL) -> psycopg.Connection[Any]:
    """A connection that finds the queue in a schema of its own, where migrations do not look."""
    address = database.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True, connect_timeout=PATIENCE_SECONDS)
    known = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone()
    if known is None:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.execute(f"SET search_path TO {SCHEMA}")
    return connection


huey = Room(NAME, results=False)
