"""Puts a database of MLflow's into every condition that sqlite can leave one in."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

RENAME = "UPDATE experiments SET name = 'renamed' WHERE name = 'alpha'"
Footprint = Mapping[str, tuple[str, int]]


def footprint(folder: Path) -> Footprint:
    """Every file of a folder with its content and its time of change."""
    return {
        each.name: (hashlib.sha256(each.read_bytes()).hexdigest(), each.stat().st_mtime_ns) for each in folder.iterdir()
    }


def in_rollback_mode(database: Path) -> None:
    """MLflow's own condition: nothing beside the file."""
    with closing(writer(database)) as connection:
        connection.execute(RENAME)


def in_wal_mode(database: Path) -> None:
    """In WAL mode, and closed in order: sqlite itself would make two files to read it."""
    with closing(writer(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def left_by_a_dead_writer(database: Path) -> None:
    """In WAL mode, with the log and the index of a writer that died."""
    with abandoned(database, "", "-wal", "-shm") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def with_its_log_alone(database: Path) -> None:
    """In WAL mode, and copied without the index to its log."""
    with abandoned(database, "", "-wal") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def with_an_empty_log(database: Path) -> None:
    """In WAL mode, with a log in which nothing is left."""
    in_wal_mode(database)
    Path(f"{database}-wal").touch()


def with_a_hot_journal(database: Path) -> None:
    """With half of a transaction in the file, and its journal to undo it."""
    in_rollback_mode(database)
    with abandoned(database, "", "-journal") as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE experiments SET name = 'half ' || name")
        connection.execute("UPDATE params SET value = hex(randomblob(900))")


CONDITIONS: tuple[Callable[[Path], None], ...] = (
    in_rollback_mode,
    in_wal_mode,
    left_by_a_dead_writer,
    with_its_log_alone,
    with_an_empty_log,
    with_a_hot_journal,
)
"""In all of them the committed state is that `alpha` is renamed."""


def writer(database: Path) -> sqlite3.Connection:
    """A connection that writes, statement by statement."""
    return sqlite3.connect(database, isolation_level=None)


@contextmanager
def abandoned(database: Path, *suffixes: str) -> Iterator[sqlite3.Connection]:
    """A connection whose files are kept as they are at the end, as if its process had died there."""
    elsewhere = database.with_name("elsewhere")
    elsewhere.mkdir()
    copy = Path(shutil.copy(database, elsewhere / database.name))
    with closing(writer(copy)) as connection:
        yield connection
        for suffix in suffixes:
            shutil.copy(f"{copy}{suffix}", f"{database}{suffix}")
    shutil.rmtree(elsewhere)
