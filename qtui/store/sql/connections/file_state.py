"""The condition that an sqlite file is in, and the way to read it that changes nothing.

A file in WAL mode is the difficult one: sqlite reads it through two more files and makes those that are missing.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.sql.connections.descriptors import DESCRIPTORS

MAGIC = b"SQLite format 3\0"
WAL_MODE = 2


class Way(StrEnum):
    """How to open a file, in the words of sqlite's addresses."""

    LIVE = "mode=ro&readonly_shm=1"
    """Beside its writers, through the files that they have made."""
    SETTLED = "mode=ro&immutable=1"
    """As one that nobody writes; sound only if it is in the same condition afterwards."""
    COPY = "mode=rw"
    """A copy of one's own, in which sqlite may finish what a dead writer left undone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What changes of a file when it is written."""

    inode: int
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A database file and the files beside it; while they are equal nothing has been written."""

    database: Mark
    wal: Mark | None
    shared: Mark | None
    journal: Mark | None
    in_wal_mode: bool

    @property
    def way(self) -> Way:
        """How to open a file in this condition."""
        idle = self.wal is None or (self.wal.size == 0 and self.shared is None)
        return Way.SETTLED if self.in_wal_mode and idle else Way.LIVE


def condition_of(path: Path) -> Condition:
    """The condition of a database file; what is no such file is an error that says so."""
    try:
        head = head_of(path)
        database = mark_of(path)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"There is no database at {path}.") from None
    except PermissionError:
        raise StoreUnreadable(f"You are not allowed to read {path}.") from None
    except (OSError, ValueError) as error:
        raise StoreUnreadable(f"{path} cannot be read: {error}.") from None
    if not head:
        raise StoreUnreadable(f"{path} is an empty file, no database.")
    if database is None or not head.startswith(MAGIC):
        raise StoreUnreadable(f"{path} is not an SQLite database.")
    return Condition(
        database,
        wal=mark_of(beside(path, "-wal")),
        shared=mark_of(beside(path, "-shm")),
        journal=mark_of(beside(path, "-journal")),
        in_wal_mode=WAL_MODE in head[18:20],
    )


def beside(path: Path, suffix: str) -> Path:
    """The file that sqlite keeps beside a database, which it finds behind any link to it."""
    real = path.resolve()
    return real.with_name(real.name + suffix)


def head_of(path: Path) -> bytes:
    """The first bytes of an ordinary file; a pipe or a device would never end."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(file, 20) if stat.S_ISREG(os.fstat(file).st_mode) else b"no ordinary file"
    finally:
        DESCRIPTORS.close(file)


def mark_of(path: Path) -> Mark | None:
    """The mark of a file, or None if it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Mark(found.st_ino, found.st_size, found.st_mtime_ns)
