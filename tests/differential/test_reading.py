"""Experiments, runs, values, histories and artifacts are what MLflow says they are."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path

import pytest

from qtui.entities import Run, RunInfo, View
from qtui.query.projection import ALL_VALUES
from qtui.store.protocol import Store
from tests.data.packing import NEUTRAL, rewrite_database
from tests.differential.intended import as_deleted, as_logged
from tests.differential.plain import plain, points
from tests.differential.shelf import Stand, uri_in
from tests.differential.witness import Witness


@pytest.mark.parametrize("view", View)
def test_experiments_are_listed_as_mlflow_lists_them(view: View, witness: Witness, store: Store) -> None:
    listing = store.experiments(view)
    assert not listing.problems
    assert plain(listing.items) == plain(as_deleted(witness.experiments(view), witness.experiments(View.DELETED)))


@pytest.mark.parametrize("view", View)
def test_run_infos_are_mlflows(
    view: View, told: tuple[Run, ...], store: Store, experiment_ids: tuple[str, ...]
) -> None:
    expected = {run.info.run_id: run.info for run in told if view.admits(run.info.lifecycle_stage)}
    assert _by_id(store, experiment_ids, view) == expected


def test_params_metrics_tags_and_datasets_are_mlflows(told: tuple[Run, ...], store: Store) -> None:
    batches = list(store.runs([run.info for run in told], ALL_VALUES))
    assert [problem for batch in batches for problem in batch.problems] == []
    runs = chain.from_iterable(batch.items for batch in batches)
    for expected, found in zip(told, runs, strict=True):
        assert plain(found) == plain(expected)


def test_a_run_asked_for_alone_is_the_run_of_the_list(told: tuple[Run, ...], witness: Witness, store: Store) -> None:
    for run in told:
        assert plain(witness.run(run.info.run_id)) == plain(run)
        assert store.find(run.info.run_id) == (run.info,)
        assert run.info in store.find(run.info.run_id[:8])


def test_every_history_has_mlflows_points_in_mlflows_order(
    stand: Stand, told: tuple[Run, ...], witness: Witness, store: Store
) -> None:
    for run in told:
        for key in run.metrics:
            history, problems = store.history(run.info, key)
            expected = as_logged(stand, key, witness.history(run.info.run_id, key))
            assert not problems, (run.info, key)
            assert plain(points(history)) == plain(expected), (run.info, key)


def test_artifacts_are_found_in_the_moved_store(
    stand: Stand, told: tuple[Run, ...], store: Store, tmp_path: Path
) -> None:
    if stand.remote:
        pytest.skip("The client looks only where the run says that its artifacts are, and these were moved.")
    rooted = _rooted_witness(stand, tmp_path / "rooted")
    for run in told:
        folders = [""]
        for folder in folders:
            listing = store.artifacts(run.info, folder)
            assert not listing.problems
            assert list(listing.items) == rooted.artifacts(run.info.run_id, folder), (run.info.run_id, folder)
            folders += [artifact.path for artifact in listing.items if artifact.is_dir]


def _by_id(store: Store, experiment_ids: tuple[str, ...], view: View) -> dict[str, RunInfo]:
    batches = list(store.infos(experiment_ids, view))
    assert [problem for batch in batches for problem in batch.problems] == []
    infos = [info for batch in batches for info in batch.items]
    assert len({info.run_id for info in infos}) == len(infos)
    return {info.run_id: info for info in infos}


def _rooted_witness(stand: Stand, folder: Path) -> Witness:
    """MLflow over a copy that says of its artifacts where they really are."""
    shutil.copytree(stand.copy, folder)
    truths = {NEUTRAL: str(folder), str(stand.pristine): str(folder), "./mlruns": f"{folder}/mlruns"}
    for written, truth in truths.items():
        if stand.is_database:
            rewrite_database(folder / "mlflow.db", written, truth)
        else:
            _rewrite_files(folder, written, truth)
    _rewrite_files(folder / "mlruns" / ".trash", f"{folder}/mlruns/", f"{folder}/mlruns/.trash/")
    return Witness(uri_in(folder))


def _rewrite_files(folder: Path, written: str, truth: str) -> None:
    for meta in folder.rglob("meta.yaml"):
        meta.write_bytes(meta.read_bytes().replace(written.encode(), truth.encode()))
