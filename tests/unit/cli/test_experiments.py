"""`qtui experiments`."""

from __future__ import annotations

import json
from pathlib import Path

from qtui.cli.sample.families import FAMILIES
from qtui.entities import ExperimentInfo
from qtui.store.files.writing.sample import write_experiment
from tests.unit.cli.conftest import Call

SHAPE = {
    "experiment_id": str,
    "name": str,
    "lifecycle_stage": str,
    "artifact_location": str,
    "creation_time": int,
    "last_update_time": int,
    "tags": dict,
    "runs": dict,
}


def test_json_has_the_shape_that_scripts_rely_on(qtui: Call, sample: Path) -> None:
    ended = qtui("experiments", "--json", uri=sample)
    experiments = json.loads(ended.out)
    assert [{key: type(value) for key, value in experiment.items()} for experiment in experiments] == [SHAPE] * len(
        experiments
    )
    (transformer,) = [experiment for experiment in experiments if experiment["name"] == "csi300/transformer"]
    assert transformer["runs"] == {
        "total": 26,
        "running": 2,
        "scheduled": 1,
        "finished": 22,
        "failed": 1,
        "killed": 0,
    }
    assert (ended.code, ended.err) == (0, "")


def test_a_view_chooses_by_lifecycle(qtui: Call, sample: Path) -> None:
    names = {
        view: {
            experiment["name"]
            for experiment in json.loads(qtui("experiments", "--view", view, "--json", uri=sample).out)
        }
        for view in ("active", "deleted", "all")
    }
    assert names["deleted"] == {"scratch"}
    assert (
        names["active"] | names["deleted"] == names["all"] == {"Default"} | {family.experiment for family in FAMILIES}
    )


def test_the_runs_of_the_view_are_counted(qtui: Call, sample: Path) -> None:
    for view, expected in (("deleted", {"scratch": 3}), ("all", {"scratch": 3, "csi300/lightgbm": 42})):
        experiments = json.loads(qtui("experiments", "--view", view, "--json", uri=sample).out)
        totals = {experiment["name"]: experiment["runs"]["total"] for experiment in experiments}
        assert totals.items() >= expected.items()


def test_a_terminal_of_80_columns_is_wide_enough(on_terminal: Call, sample: Path) -> None:
    lines = on_terminal("experiments", "--uri", str(sample), NO_COLOR="1").out.splitlines()
    assert lines[0].split()[:3] == ["experiment", "runs", "running"]
    assert any(line.startswith("因子研究/动量") for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_a_pipe_gets_everything(process: Call, sample: Path) -> None:
    title, *rows = process("experiments", "--uri", str(sample)).out.splitlines()
    assert title.split()[-2:] == ["created", "id"]
    assert len(rows) == len(FAMILIES)


def test_an_empty_view_is_named(qtui: Call, tmp_path: Path) -> None:
    store = tmp_path / "mlruns"
    write_experiment(store, ExperimentInfo("1", "exp", artifact_location="1"))
    assert qtui("experiments", "--view", "deleted", uri=store).err == "qtui: There are no deleted experiments.\n"
    assert qtui("runs", "--view", "deleted", uri=store).err == "qtui: There are no deleted runs.\n"
    assert qtui("runs", uri=store).err == "qtui: There are no runs.\n"
    qtui("delete", "--experiment", "exp", uri=store)
    assert qtui("experiments", uri=store).err == "qtui: There are no active experiments.\n"
