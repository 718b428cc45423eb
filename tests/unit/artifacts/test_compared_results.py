"""Qlib's results of several runs."""

from __future__ import annotations

import pandas
import pytest

from qtui.artifacts.qlib_files.compared_results import (
    ResultProblem,
    backtest_of,
    backtest_path,
    compare_returns,
    correlate_predictions,
    predictions_of,
    score_correlations,
)
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.qlib_results import REPORT, frame


def test_the_daily_report_is_the_backtest_of_a_run() -> None:
    paths = ["portfolio_analysis/positions_normal_1day.pkl", "portfolio_analysis/report_normal_1week.pkl", REPORT]
    assert backtest_path(paths) == REPORT
    assert backtest_path(paths[:2]) == paths[1]
    assert backtest_path(paths[:1]) is None


def test_the_returns_of_runs_are_drawn_against_the_benchmark_with_their_measures() -> None:
    report = backtest_of(frame(REPORT), REPORT)
    drawing = compare_returns({"lgb": report, "gru": report * 2}, "1day", [ResultProblem("mlp", "It has no report.")])
    lines = drawing.draw(110, 36).lines()
    assert lines[0].startswith("lgb") and "annualised return" in lines[0] and "max drawdown" in lines[1]
    assert lines[2].startswith("1 run left out: mlp: It has no report.")
    assert lines[3].startswith("Cumulative return with cost")
    assert all(name in lines[4] for name in ("lgb", "gru", "benchmark"))
    assert any(line.startswith("Drawdown") for line in lines)


def test_predictions_correlate_as_in_pandas_over_what_all_runs_have() -> None:
    scores = predictions_of(frame("pred.pkl"))
    shifted = -scores.iloc[5:]
    noisy = scores + scores.sample(frac=1, random_state=0).to_numpy()
    values, common = score_correlations({"a": scores, "b": shifted, "c": noisy})
    expected = pandas.concat([scores, shifted, noisy], axis=1, join="inner").corr().to_numpy()
    assert common == len(scores) - 5
    assert values == [pytest.approx(row) for row in expected.tolist()]
    lines = correlate_predictions({"a": scores, "b": shifted}).draw(70, 10).lines()
    assert "-1.000" in "".join(lines) and f"{common:,}" in lines[0]


def test_predictions_without_a_common_row_have_no_correlation() -> None:
    scores = predictions_of(frame("pred.pkl"))
    assert score_correlations({"a": scores.iloc[:3], "b": scores.iloc[5:9]}) == ([[None, None]] * 2, 0)
    assert score_correlations({}) == ([], 0)


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ArtifactUnreadable):
        backtest_of(pandas.DataFrame({"return": [1.0]}), REPORT)
    with pytest.raises(ArtifactUnreadable):
        predictions_of([1, 2])


@pytest.mark.parametrize("size", [(0, 0), (10, 3), (80, 24), (200, 55)])
def test_no_results_and_any_size_are_drawn(size: tuple[int, int]) -> None:
    report = backtest_of(frame(REPORT), REPORT)
    problems = [ResultProblem("a", "None.")]
    for drawing in (
        compare_returns({}, "1day", problems),
        compare_returns({"a": report}, "1day"),
        correlate_predictions({}, problems),
    ):
        assert len(drawing.draw(*size).rows) == size[1]
