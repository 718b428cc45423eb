"""Opening and downloading artifacts, from local folders or from remote stores."""

from __future__ import annotations

import atexit
import io
import os
import posixpath
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from qtui import settings
from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound, ArtifactTooLarge, BadValue
from qtui.recorder.reading.run_artifacts import list_artifacts, locate, open_streams
from qtui.store import Store
from qtui.store.artifacts.regular_file import open_artifact_file

if TYPE_CHECKING:
    from qtui.store.artifacts.download import Transfer, TransferFailure, TransferFile
    from qtui.store.artifacts.remote_copy import OnProgress, RemoteCopy

CACHE_NAME = "artifacts"
"""The folder of complete copies of remote artifacts in the cache folder."""


@contextmanager
def open_artifact(
    store: Store, info: RunInfo, path: str, limit: int | None = None, cache: Path | None = None
) -> Iterator[BinaryIO]:
    """Open an artifact for reading, of a local one at most `limit` bytes; see `Library.open_artifact`."""
    path_parts(path)
    owner, inner = locate(store, info, path)
    root = store.artifact_root(owner).folder
    if root is None:
        with closing(remote_copy(store, info, path, cache, limit)) as copy:
            if limit is not None and copy.size > limit:
                raise too_large(path, copy.size, limit)
            with open(os.dup(copy.fileno()), "rb") as file:
                file.seek(0)
                yield file
        return
    with open(open_artifact_file(root, inner), "rb") as file:
        if limit is None or os.fstat(file.fileno()).st_size <= limit:
            yield file
        else:
            yield cast(BinaryIO, io.BufferedReader(FilePrefix(file, limit)))


def remote_copy(
    store: Store,
    info: RunInfo,
    path: str,
    cache: Path | None = None,
    limit: int | None = None,
    on_progress: OnProgress | None = None,
) -> RemoteCopy:
    """Return a copy of a remote artifact, which is fetched as it is read; see `Library.remote_copy`."""
    from qtui.store.artifacts.remote_copy import RemoteCopy
    from qtui.store.private_folder import PrivateFolder

    path_parts(path)
    folder = None if cache is None else PrivateFolder(cache / CACHE_NAME, settings.current().cache.limit_mb << 20)
    return RemoteCopy(
        open_streams(store, info),
        Artifact(path, is_dir=False),
        f"{store.uri} {info.run_id}",
        cache=folder,
        limit=limit,
        on_progress=on_progress,
        find_size=partial(listed_size, store, info, path),
    )


def listed_size(store: Store, info: RunInfo, path: str) -> int | None:
    """Return the size of an artifact as its folder lists it."""
    siblings = list_artifacts(store, info, posixpath.dirname(path)).items
    return next((artifact.size for artifact in siblings if artifact.path == path), None)


class FilePrefix(io.RawIOBase):
    """The first `size` bytes of an open file, as a seekable file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Change the position; SEEK_END is relative to the end of the prefix."""
        if whence == os.SEEK_END:
            return self._file.seek(max(0, self._size + offset))
        return self._file.seek(offset, whence)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read up to the end of the prefix."""
        data = self._file.read(max(0, min(len(buffer), self._size - self._file.tell())))
        buffer[: len(data)] = data
        return len(data)


def too_large(path: str, size: int, limit: int) -> ArtifactTooLarge:
    """Return the error for a remote artifact that is larger than the limit."""
    return ArtifactTooLarge(
        f"{path} has {size:,} bytes, more than the {limit:,} that are read from a remote store: download it first."
    )


def plan_download(
    store: Store, infos: Sequence[RunInfo], path: str, destination: Path, *, overwrite: bool = False
) -> Transfer:
    """Return the transfer of a file or folder of each run; see `Library.download`."""
    from qtui.store.artifacts.download import Transfer, files_to_download

    files: list[TransferFile] = []
    failures: list[TransferFailure] = []
    for info in infos:
        run_files, run_failures = files_to_download(
            path,
            partial(list_artifacts, store, info),
            open_streams(store, info),
            source_id=f"{store.uri} {info.run_id}",
            prefix=f"{info.run_id}/" if len(infos) > 1 else "",
        )
        files += run_files
        failures += run_failures
    return Transfer(files, destination, overwrite=overwrite, failures=failures)


def download(store: Store, info: RunInfo, path: str, folder: str | None) -> Path:
    """Return a local path of an artifact: a copy in `folder`, the stored file, or a temporary copy of a remote one."""
    if folder is not None:
        return store.download(info, path, Path(folder), overwrite=True)
    stored = stored_path(store, info, path)
    return stored if stored is not None else store.download(info, path, temporary_folder())


def temporary_folder() -> Path:
    """Create a temporary folder that is removed when this process exits."""
    folder = tempfile.mkdtemp(prefix="qtui-")
    atexit.register(remove, folder, os.getpid())
    return Path(folder)


def remove(folder: str, pid: int) -> None:
    """Remove a folder at exit; a forked child does not remove the folder of its parent."""
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)


def stored_path(store: Store, info: RunInfo, path: str) -> Path | None:
    """Return the path of an artifact in the store, None if the artifacts are not on this machine.

    Raises ArtifactNotFound if it is missing or outside the artifacts folder.
    """
    root = store.artifact_root(info).folder
    if root is None:
        return None
    file_path = root.joinpath(*path_parts(path)) if path else root
    if not file_path.exists() or not file_path.resolve().is_relative_to(root.resolve()):
        raise ArtifactNotFound(f"The run {info.run_id} has no artifact {path!r}.")
    return file_path


def path_parts(name: str) -> tuple[str, ...]:
    """Split the path of an artifact into folders and file name; raise BadValue if it leads out of the artifacts."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise BadValue(f"{name!r} is not a valid name of an artifact.")
    return path.parts
