"""Sources: the bytes of an artifact at any offset, for several threads at once."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from qtui.cancellation import check_cancelled
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size


class Source:
    """A file descriptor and the path of its artifact; reading changes no position, so that threads can share it."""

    def __init__(self, descriptor: int, path: str) -> None:
        """Take over the descriptor of an open file; it is closed by `close`, or with the object."""
        self.path = path
        """The path of the artifact, as the run lists it."""
        self._descriptor = descriptor

    @classmethod
    def of_file(cls, file: BinaryIO, path: str) -> Source:
        """Return a source with a descriptor of its own for an open file."""
        return cls(os.dup(file.fileno()), path)

    @classmethod
    def of_chunks(cls, chunks: Iterable[bytes], path: str) -> Source:
        """Write bytes into a temporary file without a name, and return its source."""
        with tempfile.TemporaryFile(buffering=0) as file:
            for chunk in chunks:
                file.write(chunk)
            return cls(os.dup(file.fileno()), path)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def size(self) -> int:
        """The number of bytes now; a file that is being written grows."""
        return os.fstat(self._descriptor).st_size

    def fileno(self) -> int:
        """Return the descriptor, which `close` closes."""
        return self._descriptor

    def has_more(self, offset: int) -> bool:
        """Return whether there may be bytes after an offset."""
        return offset < self.size

    def progress(self, offset: int) -> float:
        """Return the part of the file before an offset, from 0 to 1."""
        return offset / max(1, self.size)

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset; fewer only at the end of the file.

        Raises Cancelled if the work that needs them was cancelled.
        """
        check_cancelled()
        parts: list[bytes] = []
        while size > 0 and (part := os.pread(self._descriptor, size, offset)):
            parts.append(part)
            offset, size = offset + len(part), size - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read_all(self, limit: int, kind: str) -> bytes:
        """Return all bytes; raises ArtifactUnreadable if there are more than `limit`."""
        if self.size > limit:
            raise ArtifactUnreadable(
                f"{self.name} has {format_size(self.size)}; the limit for {kind} is {format_size(limit)}."
            )
        return self.read(0, limit)

    def read_text(self, encoding: str, limit: int, kind: str) -> str:
        """Return the whole text; raises ArtifactUnreadable if it has more than `limit` bytes."""
        return self.read_all(limit, kind).decode(encoding, "replace")

    def reader(self) -> BinaryIO:
        """Return a seekable file over the source with a position of its own."""
        return io.BufferedReader(self.raw_reader())

    def raw_reader(self) -> io.RawIOBase:
        """Return a file without a buffer over the source."""
        return _SourceReader(self)

    def close(self) -> None:
        """Close the file, once."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class _SourceReader(io.RawIOBase):
    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        # The size of a source may be expensive, and is needed for one origin only.
        start = self._source.size if whence == os.SEEK_END else {os.SEEK_SET: 0, os.SEEK_CUR: self._position}[whence]
        if start + offset < 0:
            raise ValueError("The position before the start of the file is invalid.")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
