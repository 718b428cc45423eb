"""Qlib's results of several runs: cumulative returns against the benchmark, and the correlation of predictions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.backtest_report import (
    BENCHMARK,
    COLUMNS,
    EXCESS_WITH_COST,
    MEASURES,
    NAME,
    WITH_COST,
    drawdown,
    format_measure,
    report_frequency,
    returns_of,
    risk_of,
)
from qtui.artifacts.qlib_files.chart_drawing import StackedDrawing, caption_row, chart_part, plot_part
from qtui.artifacts.qlib_files.day_table import DAY
from qtui.artifacts.qlib_files.frames import SHAPE_ERRORS, frame_of_numbers, total
from qtui.artifacts.qlib_files.predictions import INSTRUMENT, SCORE, scores_of
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_count
from qtui.plot.charts.heat_map import HeatMap
from qtui.plot.pieces import Piece, Row
from qtui.text import display, fit_text
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Series

BACKTEST_FOLDER = "portfolio_analysis"
PREDICTIONS = "pred.pkl"
MAX_COLOURS = 7
"""Runs that have a colour of their own; the benchmark has the eighth."""
BENCHMARK_ROLE = "run-7"
MAX_MEASURED_RUNS = 6
"""Runs whose measures stand above the charts."""
NAME_CELLS = 20


@dataclass(frozen=True, slots=True)
class ResultProblem:
    """Why the results of a run are missing."""

    name: str
    reason: str


def backtest_path(paths: Iterable[str]) -> str | None:
    """Return the path of the report of a backtest; of several the daily one, or else the first."""
    reports = sorted(path for path in paths if NAME.fullmatch(path.rpartition("/")[2].lower()))
    return next((path for path in reports if report_frequency(path) == "1day"), reports[0] if reports else None)


def backtest_of(value: Any, path: str) -> DataFrame:
    """Return a report with the columns of a backtest; raises ArtifactUnreadable."""
    try:
        return frame_of_numbers(value, COLUMNS, path)
    except SHAPE_ERRORS:
        raise ArtifactUnreadable(f"{path} is no report of a backtest.") from None


def predictions_of(value: Any) -> Series:
    """Return the scores by day and instrument, one for each pair; raises ArtifactUnreadable."""
    try:
        scores = scores_of(value).set_index([DAY, INSTRUMENT])[SCORE]
    except SHAPE_ERRORS:
        raise ArtifactUnreadable(f"{PREDICTIONS} has no scores by day and instrument.") from None
    return scores[~scores.index.duplicated()]


def compare_returns(
    reports: Mapping[str, DataFrame], frequency: str, problems: Sequence[ResultProblem] = ()
) -> DrawingContent:
    """Return the cumulative returns of runs with cost against the benchmark, in excess of it, and the drawdowns."""
    returns = {name: returns_of(report) for name, report in reports.items()}
    roles = {name: f"run-{number % MAX_COLOURS}" for number, name in enumerate(reports)}
    absolute = [(name, roles[name], total(values[WITH_COST])) for name, values in returns.items()]
    absolute += [(BENCHMARK, BENCHMARK_ROLE, total(values[BENCHMARK])) for values in list(returns.values())[:1]]
    excess = [(name, roles[name], total(values[EXCESS_WITH_COST])) for name, values in returns.items()]
    falls = [(name, roles[name], drawdown(values[WITH_COST])) for name, values in returns.items()]
    parts = [
        chart_part("Cumulative return with cost", absolute, 3),
        chart_part("Cumulative excess return with cost", excess, 3),
        chart_part("Drawdown with cost", falls, 2),
    ]
    return StackedDrawing(
        [*_measure_rows(reports, roles, frequency), *_problem_rows(problems)], parts if reports else []
    )


def _measure_rows(reports: Mapping[str, DataFrame], roles: Mapping[str, str], frequency: str) -> Iterator[Row]:
    """Yield a line for each of the first runs with the measures of its excess return with cost."""
    for name, report in list(reports.items())[:MAX_MEASURED_RUNS]:
        risk = risk_of(report, frequency)[EXCESS_WITH_COST]
        measures = ((title, format_measure(measure, risk[measure])) for measure, title in MEASURES.items())
        yield (Piece(fit_text(display(name), NAME_CELLS) + "  ", roles[name]), *caption_row(*measures))
    if len(reports) > MAX_MEASURED_RUNS:
        yield (Piece(f"and {len(reports) - MAX_MEASURED_RUNS:,} more in the charts", "muted"),)


def _problem_rows(problems: Sequence[ResultProblem]) -> Iterator[Row]:
    """Yield a line that counts the runs without results, with the first reason."""
    if problems:
        first = problems[0]
        yield (Piece(f"{format_count(len(problems), 'run')} left out: {display(first.name)}: {first.reason}", "muted"),)


def correlate_predictions(scores: Mapping[str, Series], problems: Sequence[ResultProblem] = ()) -> DrawingContent:
    """Return the correlation of the predictions of runs, over the days and instruments that all of them have."""
    names = list(scores)
    values, common = score_correlations(scores)
    row = caption_row(("runs", f"{len(names):,}"), ("predictions that all have", f"{common:,}"))
    # Long names are alike at their start, and columns have no room for them.
    numbers = [str(number) for number, _ in enumerate(names, 1)]
    titles = [f"{number} {name}" for number, name in zip(numbers, names, strict=True)]
    heat_map = HeatMap(titles, numbers, values, format="{:.3f}".format, title="Correlation of predictions")
    if not names:
        return StackedDrawing(list(_problem_rows(problems)), [])
    return StackedDrawing([row, *_problem_rows(problems)], [plot_part(heat_map)])


def score_correlations(scores: Mapping[str, Series]) -> tuple[list[list[float | None]], int]:
    """Return Pearson's correlation of all pairs, and the number of predictions that all have."""
    import pandas

    if not scores:
        return [], 0
    frame = pandas.concat(list(scores.values()), axis=1, join="inner").dropna()
    rows = frame.corr().to_numpy().tolist() if len(frame) > 1 else [[math.nan] * len(scores)] * len(scores)
    return [[value if math.isfinite(value) else None for value in row] for row in rows], len(frame)
