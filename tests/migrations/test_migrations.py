"""Migrations and models say the same, go both ways on both databases, and lose no row."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app.database import db, metadata
from tests.databases import ROOT, Databases, make_app, migrate
from tests.migrations import rows

MIGRATIONS = ROOT / "migrations"


def schema() -> dict[str, Any]:
    """Everything the database knows about its tables, in an order that does not depend on how they were made."""
    found = inspect(db.engine)
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in sorted(found.get_columns(table), key=lambda column: column["name"])
            ],
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (
                    str(key["name"]),
                    key["constrained_columns"],
                    key["referred_table"],
                    key["referred_columns"],
                    key["options"],
                )
                for key in found.get_foreign_keys(table)
            ),
            "unique": sorted(
                (str(unique["name"]), unique["column_names"])
                for unique in found.get_unique_constraints(table)
            ),
            "checks": sorted(
                (str(check["name"]), check["sqltext"]) for check in found.get_check_constraints(table)
            ),
            "indexes": sorted(
                (
                    str(index["name"]),
                    index["column_names"],
                    bool(index["unique"]),
                    [str(option) for option in index.get("dialect_options", {}).values()],
                )
                for index in found.get_indexes(table)
            ),
        }
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


def test_migrations_and_models_have_no_difference(fresh_app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})

        assert compare_metadata(context, metadata) == []


def test_migrated_schema_equals_the_one_made_from_models(
    fresh_app: Flask, databases: Databases, engine_name: str
) -> None:
    """Also the CHECKs and their names, which Alembic's own comparison does not look at."""
    migrated = schema()
    other = make_app(databases.empty(engine_name), databases.instance())
    with other.app_context():
        metadata.create_all(db.engine)

        from_models = schema()
        db.engine.dispose()

    assert migrated == from_models
    assert sorted(migrated) == sorted(metadata.tables)


def test_history_is_linear_and_numbered() -> None:
    names = sorted(path.name.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("*.py"))

    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_each_step_down_and_up_again_with_rows_in_all_tables(fresh_app: Flask) -> None:
    with db.engine.execution_options(writes=True).begin() as connection:
        rows.fill(connection)
    with db.engine.connect() as connection:
        assert set(rows.count(connection).values()) == {1}
    made = schema()
    steps = len(list((MIGRATIONS / "versions").glob("*.py")))

    for _ in range(steps):
        flask_migrate.downgrade(directory=str(MIGRATIONS))

    assert schema() == {}
    migrate(fresh_app)
    assert schema() == made
    with db.engine.execution_options(writes=True).begin() as connection:
        rows.fill(connection)


@pytest.fixture
def next_step(tmp_path: Path) -> Any:
    """A function that runs a step after the last one: `next_step(upgrade_body)`."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name.split("_", 1)[0] for path in (folder / "versions").glob("*.py"))

    def run(body: str) -> None:
        (folder / "versions" / "9999_next.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '9999'\ndown_revision = {head!r}\n"
            f"def upgrade():\n    {body}\n"
        )
        flask_migrate.upgrade(directory=str(folder))

    return run


def test_change_of_a_table_keeps_the_rows_that_refer_to_it(fresh_app: Flask, next_step: Any) -> None:
    """SQLite copies and drops a table to change it; with foreign keys on, ON DELETE CASCADE would empty the others."""
    with db.engine.execution_options(writes=True).begin() as connection:
        rows.fill(connection)
        before = rows.count(connection)

    next_step(
        "with op.batch_alter_table('registration') as batch: "
        "batch.alter_column('display_name', existing_type=sa.String(120), nullable=True)"
    )

    with db.engine.connect() as connection:
        assert rows.count(connection) == before
    columns = {column["name"]: column for column in inspect(db.engine).get_columns("registration")}
    assert columns["display_name"]["nullable"] is True


def test_migration_that_leaves_orphans_is_refused_as_a_whole(
    fresh_app: Flask, next_step: Any, engine_name: str
) -> None:
    with db.engine.execution_options(writes=True).begin() as connection:
        rows.fill(connection)
        before = rows.count(connection)
    made = schema()

    with pytest.raises(SystemExit if engine_name == "sqlite" else IntegrityError):
        next_step("op.add_column('host', sa.Column('extra', sa.Integer())); op.execute('DELETE FROM host')")

    with db.engine.connect() as connection:
        assert rows.count(connection) == before
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() != "9999"
    assert schema() == made


def test_foreign_keys_are_on_after_a_migration(fresh_app: Flask, next_step: Any) -> None:
    next_step("op.add_column('host', sa.Column('extra', sa.Integer()))")

    with pytest.raises(IntegrityError), db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            metadata.tables["room"].insert(), {"host_id": 4711, "venue_id": 4711, "name": "Raum ohne Haus"}
        )
