"""Tests that the JSON of the commands equals MLflow's values."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from qtui.cli.app import program
from qtui.entities import Run, ViewType
from tests.differential.known_differences import as_logged
from tests.differential.mlflow_reader import MlflowReader
from tests.differential.store_pairs import StorePair


@pytest.fixture(autouse=True)
def skip_remote(store_pair: StorePair) -> None:
    """Skip stores that need MLflow's client, which commands use only for servers."""
    if store_pair.remote:
        pytest.skip("The commands read this store without MLflow's client.")


def test_runs_equal_those_of_mlflow(store_pair: StorePair, mlflow: MlflowReader, mlflow_runs: tuple[Run, ...]) -> None:
    names = {experiment.experiment_id: experiment.name for experiment in mlflow.experiments(ViewType.ALL)}
    assert run_command(store_pair, "runs", "--view", "all") == [run_in_json(run, names) for run in mlflow_runs]


def test_single_run_equals_the_run_in_the_list(store_pair: StorePair, mlflow_runs: tuple[Run, ...]) -> None:
    listed = run_command(store_pair, "runs", "--view", "all")
    details = run_command(store_pair, "show", mlflow_runs[-1].info.run_id)
    assert details == {**details, **listed[-1]}
    assert len(details["datasets"]) == len(mlflow_runs[-1].inputs)


COUNTED_STAGES = {"active": ("active",), "deleted": ("deleted",), "all": ("active", "deleted")}
"""The lifecycle stages of runs that are counted, by view."""


@pytest.mark.parametrize("view", COUNTED_STAGES)
def test_experiments_have_the_run_counts_of_the_view(
    store_pair: StorePair, mlflow_runs: tuple[Run, ...], view: str
) -> None:
    tallies: dict[str, Counter[str]] = {}
    for run in mlflow_runs:
        if run.info.lifecycle_stage in COUNTED_STAGES[view]:
            tallies.setdefault(run.info.experiment_id, Counter())[run.info.status.lower()] += 1
    for experiment in run_command(store_pair, "experiments", "--view", view):
        tally = tallies.get(experiment["experiment_id"], Counter())
        assert {key: count for key, count in experiment["runs"].items() if count} == (
            {**tally, "total": tally.total()} if tally else {}
        )


def test_experiments_have_the_order_of_mlflow(store_pair: StorePair, mlflow: MlflowReader) -> None:
    experiments = run_command(store_pair, "experiments", "--view", "all")
    assert [experiment["experiment_id"] for experiment in experiments] == [
        experiment.experiment_id for experiment in mlflow.experiments(ViewType.ALL)
    ]


def test_histories_have_all_points(store_pair: StorePair, mlflow: MlflowReader, mlflow_runs: tuple[Run, ...]) -> None:
    run = max(mlflow_runs, key=lambda run: len(run.metrics))
    for history in run_command(store_pair, "history", run.info.run_id, *run.metrics):
        points = as_logged(store_pair, history["key"], mlflow.history(run.info.run_id, history["key"]))
        assert history["run_id"] == run.info.run_id
        assert history["points"] == [
            {"step": point.step, "timestamp": point.timestamp, "value": in_json(point.value)} for point in points
        ]


def run_command(store_pair: StorePair, *words: str) -> Any:
    """Return the JSON that a command prints."""
    done = CliRunner().invoke(program(), ["--uri", store_pair.uri, *words, "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout, parse_constant=pytest.fail)


def run_in_json(run: Run, names: dict[str, str]) -> dict[str, Any]:
    """Return MLflow's run in the JSON format of the commands."""
    info = run.info
    return {
        "run_id": info.run_id,
        "name": info.name,
        "experiment_id": info.experiment_id,
        "experiment": names[info.experiment_id],
        "status": info.status,
        "lifecycle_stage": info.lifecycle_stage,
        "start_time": info.start_time,
        "end_time": info.end_time,
        "artifact_uri": info.artifact_uri,
        "user": info.user,
        "params": dict(run.params),
        "metrics": {key: in_json(point.value) for key, point in run.metrics.items()},
        "tags": dict(run.tags),
    }


def in_json(value: float) -> float | str:
    """Return a number as in strict JSON."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
