"""Where the artifacts of a run are: in the recorded folder, or beside the database after both were moved."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from qtui.entities import Artifact, Experiment, Listing, RunInfo
from qtui.store.artifacts.listing import artifacts_of, local_path
from qtui.store.detection import META
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


def location_of(experiment: Experiment, database: Path | None) -> str:
    """Return where the artifacts of new runs go: the recorded place, or beside a database that was moved or copied."""
    recorded = local_path(experiment.artifact_location)
    if database is None or not recorded or not is_left_behind(Path(recorded), experiment.experiment_id, database):
        return experiment.artifact_location
    own = own_folder(Path(recorded), database)
    return own.as_uri() if urlsplit(experiment.artifact_location).scheme else str(own)


def is_left_behind(recorded: Path, experiment_id: str, database: Path) -> bool:
    """Return whether an experiment's recorded folder is in the place that the database was moved or copied from.

    MLflow itself goes on writing there. Artifacts that are kept elsewhere on purpose are no such case.
    """
    place = recorded.parent.parent
    if not recorded.is_absolute() or recorded.name != experiment_id or is_same(place, database.parent):
        return False
    own = own_folder(recorded, database)
    is_moved = not recorded.is_dir() and own.is_dir() and not (own / META).exists()
    return is_moved or not place.is_dir() or (place / database.name).is_file()


def own_folder(recorded: Path, database: Path) -> Path:
    """Return the folder beside a database that an experiment's recorded folder corresponds to."""
    return database.parent / recorded.parent.name / recorded.name


def is_same(folder: Path, other: Path) -> bool:
    """Return whether two paths lead to one folder."""
    return folder.is_dir() and folder.samefile(other)
