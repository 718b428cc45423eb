"""Sources of the artifacts of runs, wherever they are."""

from __future__ import annotations

from qtui.artifacts.source import Source
from qtui.entities import RunInfo
from qtui.recorder import Library
from qtui.store.artifacts.remote_copy import OnProgress, RemoteCopy


class RemoteSource(Source):
    """A remote artifact, of which parts are fetched as they are read."""

    def __init__(self, copy: RemoteCopy, path: str) -> None:
        """Take over a copy; it is closed by `close`, or with the object."""
        self.path = path
        self._copy = copy

    @property
    def size(self) -> int:
        return self._copy.size

    def fileno(self) -> int:
        return self._copy.fileno()

    def has_more(self, offset: int) -> bool:
        return self._copy.has_more(offset)

    def read(self, offset: int, size: int) -> bytes:
        return self._copy.read(offset, size)

    def close(self) -> None:
        self._copy.close()


def open_source(
    library: Library, run: RunInfo, path: str, *, limit: int | None = None, on_progress: OnProgress | None = None
) -> Source:
    """Open an artifact of a run; see `Library.remote_copy` for `limit` and `on_progress`."""
    copy = library.remote_copy(run, path, limit=limit, on_progress=on_progress)
    if copy is not None:
        return RemoteSource(copy, path)
    with library.open_artifact(run, path) as file:
        return Source.of_file(file, path)
