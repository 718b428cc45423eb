"""The report of a run."""

from __future__ import annotations

import pandas
import pytest

from qtui.artifacts.qlib_files.run_report import IC_PATH, RANK_IC_PATH, RunReport, report_paths
from tests.unit.artifacts.qlib_results import REPORT, recorded

PATHS = (IC_PATH, RANK_IC_PATH, REPORT)


def report_of(*paths: str) -> RunReport:
    """Return the report of these artifacts, without any metrics."""
    return RunReport.of_values({}, {path: recorded().load_object(path) for path in paths})


def lines_of(report: RunReport, cells: int, rows: int) -> list[str]:
    """Return the lines of a report."""
    return [line.rstrip() for line in report.draw(cells, rows).lines()]


@pytest.mark.parametrize(("cells", "rows"), [(78, 20), (118, 32), (198, 50)])
def test_the_numbers_are_those_that_qlib_logs(cells: int, rows: int) -> None:
    metrics, text = recorded().list_metrics(), lines_of(report_of(*PATHS), cells, rows)
    for line, measure, form in (
        (text[1], "annualized_return", "+.2%"),
        (text[2], "information_ratio", ".2f"),
        (text[3], "max_drawdown", "+.2%"),
    ):
        values = line.split()[2:4]
        names = [f"1day.excess_return_{cost}_cost.{measure}" for cost in ("with", "without")]
        assert values == [f"{metrics[name]:{form}}" for name in names]
    for name in ("IC", "Rank IC"):
        assert f"{name} {metrics[name]:.4f}" in text[4]
        assert f"{name}IR {metrics[f'{name}IR']:.3f}" in text[4]


@pytest.mark.parametrize(("cells", "rows"), [(78, 20), (50, 30), (118, 32), (198, 50)])
def test_one_screen_has_the_curves_and_the_months(cells: int, rows: int) -> None:
    text = "\n".join(lines_of(report_of(*PATHS), cells, rows))
    for part in ("Cumulative return", "Drawdown", "IC by month", "2020"):
        assert part in text


@pytest.mark.parametrize(("cells", "rows"), [(0, 0), (1, 1), (10, 4), (78, 20), (200, 55)])
@pytest.mark.parametrize("paths", [(), (IC_PATH,), (REPORT,), PATHS])
def test_a_report_fills_exactly_the_cells(paths: tuple[str, ...], cells: int, rows: int) -> None:
    for ascii_only in (False, True):
        lines = report_of(*paths).draw(cells, rows, ascii_only=ascii_only).lines()
        assert [len(line) for line in lines] == [cells] * rows


def test_a_run_without_artifacts_shows_its_metrics() -> None:
    metrics = {key: value for key, value in recorded().list_metrics().items() if key != "Rank IC"}
    text = lines_of(RunReport.of_values(metrics, {}), 80, 10)
    assert text[0].split() == ["1day", "excess", "with", "cost", "without", "cost"]
    assert f"{metrics['1day.excess_return_with_cost.annualized_return']:+.2%}" in text[1]
    assert f"IC {metrics['IC']:.4f}" in text[4] and "Rank IC " not in text[4].replace("Rank ICIR", "")


def test_the_mean_over_several_passes_is_not_mistaken_for_the_backtest() -> None:
    key = "excess_return_with_cost.information_ratio"
    metrics = {f"1day.{key}": 4.0, f"std.{key}": 0.0, f"mean_std.{key}": float("inf")}
    assert lines_of(RunReport.of_values(metrics, {}), 80, 10)[2].split() == ["information", "ratio", "4.00"]


def test_metrics_of_another_frequency_are_shown() -> None:
    text = lines_of(RunReport.of_values({"30min.excess_return_with_cost.max_drawdown": -0.1}, {}), 80, 10)
    assert text[0].startswith("30min excess") and text[3].split() == ["max", "drawdown", "-10.00%"]


def test_an_artifact_of_another_shape_is_named_and_the_rest_is_shown() -> None:
    values = {IC_PATH: {"a": 1}, REPORT: recorded().load_object(REPORT)}
    text = "\n".join(lines_of(RunReport.of_values({}, values), 100, 30))
    assert "sig_analysis/ic.pkl is no series" in text and "Cumulative return" in text


def test_a_report_without_days_has_curves_along_the_rows() -> None:
    values = {IC_PATH: pandas.Series([0.1, 0.2, -0.1])}
    text = "\n".join(lines_of(RunReport.of_values({}, values), 100, 30))
    assert "Cumulative IC" in text and "by month" not in text


def test_the_daily_backtest_is_preferred() -> None:
    folder = "portfolio_analysis"
    weekly, daily = f"{folder}/report_normal_1week.pkl", f"{folder}/report_normal_1day.pkl"
    assert report_paths([weekly, daily, f"{folder}/positions_normal_1day.pkl"]) == (daily,)
    assert report_paths([weekly, RANK_IC_PATH]) == (RANK_IC_PATH, weekly)
    assert report_paths([f"{folder}/report_normal.pkl"]) == (f"{folder}/report_normal.pkl",)
