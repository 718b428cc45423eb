"""The columns that are shown first are those that tell the runs apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qtui.cli.default_picks import default_picks
from qtui.entities import Run, ViewType
from qtui.query.ast import Field, FieldKind
from qtui.query.projection import Projection
from qtui.runs.default_columns import MAX_METRICS, MAX_PARAMS, default_columns, differing_params
from qtui.runs.runs_frame import RunsFrame
from tests.unit.runs.build import metric, param, run


def learned(frame: RunsFrame) -> list[Field]:
    columns = (column.field for column in default_columns(frame))
    return [field for field in columns if field.kind in (FieldKind.METRIC, FieldKind.PARAM)]


def test_a_store_without_values_has_the_columns_of_every_run() -> None:
    assert [column.title for column in default_columns(RunsFrame())] == ["name", "status", "age", "duration"]


def test_params_that_are_the_same_everywhere_are_left_out() -> None:
    frame = RunsFrame.from_runs([run(str(number), params={"lr": str(number % 3), "seed": "7"}) for number in range(9)])
    assert learned(frame) == [param("lr")]


def test_a_param_that_only_some_runs_have_is_a_default_column() -> None:
    assert learned(RunsFrame.from_runs([run("a", params={"dropout": "0.1"}), run("b")])) == [param("dropout")]


def test_long_and_unique_params_come_last() -> None:
    frame = RunsFrame.from_runs(
        [
            run(
                str(number),
                params={"argv": f"train.py --config configs/{number}/very/long.yaml", "lr": str(number % 3)},
            )
            for number in range(9)
        ]
    )
    assert learned(frame)[0] == param("lr")


def test_metrics_of_the_system_are_left_out_and_counters_come_last() -> None:
    values = [{"system/cpu": value, "epoch": value, "train_loss": value, "val_loss": value} for value in (1.0, 2.0)]
    frame = RunsFrame.from_runs([run(str(place), metrics=value) for place, value in enumerate(values)])

    assert learned(frame) == [metric("val_loss"), metric("train_loss"), metric("epoch")]


def test_the_metrics_of_qlib_come_first_on_the_screen_and_in_the_list() -> None:
    portfolio = [f"1day.excess_return_with_cost.{key}" for key in ("annualized_return", "information_ratio")]
    expected = ["IC", "ICIR", "Rank IC", "Rank ICIR", *portfolio, "1day.excess_return_with_cost.max_drawdown"]
    keys = [*reversed(expected), "l2.train", "l2.valid", "1day.ffr", "1day.excess_return_without_cost.max_drawdown"]
    values = [{key: value + place for place, key in enumerate(keys)} for value in (0.1, 0.2)]
    runs = [run(str(place), metrics=metrics) for place, metrics in enumerate(values)]

    frame = RunsFrame.from_runs(runs)
    assert learned(frame) == [metric(key) for key in expected]
    assert listed(runs)[: len(expected)] == learned(frame)


def listed(runs: list[Run], looked_at: Projection | None = None) -> list[Field]:
    """Return the metrics and params of `qtui runs`, in their order."""
    picks = default_picks(runs, ViewType.ACTIVE, False, looked_at or Projection())
    return [pick.field for pick in picks if pick.field.kind in (FieldKind.METRIC, FieldKind.PARAM)]


def test_metrics_come_before_age_and_duration_on_the_screen_and_in_the_list() -> None:
    runs = [run(str(value), metrics={"loss": value}, params={"lr": str(value)}) for value in (0.1, 0.2)]

    titles = [column.title for column in default_columns(RunsFrame.from_runs(runs))]
    assert titles == ["name", "status", "loss", "age", "duration", "lr"]
    picks = default_picks(runs, ViewType.ACTIVE, False, Projection())
    assert [pick.title for pick in picks] == ["run", "name", "status", "loss", "started", "duration", "lr"]


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["IC", "loss", "train_loss", "epoch", "system/cpu"]), st.floats()),
            st.dictionaries(st.sampled_from(["lr", "depth", "seed"]), st.sampled_from(["1", "2", "x" * 40])),
        ),
        max_size=6,
    )
)
def test_the_list_begins_with_the_columns_of_the_screen(values: list[tuple[dict[str, float], dict[str, str]]]) -> None:
    runs = [run(str(place), metrics=metrics, params=params) for place, (metrics, params) in enumerate(values)]

    columns = learned(RunsFrame.from_runs(runs))
    assert listed(runs)[: len(columns)] == columns
    assert len(set(listed(runs))) == len(listed(runs)) == len({*learned_keys(runs)})


def learned_keys(runs: list[Run]) -> set[Field]:
    return {metric(key) for run in runs for key in run.metrics} | {param(key) for run in runs for key in run.params}


def test_keys_of_the_filter_and_the_sort_come_first_in_the_list() -> None:
    runs = [run("a", metrics={"IC": 1.0, "loss": 1.0}, params={"seed": "7"})]
    looked_at = Projection(metrics=frozenset({"loss"}), params=frozenset({"seed"}))

    assert listed(runs, looked_at) == [metric("loss"), param("seed"), metric("IC")]


def test_the_number_of_default_columns_is_limited() -> None:
    many = [{f"key{number:02}": offset + number for number in range(40)} for offset in range(3)]
    frame = RunsFrame.from_runs(
        [
            run(str(place), metrics=params, params={key: str(value) for key, value in params.items()})
            for place, params in enumerate(many)
        ]
    )
    assert len(learned(frame)) == MAX_METRICS + MAX_PARAMS


def test_the_params_that_differ_between_some_rows_are_known_in_one_call() -> None:
    frame = RunsFrame.from_runs(
        [
            run("a", params={"lr": "0.1", "depth": "3", "seed": "1"}),
            run("b", params={"lr": "0.1", "depth": "4"}),
            run("c", params={"lr": "0.2", "depth": "4", "seed": "1"}),
        ]
    )

    assert differing_params(frame, range(3)) == (param("depth"), param("lr"), param("seed"))
    assert differing_params(frame, [0, 1]) == (param("depth"), param("seed"))
    assert differing_params(frame, [1]) == ()
    assert differing_params(frame, []) == ()
