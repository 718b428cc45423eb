"""Where the artifacts of a run are: in the recorded folder, or beside the database after both were moved."""

from __future__ import annotations

from pathlib import Path

from qtui.entities import Artifact, Listing, RunInfo
from qtui.store.artifacts import artifacts_of, local_path
from qtui.store.protocol import ArtifactRoot

FOLDERS = ("mlruns", "mlartifacts", "artifacts")
"""What MLflow, its server and its users call the folder of artifacts beside a database."""
SERVED = "mlflow-artifacts:"
"""What a server records for artifacts that it keeps itself."""


def root_of(info: RunInfo, beside: Path | None) -> ArtifactRoot:
    """Where a run's artifacts are; `beside` is the folder that the database lies in, if it lies in one."""
    uri = info.artifact_uri
    recorded = local_path(uri)
    if recorded is None and not uri.startswith(SERVED):
        return ArtifactRoot(uri)
    for folder in recorded_folders(recorded, beside):
        if folder.is_dir():
            return ArtifactRoot(uri, folder)
    for name in FOLDERS if beside is not None else ():
        if (folder := Path(beside or "", name, info.experiment_id, info.run_id, "artifacts")).is_dir():
            return ArtifactRoot(uri, folder, moved=bool(recorded))
    return ArtifactRoot(uri)


def recorded_folders(recorded: str | None, beside: Path | None) -> list[Path]:
    """The folders that a recorded place may mean: a relative one was so to where the program ran that wrote it."""
    if not recorded:
        return []
    return [Path(recorded)] if beside is None else [beside / recorded, Path(recorded)]


def listed(info: RunInfo, root: ArtifactRoot, path: str, beside: Path | None) -> Listing[Artifact]:
    """One level of a run's artifacts; MLflow makes the folder of a run in a database with its first artifact."""
    recorded = local_path(root.recorded)
    if root.folder is None and recorded and not path and is_on_this_machine(Path(recorded), beside):
        return Listing()
    return artifacts_of(info, root, path)


def is_on_this_machine(recorded: Path, beside: Path | None) -> bool:
    """Whether the folder that should hold the runs' artifacts is here, recorded or moved, or would be made here."""
    moved = beside is not None and any((beside / name).is_dir() for name in FOLDERS)
    return moved or any(each.is_dir() and each.name for each in recorded.parents[:4])
