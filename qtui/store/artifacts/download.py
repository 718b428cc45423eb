"""Download artifacts: every file completely or not at all, and a file that fails does not stop the others."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from qtui.entities import Artifact, Listing
from qtui.errors import (
    ArtifactNotFound,
    BadValue,
    QtuiError,
    StoreError,
    StoreUnreachable,
    StoreUnwritable,
    UsageError,
)
from qtui.formatting import format_duration, format_size
from qtui.store.artifacts.part_file import PartFile, open_part, part_name, remove_part
from qtui.store.artifacts.walk import ListFolder, walk
from qtui.store.dirfd import DirFdTree, check_path, write_errors
from qtui.store.protocol import ArtifactStream, OpenStream
from qtui.value_classes import dataclass

MAX_FAILURES_SHOWN = 3
"""Failures that a message lists."""

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CONTINUED_AFTER = (GeneratorExit, KeyboardInterrupt, StoreUnreachable)
"""Interruptions after which the next transfer can continue this one."""


@dataclass(frozen=True, slots=True)
class TransferFile:
    """A file to download."""

    artifact: Artifact
    target: str
    """Its path below the destination."""

    source_id: str
    """The run and the store, so that an incomplete copy is continued only from there."""

    open_stream: OpenStream

    is_hidden: bool = False
    """Whether a part of its path below the requested one begins with a dot, as names of settings and hooks do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a transfer."""

    path: str
    """The file that is being copied, or was copied last."""

    files_done: int
    files: int
    bytes_done: int
    bytes_copied: int
    """The bytes that this transfer has copied; an earlier one has copied the others."""

    size: int | None
    """The bytes of all files; None if some sizes are unknown."""

    seconds: float

    @property
    def rate(self) -> float | None:
        """The bytes per second; None at the start."""
        return transfer_rate(self.bytes_copied, self.seconds)

    @property
    def text(self) -> str:
        """The progress on one line: files, bytes, rate, remaining time, and the file."""
        bytes_text = transfer_text(self.bytes_done, self.size, self.rate)
        return f"{self.files_done:,} of {self.files:,} files, {bytes_text}: {self.path}"


def transfer_rate(copied: int, seconds: float) -> float | None:
    """Return the bytes per second; None at the start."""
    return copied / seconds if seconds > 0 and copied else None


def transfer_text(done: int, size: int | None, rate: float | None) -> str:
    """Return bytes, rate and remaining time in words."""
    parts = [format_size(done) + ("" if size is None else f" of {format_size(size)}")]
    if rate is not None:
        parts.append(f"{format_size(round(rate))}/s")
    if rate is not None and size is not None and done < size:
        parts.append(f"{format_duration(round((size - done) / rate * 1000))} left")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class TransferFailure:
    """A file or folder that could not be downloaded."""

    path: str
    error: QtuiError


class Transfer:
    """A download of files into a folder; `run` copies them step by step, and can be called again to continue."""

    def __init__(
        self,
        files: Sequence[TransferFile],
        destination: Path,
        *,
        overwrite: bool = False,
        failures: Sequence[TransferFailure] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`failures` are those of listing the files."""
        self.files = tuple(files)
        self.destination = destination
        self.overwrite = overwrite
        self.written: list[TransferFile] = []
        """The files that were copied completely."""
        self.present: list[TransferFile] = []
        """The files that an earlier transfer has copied completely."""
        self.failures = list(failures)
        self._clock = clock
        self._bytes_done = self._bytes_copied = 0

    @property
    def size(self) -> int | None:
        """The bytes of all files; None if some sizes are unknown."""
        sizes = [file.artifact.size for file in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)

    def existing(self) -> tuple[str, ...]:
        """Return the paths in the destination of other files than complete copies, which the transfer would replace."""
        if not self.destination.is_dir():
            return ()
        with DirFdTree(str(self.destination)) as tree:
            return tuple(file.target for file in self.files if self._is_blocked(tree, file))

    def _is_blocked(self, tree: DirFdTree, file: TransferFile) -> bool:
        if not os.path.lexists(self.destination / file.target):
            return False
        # A file that cannot be read or saved fails in `run`, with the reason.
        with suppress(QtuiError):
            check_file_name(file.target)
            return not self._is_complete_copy(tree, file)
        return False

    def leave_out_hidden(self) -> tuple[TransferFile, ...]:
        """Leave out the hidden files, and return them."""
        hidden = tuple(file for file in self.files if file.is_hidden)
        self.files = tuple(file for file in self.files if not file.is_hidden)
        return hidden

    def run(self) -> Iterator[Progress]:
        """Copy the files and yield the progress after every chunk; closing the iterator cancels.

        After a cancellation or a lost connection the incomplete file stays under a temporary name, and the next
        transfer of the same file continues it.
        """
        with write_errors(str(self.destination)):
            self.destination.mkdir(parents=True, exist_ok=True)
        started_at = self._clock()
        with DirFdTree(str(self.destination)) as tree:
            for number, file in enumerate(self.files):
                try:
                    for size in self._save(tree, file):
                        self._bytes_copied += size
                        yield self._progress(file, number, started_at)
                except QtuiError as error:
                    self.failures.append(TransferFailure(file.target, error))
                yield self._progress(file, number + 1, started_at)

    def check(self) -> None:
        """Raise an error if files have failed."""
        if self.failures:
            errors = [failure.error for failure in self.failures]
            is_single = len(errors) == len(self.files) == 1 and not self.written and not self.present
            raise errors[0] if is_single else incomplete_download(errors, self.destination)

    def _progress(self, file: TransferFile, files_done: int, started_at: float) -> Progress:
        seconds = self._clock() - started_at
        return Progress(
            file.target, files_done, len(self.files), self._bytes_done, self._bytes_copied, self.size, seconds
        )

    def _save(self, tree: DirFdTree, file: TransferFile) -> Iterator[int]:
        """Copy one file and yield the sizes of the chunks."""
        check_file_name(file.target)
        if not self.overwrite and tree.state(file.target) is not None:
            self._keep_complete(tree, file)
            return
        with file.open_stream(file.artifact) as stream, write_errors(tree.full_path(file.target)):
            parent = tree.make_parent(file.target)
            with open_part(parent, name_of_part(file, stream)) as part:
                yield from self._fill(part, stream, file, size_of(file, stream))
        self.written.append(file)

    def _keep_complete(self, tree: DirFdTree, file: TransferFile) -> None:
        """Keep a file in the destination that is a complete copy; raise UsageError if it is not."""
        if not self._is_complete_copy(tree, file):
            raise UsageError(f"{tree.full_path(file.target)} already exists and was not overwritten.")
        self.present.append(file)
        self._bytes_done += file.artifact.size or 0

    def _is_complete_copy(self, tree: DirFdTree, file: TransferFile) -> bool:
        """Return whether a file in the destination is a complete copy, of which a part is not needed any more."""
        state, parent = tree.state(file.target), tree.parent(file.target)
        if state is None or parent is None or not stat.S_ISREG(state.st_mode):
            return False
        with file.open_stream(file.artifact) as stream:
            if size_of(file, stream) != state.st_size or not stream.matches_copy(state.st_mtime_ns):
                return False
            remove_part(parent, name_of_part(file, stream))
        return True

    def _fill(self, part: PartFile, stream: ArtifactStream, file: TransferFile, size: int | None) -> Iterator[int]:
        """Copy the bytes that are missing in a part, and rename it."""
        try:
            start = stream.start(part.size if size is not None and part.size <= size else 0)
            part.truncate(start)
            check_space(part, size)
            self._bytes_done += start
            for chunk in stream.chunks():
                part.write(chunk)
                self._bytes_done += len(chunk)
                yield len(chunk)
            if size is not None and part.size != size:
                raise StoreError(f"{file.target} arrived with {part.size} bytes instead of {size} and was not saved.")
            part.finish(os.path.basename(file.target), stream.modified_ns, replace=self.overwrite)
        except CONTINUED_AFTER:
            if stream.version is None or not part.size:
                part.remove()
            raise
        except BaseException as error:
            part.remove()
            if isinstance(error, OSError) and error.errno in DISK_FULL:
                raise disk_full(part, file.target, size) from None
            raise


