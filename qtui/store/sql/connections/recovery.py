"""Private copies of databases whose last writer died in the middle of its work."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from qtui.errors import StoreUnreadable
from qtui.store.sql.connections.descriptors import DESCRIPTORS
from qtui.store.sql.connections.file_state import Condition, beside

ROOM_LEFT = 64 * 2**20
"""How many bytes a copy must leave free."""


class Salvage:
    """Keeps one copy, in a folder that only its owner can open, as long as the original is in the same condition."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._condition: Condition | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def copy_of(self, path: Path, condition: Condition) -> Path:
        """A copy of a database in this condition, with what is still to be finished in it."""
        with self._lock:
            if self._folder is None or self._condition != condition:
                self._discard()
                self._folder = TemporaryDirectory(prefix="qtui-", ignore_cleanup_errors=True)
                copy_into(Path(self._folder.name), path, condition)
                self._condition = condition
            return Path(self._folder.name, path.resolve().name)

    def close(self) -> None:
        """Delete the copy."""
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        self._folder = self._condition = None


def copy_into(folder: Path, path: Path, condition: Condition) -> None:
    """Copy a database with its log and its journal, if there is room."""
    marks = {"": condition.database, "-wal": condition.wal, "-journal": condition.journal}
    needed = sum(mark.size for mark in marks.values() if mark is not None)
    if shutil.disk_usage(folder).free < needed + ROOM_LEFT:
        raise StoreUnreadable(
            f"The last program that wrote {path} died on the way, and there is no room in {folder.parent} for a copy "
            "to repair. Open it once with the program that writes it, or with sqlite3, and it will be in order."
        )
    try:
        for suffix, mark in marks.items():
            if mark is not None:
                copy_file(beside(path, suffix), beside(folder / path.resolve().name, suffix))
    except OSError as error:
        raise StoreUnreadable(f"{path} cannot be copied to be repaired: {error}.") from error


def copy_file(source: Path, target: Path) -> None:
    """Copy a file without dropping the locks that this process holds on it."""
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with open(descriptor, "rb", closefd=False) as original, target.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    finally:
        DESCRIPTORS.close(descriptor)
