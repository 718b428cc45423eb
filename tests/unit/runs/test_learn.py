"""The columns that are shown first are those that tell the runs apart."""

from __future__ import annotations

from qtui.cli.defaults import values_of
from qtui.query.ast import Field, Kind
from qtui.query.wanted import Wanted
from qtui.runs.frame import RunsFrame
from qtui.runs.learn import FIRST, METRICS, PARAMS, default_columns, differing
from tests.unit.runs.build import metric, param, run


def learned(frame: RunsFrame) -> list[Field]:
    return [each.field for each in default_columns(frame)][len(FIRST) :]


def test_a_store_without_values_shows_what_every_run_has() -> None:
    assert [each.title for each in default_columns(RunsFrame())] == ["name", "status", "age", "duration"]


def test_params_that_are_the_same_everywhere_are_left_out() -> None:
    frame = RunsFrame.of([run(str(each), params={"lr": str(each % 3), "seed": "7"}) for each in range(9)])
    assert learned(frame) == [param("lr")]


def test_a_param_that_only_some_runs_have_tells_them_apart() -> None:
    assert learned(RunsFrame.of([run("a", params={"dropout": "0.1"}), run("b")])) == [param("dropout")]


def test_long_and_unique_params_come_last() -> None:
    frame = RunsFrame.of(
        [
            run(str(each), params={"argv": f"train.py --config configs/{each}/very/long.yaml", "lr": str(each % 3)})
            for each in range(9)
        ]
    )
    assert learned(frame)[0] == param("lr")


def test_metrics_of_the_system_are_left_out_and_counters_come_last() -> None:
    values = [{"system/cpu": each, "epoch": each, "train_loss": each, "val_loss": each} for each in (1.0, 2.0)]
    frame = RunsFrame.of([run(str(place), metrics=each) for place, each in enumerate(values)])

    assert learned(frame) == [metric("val_loss"), metric("train_loss"), metric("epoch")]


def test_the_metrics_that_a_qlib_user_looks_at_stand_first_on_the_screen_and_in_the_list() -> None:
    portfolio = [f"1day.excess_return_with_cost.{key}" for key in ("annualized_return", "information_ratio")]
    wanted = ["IC", "ICIR", "Rank IC", "Rank ICIR", *portfolio, "1day.excess_return_with_cost.max_drawdown"]
    keys = [*reversed(wanted), "l2.train", "l2.valid", "1day.ffr", "1day.excess_return_without_cost.max_drawdown"]
    values = [{key: value + place for place, key in enumerate(keys)} for value in (0.1, 0.2)]
    runs = [run(str(place), metrics=each) for place, each in enumerate(values)]

    frame = RunsFrame.of(runs)
    assert learned(frame) == [metric(key) for key in wanted]
    assert [pick.field.key for pick in values_of(runs, Wanted())][: len(wanted)] == wanted


def test_there_are_never_too_many() -> None:
    many = [{f"key{number:02}": each + number for number in range(40)} for each in range(3)]
    frame = RunsFrame.of(
        [
            run(str(place), metrics=each, params={key: str(value) for key, value in each.items()})
            for place, each in enumerate(many)
        ]
    )
    assert len(learned(frame)) == METRICS + PARAMS


def test_the_params_that_differ_between_some_rows_are_known_in_one_call() -> None:
    frame = RunsFrame.of(
        [
            run("a", params={"lr": "0.1", "depth": "3", "seed": "1"}),
            run("b", params={"lr": "0.1", "depth": "4"}),
            run("c", params={"lr": "0.2", "depth": "4", "seed": "1"}),
        ]
    )

    assert differing(frame, range(3)) == (param("depth"), param("lr"), param("seed"))
    assert differing(frame, [0, 1]) == (param("depth"), param("seed"))
    assert differing(frame, [1]) == ()
    assert differing(frame, []) == ()
    assert differing(frame, range(3), Kind.METRIC) == ()