def size_of(file: TransferFile, stream: ArtifactStream) -> int | None:
    """Return the bytes of a file: those of its content, else those that were listed."""
    return file.artifact.size if stream.size is None else stream.size


def name_of_part(file: TransferFile, stream: ArtifactStream) -> str:
    """Return the name of the incomplete copy, which changes with the source; it is random for an unknown version."""
    version = os.urandom(8).hex() if stream.version is None else stream.version
    return part_name(file.source_id, file.artifact.path, file.target, size_of(file, stream), version)


def check_space(part: PartFile, size: int | None) -> None:
    """Raise an OSError if the rest of a file does not fit the disk."""
    if size is not None and size - part.size > free_bytes(part.folder):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def free_bytes(folder: int) -> int:
    """Return the bytes that this user can write below a folder."""
    status = os.fstatvfs(folder)
    return status.f_bavail * status.f_frsize


def disk_full(part: PartFile, path: str, size: int | None) -> StoreUnwritable:
    """Return the error for a file that does not fit the disk."""
    needed = "" if size is None else f" It needs {format_size(size)} ({size:,} bytes)"
    with suppress(OSError):
        needed = needed and f"{needed}, {format_size(free_bytes(part.folder))} are free."
    return StoreUnwritable(f"{path} cannot be written: No space left on device.{needed}")


