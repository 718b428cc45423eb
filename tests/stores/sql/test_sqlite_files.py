"""Reading an sqlite file changes not a byte of it, and sees what was committed, whatever condition it is in."""

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

from qtui.entities import View
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
each_condition = pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.__name__)
NOBODY = 65534


def names(store: SqlStore) -> set[str]:
    return {each.name for each in store.experiments().items}


def read_everything(store: SqlStore) -> None:
    """Ask every question once."""
    infos = [info for batch in store.infos(view=View.ALL) for info in batch.items]
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


@each_condition
def test_reading_everything_changes_nothing(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    before = footprint(database.parent)
    read_everything(store)
    store.close()
    assert footprint(database.parent) == before


@each_condition
def test_what_was_committed_is_seen_and_nothing_else(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    assert names(store) == {"Default", "renamed", "量化/β"}


@each_condition
def test_a_folder_that_cannot_be_written_can_be_read(store: SqlStore, database: Path, condition: Condition) -> None:
    condition(database)
    read_everything(store)
    with unwritable_copy(database.parent) as folder, closing(SqlStore(f"sqlite:///{folder}/mlflow.db")) as copied:
        assert names(copied) == {"Default", "renamed", "量化/β"}


@contextmanager
def unwritable_copy(folder: Path) -> Iterator[Path]:
    """A copy that we may read only, also where the tests run as root, whom no permission would stop."""
    with tempfile.TemporaryDirectory() as above:
        copy = shutil.copytree(folder, Path(above) / "store")
        for each in copy.iterdir():
            each.chmod(0o444)
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

    def does(self, statement: str) -> None:
        """Have a statement executed, and wait for it."""
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
def test_beside_a_live_writer_in_wal_mode_nothing_changes(
    store: SqlStore, database: Path, live: LiveWriter, afterwards: str
) -> None:
    live.does("PRAGMA journal_mode = WAL")
    live.does(RENAME)
    live.does(afterwards or "SELECT 1")
    before = footprint(database.parent)
    read_everything(store)
    assert names(store) == {"Default", "renamed", "量化/β"}
    assert footprint(database.parent) == before


def test_beside_a_live_writer_only_committed_work_is_seen(store: SqlStore, live: LiveWriter) -> None:
    live.does("PRAGMA journal_mode = WAL")
    live.does("BEGIN IMMEDIATE")
    live.does(RENAME)
    assert "alpha" in names(store)
    live.does("COMMIT")
    assert "renamed" in names(store)


def test_a_writer_that_holds_the_whole_file_is_waited_for_briefly(
    store: SqlStore, database: Path, live: LiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "READ_LOCK_TIMEOUT_S", 0.05)
    live.does("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked) as caught:
        store.experiments()
    reason = "is locked by another program that writes to it. Try again later."
    assert str(caught.value) == f"{database} {reason}"
    live.does("ROLLBACK")
    assert "alpha" in names(store)


def test_what_a_writer_changes_during_the_reading_is_read_again(
    store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_wal_mode(database)
    readings: list[set[str]] = []

    def interrupted(snapshot: Snapshot) -> set[str]:
        names_then = {each for (each,) in snapshot.connection.exec_driver_sql("SELECT name FROM experiments")}
        if not readings:
            with closing(writer(database)) as connection:
                connection.execute("UPDATE experiments SET name = 'again' WHERE name = 'renamed'")
        readings.append(names_then)
        return names_then

    assert "again" in store._database.read(interrupted)
    assert len(readings) == 2


def test_an_error_during_a_change_means_nothing(store: SqlStore, database: Path) -> None:
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


def test_a_database_that_never_rests_is_said_to_change(store: SqlStore, database: Path) -> None:
    in_wal_mode(database)

    def restless(snapshot: Snapshot) -> None:
        with closing(writer(database)) as connection:
            connection.execute("UPDATE experiments SET name = name || '.'")

    with pytest.raises(StoreLocked, match="keeps changing"):
        store._database.read(restless)


def test_a_repaired_copy_is_private_and_goes_with_the_store(
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
def test_a_file_may_have_any_name(database: Path, name: str) -> None:
    in_rollback_mode(database)
    renamed = database.rename(database.with_name(name))
    with closing(SqlStore(f"sqlite:///{renamed}")) as store:
        assert "renamed" in names(store)


def test_a_link_to_a_database_finds_the_log_beside_the_database(
    store: SqlStore, database: Path, tmp_path: Path
) -> None:
    CONDITIONS[2](database)
    link = tmp_path / "link.db"
    link.symlink_to(database)
    before = footprint(database.parent)
    with closing(SqlStore(f"sqlite:///{link}")) as linked:
        assert "renamed" in names(linked)
    assert footprint(database.parent) == before
    assert not list(tmp_path.glob("link.db-*"))


def test_nothing_can_be_written_even_on_purpose(store: SqlStore) -> None:
    for statement in ("DELETE FROM runs", "CREATE TABLE x (y)", "PRAGMA user_version = 5"):
        with pytest.raises(StoreUnreadable, match="readonly"):
            store._database.read(lambda snapshot, each=statement: snapshot.connection.exec_driver_sql(each))


INTRUDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


def test_reading_a_database_leaves_the_lock_of_a_thread_that_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")

    def intrude(_: sa.Connection) -> str:
        SqliteFile(path).read(lambda connection: connection.exec_driver_sql("SELECT * FROM runs").fetchall())
        command = [sys.executable, "-c", INTRUDER, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert WritableDatabase(f"sqlite:///{path}").write(intrude) == "database is locked\n"


def test_copying_a_database_leaves_the_lock_of_a_thread_that_writes_it(tmp_path: Path) -> None:
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
