"""A small in-memory store, and a library and an experiment manager of it."""

from __future__ import annotations

import pytest

from qtui.entities import ExperimentInfo, History, Point, Run, RunInfo
from qtui.recorder import Library, MLflowExpManager
from qtui.recorder.store_access import StoreAccess
from qtui.store import Store
from qtui.store.memory import MemoryStore

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = 1_700_000_000_000

EXPERIMENTS = [
    ExperimentInfo("0", "Default", creation_time=1),
    ExperimentInfo("1", "alpha158", creation_time=2),
    ExperimentInfo("2", "1", creation_time=3),
    ExperimentInfo("3", "team/alpha", creation_time=4),
    ExperimentInfo("4", "alpha360", "deleted", creation_time=5),
]
RUNS = [
    Run(
        RunInfo("aaaa1111", "1", "lgbm", "FINISHED", start_time=NOW - 5 * HOUR, end_time=NOW - 4 * HOUR),
        params={"lr": "0.1"},
        metrics={"ic": Point(0, NOW - 4 * HOUR, 0.04)},
        tags={"mlflow.runName": "lgbm", "team": "red"},
    ),
    Run(
        RunInfo("aaaa2222", "1", "lgbm", "RUNNING", start_time=NOW - 3 * HOUR),
        params={"lr": "0.2"},
        metrics={"ic": Point(0, NOW - 2 * HOUR, 0.05)},
        tags={"mlflow.runName": "lgbm"},
    ),
    Run(
        RunInfo("bbbb1111", "1", "", "RUNNING", start_time=NOW - 4 * HOUR),
        metrics={"loss": Point(7, NOW - MINUTE, 0.5)},
        tags={"mlflow.runName": "mlflow_recorder"},
    ),
    Run(RunInfo("cccc1111", "1", "thrown away", "FAILED", "deleted", start_time=NOW - HOUR)),
    Run(RunInfo("cccc2222", "1", "lgbm", "FINISHED", "deleted", start_time=NOW)),
    Run(RunInfo("dddd1111", "3", "a/b", "FINISHED", start_time=NOW - 9 * HOUR)),
]
HISTORIES = [History.of("aaaa1111", "ic", [Point(1, NOW - 4 * HOUR, 0.04), Point(0, NOW - 5 * HOUR, 0.01)])]
ARTIFACTS = {"aaaa1111": {"pred.pkl": 100, "sig_analysis/ic.pkl": 10, "sig_analysis/deep/ric.pkl": 20}}


@pytest.fixture
def library() -> Library:
    """The library of an in-memory store."""
    return Library.over(MemoryStore(EXPERIMENTS, RUNS, HISTORIES, ARTIFACTS))


@pytest.fixture
def manager(library: Library) -> MLflowExpManager:
    """The experiment manager of the same store."""
    return manager_of(library.store)


def manager_of(store: Store) -> MLflowExpManager:
    """Return an experiment manager of an open store."""
    manager = MLflowExpManager("memory:")
    manager._accesses["memory:"] = StoreAccess("memory:", store=store)
    return manager
