"""Private copies of databases whose last writer died during a transaction."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from qtui.errors import StoreUnreadable
from qtui.store.sql.connections.file_state import FileState, sidecar_path
from qtui.store.sql.connections.process_locks import DESCRIPTORS

MIN_FREE_BYTES = 64 * 2**20
"""Disk space that a copy must leave free."""


class RecoveryCopy:
    """One copy of a database in a private folder, valid while the original stays in the same state."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: FileState | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def copy(self, path: Path, state: FileState) -> Path:
        """Copy a database in this state with its log and journal, unless the current copy is of the same state."""
        with self._lock:
            if self._folder is None or self._state != state:
                self._discard()
                self._folder = TemporaryDirectory(prefix="qtui-", ignore_cleanup_errors=True)
                copy_database(path, state, Path(self._folder.name))
                self._state = state
            return Path(self._folder.name, path.resolve().name)

    def close(self) -> None:
        """Delete the copy."""
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        self._folder = self._state = None


def copy_database(path: Path, state: FileState, folder: Path) -> None:
    """Copy a database with its log and its journal into a folder.

    Raises:
        StoreUnreadable: The disk has too little space, or a file cannot be copied.
    """
    stamps = {"": state.database, "-wal": state.wal, "-journal": state.journal}
    needed = sum(stamp.size for stamp in stamps.values() if stamp is not None)
    if shutil.disk_usage(folder).free < needed + MIN_FREE_BYTES:
        raise StoreUnreadable(
            f"The last writer of {path} died during a transaction, and {folder.parent} has no space for a copy to "
            "recover. Open the database once with the program that writes it, or with sqlite3, to recover it."
        )
    try:
        for suffix, stamp in stamps.items():
            if stamp is not None:
                copy_file(sidecar_path(path, suffix), sidecar_path(folder / path.resolve().name, suffix))
    except OSError as error:
        raise StoreUnreadable(f"{path} cannot be copied for recovery: {error}.") from error


def copy_file(source: Path, target: Path) -> None:
    """Copy a file without dropping the locks that this process holds on it."""
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with open(descriptor, "rb", closefd=False) as original, target.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    finally:
        DESCRIPTORS.close(descriptor)
