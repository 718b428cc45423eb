"""Artifacts of a run that lie on this machine, also after the store was moved."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.files import layout
from qtui.store.files.damage import reason_of
from qtui.store.files.opening import is_within
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


def root_of(info: RunInfo, run_folder: str) -> ArtifactRoot:
    """Where a run's artifacts are: the recorded folder, else the run's own one in this store."""
    recorded = local_path(info.artifact_uri)
    own = f"{run_folder}/{layout.ARTIFACTS}"
    if recorded is None:
        return ArtifactRoot(info.artifact_uri)
    if recorded and os.path.isdir(recorded):
        return ArtifactRoot(info.artifact_uri, Path(recorded))
    if not _is_stand_in(recorded, own, info):
        return ArtifactRoot(info.artifact_uri)
    return ArtifactRoot(info.artifact_uri, Path(own), moved=not _is_before_trash(recorded, own))


def _is_stand_in(recorded: str, own: str, info: RunInfo) -> bool:
    """Whether a run's own folder holds what was recorded elsewhere, or is the empty one that every run gets."""
    if not os.path.isdir(own):
        return False
    usual = f"{info.experiment_id}/{info.run_id}/{layout.ARTIFACTS}"
    return recorded.replace("\\", "/").endswith(usual) or bool(os.listdir(own))


def _is_before_trash(recorded: str, own: str) -> bool:
    """Whether the recorded place is merely where the run was before its experiment was deleted."""
    before, trash, after = own.rpartition(f"/{layout.TRASH}/")
    return bool(trash) and os.path.abspath(recorded) == os.path.abspath(f"{before}/{after}")


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
            found = [_artifact(entry, path) for entry in entries if not entry.name.startswith(UPLOADING)]
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        return Listing((), (Problem(str(folder), reason_of(error), info.experiment_id, info.run_id),))
    return Listing(tuple(sorted(found, key=lambda artifact: artifact.path)))


def _artifact(entry: os.DirEntry[str], parent: str) -> Artifact:
    path = posixpath.join(parent, entry.name)
    if entry.is_dir():
        return Artifact(path, is_dir=True)
    try:
        return Artifact(path, is_dir=False, size=entry.stat().st_size)
    except OSError:
        # A link that leads nowhere is still there to be seen.
        return Artifact(path, is_dir=False)


def _is_inside(root: Path, path: str) -> bool:
    if not path:
        return True
    if posixpath.normpath(path) != path or path.startswith(("/", "..")) or "\0" in path:
        return False
    return is_within(os.path.realpath(root / path), str(root))
