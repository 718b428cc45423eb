"""Which columns a list of runs has when nobody chose any."""

from __future__ import annotations

from pathlib import Path

from qtui.cli import default_picks
from qtui.entities import ExperimentInfo, Point, Run, RunInfo, ViewType
from qtui.query.projection import Projection
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.unit.cli.conftest import Call


def test_of_thousands_of_keys_only_the_columns_that_could_find_room_are_laid_out() -> None:
    runs = [Run(RunInfo(f"{row:032x}", "1"), {f"p{key}": "x" for key in range(5000)}) for row in range(3)]
    picks = default_picks.default_picks(runs, ViewType.ACTIVE, False, Projection())
    fixed = sum(not pick.is_optional for pick in picks)
    assert len(picks) == fixed + 5000
    assert len(default_picks.picks_within(picks, 120)) == fixed + 40
    assert len(default_picks.picks_within(picks, None)) == fixed + default_picks.MAX_PIPE_COLUMNS


def test_in_a_pipe_the_columns_that_are_left_out_are_counted(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "wide"))
    points = {f"metric_{key}": [Point(0, 1, 0.5)] for key in range(250)}
    write_run(folder, Run(RunInfo("ab" * 16, "1", "lgb", start_time=1), {"note": "x" * 100_000}), points)
    ended = qtui("runs", uri=tmp_path / "mlruns")
    assert ended.code == 0
    assert "205 of 256 columns are shown; --csv gives all" in ended.err
    chosen = qtui("runs", "--columns", "params.note,metrics.metric_1", uri=tmp_path / "mlruns")
    assert "x" * 100_000 in chosen.out
    assert len(chosen.out) < 110_000
    assert qtui("runs", "--json", uri=tmp_path / "mlruns").err == ""
