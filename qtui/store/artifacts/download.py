"""Brings artifacts out of a store: each file whole or not at all, and one that fails does not lose the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from qtui.entities import Artifact, Listing, RunInfo
from qtui.errors import ArtifactNotFound, BadValue, QtuiError, StoreError, StoreUnwritable, UsageError
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import fetch
from qtui.store.artifacts.save import PIECE, open_source
from qtui.store.dirfd import CREATE_FLAGS, DirFdTree, check_path, write_errors
from qtui.store.protocol import ArtifactRoot

Lister = Callable[[str], Listing[Artifact]]
"""Lists one level of a run's artifacts."""

Bringer = Callable[[str, int], None]
"""Writes the artifact at a path into an open file."""

DEEPEST = 100
TOLD = 3
"""So many failures are told one by one."""


def download(path: str, destination: Path, list_level: Lister, bring: Bringer, *, overwrite: bool) -> Path:
    """Put a file, or all that is in a folder, below a folder under its own path; gives where it is then."""
    failures: list[QtuiError] = []
    files = list(files_at(path, list_level, failures))
    with write_errors(str(destination)):
        destination.mkdir(parents=True, exist_ok=True)
    with DirFdTree(str(destination)) as folders:
        for artifact in files:
            try:
                put(folders, artifact, bring, overwrite=overwrite)
            except QtuiError as error:
                failures.append(error)
    if failures:
        raise failures[0] if len(files) == 1 else incomplete(failures, destination)
    return destination / path


def files_at(path: str, list_level: Lister, failures: list[QtuiError]) -> Iterator[Artifact]:
    """The file at a path, or all files in the folder there; what cannot be listed is a failure."""
    if not path:
        yield from files_in("", list_level, failures)
        return
    check_path(path)
    above = list_level(os.path.dirname(path)).items
    found = next((each for each in above if each.path == path), None)
    if found is None:
        raise ArtifactNotFound(f"The run has no artifact at {path!r}.")
    if found.is_dir:
        yield from files_in(path, list_level, failures)
    else:
        yield found


def files_in(folder: str, list_level: Lister, failures: list[QtuiError], depth: int = 0) -> Iterator[Artifact]:
    """All files in a folder; one that lies in itself comes to an end."""
    listing = list_level(folder)
    failures += [StoreError(f"{problem.path} {problem.reason}") for problem in listing.problems]
    for each in listing.items:
        if not each.is_dir:
            yield each
        elif depth < DEEPEST:
            yield from files_in(each.path, list_level, failures, depth + 1)
        else:
            failures.append(StoreError(f"{each.path} is nested too deeply"))


def put(folders: DirFdTree, artifact: Artifact, bring: Bringer, *, overwrite: bool) -> None:
    """Bring one file to its path below some folders: under another name first, until all of it is there."""
    path = artifact.path
    check_name(path)
    if folders.state(path) is not None and not overwrite:
        raise UsageError(f"{folders.full_path(path)} is there already; nothing was written over it.")
    parent = folders.make_parent(path)
    part = f".qtui-{os.urandom(8).hex()}.part"
    with write_errors(folders.full_path(path)):
        descriptor = os.open(part, CREATE_FLAGS, 0o666, dir_fd=parent)
        try:
            bring(path, descriptor)
            size = os.fstat(descriptor).st_size
            if artifact.size is not None and size != artifact.size:
                raise StoreError(f"{path} came with {size} bytes where it has {artifact.size}; it is left out.")
            os.fsync(descriptor)
            os.rename(part, os.path.basename(path), src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            with suppress(OSError):
                os.unlink(part, dir_fd=parent)
            raise
        finally:
            os.close(descriptor)


def check_name(path: str) -> None:
    """Refuse a path that leads anywhere but down, or that means something else to a terminal or another system."""
    check_path(path)
    if "\\" in path or any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in path):
        raise BadValue(f"{path!r} has characters that no file should have in its name.")


def incomplete(failures: Sequence[QtuiError], destination: Path) -> StoreError:
    """The error of a folder of which not everything could be brought."""
    told = "; ".join(str(error).rstrip(".") for error in failures[:TOLD])
    more = f"; and {len(failures) - TOLD} more" if len(failures) > TOLD else ""
    return StoreError(f"What could be brought is at {destination}, but not all could: {told}{more}.")


def bringer_of(info: RunInfo, root: ArtifactRoot) -> Bringer:
    """Brings artifacts from a folder of this machine, or from wherever MLflow's repositories reach."""
    if root.folder is not None:
        return from_folder(root.folder)
    if local_path(root.recorded) is not None:
        raise ArtifactNotFound(f"The artifacts of the run {info.run_id} are at {root.recorded}, not on this machine.")
    return lambda path, descriptor: by_file(descriptor, lambda scratch: fetch(root.recorded, path, scratch))


def from_folder(root: Path) -> Bringer:
    """Brings artifacts from a folder, and nothing that only a link makes seem to be in it."""

    def bring(path: str, descriptor: int) -> None:
        source = Path(os.path.realpath(root / path))
        if not source.is_relative_to(os.path.realpath(root)):
            raise StoreUnwritable(f"{path} is a link that leads out of the artifacts; it is left out.")
        copy(open_source(source), descriptor)

    return bring


def by_file(descriptor: int, fetch_into: Callable[[Path], Path]) -> None:
    """Bring an artifact by way of a file that something else makes."""
    with TemporaryDirectory(prefix="qtui-") as scratch:
        copy(open_source(fetch_into(Path(scratch))), descriptor)


def copy(source: int, target: int) -> None:
    """Copy all of one open file into another, and close the first."""
    with os.fdopen(source, "rb") as file, os.fdopen(target, "wb", closefd=False) as copied:
        shutil.copyfileobj(file, copied, PIECE)
