"""Test databases: migrated once per process and engine, copied where a test wants its own, cleared between tests."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url

from app import create_app
from app.database import db, metadata
from app.web import cache, throttle
from tests import postgres

ENGINES = ("sqlite", "postgres")
ROOT = Path(__file__).resolve().parent.parent
WRITES = ("INSERT", "UPDATE", "DELETE")

SECRETS = {
    "SECRET_KEY": "only for tests: signs sessions",
    "CODE_PEPPER": "only for tests: stands behind codes",
    "DATA_KEY": base64.urlsafe_b64encode(b"only for tests".ljust(32, b"-")).decode(),
}


def make_app(url: URL, instance: Path, **environ: str) -> Flask:
    """The real app on `url`, in mode `test`; forms need no token, unless a test sets WTF_CSRF_ENABLED.

    Nothing comes from the environment or the `.env` of whoever runs the tests.
    """
    app = create_app(
        {
            "APP_ENV": "test",
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "INSTANCE_PATH": str(instance),
            "BASE_URL": "http://localhost",
            "HOST": "127.0.0.1",
            "PORT": "5000",
            "MAIL_URL": "",
            "MAIL_FROM": "",
            "TRUSTED_PROXIES": "0",
            **SECRETS,
            **environ,
        }
    )
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def migrate(app: Flask, revision: str = "head") -> None:
    """Bring the database of `app` to `revision` by the real migrations."""
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"), revision=revision)


class Product:
    """The app and its database."""

    def __init__(self, app: Flask, url: URL) -> None:
        self.app = app
        self.url = url
        self.was_written = False
        self._stack = ExitStack()
        self._empty_all_tables: Callable[[], object] | None = None
        with app.app_context():
            self.engine: Engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self._watch)

    def _watch(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(WRITES):
            self.was_written = True

    def clear(self) -> None:
        """Afterwards no table holds a row, and nothing of an earlier test is remembered in memory."""
        if self.was_written:
            if self._empty_all_tables is None:
                self._empty_all_tables = self._prepare_emptying()
            self._empty_all_tables()
            self.was_written = False
        # Both databases and all tests share them, and ids may come again.
        cache.pages.clear()
        throttle.throttle.clear()

    def _prepare_emptying(self) -> Callable[[], object]:
        """What empties all tables, over a connection that stays: opening one costs more than the deleting."""
        deletions = "".join(f'DELETE FROM "{table.name}";' for table in metadata.sorted_tables)
        if self.engine.dialect.name == "sqlite":
            file = sqlite3.connect(str(self.url.database), isolation_level=None)
            self._stack.callback(file.close)
            return lambda: file.executescript(f"BEGIN IMMEDIATE;{deletions}COMMIT")
        server = self._stack.enter_context(postgres.maintenance(self.url))
        # Foreign keys are not looked at, so the order and the circles of tables do not matter.
        server.execute("SET session_replication_role = replica")
        # A function is planned once.
        server.execute(
            f"CREATE FUNCTION pg_temp.empty_all_tables() RETURNS void LANGUAGE plpgsql AS $$BEGIN {deletions} END$$"
        )
        return lambda: server.execute("SELECT pg_temp.empty_all_tables()")

    def close(self) -> None:
        self._stack.close()
        self.engine.dispose()


class Databases:
    """All databases of one test process."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._templates: dict[str, URL] = {}
        self._shared: dict[str, Product] = {}
        self._server: URL | None = None

    def __enter__(self) -> Self:
        # Not below pytest's own folder: each pytest of the same user that starts closes that folder to everybody else,
        # and a Postgres started by root runs as somebody else.
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="databases-")))
        # In memory where the system has such a place: each test commits for real, and disks are slow at that.
        memory = Path("/dev/shm")
        place = memory if os.access(memory, os.W_OK) else self._folder
        self._sqlite_folder = Path(
            self._stack.enter_context(tempfile.TemporaryDirectory(prefix="databases-", dir=place))
        )
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        for product in self._shared.values():
            product.close()
        self._stack.close()

    def shared(self, engine_name: str) -> Product:
        """The app on the database that tests share."""
        if engine_name not in self._shared:
            url = self.copy_of_template(engine_name)
            self._shared[engine_name] = Product(make_app(url, self.instance()), url)
        return self._shared[engine_name]

    @contextmanager
    def own(self, engine_name: str, **environ: str) -> Iterator[Product]:
        """The app on a database that nobody else uses and that is gone afterwards."""
        url = self.copy_of_template(engine_name)
        product = Product(make_app(url, self.instance(), **environ), url)
        try:
            yield product
        finally:
            product.close()
            self.drop(url)

    def copy_of_template(self, engine_name: str) -> URL:
        """The address of a new database with the current schema and no rows."""
        if engine_name not in self._templates:
            self._templates[engine_name] = self._make_template(engine_name)
        template = self._templates[engine_name]
        if engine_name == "postgres":
            return postgres.create_database(self.server(), template=str(template.database))
        copy = self.empty("sqlite")
        shutil.copyfile(str(template.database), str(copy.database))
        return copy

    def empty(self, engine_name: str) -> URL:
        """The address of a new database without any table."""
        if engine_name == "postgres":
            return postgres.create_database(self.server())
        return make_url(f"sqlite:///{self._sqlite_folder / uuid.uuid4().hex}.sqlite3")

    def drop(self, url: URL) -> None:
        """Remove a database made here."""
        if url.get_backend_name() == "postgresql":
            postgres.drop_database(self.server(), url)
        else:
            for file in self._sqlite_folder.glob(f"{Path(str(url.database)).name}*"):
                file.unlink()

    def server(self) -> URL:
        """The Postgres of this process, started at the first call."""
        if self._server is None:
            self._server = self._stack.enter_context(postgres.running(self._folder / "postgres"))
        return self._server

    def _make_template(self, engine_name: str) -> URL:
        url = self.empty(engine_name)
        app = make_app(url, self.instance())
        migrate(app)
        with app.app_context():
            db.engine.dispose()
        if engine_name == "sqlite":
            # What is still in the write-ahead log would not be copied.
            connection = sqlite3.connect(str(url.database))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        return url

    def instance(self) -> Path:
        """A new folder for what the app keeps beside its database."""
        return Path(tempfile.mkdtemp(prefix="instance-", dir=self._sqlite_folder))
