"""Tests of artifact roots: as recorded, and beside a database that was moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.sql import SqlStore


def recorded(uri: str) -> RunInfo:
    """Return a run with this recorded artifact URI."""
    return RunInfo("r1", "1", artifact_uri=uri)


def filled(folder: Path) -> Path:
    """Create a folder with one artifact."""
    folder.mkdir(parents=True)
    (folder / "model.pkl").write_bytes(b"12345")
    return folder


@pytest.mark.parametrize("form", ["file://{}", "{}"])
def test_recorded_folder_is_read(store: SqlStore, tmp_path: Path, form: str) -> None:
    folder = filled(tmp_path / "else where" / "artifacts")
    info = recorded(form.format(str(folder).replace(" ", "%20")))
    assert (store.artifact_root(info).folder, store.artifact_root(info).moved) == (folder, False)
    assert store.artifacts(info).items == (Artifact("model.pkl", False, 5),)


def test_relative_path_is_beside_the_database(store: SqlStore, database: Path) -> None:
    folder = filled(database.parent / "mlruns" / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("./mlruns/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, False)


@pytest.mark.parametrize("name", ["mlruns", "mlartifacts"])
def test_artifacts_moved_with_the_database_are_found_beside_it(store: SqlStore, database: Path, name: str) -> None:
    folder = filled(database.parent / name / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("/gone/mlruns/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, True)


def test_artifacts_of_a_server_are_found_beside_its_database(store: SqlStore, database: Path) -> None:
    folder = filled(database.parent / "mlartifacts" / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("mlflow-artifacts:/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, False)


def test_run_without_artifacts_has_no_problem(store: SqlStore, tmp_path: Path) -> None:
    listing = store.artifacts(recorded(f"{tmp_path}/mlruns/1/r1/artifacts"))
    assert (listing.items, listing.problems) == ((), ())


def test_run_without_artifacts_in_a_moved_store_has_no_problem(store: SqlStore, database: Path) -> None:
    filled(database.parent / "mlruns" / "1" / "another" / "artifacts")
    listing = store.artifacts(recorded("/gone/mlruns/1/r1/artifacts"))
    assert (listing.items, listing.problems) == ((), ())


def test_artifacts_on_a_missing_disk_are_a_problem(store: SqlStore) -> None:
    (problem,) = store.artifacts(recorded("/absent/disk/mlruns/1/r1/artifacts")).problems
    assert problem.path == "/absent/disk/mlruns/1/r1/artifacts"
    assert problem.reason == "holds the run's artifacts but is not on this machine"


def test_path_outside_the_folder_is_refused(store: SqlStore, tmp_path: Path) -> None:
    folder = filled(tmp_path / "a" / "artifacts")
    with pytest.raises(ArtifactNotFound):
        store.artifacts(recorded(str(folder)), "../..")
