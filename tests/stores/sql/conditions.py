"""Functions that put a database into every state that sqlite can leave it in."""

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
    """Return the content hash and modification time of every file in a folder."""
    return {
        file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in folder.iterdir()
    }


def in_rollback_mode(database: Path) -> None:
    """Rollback journal mode, as MLflow uses it: no sidecar files."""
    with closing(writer(database)) as connection:
        connection.execute(RENAME)


def in_wal_mode(database: Path) -> None:
    """WAL mode after a clean close: sqlite itself would create two files to read it."""
    with closing(writer(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def with_wal_of_dead_writer(database: Path) -> None:
    """WAL mode, with the WAL and the shared memory of a dead writer."""
    with abandoned(database, "", "-wal", "-shm") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def with_wal_only(database: Path) -> None:
    """WAL mode, copied without the shared memory."""
    with abandoned(database, "", "-wal") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(RENAME)


def with_empty_wal(database: Path) -> None:
    """WAL mode, with an empty WAL."""
    in_wal_mode(database)
    Path(f"{database}-wal").touch()


def with_hot_journal(database: Path) -> None:
    """Half of a transaction in the file, and a journal to roll it back."""
    in_rollback_mode(database)
    with abandoned(database, "", "-journal") as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE experiments SET name = 'half ' || name")
        connection.execute("UPDATE params SET value = hex(randomblob(900))")


CONDITIONS: tuple[Callable[[Path], None], ...] = (
    in_rollback_mode,
    in_wal_mode,
    with_wal_of_dead_writer,
    with_wal_only,
    with_empty_wal,
    with_hot_journal,
)
"""In all states, the committed name of experiment `alpha` is `renamed`."""


def writer(database: Path) -> sqlite3.Connection:
    """Open a connection that commits every statement."""
    return sqlite3.connect(database, isolation_level=None)


@contextmanager
def abandoned(database: Path, *suffixes: str) -> Iterator[sqlite3.Connection]:
    """Yield a connection, and keep its files as if its process died at the end of the block."""
    elsewhere = database.with_name("elsewhere")
    elsewhere.mkdir()
    copy = Path(shutil.copy(database, elsewhere / database.name))
    with closing(writer(copy)) as connection:
        yield connection
        for suffix in suffixes:
            shutil.copy(f"{copy}{suffix}", f"{database}{suffix}")
    shutil.rmtree(elsewhere)
