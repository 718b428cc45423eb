"""Opening and downloading artifacts, from local folders or from remote stores."""

from __future__ import annotations

import atexit
import io
import os
import posixpath
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound, ArtifactTooLarge, BadValue
from qtui.store import Store
from qtui.store.artifacts.regular_file import open_artifact_file

if TYPE_CHECKING:
    from qtui.store.artifacts.download import Transfer, TransferFailure, TransferFile


@contextmanager
def open_artifact(store: Store, info: RunInfo, path: str, limit: int | None = None) -> Iterator[BinaryIO]:
    """Open an artifact for reading, of a local one at most `limit` bytes; see `Library.open_artifact`."""
    if limit is not None and store.artifact_root(info).folder is None:
        check_size(store, info, path, limit)
    with local_folder(store, info, path) as folder, open(open_artifact_file(folder, path), "rb") as file:
        if limit is None or os.fstat(file.fileno()).st_size <= limit:
            yield file
        else:
            yield cast(BinaryIO, io.BufferedReader(FilePrefix(file, limit)))


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


def check_size(store: Store, info: RunInfo, path: str, limit: int) -> None:
    """Raise ArtifactTooLarge if the listed size of an artifact exceeds the limit."""
    for artifact in store.artifacts(info, posixpath.dirname(path)).items:
        if artifact.path == path and artifact.size is not None and artifact.size > limit:
            raise ArtifactTooLarge(
                f"{path} has {artifact.size:,} bytes, more than the {limit:,} that are read from a remote store: "
                "download it first."
            )


@contextmanager
def local_copy(store: Store, info: RunInfo, path: str) -> Iterator[Path]:
    """Provide a local path of an artifact: the stored file, or a temporary copy of a remote one.

    Raises ArtifactUnreadable if it is not a regular file, ArtifactNotFound if a link leads out of the artifacts.
    """
    with local_folder(store, info, path) as folder:
        os.close(open_artifact_file(folder, path))
        yield folder / path


@contextmanager
def local_folder(store: Store, info: RunInfo, path: str) -> Iterator[Path]:
    """Provide a folder with an artifact at its path: the artifact root, or a temporary folder with a copy."""
    path_parts(path)
    root = store.artifact_root(info).folder
    if root is not None:
        yield root
        return
    with tempfile.TemporaryDirectory(prefix="qtui-") as folder:
        store.download(info, path, Path(folder))
        yield Path(folder)


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
            partial(store.artifacts, info),
            store.artifact_streams(info),
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
