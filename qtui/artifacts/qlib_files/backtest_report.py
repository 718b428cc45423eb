"""The report of a backtest: cumulative return, drawdown, turnover and risk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent, TableContent
from qtui.artifacts.qlib_files.chart_drawing import (
    PicturePart,
    StackedDrawing,
    caption_row,
    chart_part,
    format_percent,
    format_ratio,
)
from qtui.artifacts.qlib_files.frames import LazyPickle, frame_of_numbers, total
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.trees.pickle_file import open_pickle
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import UsageError
from qtui.plot.pieces import Row

if TYPE_CHECKING:
    from pandas import DataFrame, Series

NAME = re.compile(r"report_normal(?:_(\w+))?\.pkl")
"""The file of a report; up to Qlib 0.7.2 its name has no frequency."""
COLUMNS = ("return", "cost", "bench", "turnover")
DEFAULT_FREQUENCY = "1day"
WITH_COST, WITHOUT_COST, BENCHMARK = "with cost", "without cost", "benchmark"
EXCESS_WITH_COST, EXCESS_WITHOUT_COST = "excess with cost", "excess without cost"
ROLES: Mapping[str, str] = {
    WITH_COST: "run-0",
    WITHOUT_COST: "run-2",
    BENCHMARK: "run-7",
    EXCESS_WITH_COST: "run-0",
    EXCESS_WITHOUT_COST: "run-2",
}
MEASURES: Mapping[str, str] = {
    "annualized_return": "annualised return",
    "information_ratio": "information ratio",
    "max_drawdown": "max drawdown",
}
"""The measures of `risk_analysis` that are shown, with their names."""
PERCENTAGES = ("annualized_return", "max_drawdown")


def report_frequency(path: str) -> str:
    """Return the frequency in the name of a report, a day if there is none."""
    from qtui.quant.measures.frequency import Frequency

    match = NAME.fullmatch(path.rpartition("/")[2].lower())
    try:
        return Frequency.parse(match[1]).name if match and match[1] else DEFAULT_FREQUENCY
    except UsageError:
        return DEFAULT_FREQUENCY


def returns_of(report: DataFrame) -> dict[str, Series]:
    """Return the returns of the portfolio with and without cost, of the benchmark, and in excess of it."""
    net = report["return"] - report["cost"]
    return {
        WITH_COST: net,
        WITHOUT_COST: report["return"],
        BENCHMARK: report["bench"],
        EXCESS_WITH_COST: net - report["bench"],
        EXCESS_WITHOUT_COST: report["return"] - report["bench"],
    }


def risk_of(report: DataFrame, frequency: str) -> dict[str, Mapping[str, float]]:
    """Return the measures of each of the returns, with Qlib's formulas."""
    from qtui.quant.measures import risk_analysis

    return {
        name: {str(key): float(value) for key, value in risk_analysis(values, freq=frequency)["risk"].items()}
        for name, values in returns_of(report).items()
    }


def drawdown(returns: Series) -> Series:
    """Return how far the sum of returns is below its highest value so far."""
    so_far = total(returns)
    return so_far - so_far.cummax()


def format_measure(measure: str, value: float) -> str:
    """Return a measure as a percentage, or as a ratio."""
    return format_percent(value) if measure in PERCENTAGES else format_ratio(value, 2)


def risk_caption(risk: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Return a line with the measures of the returns in excess of the benchmark, with cost and without."""
    return [
        caption_row(
            ("", f"{name:<19}"),
            *((title, format_measure(measure, risk[name][measure])) for measure, title in MEASURES.items()),
        )
        for name in (EXCESS_WITH_COST, EXCESS_WITHOUT_COST)
    ]


def cumulative_part(report: DataFrame, share: int = 3) -> PicturePart:
    """Return the chart of cumulative returns against the benchmark."""
    returns = returns_of(report)
    curves = [(name, ROLES[name], total(returns[name])) for name in (BENCHMARK, WITHOUT_COST, WITH_COST)]
    return chart_part("Cumulative return", curves, share)


def excess_part(report: DataFrame, share: int = 3) -> PicturePart:
    """Return the chart of the cumulative returns in excess of the benchmark."""
    returns = returns_of(report)
    names = (EXCESS_WITHOUT_COST, EXCESS_WITH_COST)
    curves = [(name, ROLES[name], total(returns[name])) for name in names]
    return chart_part("Cumulative excess return", curves, share)


def drawdown_part(report: DataFrame, share: int = 2) -> PicturePart:
    """Return the chart of the drawdowns of the portfolio and of its excess return, with cost."""
    returns = returns_of(report)
    curves = [
        ("portfolio", "run-5", drawdown(returns[WITH_COST])),
        ("excess", "run-1", drawdown(returns[EXCESS_WITH_COST])),
    ]
    return chart_part("Drawdown with cost", curves, share)


def turnover_part(report: DataFrame, share: int = 1) -> PicturePart:
    """Return the chart of the turnover."""
    return chart_part("Turnover", [("turnover", "run-3", report["turnover"])], share)


def draw_returns(path: str, value: Any) -> DrawingContent:
    """Return cumulative returns, drawdown and turnover."""
    report = frame_of_numbers(value, COLUMNS, path)
    caption = risk_caption(risk_of(report, report_frequency(path)))
    return StackedDrawing(caption, [cumulative_part(report), drawdown_part(report), turnover_part(report)])


def draw_excess(path: str, value: Any) -> DrawingContent:
    """Return the cumulative returns in excess of the benchmark, with and without cost."""
    report = frame_of_numbers(value, COLUMNS, path)
    return StackedDrawing(risk_caption(risk_of(report, report_frequency(path))), [excess_part(report)])


def risk_table(path: str, value: Any) -> TableContent:
    """Return all measures of all returns as a table."""
    import pandas

    risk = risk_of(frame_of_numbers(value, COLUMNS, path), report_frequency(path))
    return FrameTable(pandas.DataFrame(risk).rename_axis("measure"))


class ReportViewer(Viewer):
    """The report of a backtest, one row a day."""

    name = "Qlib backtest report"

    def recognises(self, sample: Sample) -> bool:
        is_pickle = sample.head[:1] == b"\x80"
        return is_pickle and (NAME.fullmatch(sample.name) is not None or _has_report_columns(sample.head))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the returns, the excess returns, the report as a table and the measures of risk."""
        loaded = LazyPickle(source)
        return (
            loaded.view("returns", partial(draw_returns, source.path)),
            loaded.view("excess", partial(draw_excess, source.path)),
            View("pickle", partial(open_pickle, source)),
            loaded.view("risk", partial(risk_table, source.path)),
        )


def _has_report_columns(head: bytes) -> bool:
    return b"pandas" in head[:60] and all(
        name in head for name in (b"total_turnover", b"bench", b"return", b"cost", b"account")
    )
