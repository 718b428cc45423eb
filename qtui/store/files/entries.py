"""The files of a run's params, metrics or tags: their keys and their bytes."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from qtui.store.files.damage import Report, Unreadable, Vanished, reason_of
from qtui.store.files.fingerprint import Trail, state_of
from qtui.store.files.opening import CHUNK, FLAGS, open_file, open_folder

MAX_DEPTH = 64

_ALLOWED = re.compile(r"[/\w.\- :]*").fullmatch
_LITTER = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.nfs[0-9a-f]+").fullmatch
_BACKUP = re.compile(r".*~|#.*#|\..*\.sw[a-p]", re.DOTALL).fullmatch


Entry: TypeAlias = tuple[str, str, bytes]
"""A value's key, the path of its file and its bytes; when these fill a chunk there may be more in the file."""


class ValueFolder:
    """Reads what lies in one of a run's folders, sub-folders being parts of a key."""

    def __init__(
        self, within: Sequence[str], report: Report, plain: dict[str, str], trail: Trail | None = None
    ) -> None:
        """`plain` gathers names that are known to be in order, for the same ones come again in every run."""
        self._within = within
        self._report = report
        self._plain = plain
        self._trail = trail

    def all(self, folder: str) -> Iterator[Entry]:
        """Every readable file below a folder; a folder that is not there holds nothing."""
        pending = [(folder, "")]
        while pending:
            folder, prefix = pending.pop()
            try:
                descriptor = open_folder(folder, self._within)
            except Vanished:
                continue
            except Unreadable as damage:
                self._report.add(folder, str(damage))
                continue
            try:
                if self._trail:
                    self._trail.enter(folder, os.fstat(descriptor))
                yield from self._level(folder, descriptor, prefix, pending)
            except OSError as error:
                self._report.add(folder, reason_of(error))
            finally:
                os.close(descriptor)

    def some(self, folder: str, keys: Iterable[str]) -> Iterator[Entry]:
        """The files of these keys, as far as the folder has them."""
        for key in keys:
            if "\\x" in key:
                # A key that was no UTF-8 is known by its escaped form only.
                yield from (entry for entry in self.all(folder) if entry[0] == key)
            elif is_safe_key(key) and not _passes_link(folder, key):
                path = f"{folder}/{key}"
                data = self._careful(path)
                if data is not None:
                    yield key, path, data

    def _level(self, folder: str, descriptor: int, prefix: str, pending: list[tuple[str, str]]) -> Iterator[Entry]:
        keys = self._plain
        states = self._trail.files if self._trail else None
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = entry.name
                path = f"{folder}/{name}"
                key = keys.get(name) or self._key(name, path)
                if key is None:
                    continue
                # Asked before opening, so that no device is ever opened.
                if entry.is_file(follow_symlinks=False):
                    data = self._read(name, path, descriptor, states)
                elif entry.is_dir(follow_symlinks=False):
                    self._descend(path, f"{prefix}{key}/", pending)
                    continue
                else:
                    data = self._careful(path)
                if data is not None:
                    yield prefix + key, path, data

    def _read(self, name: str, path: str, folder: int, states: array[int] | None) -> bytes | None:
        try:
            file = os.open(name, FLAGS, dir_fd=folder)
        except OSError:
            return self._careful(path)
        try:
            if states is not None:
                states.extend(state_of(os.fstat(file)))
            return os.read(file, CHUNK)
        except OSError as error:
            self._report.add(path, reason_of(error))
            return None
        finally:
            os.close(file)

    def _descend(self, path: str, prefix: str, pending: list[tuple[str, str]]) -> None:
        if prefix.count("/") > MAX_DEPTH:
            self._report.add(path, "is nested too deeply")
        else:
            pending.append((path, prefix))

    def _careful(self, path: str) -> bytes | None:
        if self._trail:
            self._trail.sound = False
        try:
            file = open_file(path, self._within)
        except Vanished:
            return None
        except Unreadable as damage:
            if not _is_folder(path):
                self._report.add(path, str(damage))
            return None
        try:
            return os.read(file, CHUNK)
        except OSError as error:
            self._report.add(path, reason_of(error))
            return None
        finally:
            os.close(file)

    def _key(self, name: str, path: str) -> str | None:
        """The part of a key that a name stands for; None for what is no value."""
        if _LITTER(name):
            return None
        if _BACKUP(name):
            self._report.add(path, "looks like an editor's backup and is left out")
            return None
        if not _ALLOWED(name):
            self._report.add(path, "has a name that MLflow refuses")
            return readable(name)
        return self._plain.setdefault(name, readable(name))


def is_safe_key(key: str) -> bool:
    """Whether a key stays below its folder when taken as a path."""
    return posixpath.normpath(key) == key and key != "." and not key.startswith(("..", "/")) and "\0" not in key


def readable(key: str) -> str:
    """A key as text that can be written anywhere: bytes that are no UTF-8 appear as escapes."""
    return key if key.isascii() else os.fsencode(key).decode(errors="backslashreplace")


def _is_folder(path: str) -> bool:
    """Whether a path is a folder itself, and so a part of keys but no key."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _passes_link(folder: str, key: str) -> bool:
    """Whether a nested key leads through a linked folder, which MLflow does not follow."""
    parts = key.split("/")[:-1]
    return any(os.path.islink(posixpath.join(folder, *parts[: depth + 1])) for depth in range(len(parts)))
