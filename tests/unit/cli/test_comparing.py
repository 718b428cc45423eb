"""`qtui compare`, `qtui leaderboard` and `qtui check`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.unit.cli.conftest import Call


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two learning rates with three seeds each, and a run without the metric."""
    root = tmp_path_factory.mktemp("sweep") / "mlruns"
    folder = write_experiment(root, ExperimentInfo("1", "sweep"))
    index = 0
    for rate, ic in (("0.1", 0.05), ("0.01", 0.04)):
        for seed in (1, 2, 3):
            info = RunInfo(f"{index:032x}", "1", f"{rate}-{seed}", "FINISHED", start_time=index, end_time=index + 5)
            values = [ic + seed / 1000, ic - seed / 1000] if index else [0.09, 0.05]
            histories = {"Rank IC": [Point(step, step, value) for step, value in enumerate(values)]}
            write_run(folder, Run(info, {"lr": rate, "seed": str(seed), "model": "gru"}), histories)
            index += 1
    write_run(folder, Run(RunInfo("f" * 32, "1", "failed", "FAILED", start_time=9), {"lr": "1"}), {})
    return root


def run_id(index: int) -> str:
    return f"{index:032x}"


def test_compare_prints_the_documented_json(qtui: Call, sweep: Path) -> None:
    ended = qtui("compare", run_id(0), "sweep/0.01-1", "--diff", "--baseline", run_id(0), "--json", uri=sweep)
    data = json.loads(ended.out)
    assert [entry["run_id"] for entry in data["runs"]] == [run_id(0), run_id(3)]
    assert data["baseline"] == run_id(0)
    (rate,) = [row for row in data["rows"] if row["kind"] == "param"]
    assert rate == {
        "kind": "param",
        "key": "lr",
        "values": ["0.1", "0.01"],
        "differs": True,
        "deltas": [None, pytest.approx(-0.09)],
        "percents": [None, pytest.approx(-90)],
    }


def test_compare_prints_a_table_that_names_what_differs_and_every_other_format(qtui: Call, sweep: Path) -> None:
    text = qtui("compare", run_id(0), run_id(1), uri=sweep).out
    assert text.startswith("2 runs differ in: 1 param (seed), 1 metric\n")
    assert "Params" in text and "model" in text
    assert "model" not in qtui("compare", run_id(0), run_id(1), "--diff", uri=sweep).out
    rows = list(csv.DictReader(io.StringIO(qtui("compare", run_id(0), run_id(1), "--csv", uri=sweep).out)))
    assert next(row for row in rows if row["key"] == "seed")[run_id(1)] == "2"
    assert "| seed | 1 | 2 |" in qtui("compare", run_id(0), run_id(1), "--md", uri=sweep).out
    assert r"seed & 1 & 2 \\" in qtui("compare", run_id(0), run_id(1), "--latex", uri=sweep).out


