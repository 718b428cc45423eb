"""The bytes of artifacts from an offset: of local files, of servers, of repositories that copy whole files."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.artifacts.chunk_pump import pump
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.regular_file import open_artifact_file
from qtui.store.dirfd import check_path
from qtui.store.protocol import ArtifactRoot, ArtifactStream, OpenStream

CHUNK_BYTES = 1 << 20
"""Bytes that are copied between two points at which a transfer can be cancelled."""


class FileStream:
    """The content of an open file; what is appended later is left out."""

    has_ranges = True
    waiting_bytes = 0

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._state = os.fstat(descriptor)
        self._position = 0
        self._end = self._state.st_size

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

    def matches_copy(self, modified_ns: int) -> bool:
        """Return whether a copy has the time of the file."""
        return modified_ns == self.modified_ns

    def start(self, offset: int, end: int | None = None) -> int:
        """Begin at the offset."""
        self._position = offset
        self._end = self.size if end is None else min(end, self.size)
        return offset

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        while data := os.pread(self._descriptor, min(CHUNK_BYTES, self._end - self._position), self._position):
            self._position += len(data)
            yield data


class BytesStream:
    """Content in memory."""

    modified_ns = version = None
    has_ranges = False
    waiting_bytes = 0

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._content)

    def matches_copy(self, modified_ns: int) -> bool:
        """Return False."""
        return False

    def start(self, offset: int, end: int | None = None) -> int:
        """Begin at 0."""
        return 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        yield self._content


class FetchedStream:
    """The content of an artifact that MLflow can only download as a whole, into a temporary folder."""

    modified_ns = None
    version = ""
    has_ranges = False

    def __init__(self, artifact: Artifact, fetch: Callable[[str, Path], Path], scratch: Path) -> None:
        self._artifact = artifact
        self._fetch = fetch
        self._scratch = scratch
        self._copy: FileStream | None = None
        self._opened = ExitStack()

    @property
    def size(self) -> int | None:
        """The number of bytes, which a repository lists."""
        return self._artifact.size if self._copy is None else self._copy.size

    @property
    def waiting_bytes(self) -> int:
        """The bytes in the temporary folder."""
        return sum(path.stat().st_size for path in self._scratch.rglob("*") if path.is_file())

    def matches_copy(self, modified_ns: int) -> bool:
        """Return True: a repository lists only sizes."""
        return True

    def start(self, offset: int, end: int | None = None) -> int:
        """Begin at 0."""
        return 0

    def chunks(self) -> Iterator[bytes]:
        """Download the artifact, then yield its bytes."""
        yield from pump(self._download())

    def close(self) -> None:
        """Close the copy."""
        self._opened.close()

    def _download(self) -> Generator[bytes, None, None]:
        if self._copy is None:
            # An abandoned download may still write into its folder.
            path = self._fetch(self._artifact.path, Path(mkdtemp(dir=self._scratch)))
            copy = Artifact(os.path.relpath(path, self._scratch), is_dir=False)
            self._copy = self._opened.enter_context(folder_stream(self._scratch, copy))
        self._copy.start(0)
        yield from self._copy.chunks()


def stream_opener(info: RunInfo, root: ArtifactRoot) -> OpenStream:
    """Return the function that opens artifacts in a local folder, or in a repository of MLflow."""
    if root.folder is not None:
        return folder_streams(root.folder)
    if local_path(root.recorded) is not None:
        raise ArtifactNotFound(f"The artifacts of the run {info.run_id} are at {root.recorded}, not on this machine.")
    return repository_streams(root.recorded)


def repository_streams(uri: str) -> OpenStream:
    """Return the function that opens artifacts in a repository of MLflow: parts of them in S3, else whole files."""
    from qtui.store.artifacts.repository import fetch

    if uri.startswith("s3:"):
        from qtui.store.artifacts.s3_stream import s3_streams

        return s3_streams(uri)
    return fetched_streams(lambda path, scratch: fetch(uri, path, scratch))


def folder_streams(root: Path) -> OpenStream:
    """Return the function that opens artifacts in a folder; links that leave the folder are refused."""
    return lambda artifact: folder_stream(root, artifact)


@contextmanager
def folder_stream(root: Path, artifact: Artifact) -> Iterator[FileStream]:
    """Open an artifact in a folder."""
    with open(open_artifact_file(root, artifact.path), "rb") as file:
        yield FileStream(file.fileno())


def fetched_streams(fetch: Callable[[str, Path], Path]) -> OpenStream:
    """Return the function that opens artifacts of a repository: `fetch` copies them into a temporary folder."""

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[ArtifactStream]:
        check_path(artifact.path)
        with (
            TemporaryDirectory(prefix="qtui-", ignore_cleanup_errors=True) as scratch,
            closing(FetchedStream(artifact, fetch, Path(scratch))) as stream,
        ):
            yield stream

    return open_stream
