"""The artifacts of runs as values, for views that compute something from them."""

from __future__ import annotations

from typing import Any

from qtui.entities import RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.tui.load.artifact import remote_limit


class ArtifactValues:
    """Lists and reads the artifacts of runs; called in background threads."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def files(self, info: RunInfo, folder: str) -> tuple[str, ...]:
        """Return the paths of the files in a folder; none if it cannot be listed."""
        try:
            listing = self._library.artifacts(info, folder)
        except QtuiError:
            return ()
        return tuple(artifact.path for artifact in listing.items if not artifact.is_dir)

    def sizes(self, info: RunInfo) -> dict[str, int | None]:
        """Return the size in bytes of every file of a run; raises QtuiError if they cannot be listed."""
        listing = self._library.artifacts(info, recursive=True)
        return {artifact.path: artifact.size for artifact in listing.items if not artifact.is_dir}

    def content(self, info: RunInfo, path: str, limit: int) -> bytes:
        """Return the first bytes of a file, at most `limit`; raises QtuiError or OSError."""
        with self._library.open_artifact(info, path, limit) as file:
            return file.read(limit)

    def read_pickle(self, info: RunInfo, path: str) -> Any:
        """Return the value of a pickle; raises ArtifactUnreadable or another QtuiError."""
        from qtui.artifacts.remote_source import open_source
        from qtui.artifacts.trees.pickle_file import load_pickle

        with open_source(self._library, info, path, limit=remote_limit()) as source:
            return load_pickle(source).value
