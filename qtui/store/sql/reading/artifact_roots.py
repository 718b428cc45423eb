"""The folders of runs' artifacts: as recorded, or beside a database that was moved together with them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from qtui.entities import Artifact, ExperimentInfo, Listing, RunInfo
from qtui.store.artifacts.listing import artifacts_of, local_path
from qtui.store.detection import META
from qtui.store.protocol import ArtifactRoot

FOLDER_NAMES = ("mlruns", "mlartifacts", "artifacts")
"""The usual names of artifact folders beside a database."""
PROXIED_SCHEME = "mlflow-artifacts:"
"""The scheme of artifacts that are reached through an MLflow server only."""


def find_artifact_root(info: RunInfo, database_folder: Path | None) -> ArtifactRoot:
    """Return the artifact root of a run; `database_folder` is None for a database on a server."""
    uri = info.artifact_uri
    recorded = local_path(uri)
    if recorded is None and not uri.startswith(PROXIED_SCHEME):
        return ArtifactRoot(uri)
    for folder in candidate_folders(recorded, database_folder):
        if folder.is_dir():
            return ArtifactRoot(uri, folder)
    if database_folder is not None:
        for name in FOLDER_NAMES:
            folder = database_folder / name / info.experiment_id / info.run_id / "artifacts"
            if folder.is_dir():
                return ArtifactRoot(uri, folder, moved=bool(recorded))
    return ArtifactRoot(uri)


def candidate_folders(recorded: str | None, database_folder: Path | None) -> list[Path]:
    """Return the possible folders of a recorded path; MLflow resolves relative ones in its working directory."""
    if not recorded:
        return []
    return [Path(recorded)] if database_folder is None else [database_folder / recorded, Path(recorded)]


def list_artifacts(info: RunInfo, root: ArtifactRoot, path: str, database_folder: Path | None) -> Listing[Artifact]:
    """Return one level of a run's artifacts; MLflow creates the folder of a run with its first artifact."""
    recorded = local_path(root.recorded)
    if root.folder is None and recorded and not path and is_on_this_machine(Path(recorded), database_folder):
        return Listing()
    return artifacts_of(info, root, path)


def is_on_this_machine(recorded: Path, database_folder: Path | None) -> bool:
    """Return whether the artifact folder of the store exists or can be created on this machine."""
    moved = database_folder is not None and any((database_folder / name).is_dir() for name in FOLDER_NAMES)
    return moved or any(folder.is_dir() and folder.name for folder in recorded.parents[:4])


def artifact_location_of(experiment: ExperimentInfo, database: Path | None) -> str:
    """Return the artifact location for new runs: as recorded, or beside a database that was moved or copied."""
    recorded = local_path(experiment.artifact_location)
    if database is None or not recorded or not is_left_behind(Path(recorded), experiment.experiment_id, database):
        return experiment.artifact_location
    folder = folder_beside_database(Path(recorded), database)
    return folder.as_uri() if urlsplit(experiment.artifact_location).scheme else str(folder)


def is_left_behind(recorded: Path, experiment_id: str, database: Path) -> bool:
    """Return whether an experiment's recorded folder belongs to the place that the database was moved or copied from.

    MLflow itself goes on writing there. A folder that the user chose elsewhere does not count.
    """
    original = recorded.parent.parent
    if not recorded.is_absolute() or recorded.name != experiment_id or is_same_folder(original, database.parent):
        return False
    folder = folder_beside_database(recorded, database)
    is_moved = not recorded.is_dir() and folder.is_dir() and not (folder / META).exists()
    return is_moved or not original.is_dir() or (original / database.name).is_file()


def folder_beside_database(recorded: Path, database: Path) -> Path:
    """Return the folder beside a database that corresponds to an experiment's recorded folder."""
    return database.parent / recorded.parent.name / recorded.name


def is_same_folder(folder: Path, other: Path) -> bool:
    """Return whether two paths lead to the same folder."""
    return folder.is_dir() and folder.samefile(other)
