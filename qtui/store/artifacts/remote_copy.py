"""The bytes of a remote artifact in a local file, which are fetched as they are read."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import RLock
from time import monotonic

from qtui.cancellation import ProgressTimer, check_cancelled
from qtui.entities import Artifact
from qtui.errors import ArtifactTooLarge, ArtifactUnreadable, StoreUnreadable
from qtui.formatting import format_size
from qtui.store.artifacts.download import transfer_rate, transfer_text
from qtui.store.private_folder import PrivateFolder
from qtui.store.protocol import OpenStream
from qtui.value_classes import dataclass

FIRST_AHEAD_BYTES = 1 << 17
"""Bytes that are fetched beyond the needed ones at first; more for a reader that goes on."""
MAX_AHEAD_BYTES = 1 << 22
MAX_SKIP_BYTES = 1 << 20
"""Bytes that are received without need, instead of another request."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """The progress of fetching the bytes that a reader waits for."""

    fetched: int
    size: int | None
    seconds: float

    @property
    def text(self) -> str:
        """The progress in words."""
        rate = transfer_rate(self.fetched, self.seconds)
        return f"Fetching {transfer_text(self.fetched, self.size, rate)}"


OnProgress = Callable[[FetchProgress], None]


class ByteRanges:
    """The parts of a file that are there."""

    def __init__(self) -> None:
        self._bounds: list[int] = []
        """Start and end of each part by turns, in order."""

    @property
    def total(self) -> int:
        """The number of bytes that are there."""
        return sum(self._bounds[1::2]) - sum(self._bounds[::2])

    def add(self, start: int, end: int) -> None:
        """Add a part, and join it with those that it touches."""
        low = bisect_right(self._bounds, start - 1)
        high = bisect_right(self._bounds, end)
        self._bounds[low:high] = [*([start] if low % 2 == 0 else []), *([end] if high % 2 == 0 else [])]

    def first_missing(self, offset: int) -> int:
        """Return the first offset from this one on that is not there."""
        index = bisect_right(self._bounds, offset)
        return self._bounds[index] if index % 2 else offset

    def clear(self) -> None:
        """Forget all parts."""
        self._bounds.clear()


class RemoteCopy:
    """A remote artifact that is read like a local file, by several threads.

    With a cache folder, a complete copy of a version that the store identifies is kept there for the next time.
    """

    def __init__(
        self,
        open_stream: OpenStream,
        artifact: Artifact,
        source_id: str = "",
        *,
        cache: PrivateFolder | None = None,
        limit: int | None = None,
        on_progress: OnProgress | None = None,
        find_size: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Send the first request.

        `limit` is the number of bytes to keep on disk, and to fetch at once; `find_size` returns the size where the
        first response does not tell it.
        """
        self._path = artifact.path
        self._limit = sys.maxsize if limit is None else limit
        self._cache = cache
        self._on_progress = on_progress
        self._lock = RLock()
        self._present = ByteRanges()
        self._chunks: Iterator[bytes] | None = None
        self._has_received = False
        """Whether the running request has yielded something."""
        self._position = 0
        self._ahead = FIRST_AHEAD_BYTES
        self._temporary: Path | None = None
        self._descriptor = -1
        self._opened = ExitStack()
        self._stream = self._opened.enter_context(open_stream(artifact))
        try:
            self._size = find_size() if self._stream.size is None else self._stream.size
            self._name = self._cache_name(source_id)
            self._descriptor = self._open_file()
        except BaseException:
            self.close()
            raise

    def __del__(self) -> None:
        self.close()

    @property
    def size(self) -> int:
        """The number of bytes; fetches all of them if the store does not tell it."""
        if self._size is None:
            self._require(0, sys.maxsize)
        assert self._size is not None
        return self._size

    @property
    def fetched_bytes(self) -> int:
        """The number of bytes that are in the local file."""
        return self._present.total

    def has_more(self, offset: int) -> bool:
        """Return whether there may be bytes after an offset."""
        return self._size is None or offset < self._size

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset; fewer only at the end.

        Raises Cancelled if the work that needs them is cancelled, ArtifactTooLarge if they exceed the limit.
        """
        with self._lock:
            self._require(offset, offset + size)
            size = min(size, max(0, self.size - offset)) if self._size is not None else size
            return os.pread(self._descriptor, size, offset)

    def fileno(self) -> int:
        """Return the descriptor of the complete file, which `close` closes."""
        with self._lock:
            self._require(0, sys.maxsize)
            return self._descriptor

    def close(self) -> None:
        """Close the file and the connection, once."""
        self._stop_stream()
        self._opened.close()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None

    # The local file

    def _cache_name(self, source_id: str) -> str:
        """Return the name of the complete copy in the cache; empty if it must not be kept."""
        version = self._stream.version
        if self._cache is None or self._size is None or self._size > self._cache.max_bytes or not version:
            return ""
        identity = repr((source_id, self._path, self._size, version))
        return hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()

    def _open_file(self) -> int:
        """Open the copy in the cache, or a new file."""
        if self._name and self._cache is not None:
            with suppress(OSError), self._cache.open(self._name) as file:
                if os.fstat(file.fileno()).st_size == self._size:
                    self._cache.mark_used(self._name)
                    self._present.add(0, self._size)
                    return os.dup(file.fileno())
            with suppress(OSError):
                descriptor, self._temporary = self._cache.create(self._name)
                return descriptor
        with tempfile.TemporaryFile(buffering=0) as file:
            return os.dup(file.fileno())

    def _write(self, data: bytes) -> None:
        """Write a chunk; forget what was fetched before if it exceeds the limit."""
        if self._present.total + len(data) > self._limit:
            self._present.clear()
            os.ftruncate(self._descriptor, 0)
        rest, offset = memoryview(data), self._position
        while rest:
            count = os.pwrite(self._descriptor, rest, offset)
            rest, offset = rest[count:], offset + count
        self._present.add(self._position, offset)
        self._position = offset

    def _keep(self) -> None:
        """Keep a complete file in the cache."""
        if self._temporary is not None and self._cache is not None and self._present.first_missing(0) == self._size:
            with suppress(OSError):
                self._cache.publish(self._temporary, self._name)
                self._temporary = None

    # Fetching

    def _require(self, start: int, end: int) -> None:
        """Fetch the missing bytes of a range."""
        started_at, first_total, timer = monotonic(), 0, ProgressTimer()
        while (gap := self._present.first_missing(start)) < (stop := self._end(end)):
            check_cancelled()
            self._check_limit(start, stop)
            if self._chunks is None or not self._can_continue(gap):
                self._start(gap, stop)
                first_total = first_total or gap
            self._receive()
            if self._on_progress and timer.is_due():
                fetched = max(0, self._position - first_total) + self._stream.waiting_bytes
                size = None if stop == sys.maxsize else stop - first_total
                self._on_progress(FetchProgress(fetched, size, monotonic() - started_at))
        self._keep()

    def _end(self, end: int) -> int:
        return end if self._size is None else min(end, self._size)

    def _check_limit(self, start: int, stop: int) -> None:
        """Raise ArtifactTooLarge if a range exceeds the limit, or all before it where no part can be requested."""
        first = start if self._stream.has_ranges else 0
        needed = self._position if stop == sys.maxsize else stop - first
        if needed > self._limit:
            size = "" if self._size is None else f" of {format_size(self._size)}"
            raise ArtifactTooLarge(
                f"This needs more than {format_size(self._limit)}{size} of {self._path}: download it first, or raise "
                "the setting cache.limit_mb."
            )

    def _can_continue(self, gap: int) -> bool:
        """Return whether the running request will yield the bytes at an offset soon."""
        return self._position <= gap and (not self._stream.has_ranges or gap - self._position <= MAX_SKIP_BYTES)

    def _start(self, gap: int, stop: int) -> None:
        """Request the bytes from an offset on."""
        self._stop_stream()
        end = None
        if self._stream.has_ranges and self._size is not None:
            self._ahead = min(2 * self._ahead, MAX_AHEAD_BYTES) if gap == self._position else FIRST_AHEAD_BYTES
            ahead = min(self._ahead, self._limit - min(self._limit, self._present.total))
            end = min(self._size, max(stop, gap + ahead))
        self._position = self._stream.start(gap, end) if self._stream.has_ranges else self._stream.start(0)
        if self._position > gap or (self._stream.has_ranges and self._position != gap):
            raise ArtifactUnreadable(f"{self._path} has changed while it was read. Open it again.")
        self._chunks = self._stream.chunks()
        self._has_received = False

    def _receive(self) -> None:
        """Write the next chunk of the running request."""
        assert self._chunks is not None
        try:
            chunk = next(self._chunks, None)
        except BaseException:
            self._stop_stream()
            raise
        if chunk is None:
            self._stop_stream()
            if self._size is None:
                self._size = self._position
            elif self._position < self._size and not (self._stream.has_ranges and self._has_received):
                raise StoreUnreadable(f"{self._path} ended before its {self._size:,} bytes.")
        elif chunk:
            self._has_received = True
            self._write(chunk)

    def _stop_stream(self) -> None:
        if self._chunks is not None:
            close = getattr(self._chunks, "close", None)
            self._chunks = None
            if close is not None:
                close()
