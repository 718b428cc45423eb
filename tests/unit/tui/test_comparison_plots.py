"""Plots of compared runs: their points, boxes, bars and lines, checked against pandas."""

from __future__ import annotations

import math

import pandas
import pytest

from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.plot.charts.bar_chart import draw_bars
from qtui.plot.charts.box_plot import draw_box_plot
from qtui.plot.charts.parallel import draw_parallel
from qtui.plot.charts.scatter import draw_scatter
from qtui.plot.scale import LOG
from qtui.query import parse_filter
from qtui.query.predicates import predicate
from qtui.tui.present.compare.comparison_plots import (
    ScatterChoice,
    axis_rows,
    build_bars,
    build_boxes,
    build_parallel,
    build_scatter,
    category_rows,
    front_runs,
    metric_rows,
    parallel_rows,
    point_order,
    range_filter,
    ranked_places,
    run_summary,
)
from tests.unit.runs.build import param, run

LRS = ("0.0001", "0.001", "0.01", "0.1")
RUNS = [
    run(
        f"r{number}",
        start_time=number,
        params={"lr": LRS[number % 4], "opt": ("adam", "sgd")[number % 2], "seed": str(number), "epochs": "9"},
        metrics={"ic": number / 10, "loss": float((number * 3) % 7)} if number != 5 else {"loss": math.nan},
    )
    for number in range(8)
]
COMPARISON = RunComparison.of_runs(RUNS)


def row(key: str, kind: RowKind = RowKind.METRIC, comparison: RunComparison = COMPARISON) -> ComparedRow:
    """Return the row of a key."""
    compared = comparison.row(kind, key)
    assert compared is not None
    return compared


IC, LOSS = row("ic"), row("loss")
LR, OPT = row("lr", RowKind.PARAM), row("opt", RowKind.PARAM)


def test_differing_params_times_and_metrics_can_be_axes() -> None:
    keys = [compared.key for compared in axis_rows(COMPARISON)]
    assert keys[:3] == ["lr", "opt", "seed"]
    assert {"ic", "loss", "started"} <= set(keys) and "epochs" not in keys
    assert [compared.key for compared in metric_rows(COMPARISON)] == ["ic", "loss"]
    assert [compared.key for compared in category_rows(COMPARISON)][:2] == ["lr", "opt"]


def test_a_scatter_plot_has_a_point_for_each_run_and_counts_the_others() -> None:
    scatter = build_scatter(COMPARISON, ScatterChoice(LR, IC), current=2)
    assert (scatter.x.scale, scatter.current) == (LOG, (0.01, 0.2))
    [group] = scatter.groups
    assert [*group.xs][:2] == [0.0001, 0.001] and math.isnan(group.ys[5])
    assert "1 point left out" in draw_scatter(scatter, 70, 12).lines()[0]


def test_texts_are_places_on_the_axis_with_their_names() -> None:
    scatter = build_scatter(COMPARISON, ScatterChoice(OPT, IC, LR))
    assert scatter.x_names == ("adam", "sgd")
    assert [group.name for group in scatter.groups] == ["0.0001", "0.001", "0.01", "0.1"]


def test_the_cursor_goes_through_the_points_from_left_to_right() -> None:
    assert point_order(COMPARISON, ScatterChoice(LR, IC)) == (0, 4, 1, 2, 6, 3, 7)


def test_the_front_follows_the_directions_of_both_metrics() -> None:
    choice = ScatterChoice(LOSS, IC, has_front=True)
    points = [(LOSS.number(index), IC.number(index)) for index in range(8)]
    best = {
        index
        for index, (loss, ic) in enumerate(points)
        if ic is not None
        and loss is not None
        and not any(
            other_ic is not None
            and other_loss is not None
            and (other_loss, other_ic) != (loss, ic)
            and other_loss <= loss
            and other_ic >= ic
            for other_loss, other_ic in points
        )
    }
    assert set(front_runs(COMPARISON, choice)) == best
    assert len(build_scatter(COMPARISON, choice).front) == len(best)
    assert front_runs(COMPARISON, ScatterChoice(LR, IC)) == ()


def test_boxes_by_a_param_have_the_medians_of_pandas_the_best_first() -> None:
    plot = build_boxes(COMPARISON, IC, OPT)
    frame = pandas.DataFrame(
        {"opt": [("adam", "sgd")[n % 2] for n in range(8)], "ic": [IC.number(n) for n in range(8)]}
    )
    medians = frame.groupby("opt")["ic"].median().sort_values(ascending=False)
    assert [(box.name, box.median) for box in plot.boxes] == list(medians.items())
    assert plot.footnote == "1 run without ic"
    assert [box.name for box in build_boxes(COMPARISON, IC, None).boxes] == ["all runs"]


