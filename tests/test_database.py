"""transaction(), after_commit() and the types, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from app.database import after_commit, db, empty_journal, transaction
from app.models import Conference, Host, HostKind
from tests import make


def names() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Host.key)))


def test_an_error_rolls_everything_back(app):
    def add_and_fail():
        with transaction():
            db.session.add(Host(key="weg", name="Weg"))
            db.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    assert names() == []


def test_an_inner_transaction_joins_the_outer_one(app):
    def add_inside_and_fail_outside():
        with transaction():
            with transaction():
                db.session.add(Host(key="innen", name="Innen"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_inside_and_fail_outside()
    assert names() == []


def test_the_outermost_commits(app):
    with transaction():
        with transaction():
            db.session.add(Host(key="innen", name="Innen"))
        db.session.add(Host(key="aussen", name="Außen"))

    assert names() == ["aussen", "innen"]


def test_changes_outside_of_a_transaction_are_refused(app):
    host = make.host("da")
    host.name = "Anders"

    with pytest.raises(RuntimeError, match="outside transaction"), transaction():
        pass
    db.session.rollback()


def test_objects_are_read_again_inside(app):
    host = make.host("da")
    assert host.name != "Neu"
    db.session.rollback()
    with db.engine.begin() as other:
        other.execute(text("UPDATE host SET name = 'Neu'"))

    with transaction():
        assert host.name == "Neu"


def test_hooks_run_once_after_the_commit_and_never_after_a_rollback(app):
    calls = []

    def hook():
        calls.append(names())

    with transaction():
        db.session.add(Host(key="da", name="Da"))
        after_commit(hook)
        with transaction():
            after_commit(hook)
        assert calls == []

    def hook_and_fail():
        with transaction():
            after_commit(hook)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        hook_and_fail()
    assert calls == [["da"]]


def test_hooks_need_a_transaction(app):
    with pytest.raises(RuntimeError, match="needs an open transaction"):
        after_commit(lambda: None)


def test_instants_are_kept_as_utc(app):
    berlin = timezone(timedelta(hours=2))
    conference = make.conference(starts_at=datetime(2026, 7, 1, 17, 0, tzinfo=berlin))
    db.session.expire_all()

    assert conference.starts_at == datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
    assert conference.starts_at.tzinfo is UTC


def test_a_naive_time_is_refused(app):
    with pytest.raises(StatementError, match="naive"):
        db.session.execute(db.select(Conference).where(Conference.starts_at == datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_enums_are_text_the_database_checks(app):
    make.host("da")
    assert db.session.scalar(text("SELECT kind FROM host")) == HostKind.MUNICIPALITY.value

    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE host SET kind = 'kingdom'"))
    db.session.rollback()


def test_sqlite_keeps_what_was_confirmed_and_wipes_what_was_erased(app, engine_name):
    if engine_name == "postgres":
        assert db.session.scalar(text("SHOW server_version_num")) >= "140000"
        return
    pragmas = {
        name: db.session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_what_was_erased_does_not_stay_in_the_journal_of_sqlite(app, engine_name):
    if engine_name == "postgres":
        assert not empty_journal()
        return
    file = Path(db.engine.url.database or "")
    journal = file.with_name(f"{file.name}-wal")
    with transaction():
        host = make.host(key="zebrafink")
    with transaction():
        db.session.delete(db.session.merge(host))
    db.session.rollback()
    assert b"zebrafink" in journal.read_bytes()

    assert empty_journal()

    assert journal.read_bytes() == b""
    assert b"zebrafink" not in file.read_bytes()
    assert db.session.scalar(text("PRAGMA busy_timeout")) == 20000


def test_the_journal_of_sqlite_waits_for_nobody_who_reads_for_long(app, engine_name):
    if engine_name == "postgres":
        assert not empty_journal()
        return
    with transaction():
        make.host(key="eins")
    with db.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM host"))

        assert not empty_journal()

    assert empty_journal()


@pytest.mark.parametrize("table", ["conference", "working_group", "registration", "stored_file"])
def test_a_row_of_one_host_cannot_hang_on_another(app, table):
    here, there = make.host("hier"), make.host("dort")
    conference = make.conference(here)
    group_round = make.group_round(conference)
    make.registration(conference, group_round)
    if table in ("conference", "stored_file"):
        venue = make.venue(there)
        statement = f"UPDATE conference SET venue_id = {venue.id} WHERE id = {conference.id}"
    else:
        statement = f"UPDATE {table} SET host_id = {there.id}"

    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(statement))