@pytest.fixture(scope="module")
def recorders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recorders of Qlib with two seeds, of which one has no backtest, and two runs that are no recorders."""
    root = tmp_path_factory.mktemp("recorders") / "mlruns"
    folder = write_experiment(root, ExperimentInfo("1", "qlib"))
    first = {"IC": 0.05, f"{EXCESS}.max_drawdown": -0.1, "loss": 1}
    for index, values in enumerate((first, {"IC": 0.03, "Rank IC": 0.04})):
        info = RunInfo(f"{index:032x}", "1", f"r-{index}", "FINISHED", start_time=index, end_time=index + 5)
        histories = {key: [Point(0, 0, value)] for key, value in values.items()}
        write_run(folder, Run(info, {"model": "lgb", "seed": str(index)}), histories)
    plain = write_experiment(root, ExperimentInfo("2", "plain"))
    for index in (2, 3):
        write_run(plain, Run(RunInfo(f"{index:032x}", "2", f"r-{index}", "FINISHED")), {"loss": [Point(0, 0, index)]})
    return root


EXCESS = "1day.excess_return_with_cost"


def test_a_leaderboard_and_a_comparison_have_the_measures_of_qlib(qtui: Call, recorders: Path) -> None:
    command = ("leaderboard", "qlib", "--by", "IC", "--qlib")
    records = json.loads(qtui(*command, "--json", uri=recorders).out)
    assert [record["measures"] for record in records] == [
        {"Rank IC": None, f"{EXCESS}.max_drawdown": -0.1},
        {"Rank IC": 0.04, f"{EXCESS}.max_drawdown": None},
    ]
    assert "| Rank IC | max drawdown with cost |" in qtui(*command, "--md", uri=recorders).out
    (group,) = json.loads(qtui(*command, "--all-but", "seed", "--json", uri=recorders).out)
    assert group["measures"] == {"Rank IC": 0.04, f"{EXCESS}.max_drawdown": -0.1}
    assert "metrics.Rank IC" in qtui(*command, "--csv", uri=recorders).out.splitlines()[0]
    rows = json.loads(qtui("compare", run_id(0), run_id(1), "--qlib", "--json", uri=recorders).out)["rows"]
    assert [row["key"] for row in rows] == ["IC", "Rank IC", f"{EXCESS}.max_drawdown"]


def test_a_leaderboard_with_measures_needs_runs_of_qlib(qtui: Call, recorders: Path) -> None:
    ended = qtui("leaderboard", "qlib", "--by", "loss", "--qlib", "--filter", "metrics.loss > 5", uri=recorders)
    assert ended.code == 2


def test_a_comparison_of_measures_needs_runs_of_qlib(qtui: Call, recorders: Path) -> None:
    ended = qtui("compare", run_id(2), run_id(3), "--qlib", uri=recorders)
    assert ended.code == 2
    assert "No run has a measure of Qlib, such as IC." in ended.err


def test_a_single_run_cannot_be_compared(qtui: Call, sweep: Path) -> None:
    ended = qtui("compare", run_id(0), run_id(0), uri=sweep)
    assert ended.code == 2
    assert "at least two different runs" in ended.err


def test_a_leaderboard_ranks_runs_by_the_metric(qtui: Call, sweep: Path) -> None:
    records = json.loads(qtui("leaderboard", "sweep", "--by", "Rank IC", "--json", uri=sweep).out)
    assert [record["name"] for record in records] == ["0.1-1", "0.1-2", "0.1-3", "0.01-1", "0.01-2", "0.01-3"]
    assert records[0]["params"] == {"lr": "0.1", "model": "gru", "seed": "1"}
    lowest = qtui("leaderboard", "sweep", "--by", "best(metrics.Rank IC)", "--lower", "--json", uri=sweep)
    assert json.loads(lowest.out)[0]["name"] == "0.01-3"
    assert "1 run has no Rank IC." in lowest.err


def test_a_leaderboard_of_groups_by_all_params_but_the_seed_says_how_certain_it_is(qtui: Call, sweep: Path) -> None:
    command = ("leaderboard", "sweep", "--by", "Rank IC", "--all-but", "seed")
    first, second = json.loads(qtui(*command, "--json", uri=sweep).out)
    assert (first["params"]["lr"], first["runs"], first["mean"]) == (
        "0.1",
        3,
        pytest.approx((0.05 + 0.048 + 0.047) / 3),
    )
    assert second["difference"] == pytest.approx(0.038 - 0.145 / 3)
    assert second["is_certain"] is True
    assert second["p_corrected"] == second["p"]
    assert "certain" in qtui(*command, "--md", uri=sweep).out
    single = qtui("leaderboard", "sweep", "--by", "Rank IC", "--group-by", "seed", "--group-by", "lr", uri=sweep).out
    assert "±" not in single
    grouped = json.loads(
        qtui("leaderboard", "sweep", "--by", "Rank IC", "--group-by", "model", "--json", uri=sweep).out
    )
    assert [(record["params"], record["runs"]) for record in grouped] == [({"model": "gru"}, 6)]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("Rank IC > 0.01",), 0, ""),
        (("best(metrics.`Rank IC`) > 0.08 and status = finished",), 0, ""),
        (("Rank IC > 0.06",), 1, "does not hold: metrics.Rank IC is 0.05."),
        (("Rank IC", "--against", run_id(1)), 0, ""),
        (("Rank IC > 0.01", "--against", run_id(1)), 0, ""),
        (("params.lr = '0.1'", "--against", run_id(1)), 2, "names none"),
        (("Rank IC > 0.01", "--within", "2%"), 2, "--against"),
        (("Rank IC", "--against", run_id(1), "--within", "some"), 2, "2% or 0.01"),
    ],
)
def test_check_ends_with_1_and_one_line_if_a_condition_does_not_hold(
    qtui: Call, sweep: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    ended = qtui("check", run_id(0), *args, uri=sweep)
    assert ended.code == code
    assert words in ended.out + ended.err
    assert len(ended.out.splitlines()) == (code == 1)


def test_check_against_another_run_allows_the_tolerance(qtui: Call, sweep: Path) -> None:
    worse = ("check", run_id(1), "metrics.Rank IC", "--against", run_id(0))
    ended = qtui(*worse, uri=sweep)
    assert ended.code == 1
    assert "metrics.Rank IC is worse than in 0.1-1 (00000000): 0.048 against 0.05, -0.002 (-4.0%)." in ended.out
    assert qtui(*worse, "--within", "5%", uri=sweep).code == 0
    assert qtui(*worse, "--within", "3%", uri=sweep).code == 1
    assert qtui(*worse, "--within", "0.01", uri=sweep).code == 0
    missing = qtui("check", "f" * 32, "metrics.Rank IC", "--against", run_id(0), uri=sweep)
    assert (missing.code, missing.out) == (1, "failed (ffffffff): there is no metrics.Rank IC.\n")


def test_runs_that_do_not_fit_the_terminal_are_left_out_and_counted(on_terminal: Call, sweep: Path) -> None:
    out = on_terminal("--uri", str(sweep), "compare", *map(run_id, range(6)), width=60).out
    assert "of 6 runs are shown, which fit the width; --csv gives all." in out
    assert max(map(len, out.splitlines())) <= 70
