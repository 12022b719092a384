"""Runs migrations: one transaction for all of them, and no row lost on SQLite."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

# Any number, as long as all instances of the product take the same: the second one waits for the first.
POSTGRES_LOCK = 5_020_231_127


def number(migration: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """Number the steps 0001, 0002 …, and write none when the models have not changed."""
    script = directives[0]
    if getattr(context.config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = ScriptDirectory.from_config(context.config).get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"


def render_item(kind: str, item: Any, _autogenerate: object) -> str | bool:
    """Write what a column is in the database: a step must not depend on how the app's types look later."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def check_foreign_keys(connection: Connection) -> None:
    """Refuse the migration when it has left rows whose parent is gone."""
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        raise RuntimeError(f"the migration would leave rows without their parents: {orphans[:10]}")


def run() -> None:
    """Bring the database of the current app to the revision that was asked for, or leave it as it was."""
    if context.is_offline_mode():
        raise SystemExit("Migrations run against a database; --sql is not supported.")
    db = current_app.extensions["migrate"].db
    with db.engine.connect().execution_options(writes=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A change of a table copies and drops it, and dropping it would delete the rows that refer to it
            # (ON DELETE CASCADE). Inside a transaction this pragma does nothing, so it goes to the bare connection,
            # which is closed afterwards and never lent again.
            connection.detach()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            process_revision_directives=number,
            # SQLite can roll back changes of tables too, now that its driver sends no BEGIN and COMMIT of its own.
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")
            context.run_migrations()
            if sqlite:
                check_foreign_keys(connection)


run()
