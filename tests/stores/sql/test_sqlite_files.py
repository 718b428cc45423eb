"""Tests that reading an sqlite file in any state changes nothing and sees all committed data."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from qtui.entities import ViewType
from qtui.errors import StoreLocked, StoreUnreadable
from qtui.query import parse_filter, parse_order
from qtui.store.protocol import RunQuery
from qtui.store.sql import SqlStore
from qtui.store.sql.connections import sqlite_file
from qtui.store.sql.connections.database import Snapshot
from qtui.store.sql.connections.file_state import read_file_state
from qtui.store.sql.connections.recovery import RecoveryCopy
from qtui.store.sql.connections.sqlite_file import SqliteFile
from qtui.store.sql.connections.writable_database import WritableDatabase
from tests.stores.conftest import ROOT, run_module
from tests.stores.sql.conditions import CONDITIONS, RENAME, footprint, in_rollback_mode, in_wal_mode, writer

Condition = Callable[[Path], None]
all_conditions = pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.__name__)
NOBODY = 65534


def names(store: SqlStore) -> set[str]:
    return {experiment.name for experiment in store.experiments().items}


def read_everything(store: SqlStore) -> None:
    """Call every method of the store."""
    infos = [info for batch in store.infos(view=ViewType.ALL) for info in batch.items]
    for batch in store.runs(infos):
        for run in batch.items:
            for key in run.metrics:
                store.history(run.info, key)
            store.artifacts(run.info)
            store.last_write(run.info)
    store.search(RunQuery(filter=parse_filter("params.lr > 0 and full"), order_by=(parse_order("metrics.loss"),)))
    store.find(infos[0].run_id[:4])
    store.counts()
    list(store.examine())


@all_conditions
def test_reading_everything_changes_nothing(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    before = footprint(database.parent)
    read_everything(store)
    store.close()
    assert footprint(database.parent) == before


@all_conditions
def test_only_committed_data_is_read(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    assert names(store) == {"Default", "renamed", "量化/β"}


@all_conditions
def test_read_only_folder_can_be_read(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    read_everything(store)
    with unwritable_copy(database.parent) as folder, closing(SqlStore(f"sqlite:///{folder}/mlflow.db")) as copied:
        assert names(copied) == {"Default", "renamed", "量化/β"}


@contextmanager
def unwritable_copy(folder: Path) -> Iterator[Path]:
    """Yield a read-only copy; as root, drop privileges, because root ignores permissions."""
    with tempfile.TemporaryDirectory() as above:
        copy = shutil.copytree(folder, Path(above) / "store")
        for file in copy.iterdir():
            file.chmod(0o444)
        copy.chmod(0o555)
        Path(above).chmod(0o755)
        us = os.geteuid()
        if us == 0:
            os.seteuid(NOBODY)
        try:
            yield copy
        finally:
            os.seteuid(us)
            copy.chmod(0o755)


class LiveWriter:
    """Another process that has the database open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def execute(self, statement: str) -> None:
        """Execute a statement in the process, and wait for it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{statement}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


@pytest.fixture
def live(database: Path) -> Iterator[LiveWriter]:
    command = run_module("tests.stores.sql.writer", str(database))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield LiveWriter(process)


@pytest.mark.parametrize("afterwards", ["", "PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA wal_checkpoint(TRUNCATE)"])
def test_reading_beside_a_live_writer_changes_nothing(
    store: SqlStore, database: Path, live: LiveWriter, afterwards: str
) -> None:
    live.execute("PRAGMA journal_mode = WAL")
    live.execute(RENAME)
    live.execute(afterwards or "SELECT 1")
    before = footprint(database.parent)
    read_everything(store)
    assert names(store) == {"Default", "renamed", "量化/β"}
    assert footprint(database.parent) == before


def test_only_committed_data_of_a_live_writer_is_read(store: SqlStore, live: LiveWriter) -> None:
    live.execute("PRAGMA journal_mode = WAL")
    live.execute("BEGIN IMMEDIATE")
    live.execute(RENAME)
    assert "alpha" in names(store)
    live.execute("COMMIT")
    assert "renamed" in names(store)


def test_exclusive_lock_is_reported_after_a_timeout(
    store: SqlStore, database: Path, live: LiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "READ_LOCK_TIMEOUT_S", 0.05)
    live.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked) as caught:
        store.experiments()
    reason = "is locked by another program that writes to it. Try again later."
    assert str(caught.value) == f"{database} {reason}"
    live.execute("ROLLBACK")
    assert "alpha" in names(store)


def test_file_changed_during_a_read_is_read_again(
    store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_wal_mode(database)
    readings: list[set[str]] = []

    def interrupted(snapshot: Snapshot) -> set[str]:
        names_then = {name for (name,) in snapshot.connection.exec_driver_sql("SELECT name FROM experiments")}
        if not readings:
            with closing(writer(database)) as connection:
                connection.execute("UPDATE experiments SET name = 'again' WHERE name = 'renamed'")
        readings.append(names_then)
        return names_then

    assert "again" in store._database.read(interrupted)
    assert len(readings) == 2


def test_error_caused_by_a_change_is_retried(store: SqlStore, database: Path) -> None:
    in_wal_mode(database)
    readings: list[str] = []

    def torn(snapshot: Snapshot) -> str:
        readings.append("once more")
        if len(readings) == 1:
            with closing(writer(database)) as connection:
                connection.execute("UPDATE experiments SET name = 'again' WHERE name = 'renamed'")
            raise sqlite3.DatabaseError("database disk image is malformed")
        return "whole"

    assert store._database.read(torn) == "whole"


def test_constantly_changing_database_is_reported(store: SqlStore, database: Path) -> None:
    in_wal_mode(database)

    def restless(snapshot: Snapshot) -> None:
        with closing(writer(database)) as connection:
            connection.execute("UPDATE experiments SET name = name || '.'")

    with pytest.raises(StoreLocked, match="keeps changing"):
        store._database.read(restless)


def test_recovery_copy_is_private_and_deleted_with_the_store(
    store: SqlStore, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CONDITIONS[-1](database)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store.experiments()
    (copy,) = tmp_path.glob("qtui-*")
    assert copy.stat().st_mode & 0o777 == 0o700
    store.experiments()
    assert list(tmp_path.glob("qtui-*")) == [copy]
    store.close()
    assert not copy.exists()
    assert "renamed" in names(store)


@pytest.mark.parametrize("name", ["with space.db", "100%.db", "what?.db", "a#b.db", "数据.db", "mode=rw&x.db"])
def test_file_name_may_contain_special_characters(database: Path, name: str) -> None:
    in_rollback_mode(database)
    renamed = database.rename(database.with_name(name))
    with closing(SqlStore(f"sqlite:///{renamed}")) as store:
        assert "renamed" in names(store)


def test_link_to_a_database_finds_the_wal(store: SqlStore, database: Path, tmp_path: Path) -> None:
    CONDITIONS[2](database)
    link = tmp_path / "link.db"
    link.symlink_to(database)
    before = footprint(database.parent)
    with closing(SqlStore(f"sqlite:///{link}")) as linked:
        assert "renamed" in names(linked)
    assert footprint(database.parent) == before
    assert not list(tmp_path.glob("link.db-*"))


def test_connection_is_read_only(store: SqlStore) -> None:
    for statement in ("DELETE FROM runs", "CREATE TABLE x (y)", "PRAGMA user_version = 5"):
        with pytest.raises(StoreUnreadable, match="readonly"):
            store._database.read(lambda snapshot, sql=statement: snapshot.connection.exec_driver_sql(sql))


INTRUDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


def test_reading_keeps_the_lock_of_a_writing_thread(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")

    def intrude(_: sa.Connection) -> str:
        SqliteFile(path).read(lambda connection: connection.exec_driver_sql("SELECT * FROM runs").fetchall())
        command = [sys.executable, "-c", INTRUDER, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert WritableDatabase(f"sqlite:///{path}").write(intrude) == "database is locked\n"


def test_copying_keeps_the_lock_of_a_writing_thread(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")

    def intrude(_: sa.Connection) -> str:
        recovery = RecoveryCopy()
        assert recovery.copy(path, read_file_state(path)).read_bytes() == content
        recovery.close()
        command = [sys.executable, "-c", INTRUDER, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    content = path.read_bytes()
    assert WritableDatabase(f"sqlite:///{path}").write(intrude) == "database is locked\n"
