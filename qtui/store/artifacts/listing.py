"""List the artifacts of a run, on this machine or in a repository of MLflow."""

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

UPLOAD_PREFIX = ".artifact.uploading."
"""Prefix of the names that MLflow gives to incomplete files."""


def local_path(uri: str) -> str | None:
    """Return the local folder of an artifact URI, or None for a URI that is not local."""
    scheme = urlsplit(uri).scheme.lower()
    if scheme == "file":
        return unquote(urlsplit(uri).path)
    # A single letter is a Windows drive: the run was logged on Windows.
    return unquote(uri) if len(scheme) < 2 else None


def artifacts_of(info: RunInfo, root: ArtifactRoot, path: str) -> Listing[Artifact]:
    """Return one level of a run's artifacts, sorted by path."""
    if root.folder is not None:
        return list_folder(root.folder, path, info)
    if local_path(root.recorded) is not None:
        return missing_root(root.recorded, info)
    from qtui.store.artifacts.repository import list_artifacts

    return list_artifacts(root.recorded, path)


def missing_root(recorded: str, info: RunInfo) -> Listing[Artifact]:
    """Return no artifacts and the problem that their recorded folder is not on this machine."""
    reason = "holds the run's artifacts but is not on this machine"
    return Listing((), (Problem(recorded, reason, info.experiment_id, info.run_id),))


def list_folder(root: Path, path: str, info: RunInfo) -> Listing[Artifact]:
    """Return one level of a local artifact folder, sorted by path."""
    folder = os.fspath(root / path)
    if not _is_inside(root, path):
        raise ArtifactNotFound(f"{path!r} is not inside the run's artifact folder.")
    if path and not os.path.isdir(folder):
        raise ArtifactNotFound(f"The run {info.run_id} has no artifact folder {path!r}.")
    try:
        with os.scandir(folder) as entries:
            pairs = [_artifact(entry, path, root) for entry in entries if not entry.name.startswith(UPLOAD_PREFIX)]
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return Listing((), (Problem(folder, reason, info.experiment_id, info.run_id),))
    pairs.sort(key=lambda pair: pair[0].path)
    problems = (
        Problem(str(root / artifact.path), reason, info.experiment_id, info.run_id)
        for artifact, reason in pairs
        if reason
    )
    return Listing(tuple(artifact for artifact, _ in pairs), tuple(problems))


def _artifact(entry: os.DirEntry[str], parent: str, root: Path) -> tuple[Artifact, str]:
    """Return a folder entry and the reason why it is unreadable, if it is: it is then a file without a size."""
    path = posixpath.join(parent, entry.name)
    try:
        if entry.is_symlink() and _links_to_parent(entry, parent, root):
            return Artifact(path, is_dir=False), "is a link to one of its parent folders; it is not followed"
        if entry.is_dir():
            return Artifact(path, is_dir=True), ""
        return Artifact(path, is_dir=False, size=entry.stat().st_size), ""
    except FileNotFoundError:
        # A file that was deleted in the meantime is not damage.
        return Artifact(path, is_dir=False), "is a broken link" if entry.is_symlink() else ""
    except OSError as error:
        reason = "is a circular link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        return Artifact(path, is_dir=False), reason


def _links_to_parent(link: os.DirEntry[str], parent: str, root: Path) -> bool:
    """Return whether the target of a link is a folder on the path to it, perhaps through other links."""
    target = os.path.realpath(link.path)
    parents = {os.path.realpath(root), *(os.path.realpath(root / folder) for folder in _with_parents(parent))}
    return any(is_at_or_below(folder, target) for folder in parents)


def _with_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = posixpath.dirname(path)


def _is_inside(root: Path, path: str) -> bool:
    if not path:
        return True
    if posixpath.normpath(path) != path or path.startswith(("/", "..")) or "\0" in path:
        return False
    if not any(os.path.islink(f"{root}/{folder}") for folder in _with_parents(path)):
        # This saves resolving every part of the root, which takes a third of the time of listing many folders.
        return True
    return Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))
