"""Read the files of a run's params, metrics or tags: one file per key, subfolders are parts of the key."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from qtui.store.files.damage import DamageReport, Unreadable, Vanished, reason_of
from qtui.store.files.reading.fingerprint import FileState, ReadFingerprint, state_of
from qtui.store.files.reading.opening import CHUNK_BYTES, FILE_FLAGS, open_file, open_folder, read_file

MAX_KEY_DEPTH = 64
MAX_TEXT_BYTES = 1 << 20
"""Limit of a param or a tag; MLflow writes none of nearly this size."""

_is_allowed_name = re.compile(r"[/\w.\- :]*").fullmatch
_is_system_file = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.nfs[0-9a-f]+").fullmatch
_is_editor_backup = re.compile(r".*~|#.*#|\..*\.sw[a-p]", re.DOTALL).fullmatch


ValueFile: TypeAlias = tuple[str, str, bytes]
"""Key, path and first bytes of a value's file; if they fill a chunk, the file may be longer."""


class ValueFolder:
    """Reader of the values in one folder of a run."""

    def __init__(
        self,
        allowed_roots: Sequence[str],
        report: DamageReport,
        valid_names: dict[str, str],
        fingerprint: ReadFingerprint | None = None,
    ) -> None:
        """`valid_names` caches names that passed validation: the same ones occur in every run."""
        self._allowed_roots = allowed_roots
        self._report = report
        self._valid_names = valid_names
        self._fingerprint = fingerprint

    def read_all(self, folder: str) -> Iterator[ValueFile]:
        """Yield every readable value below a folder; none if the folder does not exist."""
        pending = [(folder, "")]
        while pending:
            folder, prefix = pending.pop()
            try:
                descriptor = open_folder(folder, self._allowed_roots)
            except Vanished:
                continue
            except Unreadable as damage:
                self._report.add(folder, str(damage))
                continue
            try:
                if self._fingerprint:
                    self._fingerprint.add_folder(folder, os.fstat(descriptor))
                yield from self._read_level(folder, descriptor, prefix, pending)
            except OSError as error:
                self._report.add(folder, reason_of(error))
            finally:
                os.close(descriptor)

    def read_keys(self, folder: str, keys: Iterable[str]) -> Iterator[ValueFile]:
        """Yield the values of these keys, as far as the folder has them."""
        for key in keys:
            if "\\x" in key:
                # Only the escaped form is known of a key that is not UTF-8.
                yield from (file for file in self.read_all(folder) if file[0] == key)
            elif is_safe_key(key) and not _passes_link(folder, key):
                path = f"{folder}/{key}"
                data = self._read_checked(path)
                if data is not None:
                    yield key, path, data

    def _read_level(
        self, folder: str, descriptor: int, prefix: str, pending: list[tuple[str, str]]
    ) -> Iterator[ValueFile]:
        names = self._valid_names
        states = self._fingerprint.file_states if self._fingerprint else None
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = entry.name
                path = f"{folder}/{name}"
                key = names.get(name) or self._validate_name(name, path)
                if key is None:
                    continue
                # Checked before opening, so that no device is ever opened.
                if entry.is_file(follow_symlinks=False):
                    data = self._read_regular(name, path, descriptor, states)
                elif entry.is_dir(follow_symlinks=False):
                    self._add_subfolder(path, f"{prefix}{key}/", pending)
                    continue
                else:
                    data = self._read_checked(path)
                if data is not None:
                    yield prefix + key, path, data

    def _read_regular(self, name: str, path: str, folder: int, states: list[FileState] | None) -> bytes | None:
        try:
            file = os.open(name, FILE_FLAGS, dir_fd=folder)
        except OSError:
            return self._read_checked(path)
        return self._read_and_close(file, path, states)

    def _read_and_close(self, file: int, path: str, states: list[FileState] | None = None) -> bytes | None:
        """Read the beginning of a file, and add its state to `states`; report an error and return None."""
        try:
            if states is not None:
                states.append(state_of(os.fstat(file)))
            return os.read(file, CHUNK_BYTES)
        except OSError as error:
            self._report.add(path, reason_of(error))
            return None
        finally:
            os.close(file)

    def _add_subfolder(self, path: str, prefix: str, pending: list[tuple[str, str]]) -> None:
        if prefix.count("/") > MAX_KEY_DEPTH:
            self._report.add(path, "is nested too deeply")
        else:
            pending.append((path, prefix))

    def _read_checked(self, path: str) -> bytes | None:
        if self._fingerprint:
            self._fingerprint.is_reliable = False
        try:
            file = open_file(path, self._allowed_roots)
        except Vanished:
            return None
        except Unreadable as damage:
            if not _is_folder(path):
                self._report.add(path, str(damage))
            return None
        return self._read_and_close(file, path)

    def _validate_name(self, name: str, path: str) -> str | None:
        """Return the part of a key that a file name stands for; None for a file that is not a value."""
        if _is_system_file(name):
            return None
        if _is_editor_backup(name):
            self._report.add(path, "looks like an editor backup and is skipped")
            return None
        if not _is_allowed_name(name):
            self._report.add(path, "has a name that MLflow rejects")
            return decode_name(name)
        return self._valid_names.setdefault(name, decode_name(name))


def decode_texts(files: Iterable[ValueFile], allowed_roots: tuple[str, ...], report: DamageReport) -> dict[str, str]:
    """Return params or tags by key, without changing line ends; invalid UTF-8 is escaped and reported."""
    texts: dict[str, str] = {}
    for key, path, data in files:
        try:
            data = data if len(data) < CHUNK_BYTES else read_file(path, MAX_TEXT_BYTES, allowed_roots)
            texts[key] = data.decode()
        except UnicodeDecodeError:
            report.add(path, "is not valid UTF-8; invalid bytes are shown as escapes")
            texts[key] = data.decode(errors="backslashreplace")
        except Unreadable as damage:
            report.add(path, str(damage))
        except Vanished:
            continue
    return texts


def is_safe_key(key: str) -> bool:
    """Return whether a key used as a path stays below its folder."""
    return posixpath.normpath(key) == key and key != "." and not key.startswith(("..", "/")) and "\0" not in key


def decode_name(name: str) -> str:
    """Return a file name as printable text: bytes that are not UTF-8 become escapes."""
    return name if name.isascii() else os.fsencode(name).decode(errors="backslashreplace")


def _is_folder(path: str) -> bool:
    """Return whether a path is a folder, not a link to one, and so a part of keys."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _passes_link(folder: str, key: str) -> bool:
    """Return whether a nested key leads through a linked folder, which MLflow does not follow."""
    parts = key.split("/")[:-1]
    return any(os.path.islink(posixpath.join(folder, *parts[: depth + 1])) for depth in range(len(parts)))
