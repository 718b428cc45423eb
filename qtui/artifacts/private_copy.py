"""Private copies of artifacts for other programs, which then cannot change the store."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from qtui.artifacts.decompressed import DecompressedSource, compression_of
from qtui.artifacts.sample import SAMPLE_BYTES
from qtui.artifacts.source import Source
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size

CHUNK_BYTES = 1 << 20
READ_ONLY = 0o400
MAX_NAME_CHARACTERS = 100

_UNUSUAL = re.compile(r"[^\w.-]")


class PrivateCopy:
    """A read-only copy in a folder that only the user can enter, decompressed if the artifact is compressed.

    A context manager that yields the path and removes the copy.
    """

    def __init__(self, source: Source) -> None:
        """Copy a source; raises Cancelled if the work is cancelled, ArtifactUnreadable if the disk is too small."""
        compression = compression_of(source.read(0, SAMPLE_BYTES))
        content = source if compression is None else DecompressedSource(source, compression)
        self._folder = tempfile.TemporaryDirectory(prefix="qtui-")
        self._path = Path(self._folder.name, plain_name(content.name))
        try:
            self._fill(source, content)
        except BaseException:
            self._folder.cleanup()
            raise

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def _fill(self, source: Source, content: Source) -> None:
        _check_space(source, self._folder.name)
        with open(self._path, "xb") as file:
            offset = 0
            while data := content.read(offset, CHUNK_BYTES):
                file.write(data)
                offset += len(data)
        self._path.chmod(READ_ONLY)


def plain_name(name: str) -> str:
    """Return a file name without characters that have a meaning for programs that get it."""
    return _UNUSUAL.sub("_", name)[-MAX_NAME_CHARACTERS:].lstrip("-.") or "artifact"


def _check_space(source: Source, folder: str) -> None:
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    if source.size > free:
        raise ArtifactUnreadable(
            f"{source.name} has {format_size(source.size)}, but a copy for another program finds only "
            f"{format_size(free)} free in {os.path.dirname(folder)}."
        )
