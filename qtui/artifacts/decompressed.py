"""Compressed files, which are decompressed as far as they are read."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from threading import RLock
from typing import BinaryIO, Protocol

from qtui.artifacts.source import Source
from qtui.errors import ArtifactUnreadable, MissingExtra
from qtui.formatting import format_size
from qtui.value_classes import dataclass

MAX_BYTES = 1 << 31
"""Bytes that are decompressed from one file."""
MAX_RATIO = 250
"""The largest ratio of decompressed to compressed bytes; texts reach 5 to 50, and only bombs more than 250."""
UNCHECKED_BYTES = 1 << 26
"""Decompressed bytes up to which the ratio is not checked."""
CHUNK_BYTES = 1 << 18
MAX_BYTES_WITHOUT_CONTENT = 1 << 21
"""Compressed bytes that are read without any content of them, such as padding; a block of bzip2 has up to 1 MB."""


class Reader(Protocol):
    """A file that decompresses."""

    def read1(self, size: int, /) -> bytes:
        """Return up to `size` bytes, those before damage too; none at the end."""


class CompressedReader(io.BufferedReader):
    """The bytes of a compressed file; it fails where too many of them have no content."""

    _bytes_without_content = 0

    def reset_counter(self) -> None:
        """Count the bytes without content from 0."""
        self._bytes_without_content = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes; raises OSError if too many were returned since the counter was reset."""
        if self._bytes_without_content > MAX_BYTES_WITHOUT_CONTENT:
            raise OSError(f"{format_size(MAX_BYTES_WITHOUT_CONTENT)} in a row have no content")
        data = super().read(size)
        self._bytes_without_content += len(data)
        return data


@dataclass(frozen=True, slots=True)
class Compression:
    """A format of compressed files."""

    name: str
    magic: bytes
    suffixes: tuple[tuple[str, str], ...]
    """Suffixes of paths, and what they become without compression."""
    open: Callable[[BinaryIO], Reader]
    """Returns a file that decompresses another one."""


def _open_gzip(file: BinaryIO) -> Reader:
    import gzip

    return gzip.GzipFile(fileobj=file, mode="rb")


def _open_bz2(file: BinaryIO) -> Reader:
    import bz2

    return bz2.BZ2File(file)


def _open_xz(file: BinaryIO) -> Reader:
    import lzma

    return lzma.LZMAFile(file)


def _open_zstd(file: BinaryIO) -> Reader:
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec("compression") is not None:
        opened: Reader = import_module("compression.zstd").ZstdFile(file)
        return opened
    if find_spec("zstandard") is None:
        raise MissingExtra("Zstandard files need Python 3.14 or the package zstandard: pip install zstandard")
    stream: Reader = import_module("zstandard").ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return stream


COMPRESSIONS = (
    Compression("gzip", b"\x1f\x8b\x08", ((".tgz", ".tar"), (".gz", "")), _open_gzip),
    Compression("bzip2", b"BZh", ((".tbz2", ".tar"), (".bz2", "")), _open_bz2),
    Compression("xz", b"\xfd7zXZ\0", ((".txz", ".tar"), (".xz", "")), _open_xz),
    Compression("zstd", b"\x28\xb5\x2f\xfd", ((".tzst", ".tar"), (".zst", ""), (".zstd", "")), _open_zstd),
)


def compression_of(head: bytes) -> Compression | None:
    """Return the format of a compressed file by its first bytes; None for another file."""
    return next((compression for compression in COMPRESSIONS if head.startswith(compression.magic)), None)


class DecompressedSource(Source):
    """The content of a compressed file: it is written to a temporary file as far as it was read.

    Reading a text stops at damage or at a limit, with a last line that says so. Everything that needs the size needs
    the whole content, and raises ArtifactUnreadable then.
    """

    def __init__(self, source: Source, compression: Compression) -> None:
        """Open a compressed source; raises MissingExtra if a package is missing."""
        with tempfile.TemporaryFile(buffering=0) as file:
            super().__init__(os.dup(file.fileno()), _inner_path(source.path, compression))
        self._compressed = source
        self._raw = CompressedReader(source.raw_reader())
        self._stream = compression.open(self._raw)
        self._lock = RLock()
        self._written = 0
        self._is_complete = False
        self._problem = ""

    @property
    def size(self) -> int:
        """The number of bytes of the whole content."""
        while self._advance():
            pass
        if self._problem:
            raise ArtifactUnreadable(f"{self._compressed.name} cannot be decompressed: {self._problem}")
        return self._written

    def fileno(self) -> int:
        _ = self.size
        return super().fileno()

    def read(self, offset: int, size: int) -> bytes:
        while self._written < offset + size and self._advance():
            pass
        return super().read(offset, size)

    def has_more(self, offset: int) -> bool:
        return not self._is_complete or offset < self._written

    def progress(self, offset: int) -> float:
        done = 1.0 if self._is_complete else min(1.0, self._raw.tell() / max(1, self._compressed.size))
        return done * offset / max(1, self._written)

    def _advance(self) -> bool:
        """Decompress some more; return False at the end."""
        with self._lock:
            if self._is_complete:
                return False
            chunk = b""
            try:
                self._raw.reset_counter()
                chunk = self._stream.read1(CHUNK_BYTES)
                self._problem = self._excess(len(chunk))
                chunk = b"" if self._problem else chunk
                self._write(chunk)
            except Exception as error:
                # Each module has its own errors for damaged data; a full disk is reported like damage.
                self._problem = f"{error or type(error).__name__}."
                chunk = b""
            if not chunk:
                self._finish()
            return bool(chunk)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            size = os.pwrite(self._descriptor, rest, self._written)
            self._written += size
            rest = rest[size:]

    def _finish(self) -> None:
        self._is_complete = True
        if self._problem:
            with suppress(OSError):
                self._write(f"\n… the rest cannot be decompressed: {self._problem}\n".encode())

    def _excess(self, size: int) -> str:
        """Return the limit that another chunk exceeds; empty if it is within the limits."""
        total = self._written + size
        if total > MAX_BYTES:
            return f"it has more than {format_size(MAX_BYTES)}."
        if total > UNCHECKED_BYTES and total > MAX_RATIO * max(1, self._raw.tell()):
            return f"it is more than {MAX_RATIO} times larger than the file."
        return ""


def _inner_path(path: str, compression: Compression) -> str:
    for suffix, replacement in compression.suffixes:
        if path.lower().endswith(suffix):
            return path[: -len(suffix)] + replacement
    return path