def test_bars_are_ranked_by_the_direction_of_the_metric_and_count_runs_without_it() -> None:
    chart, runs = build_bars(COMPARISON.with_baseline(0), IC, None)
    assert runs == (7, 6, 4, 3, 2, 1, 0)
    assert (chart.bars[-1].note, chart.footnote) == ("  baseline", "1 run without ic")
    assert chart.bars[0].note == "  +0.7 (baseline is 0)"
    assert build_bars(COMPARISON, LOSS, None)[1][0] == 0


def test_bars_of_groups_have_mean_and_deviation_of_pandas() -> None:
    chart, runs = build_bars(COMPARISON, IC, (param("opt"),))
    frame = pandas.DataFrame(
        {"opt": [("adam", "sgd")[n % 2] for n in range(8)], "ic": [IC.number(n) for n in range(8)]}
    )
    statistics = frame.groupby("opt")["ic"].agg(["mean", "std"]).sort_values("mean", ascending=False)
    for bar, (name, mean, deviation) in zip(chart.bars, statistics.itertuples(), strict=True):
        assert bar.name == f"opt {name}"
        assert bar.value == pytest.approx(mean)
        assert bar.whisker == pytest.approx((mean - deviation, mean + deviation))
    assert runs == (7, 6)


def test_parallel_coordinates_have_the_params_the_metrics_and_last_the_one_that_ranks() -> None:
    rows = parallel_rows(COMPARISON, IC)
    assert [compared.key for compared in rows] == ["lr", "opt", "seed", "loss", "ic"]
    plot = build_parallel(COMPARISON, IC, {})
    assert plot.roles[7] == "run-1" and plot.roles[0] != "run-1"
    assert plot.order[-1] == 7 and ranked_places(COMPARISON, IC)[0] == 7


def test_narrowed_axes_become_a_filter_that_selects_the_same_runs() -> None:
    ranges = {(RowKind.PARAM, "lr"): (1, 2), (RowKind.METRIC, "ic"): (1, 99), (RowKind.PARAM, "opt"): (1, 1)}
    plot = build_parallel(COMPARISON, IC, ranges)
    text = range_filter(parallel_rows(COMPARISON, IC), plot.axes)
    assert text == "params.lr >= 0.001 AND params.lr <= 0.01 AND params.opt = 'sgd' AND metrics.ic >= 0.1"
    parsed = parse_filter(text)
    assert parsed is not None
    assert [index for index, one in enumerate(RUNS) if predicate(parsed)(one)] == sorted(plot.runs_inside) == [1]
    assert range_filter(parallel_rows(COMPARISON, IC), build_parallel(COMPARISON, IC, {}).axes) == ""


def test_several_texts_of_a_range_are_a_list_in_the_filter() -> None:
    runs = [
        run(name, params={"opt": name}, metrics={"ic": value}) for name, value in (("a", 1.0), ("b", 2.0), ("c", 3.0))
    ]
    comparison = RunComparison.of_runs(runs)
    ic = row("ic", comparison=comparison)
    plot = build_parallel(comparison, ic, {(RowKind.PARAM, "opt"): (0, 1)})
    assert range_filter(parallel_rows(comparison, ic), plot.axes) == "params.opt IN ('a', 'b')"


def test_the_summary_of_a_run_has_its_values() -> None:
    assert run_summary(COMPARISON, 1, (LR, IC)) == "r1: lr 0.001, ic 0.1"


@pytest.mark.parametrize("size", [(0, 0), (10, 3), (80, 24), (200, 55)])
@pytest.mark.parametrize("runs", [0, 1, 8])
def test_any_number_of_runs_is_drawn_in_any_size(size: tuple[int, int], runs: int) -> None:
    comparison = RunComparison.of_runs(RUNS[:runs])
    for metric in metric_rows(comparison):
        pictures = [
            draw_bars(build_bars(comparison, metric, None)[0], *size),
            draw_box_plot(build_boxes(comparison, metric, None), *size),
            draw_parallel(build_parallel(comparison, metric, {}), *size),
            *(draw_scatter(build_scatter(comparison, ScatterChoice(x, metric)), *size) for x in axis_rows(comparison)),
        ]
        assert {len(picture.rows) for picture in pictures} == {size[1]}
