"""The files of a run's params, metrics or tags: their keys and their bytes."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qtui.store.files.damage import Report, Unreadable, Vanished, reason_of
from qtui.store.files.opening import CHUNK, FLAGS, open_file

MAX_DEPTH = 64

_ALLOWED = re.compile(r"[/\w.\- :]*").fullmatch
_LITTER = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.nfs[0-9a-f]+").fullmatch
_BACKUP = re.compile(r".*~|#.*#|\..*\.sw[a-p]", re.DOTALL).fullmatch


class Entry(NamedTuple):
    """One value's file; when `data` fills a chunk there may be more in the file."""

    key: str
    path: str
    data: bytes


class ValueFolder:
    """Reads what lies in one of a run's folders, sub-folders being parts of a key."""

    def __init__(self, within: Sequence[str], report: Report, plain: set[str]) -> None:
        """`plain` gathers names that are known to be in order, for the same ones come again in every run."""
        self._within = within
        self._report = report
        self._plain = plain

    def all(self, folder: str) -> Iterator[Entry]:
        """Every readable file below a folder; a folder that is not there holds nothing."""
        pending = [(folder, "")]
        while pending:
            current, prefix = pending.pop()
            yield from self._level(current, prefix, pending)

    def some(self, folder: str, keys: Iterable[str]) -> Iterator[Entry]:
        """The files of these keys, as far as the folder has them."""
        for key in keys:
            if "\\x" in key:
                # A key that was no UTF-8 is known by its escaped form only.
                yield from (entry for entry in self.all(folder) if entry.key == key)
            elif is_safe_key(key) and not _passes_link(folder, key):
                path = f"{folder}/{key}"
                data = self._read(path)
                if data is not None:
                    yield Entry(key, path, data)

    def _level(self, folder: str, prefix: str, pending: list[tuple[str, str]]) -> Iterator[Entry]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = entry.name
                    path = f"{folder}/{name}"
                    if name not in self._plain and not self._is_welcome(name, path):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        self._descend(path, f"{prefix}{name}/", pending)
                        continue
                    # Asked before opening, so that no device is ever opened.
                    data = self._read(path) if entry.is_file(follow_symlinks=False) else self._careful(path)
                    if data is not None:
                        yield Entry(readable(prefix + name), path, data)
        except FileNotFoundError:
            return
        except OSError as error:
            self._report.add(folder, reason_of(error))

    def _descend(self, path: str, prefix: str, pending: list[tuple[str, str]]) -> None:
        if prefix.count("/") > MAX_DEPTH:
            self._report.add(path, "is nested too deeply")
        else:
            pending.append((path, prefix))

    def _read(self, path: str) -> bytes | None:
        try:
            descriptor = os.open(path, FLAGS)
        except FileNotFoundError:
            return None
        except OSError:
            return self._careful(path)
        try:
            return os.read(descriptor, CHUNK)
        except OSError as error:
            self._report.add(path, reason_of(error))
            return None
        finally:
            os.close(descriptor)

    def _careful(self, path: str) -> bytes | None:
        try:
            descriptor = open_file(path, self._within)
        except Vanished:
            return None
        except Unreadable as damage:
            self._report.add(path, str(damage))
            return None
        try:
            return os.read(descriptor, CHUNK)
        except OSError as error:
            self._report.add(path, reason_of(error))
            return None
        finally:
            os.close(descriptor)

    def _is_welcome(self, name: str, path: str) -> bool:
        """Whether a file takes part, reporting names that MLflow itself would stumble over."""
        if _LITTER(name):
            return False
        if _BACKUP(name):
            self._report.add(path, "looks like an editor's backup and is left out")
            return False
        if _ALLOWED(name):
            self._plain.add(name)
        else:
            self._report.add(path, "has a name that MLflow refuses")
        return True


def is_safe_key(key: str) -> bool:
    """Whether a key stays below its folder when taken as a path."""
    return posixpath.normpath(key) == key and key != "." and not key.startswith(("..", "/")) and "\0" not in key


def readable(key: str) -> str:
    """A key as text that can be written anywhere: bytes that are no UTF-8 appear as escapes."""
    return key if key.isascii() else os.fsencode(key).decode(errors="backslashreplace")


def _passes_link(folder: str, key: str) -> bool:
    """Whether a nested key leads through a linked folder, which MLflow does not follow."""
    parts = key.split("/")[:-1]
    return any(os.path.islink(posixpath.join(folder, *parts[: depth + 1])) for depth in range(len(parts)))
