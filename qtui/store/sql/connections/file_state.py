"""The state of an sqlite file and its sidecar files, and the mode to open it in without changing anything.

A file in WAL mode is the difficult one: sqlite reads it through two more files and creates those that are missing.
"""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.sql.connections.process_locks import DESCRIPTORS
from qtui.value_classes import dataclass

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 20
WAL_MODE = 2


class OpenMode(StrEnum):
    """The query parameters of an sqlite URI that decide how a file is opened."""

    LIVE = "mode=ro&readonly_shm=1"
    """Beside active writers, using the sidecar files that they created."""
    IMMUTABLE = "mode=ro&immutable=1"
    """Without locks; the result is valid only if the file state is the same afterwards."""
    COPY = "mode=rw"
    """A private copy, in which sqlite may recover the unfinished transaction of a dead writer."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """The properties of a file that change when it is written."""

    inode: int
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class FileState:
    """The state of a database file and its sidecar files; an equal state means that nothing was written."""

    database: FileStamp
    wal: FileStamp | None
    shm: FileStamp | None
    journal: FileStamp | None
    in_wal_mode: bool

    @property
    def open_mode(self) -> OpenMode:
        """The mode to open a file in this state."""
        idle = self.wal is None or (self.wal.size == 0 and self.shm is None)
        return OpenMode.IMMUTABLE if self.in_wal_mode and idle else OpenMode.LIVE


def read_file_state(path: Path) -> FileState:
    """Return the state of a database file.

    Raises:
        StoreNotFound: There is no such file.
        StoreUnreadable: The file is unreadable, or not an sqlite database.
    """
    try:
        header = read_header(path)
        database = stamp_file(path)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"There is no database at {path}.") from None
    except PermissionError:
        raise StoreUnreadable(f"You are not allowed to read {path}.") from None
    except (OSError, ValueError) as error:
        raise StoreUnreadable(f"{path} cannot be read: {error}.") from None
    if not header:
        raise StoreUnreadable(f"{path} is an empty file, not a database.")
    if database is None or not header.startswith(MAGIC):
        raise StoreUnreadable(f"{path} is not an SQLite database.")
    return FileState(
        database,
        wal=stamp_file(sidecar_path(path, "-wal")),
        shm=stamp_file(sidecar_path(path, "-shm")),
        journal=stamp_file(sidecar_path(path, "-journal")),
        in_wal_mode=WAL_MODE in header[18:20],
    )


def sidecar_path(path: Path, suffix: str) -> Path:
    """Return the file that sqlite keeps beside a database, after resolving links to the database."""
    target = path.resolve()
    return target.with_name(target.name + suffix)


def read_header(path: Path) -> bytes:
    """Return the first bytes of a regular file; reading a pipe or a device could block forever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return os.read(descriptor, HEADER_BYTES) if is_regular else b"not a regular file"
    finally:
        DESCRIPTORS.close(descriptor)


def stamp_file(path: Path) -> FileStamp | None:
    """Return the stamp of a file, None if it does not exist."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return FileStamp(status.st_ino, status.st_size, status.st_mtime_ns)
