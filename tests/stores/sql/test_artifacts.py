"""Artifacts are found where they were recorded, and beside the database after both were moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound
from qtui.store.sql import SqlStore


def recorded(uri: str) -> RunInfo:
    """A run whose artifacts are recorded there."""
    return RunInfo("r1", "1", artifact_uri=uri)


def filled(folder: Path) -> Path:
    """A folder with one artifact."""
    folder.mkdir(parents=True)
    (folder / "model.pkl").write_bytes(b"12345")
    return folder


@pytest.mark.parametrize("form", ["file://{}", "{}"])
def test_a_recorded_folder_is_read_where_it_is(store: SqlStore, tmp_path: Path, form: str) -> None:
    folder = filled(tmp_path / "else where" / "artifacts")
    info = recorded(form.format(str(folder).replace(" ", "%20")))
    assert (store.artifact_root(info).folder, store.artifact_root(info).moved) == (folder, False)
    assert store.artifacts(info).items == (Artifact("model.pkl", False, 5),)


def test_a_relative_place_is_one_beside_the_database(store: SqlStore, database: Path) -> None:
    folder = filled(database.parent / "mlruns" / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("./mlruns/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, False)


@pytest.mark.parametrize("name", ["mlruns", "mlartifacts"])
def test_artifacts_moved_with_the_database_are_found_beside_it(store: SqlStore, database: Path, name: str) -> None:
    folder = filled(database.parent / name / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("/gone/mlruns/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, True)


def test_artifacts_that_a_server_keeps_are_found_beside_its_database(store: SqlStore, database: Path) -> None:
    folder = filled(database.parent / "mlartifacts" / "1" / "r1" / "artifacts")
    root = store.artifact_root(recorded("mlflow-artifacts:/1/r1/artifacts"))
    assert (root.folder, root.moved) == (folder, False)


def test_a_run_that_logged_no_artifact_has_none_and_no_problem(store: SqlStore, tmp_path: Path) -> None:
    listing = store.artifacts(recorded(f"{tmp_path}/mlruns/1/r1/artifacts"))
    assert (listing.items, listing.problems) == ((), ())


def test_a_run_without_artifacts_in_a_moved_store_has_no_problem(store: SqlStore, database: Path) -> None:
    filled(database.parent / "mlruns" / "1" / "another" / "artifacts")
    listing = store.artifacts(recorded("/gone/mlruns/1/r1/artifacts"))
    assert (listing.items, listing.problems) == ((), ())


def test_artifacts_on_an_absent_disk_are_a_problem(store: SqlStore) -> None:
    (problem,) = store.artifacts(recorded("/absent/disk/mlruns/1/r1/artifacts")).problems
    assert problem.path == "/absent/disk/mlruns/1/r1/artifacts"
    assert problem.reason == "holds the run's artifacts but is not on this machine"


def test_a_path_that_leads_out_is_refused(store: SqlStore, tmp_path: Path) -> None:
    folder = filled(tmp_path / "a" / "artifacts")
    with pytest.raises(ArtifactNotFound):
        store.artifacts(recorded(str(folder)), "../..")
