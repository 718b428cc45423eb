"""Rows of the details for a group of runs and for Qlib's results, and the bars of single values."""

from __future__ import annotations

import math

from qtui.entities import Point
from qtui.plot.curves.readout import Readout
from qtui.query.ast import OrderBy
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, logged_column
from qtui.runs.qlib_results import measure_titles, result_rows
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableGroup
from qtui.runs.text_row import TextRow
from qtui.tui.present.charts.chart_spec import ChartLine, CurveKey
from qtui.tui.present.charts.ranked_bars import count_absent, rank_lines, ranked_bars
from qtui.tui.present.details.detail_rows import DetailRow
from qtui.tui.present.details.group_rows import GroupDetails
from tests.unit.runs.build import metric, param, run

RUNS = (
    run("a", start_time=3, params={"model": "lgb", "lr": "1", "seed": "7"}, metrics={"loss": 1.0, "ic": 0.5}),
    run("b", start_time=2, params={"model": "lgb", "lr": "2", "seed": "7"}, metrics={"loss": 3.0, "ic": 0.25}),
    run("c", start_time=1, params={"model": "lgb", "lr": "2"}, metrics={"loss": math.nan}, status="FAILED"),
    run("other", params={"model": "gru", "only": "x"}, metrics={"loss": 0.1, "auc": 1.0}),
)


def group_of(layout: TableLayout | None = None) -> GroupDetails:
    """Return the group of the model `lgb`."""
    frame = RunsFrame.from_runs(RUNS)
    columns = (RUN_COLUMNS["name"], logged_column(frame, metric("ic")), logged_column(frame, metric("loss")))
    view = arrange(frame, layout or TableLayout(columns=columns, group_by=(param("model"),)))
    group = next(head for head in view.lines.heads if isinstance(head, TableGroup) and head.values == ("lgb",))
    return GroupDetails(view, group)


def sorted_by_loss(**changes: object) -> GroupDetails:
    layout = TableLayout(
        columns=(RUN_COLUMNS["name"],), group_by=(param("model"),), order_by=(OrderBy(metric("loss"), ascending=True),)
    )
    return group_of(layout)


def texts(rows: tuple[DetailRow, ...]) -> dict[str, str]:
    return {row.key: row.cells[0] for row in rows}


def test_the_overview_of_a_group_has_the_shared_values_and_the_statuses() -> None:
    rows = group_of().overview()
    assert [row.key for row in rows[:2]] == ["model", "runs"]
    assert texts(rows)["model"] == "lgb"
    assert texts(rows)["runs"] == "2 done, 1 failed"


def test_the_metric_that_sorts_leads_the_overview_with_its_best_run() -> None:
    rows = texts(sorted_by_loss().overview())
    assert rows["loss"].startswith("mean 2") and rows["loss"].endswith("n 2")
    assert rows["best run"] == "a"


def test_without_a_metric_that_sorts_the_first_visible_one_leads() -> None:
    rows = texts(group_of().overview())
    assert "ic" in rows and rows["best run"] == "a"


def test_every_run_of_a_group_is_a_row_with_its_value_and_its_status_and_opens_the_run() -> None:
    rows = {row.key: row for row in group_of().overview()}
    assert (rows["a"].cells, rows["b"].cells) == (("0.5   ✓ done",), ("0.25  ✓ done",))
    assert "done" not in rows["c"].cells[0] and rows["c"].cells[0].startswith(" " * 6)
    assert (rows["b"].target, rows["b"].value) == (RUNS[1].info, "b")
    assert (rows["a"].role, rows["c"].role) == ("good", "error")
    assert "other" not in rows


def test_params_of_a_group_are_values_where_the_runs_agree_and_counts_where_they_differ() -> None:
    rows = {row.key: row for row in group_of().params()}
    assert rows["model"].cells == ("lgb",) and rows["model"].role == "text"
    assert rows["lr"].cells == ("2 values",) and rows["lr"].role == "muted"
    assert rows["seed"].cells == ("2 values",)  # a run without the param differs too
    assert "only" not in rows


def test_statistics_of_a_group_ignore_nan_and_name_the_best_run() -> None:
    rows = {row.key: row for row in group_of().metrics()}
    assert list(rows) == ["ic", "loss"]
    assert rows["loss"].sort == (2, 2.0, rows["loss"].sort[2], 1.5, 2.0, 2.5, 1.0, 3.0, "a")
    assert rows["loss"].target == RUNS[0].info


def test_the_metric_that_sorts_is_the_first_row_of_the_statistics() -> None:
    assert [row.key for row in sorted_by_loss().metrics()] == ["loss", "ic"]


