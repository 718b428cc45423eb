"""Where the artifacts of a run are: in the recorded folder, or beside the database after both were moved."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from qtui.entities import Artifact, Listing, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.protocol import ArtifactRoot

FOLDERS = ("mlruns", "mlartifacts", "artifacts")
"""What MLflow, its server and its users call the folder of artifacts beside a database."""
SERVED = "mlflow-artifacts:"
"""What a server records for artifacts that it keeps itself."""


def root_of(info: RunInfo, beside: Path | None) -> ArtifactRoot:
    """Where a run's artifacts are; `beside` is the folder that the database lies in, if it lies in one."""
    recorded = local_path(info.artifact_uri)
    if recorded is not None and recorded.is_absolute() and recorded.is_dir():
        return ArtifactRoot(info.artifact_uri, recorded)
    for folder in candidates(info, recorded, beside):
        if folder.is_dir():
            return ArtifactRoot(info.artifact_uri, folder, moved=recorded is not None and recorded.is_absolute())
    return ArtifactRoot(info.artifact_uri)


def candidates(info: RunInfo, recorded: Path | None, beside: Path | None) -> list[Path]:
    """Where else they may be: a relative place was relative to where the program ran that wrote them."""
    is_relative = recorded is not None and not recorded.is_absolute()
    bases = [Path(), *([] if beside is None else [beside])]
    relative = [base / recorded for base in reversed(bases) if recorded is not None and is_relative]
    if beside is None or not (recorded is not None or info.artifact_uri.startswith(SERVED)):
        return relative
    return relative + [beside / name / info.experiment_id / info.run_id / "artifacts" for name in FOLDERS]


def local_path(uri: str) -> Path | None:
    """The folder that an artifact URI names, or None if it names a place elsewhere."""
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(uri) if uri and len(parts.scheme) < 2 else None


def listed(root: ArtifactRoot, path: str) -> Listing[Artifact]:
    """One level of a local folder of artifacts, sorted by path."""
    inside = Path(os.path.normpath(path))
    if path and (inside.is_absolute() or inside.parts[:1] == ("..",)):
        raise ArtifactNotFound(f"{path!r} leads out of the run's artifacts.")
    if root.folder is None or not (root.folder / inside).is_dir():
        if path:
            raise ArtifactNotFound(f"The run has no folder of artifacts named {path!r}.")
        return Listing()
    with os.scandir(root.folder / inside) as entries:
        found = [artifact_of(entry, os.path.join(path, entry.name)) for entry in entries]
    return Listing(tuple(sorted(found, key=lambda artifact: artifact.path)))


def artifact_of(entry: os.DirEntry[str], path: str) -> Artifact:
    """The artifact that an entry of a folder is."""
    return Artifact(path, True) if entry.is_dir() else Artifact(path, False, entry.stat(follow_symlinks=False).st_size)
