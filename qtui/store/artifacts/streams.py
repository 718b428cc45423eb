"""The bytes of artifacts from an offset: of local files, of servers, of repositories that copy whole files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.regular_file import open_artifact_file
from qtui.store.protocol import ArtifactRoot

CHUNK_BYTES = 1 << 20
"""Bytes that are copied between two points at which a transfer can be cancelled."""


class ArtifactStream(Protocol):
    """The content of an artifact."""

    @property
    def size(self) -> int | None:
        """The number of bytes; None if only the end tells."""

    @property
    def version(self) -> str | None:
        """A text that changes with the content; None if a part of the content must not be continued later."""

    @property
    def modified_ns(self) -> int | None:
        """The time of the last modification; None if it is unknown."""

    def start(self, offset: int) -> int:
        """Begin at an offset, or at 0 where that is impossible; return the offset at which `chunks` begins."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes. Raises StoreUnreachable if the connection is lost."""


OpenStream = Callable[[Artifact], AbstractContextManager[ArtifactStream]]
"""Opens the content of an artifact."""


class FileStream:
    """The content of an open file; what is appended later is left out."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._state = os.fstat(descriptor)
        self._position = 0

    @property
    def size(self) -> int:
        """The number of bytes when it was opened."""
        return self._state.st_size

    @property
    def version(self) -> str:
        """The identity of the file and the time of its last modification."""
        return f"{self._state.st_dev}:{self._state.st_ino}:{self._state.st_mtime_ns}"

    @property
    def modified_ns(self) -> int:
        """The time of the last modification."""
        return self._state.st_mtime_ns

    def start(self, offset: int) -> int:
        """Begin at the offset."""
        self._position = offset
        return offset

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        while data := os.pread(self._descriptor, min(CHUNK_BYTES, self.size - self._position), self._position):
            self._position += len(data)
            yield data


class BytesStream:
    """Content in memory."""

    modified_ns = version = None

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._content)

    def start(self, offset: int) -> int:
        """Begin at 0."""
        return 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        yield self._content


def stream_opener(info: RunInfo, root: ArtifactRoot) -> OpenStream:
    """Return the function that opens artifacts in a local folder, or in a repository of MLflow."""
    if root.folder is not None:
        return folder_streams(root.folder)
    if local_path(root.recorded) is not None:
        raise ArtifactNotFound(f"The artifacts of the run {info.run_id} are at {root.recorded}, not on this machine.")
    from qtui.store.artifacts.repository import fetch

    return fetched_streams(lambda path, scratch: fetch(root.recorded, path, scratch))


def folder_streams(root: Path) -> OpenStream:
    """Return the function that opens artifacts in a folder; links that leave the folder are refused."""

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[ArtifactStream]:
        with open(open_artifact_file(root, artifact.path), "rb") as file:
            yield FileStream(file.fileno())

    return open_stream


def fetched_streams(fetch: Callable[[str, Path], Path]) -> OpenStream:
    """Return the function that opens artifacts of a repository: `fetch` first copies them into a temporary folder."""

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[ArtifactStream]:
        with TemporaryDirectory(prefix="qtui-") as scratch:
            copy = fetch(artifact.path, Path(scratch))
            with folder_streams(Path(scratch))(Artifact(os.path.relpath(copy, scratch), False)) as stream:
                yield stream

    return open_stream
