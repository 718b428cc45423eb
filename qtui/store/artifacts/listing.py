"""The artifacts of a run, on this machine or wherever MLflow's repositories reach."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.dirfd import is_at_or_below
from qtui.store.protocol import ArtifactRoot

UPLOADING = ".artifact.uploading."
"""How MLflow names a file that is not yet whole."""


def local_path(uri: str) -> str | None:
    """The local folder that an artifact URI names; None when it names a place elsewhere."""
    scheme = urlsplit(uri).scheme.lower()
    if scheme == "file":
        return unquote(urlsplit(uri).path)
    # A single letter is a drive of Windows, where the run was made.
    return unquote(uri) if len(scheme) < 2 else None


def artifacts_of(info: RunInfo, root: ArtifactRoot, path: str) -> Listing[Artifact]:
    """One level of a run's artifacts, sorted by path."""
    if root.folder is not None:
        return listed(root.folder, path, info)
    if local_path(root.recorded) is not None:
        return gone(root.recorded, info)
    from qtui.store.artifacts.repository import list_artifacts

    return list_artifacts(root.recorded, path)


def gone(recorded: str, info: RunInfo) -> Listing[Artifact]:
    """No artifacts, and that their recorded folder is not on this machine."""
    reason = "holds the run's artifacts but is not on this machine"
    return Listing((), (Problem(recorded, reason, info.experiment_id, info.run_id),))


def listed(root: Path, path: str, info: RunInfo) -> Listing[Artifact]:
    """One level of a folder of artifacts, sorted by path."""
    folder = root / path
    if not _is_inside(root, path):
        raise ArtifactNotFound(f"{path!r} leads out of the run's artifacts.")
    if path and not folder.is_dir():
        raise ArtifactNotFound(f"The run {info.run_id} has no folder of artifacts named {path!r}.")
    try:
        with os.scandir(folder) as entries:
            found = [_artifact(entry, path, root) for entry in entries if not entry.name.startswith(UPLOADING)]
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return Listing((), (Problem(str(folder), reason, info.experiment_id, info.run_id),))
    found.sort(key=lambda pair: pair[0].path)
    problems = (
        Problem(str(root / artifact.path), reason, info.experiment_id, info.run_id)
        for artifact, reason in found
        if reason
    )
    return Listing(tuple(artifact for artifact, _ in found), tuple(problems))


def _artifact(entry: os.DirEntry[str], parent: str, root: Path) -> tuple[Artifact, str]:
    """Return an entry of a folder and why it cannot be read; a bad entry is listed as a file without a size."""
    path = posixpath.join(parent, entry.name)
    try:
        if entry.is_symlink() and _leads_back(entry, parent, root):
            return Artifact(path, is_dir=False), "is a link to a folder that it is in; it is not followed"
        if entry.is_dir():
            return Artifact(path, is_dir=True), ""
        return Artifact(path, is_dir=False, size=entry.stat().st_size), ""
    except FileNotFoundError:
        # A file that was deleted meanwhile is no damage.
        return Artifact(path, is_dir=False), "is a broken link" if entry.is_symlink() else ""
    except OSError as error:
        reason = "is a circular link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        return Artifact(path, is_dir=False), reason


def _leads_back(link: os.DirEntry[str], parent: str, root: Path) -> bool:
    """Whether a link leads to a folder that was passed on the way to it, perhaps through other links."""
    target = os.path.realpath(link.path)
    passed = {os.path.realpath(root), *(os.path.realpath(root / above) for above in _with_parents(parent))}
    return any(is_at_or_below(folder, target) for folder in passed)


def _with_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = posixpath.dirname(path)


def _is_inside(root: Path, path: str) -> bool:
    if not path:
        return True
    if posixpath.normpath(path) != path or path.startswith(("/", "..")) or "\0" in path:
        return False
    return Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))
