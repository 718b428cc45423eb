"""Private folder of cached texts that may disappear at any time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from qtui.store.private_folder import PrivateFolder

FORMAT_VERSION = 3
"""Increase when the meaning of the cached texts changes."""
MAX_CACHE_BYTES = 256 << 20
MAX_HEADER_BYTES = 64 << 10


class DiskCache:
    """Cache of texts by name with a size limit; a text that differs from what was saved counts as missing."""

    def __init__(self, folder: Path, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._folder = PrivateFolder(folder, max_bytes)

    def load(self, name: str) -> bytes:
        """Return the text of a name; empty if it is missing, damaged or writable by other users."""
        with suppress(OSError):
            file_name = _file_name(name)
            with self._folder.open(file_name) as file:
                header = file.readline(MAX_HEADER_BYTES)
                text = file.read(self._folder.max_bytes)
            if header == _header(name, (text,)):
                self._folder.mark_used(file_name)
                return text
        return b""

    def save(self, name: str, parts: Sequence[bytes]) -> None:
        """Save a text given in parts; do nothing if it is too large or the folder cannot be written."""
        if sum(map(len, parts)) > self._folder.max_bytes // 2:
            return
        with suppress(OSError):
            self._write(_file_name(name), (_header(name, parts), *parts))

    def _write(self, name: str, parts: Iterable[bytes]) -> None:
        descriptor, temporary = self._folder.create(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
            self._folder.publish(temporary, name)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def _file_name(name: str) -> str:
    return _digest((name.encode("utf-8", "surrogateescape"),))


def _header(name: str, parts: Iterable[bytes]) -> bytes:
    return f"qtui {FORMAT_VERSION} {_digest(parts)} {name!a}\n".encode()


def _digest(parts: Iterable[bytes]) -> str:
    from hashlib import blake2b  # takes longer to import than a small store to list

    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
