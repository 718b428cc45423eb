"""Tests that experiments, runs, values, histories and artifacts equal those of MLflow."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path

import pytest

from qtui.entities import Run, RunInfo, ViewType
from qtui.query.projection import ALL_VALUES
from qtui.store.protocol import Store
from tests.data.packing import PACKED_ROOT, rewrite_database
from tests.differential.known_differences import as_deleted, as_logged
from tests.differential.mlflow_reader import MlflowReader
from tests.differential.normalize import normalize, points
from tests.differential.store_pairs import StorePair, uri_in


@pytest.mark.parametrize("view", ViewType)
def test_experiments_equal_those_of_mlflow(view: ViewType, mlflow: MlflowReader, store: Store) -> None:
    listing = store.experiments(view)
    assert not listing.problems
    assert normalize(listing.items) == normalize(
        as_deleted(mlflow.experiments(view), mlflow.experiments(ViewType.DELETED))
    )


@pytest.mark.parametrize("view", ViewType)
def test_run_infos_equal_those_of_mlflow(
    view: ViewType, mlflow_runs: tuple[Run, ...], store: Store, experiment_ids: tuple[str, ...]
) -> None:
    expected = {run.info.run_id: run.info for run in mlflow_runs if view.admits(run.info.lifecycle_stage)}
    assert _by_id(store, experiment_ids, view) == expected


def test_values_equal_those_of_mlflow(mlflow_runs: tuple[Run, ...], store: Store) -> None:
    batches = list(store.runs([run.info for run in mlflow_runs], ALL_VALUES))
    assert [problem for batch in batches for problem in batch.problems] == []
    runs = chain.from_iterable(batch.items for batch in batches)
    for expected, run in zip(mlflow_runs, runs, strict=True):
        assert normalize(run) == normalize(expected)


def test_single_run_equals_the_run_in_the_list(
    mlflow_runs: tuple[Run, ...], mlflow: MlflowReader, store: Store
) -> None:
    for run in mlflow_runs:
        assert normalize(mlflow.run(run.info.run_id)) == normalize(run)
        assert store.find(run.info.run_id) == (run.info,)
        assert run.info in store.find(run.info.run_id[:8])


def test_histories_equal_those_of_mlflow(
    store_pair: StorePair, mlflow_runs: tuple[Run, ...], mlflow: MlflowReader, store: Store
) -> None:
    for run in mlflow_runs:
        for key in run.metrics:
            history, problems = store.history(run.info, key)
            expected = as_logged(store_pair, key, mlflow.history(run.info.run_id, key))
            assert not problems, (run.info, key)
            assert normalize(points(history)) == normalize(expected), (run.info, key)


def test_artifacts_of_a_moved_store_are_found(
    store_pair: StorePair, mlflow_runs: tuple[Run, ...], store: Store, tmp_path: Path
) -> None:
    if store_pair.remote:
        pytest.skip("The client looks only where the run says that its artifacts are, and these were moved.")
    reader = _reader_of_actual_artifacts(store_pair, tmp_path / "rooted")
    for run in mlflow_runs:
        folders = [""]
        for folder in folders:
            listing = store.artifacts(run.info, folder)
            assert not listing.problems
            assert list(listing.items) == reader.artifacts(run.info.run_id, folder), (run.info.run_id, folder)
            folders += [artifact.path for artifact in listing.items if artifact.is_dir]


def _by_id(store: Store, experiment_ids: tuple[str, ...], view: ViewType) -> dict[str, RunInfo]:
    batches = list(store.infos(experiment_ids, view))
    assert [problem for batch in batches for problem in batch.problems] == []
    infos = [info for batch in batches for info in batch.items]
    assert len({info.run_id for info in infos}) == len(infos)
    return {info.run_id: info for info in infos}


def _reader_of_actual_artifacts(store_pair: StorePair, folder: Path) -> MlflowReader:
    """Return a reader of a copy with corrected artifact paths."""
    shutil.copytree(store_pair.copy, folder)
    replacements = {PACKED_ROOT: str(folder), str(store_pair.pristine): str(folder), "./mlruns": f"{folder}/mlruns"}
    for written, actual in replacements.items():
        if store_pair.is_database:
            rewrite_database(folder / "mlflow.db", written, actual)
        else:
            _rewrite_files(folder, written, actual)
    _rewrite_files(folder / "mlruns" / ".trash", f"{folder}/mlruns/", f"{folder}/mlruns/.trash/")
    return MlflowReader(uri_in(folder))


def _rewrite_files(folder: Path, written: str, actual: str) -> None:
    for meta in folder.rglob("meta.yaml"):
        meta.write_bytes(meta.read_bytes().replace(written.encode(), actual.encode()))
