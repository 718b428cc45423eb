"""A frame grows out of a store: infos before values, the newest runs' values before the others'."""

from __future__ import annotations

import pytest

from qtui.entities import Experiment, Problem, View
from qtui.errors import ExperimentNotFound
from qtui.query.wanted import Wanted
from qtui.recorder import Library
from qtui.runs import growing as module
from qtui.runs.growing import growing
from qtui.store.memory import MemoryStore
from tests.unit.runs.build import run

RUNS = [
    run("old", params={"lr": "0.1"}, metrics={"ic": 0.1}, start_time=1),
    run("new", params={"lr": "0.2"}, metrics={"ic": 0.2}, start_time=3),
    run("middle", params={"lr": "0.3"}, metrics={"ic": 0.3}, start_time=2),
    run("elsewhere", experiment_id="2", start_time=4),
    run("gone", lifecycle_stage="deleted", start_time=5),
]
PROBLEM = Problem("1/x/meta.yaml", "is empty", "1", "x")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Runs in two experiments, given one by one."""
    monkeypatch.setattr(module, "FIRST", 1)
    experiments = [Experiment("1", "alpha"), Experiment("2", "beta")]
    return Library.over(MemoryStore(experiments, RUNS, problems=[PROBLEM], batch=1))


def test_infos_come_before_values_and_the_newest_runs_values_first(library: Library) -> None:
    steps = [(len(each.frame), sum(each.frame.loaded)) for each in growing(library, ["alpha"])]
    assert steps == [(1, 0), (2, 0), (3, 0), (3, 0), (3, 1), (3, 3)]
    first_with_values = next(each.frame for each in growing(library, ["alpha"]) if any(each.frame.loaded))
    assert first_with_values.to_pandas().set_index("run_id")["params.lr"].to_dict() == {
        "old": None,
        "new": "0.2",
        "middle": None,
    }


def test_the_whole_frame_has_every_value(library: Library) -> None:
    *_, last = growing(library, ["1"])
    assert last.frame.to_pandas().set_index("run_id")["metrics.ic"].to_dict() == {"old": 0.1, "new": 0.2, "middle": 0.3}


def test_without_experiments_it_is_the_whole_view(library: Library) -> None:
    *_, active = growing(library)
    *_, everything = growing(library, view=View.ALL)
    assert (len(active.frame), len(everything.frame)) == (4, 5)


def test_only_wanted_values_are_read(library: Library) -> None:
    *_, last = growing(library, wanted=Wanted(params=frozenset({"lr"})))
    assert [name for name in last.frame.to_pandas() if "." in name] == ["params.lr"]


def test_what_could_not_be_read_comes_along(library: Library) -> None:
    *_, last = growing(library)
    assert last.problems == (PROBLEM,)


def test_an_experiment_that_is_not_there_is_told_so(library: Library) -> None:
    with pytest.raises(ExperimentNotFound):
        next(growing(library, ["nope"]))