def download(
    path: str, destination: Path, list_folder: ListFolder, open_stream: OpenStream, *, overwrite: bool
) -> Path:
    """Copy a file, or all files of a folder, into `destination` under its own path, and return its new path."""
    files, failures = files_to_download(path, list_folder, open_stream)
    transfer = Transfer(files, destination, overwrite=overwrite, failures=failures)
    for _ in transfer.run():
        pass
    transfer.check()
    return destination / path


def files_to_download(
    path: str, list_folder: ListFolder, open_stream: OpenStream, *, source_id: str = "", prefix: str = ""
) -> tuple[list[TransferFile], list[TransferFailure]]:
    """Return the files to copy for a file or a folder, and a failure for everything that is unlistable.

    `prefix` goes before their paths below the destination.
    """
    artifacts, failures = files_at(path, list_folder)
    files = [
        TransferFile(item, f"{prefix}{item.path}", source_id, open_stream, is_hidden(item.path.removeprefix(path)))
        for item in artifacts
    ]
    return files, failures


def is_hidden(path: str) -> bool:
    """Return whether a part of a path begins with a dot."""
    return any(name.startswith(".") for name in path.split("/"))


def files_at(path: str, list_folder: ListFolder) -> tuple[list[Artifact], list[TransferFailure]]:
    """Return the file at a path or all files of the folder there, and a failure for everything that is unlistable."""
    if path:
        check_path(path)
        siblings = list_folder(os.path.dirname(path)).items
        artifact = next((item for item in siblings if item.path == path), None)
        if artifact is None:
            raise ArtifactNotFound(f"The run has no artifact {path!r}.")
        if not artifact.is_dir:
            return [artifact], []
    listing = walk(lambda folder: without_unreadable(list_folder(folder)), path)
    failures = [
        TransferFailure(problem.path, StoreError(f"{problem.path} {problem.reason}")) for problem in listing.problems
    ]
    return [item for item in listing.items if not item.is_dir], failures


def without_unreadable(listing: Listing[Artifact]) -> Listing[Artifact]:
    """Return one level of the artifacts without the files that its problems name already."""
    unreadable = {os.path.basename(problem.path) for problem in listing.problems}
    items = (
        item
        for item in listing.items
        if item.is_dir or item.size is not None or os.path.basename(item.path) not in unreadable
    )
    return replace(listing, items=tuple(items)) if unreadable else listing


def check_file_name(path: str) -> None:
    """Refuse a path that leaves its folder, or has characters with a meaning to terminals or other systems."""
    check_path(path)
    if "\\" in path or any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in path):
        raise BadValue(f"{path!r} has characters that are not allowed in file names.")


def incomplete_download(failures: Sequence[QtuiError], destination: Path) -> StoreError:
    """Return the error of a download of which some files failed."""
    reasons = "; ".join(str(error).rstrip(".") for error in failures[:MAX_FAILURES_SHOWN])
    more = f"; and {len(failures) - MAX_FAILURES_SHOWN} more" if len(failures) > MAX_FAILURES_SHOWN else ""
    return StoreError(f"The download to {destination} is incomplete: {reasons}{more}.")