def test_a_direction_that_the_user_chose_decides_which_run_is_best() -> None:
    layout = TableLayout(columns=(RUN_COLUMNS["name"],), group_by=(param("model"),), higher_is_better={"loss": True})
    assert {row.key: row.cells[-1] for row in group_of(layout).metrics()}["loss"] == "b"


def test_the_title_of_a_group_has_its_values_and_its_size() -> None:
    assert group_of().title == "model lgb (3)"


def results(**metrics: float) -> list[TextRow]:
    return list(result_rows({key.replace("__", "."): Point(0, 0, value) for key, value in metrics.items()}))


def test_qlibs_portfolio_is_a_table_of_measures_by_cost_for_each_frequency() -> None:
    rows = results(
        **{
            "1day.excess_return_with_cost.annualized_return": 0.125,
            "1day.excess_return_without_cost.annualized_return": 0.5,
            "1day.excess_return_with_cost.max_drawdown": -0.25,
        }
    )
    assert [row.label for row in rows] == ["1day", "ann. return", "max drawdown"]
    assert rows[0].text.split("  ")[-2:] == ["with cost", "without cost"]
    assert rows[1].text.split() == ["0.125", "0.5"]
    assert rows[2].text.split() == ["-0.25", "–"]
    assert rows[1].value == "with cost 0.125, without cost 0.5"
    assert rows[2].value == "with cost -0.25"


def test_a_portfolio_without_frequency_and_a_single_cost_has_one_column() -> None:
    rows = results(excess_return_with_cost__information_ratio=1.5)
    assert [row.label for row in rows] == ["portfolio", "IR"]
    assert rows[0].text.strip() == "with cost"


def test_qlibs_signal_metrics_are_paired() -> None:
    rows = results(IC=0.5, ICIR=0.25, rank_icir=2.0)
    assert [(row.label, row.text) for row in rows] == [("IC", "0.5  ICIR 0.25"), ("Rank ICIR", "2")]
    assert rows[0].value == "IC 0.5, ICIR 0.25"


def test_other_metrics_are_no_results_of_qlib() -> None:
    assert results(loss=1.0, excess_return_with_cost=1.0) == []


def line_of(name: str, metric: str = "ic") -> ChartLine:
    return ChartLine(name, metric, name, name, "run-1", ())


def reading(value: float, low: float | None = None, high: float | None = None, count: int = 1) -> Readout:
    return Readout("", "run-1", 0, 0, 0, value, low=low, high=high, count=count)


def test_bars_are_ranked_by_metric_with_the_best_value_first_and_nan_last() -> None:
    readings = {
        line_of("worst"): reading(0.1),
        line_of("nan"): reading(math.nan),
        line_of("best"): reading(0.9),
        line_of("high", "loss"): reading(2.0),
        line_of("low", "loss"): reading(1.0),
    }
    assert [line.name for line in rank_lines(readings)] == ["best", "worst", "nan", "low", "high"]


def test_a_bar_of_a_mean_has_a_whisker_and_says_how_many_runs_it_is_of() -> None:
    readings = {line_of("run"): reading(1.0), line_of("group"): reading(2.0, 1.5, 2.5, 3)}
    chart = ranked_bars(readings, [CurveKey("x", "ic")], ascii_only=True)
    group, single = chart.bars
    assert (group.name, group.low, group.high, group.runs) == ("group", 1.5, 2.5, 3)
    assert group.note.strip() == "1.5 … 2.5 (3)"
    assert (single.note, single.low, single.high, single.role) == ("", None, None, "run-1")
    assert (chart.footnote, chart.ascii_only) == ("1 without ic", True)


def test_absent_metrics_are_counted_by_metric() -> None:
    keys = [CurveKey("a", "ic"), CurveKey("a", "loss"), CurveKey("b", "ic")]
    assert count_absent(keys) == "2 without ic   1 without loss"
    assert count_absent([]) == ""


def test_qlibs_measures_have_short_titles_in_the_order_of_a_report() -> None:
    keys = ["loss", "1day.excess_return_without_cost.max_drawdown", "Rank ICIR", "IC"]
    keys += ["1day.excess_return_with_cost.information_ratio", "1day.excess_return_with_cost.annualized_return"]
    assert list(measure_titles(keys).values()) == [
        "IC",
        "Rank ICIR",
        "ann. return with cost",
        "IR with cost",
        "max drawdown without cost",
    ]
    keys.append("1week.excess_return_with_cost.information_ratio")
    assert measure_titles(keys)[keys[-1]] == "IR with cost 1week"
    assert measure_titles(["loss"]) == {}
