"""What the commands print as JSON is what MLflow says, key by key."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from qtui.cli.app import program
from qtui.entities import Run, View
from tests.differential.intended import as_logged
from tests.differential.shelf import Stand
from tests.differential.witness import Witness


@pytest.fixture(autouse=True)
def only_native(stand: Stand) -> None:
    """A command opens a store by its URI, and MLflow's client only for servers."""
    if stand.remote:
        pytest.skip("The commands read this store without MLflow's client.")


def test_runs_are_printed_as_mlflow_tells_them(stand: Stand, witness: Witness, told: tuple[Run, ...]) -> None:
    names = {each.experiment_id: each.name for each in witness.experiments(View.ALL)}
    assert printed(stand, "runs", "--view", "all") == [run_in_json(run, names) for run in told]


def test_one_run_is_printed_as_in_the_list(stand: Stand, told: tuple[Run, ...]) -> None:
    listed = printed(stand, "runs", "--view", "all")
    assert printed(stand, "show", told[-1].info.run_id) == listed[-1]


COUNTED = {"active": ("active",), "deleted": ("deleted",), "all": ("active", "deleted")}
"""The lifecycle stages of the runs that each view counts."""


@pytest.mark.parametrize("view", COUNTED)
def test_experiments_are_printed_with_the_runs_of_the_view_counted(
    stand: Stand, told: tuple[Run, ...], view: str
) -> None:
    tallies: dict[str, Counter[str]] = {}
    for run in told:
        if run.info.lifecycle_stage in COUNTED[view]:
            tallies.setdefault(run.info.experiment_id, Counter())[run.info.status.lower()] += 1
    for experiment in printed(stand, "experiments", "--view", view):
        tally = tallies.get(experiment["experiment_id"], Counter())
        assert {key: count for key, count in experiment["runs"].items() if count} == (
            {**tally, "total": tally.total()} if tally else {}
        )


def test_experiments_are_printed_in_the_order_of_mlflow(stand: Stand, witness: Witness) -> None:
    experiments = printed(stand, "experiments", "--view", "all")
    assert [each["experiment_id"] for each in experiments] == [
        each.experiment_id for each in witness.experiments(View.ALL)
    ]


def test_histories_are_printed_point_by_point(stand: Stand, witness: Witness, told: tuple[Run, ...]) -> None:
    run = max(told, key=lambda run: len(run.metrics))
    for each in printed(stand, "history", run.info.run_id, *run.metrics):
        points = as_logged(stand, each["key"], witness.history(run.info.run_id, each["key"]))
        assert each["run_id"] == run.info.run_id
        assert each["points"] == [
            {"step": point.step, "timestamp": point.timestamp, "value": in_json(point.value)} for point in points
        ]


def printed(stand: Stand, *words: str) -> Any:
    """The JSON that a command prints."""
    done = CliRunner().invoke(program(), ["--uri", stand.uri, *words, "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout, parse_constant=pytest.fail)


def run_in_json(run: Run, names: dict[str, str]) -> dict[str, Any]:
    """MLflow's run in the contract's words."""
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
    """A number as strict JSON can say it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
