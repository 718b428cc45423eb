"""The report of a run: the numbers and curves of its signal analysis and its backtest on one screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.backtest_report import (
    BENCHMARK,
    COLUMNS,
    EXCESS_WITH_COST,
    EXCESS_WITHOUT_COST,
    MEASURES,
    NAME,
    WITH_COST,
    cumulative_part,
    drawdown_part,
    excess_part,
    format_measure,
    report_frequency,
    risk_of,
)
from qtui.artifacts.qlib_files.chart_drawing import (
    PicturePart,
    chart_part,
    format_ratio,
    plot_part,
    side_by_side,
    stacked_rows,
)
from qtui.artifacts.qlib_files.daily_correlation import monthly_heat_map, summarise
from qtui.artifacts.qlib_files.frames import day_text, frame_of_numbers, series_of_numbers, total
from qtui.errors import ArtifactUnreadable
from qtui.plot.charts.heat_map import HeatMap
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows
from qtui.text import pad
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Series

IC_PATH, RANK_IC_PATH = "sig_analysis/ic.pkl", "sig_analysis/ric.pkl"
TABLE_COLUMNS = (EXCESS_WITH_COST, EXCESS_WITHOUT_COST, WITH_COST, BENCHMARK)
METRIC_COLUMNS = {EXCESS_WITH_COST: "excess_return_with_cost", EXCESS_WITHOUT_COST: "excess_return_without_cost"}
"""The columns that are logged as metrics, with the names of those."""
COLUMN_TITLES = {
    EXCESS_WITH_COST: "with cost",
    EXCESS_WITHOUT_COST: "without cost",
    WITH_COST: "portfolio",
    BENCHMARK: "benchmark",
}
ROLES = {"IC": "run-0", "Rank IC": "run-1"}
TITLE_CELLS, COLUMN_CELLS = 19, 13
MIN_SIDE_BY_SIDE_CELLS = 76
"""The width from which charts stand side by side."""
MIN_TALL_ROWS = 30
"""The height below the numbers from which there are two rows of charts."""
MIN_CHARTS_ROWS = 6


def report_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Return those of the artifacts that a report shows: IC, Rank IC and one backtest, that by day if there is one."""
    backtests = sorted(path for path in paths if NAME.fullmatch(path.rpartition("/")[2]))
    daily = [path for path in backtests if report_frequency(path) == "1day"]
    signal = [path for path in (IC_PATH, RANK_IC_PATH) if path in paths]
    return (*signal, *(daily or backtests)[:1])


def _logged_frequency(metrics: Mapping[str, float]) -> str:
    """Return the frequency in the names of the metrics of a backtest: a day if it is among them."""
    stems = {key.partition(f".{name}.")[0] for key in metrics for name in METRIC_COLUMNS.values() if f".{name}." in key}
    frequencies = sorted(stem for stem in stems if stem[:1].isdigit())
    return "1day" if "1day" in frequencies or not frequencies else frequencies[0]


@dataclass(frozen=True, eq=False)
class RunReport(DrawingContent):
    """The results of a run as one picture, from its artifacts, or from its logged metrics where it has none."""

    metrics: Mapping[str, float]
    ic: Series | None = None
    rank_ic: Series | None = None
    backtest: DataFrame | None = None
    frequency: str = "1day"
    problems: tuple[str, ...] = field(default=())
    """Sentences about artifacts that cannot be read."""

    @classmethod
    def of_values(
        cls, metrics: Mapping[str, float], values: Mapping[str, Any], problems: Sequence[str] = ()
    ) -> RunReport:
        """Return the report of these metrics and of the values of artifacts by path."""
        parts: dict[str, Any] = {}
        refused = list(problems)
        for path, value in values.items():
            try:
                if path == IC_PATH:
                    parts["ic"] = series_of_numbers(value, path)
                elif path == RANK_IC_PATH:
                    parts["rank_ic"] = series_of_numbers(value, path)
                else:
                    parts["backtest"] = frame_of_numbers(value, COLUMNS, path)
                    parts["frequency"] = report_frequency(path)
            except ArtifactUnreadable as error:
                refused.append(str(error))
        return cls(metrics, **{"frequency": _logged_frequency(metrics), **parts}, problems=tuple(refused))

    def draw(self, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        """Return the report in exactly this size: the numbers, the charts that have room, the IC by month."""
        cells, rows = max(0, cells), max(0, rows)
        lines = [*self.number_rows(cells), *((Piece(text, "warning"),) for text in self.problems)]
        left = rows - len(lines) - 1
        if left >= MIN_CHARTS_ROWS:
            lines += [(), *self._chart_rows(cells, left, ascii_only)]
        return Picture(fit_rows([fit_row(cells, *row) for row in lines], cells, rows))

    # The numbers

    def number_rows(self, cells: int) -> Iterator[Row]:
        """Yield the measures of the returns, as far as they have room, and those of the signal."""
        columns = [name for name in TABLE_COLUMNS if name in self._risk][
            : max(1, (cells - TITLE_CELLS) // COLUMN_CELLS)
        ]
        if columns:
            titles = "".join(pad(COLUMN_TITLES[name], COLUMN_CELLS, ">") for name in columns)
            yield (Piece(pad(f"{self.frequency} excess", TITLE_CELLS) + titles, "muted"),)
        for measure, title in MEASURES.items() if columns else ():
            texts = (format_measure(measure, self._risk[name].get(measure, math.nan)) for name in columns)
            values = [Piece(pad(text, COLUMN_CELLS, ">")) for text in texts]
            yield (Piece(pad(title, TITLE_CELLS), "muted"), values[0]._replace(role="strong"), *values[1:])
        signals = [pieces for name, series in self._signals if (pieces := self._signal_pieces(name, series))]
        if cells < MIN_SIDE_BY_SIDE_CELLS:
            yield from signals
        elif signals:
            period = Piece(self._period(), "muted")
            yield (*(piece for pieces in signals for piece in pieces), period)

    @cached_property
    def _risk(self) -> Mapping[str, Mapping[str, float]]:
        if self.backtest is not None:
            return risk_of(self.backtest, self.frequency)
        risk: dict[str, dict[str, float]] = {}
        for column, name in METRIC_COLUMNS.items():
            for measure in MEASURES:
                # MultiPassPortAnaRecord also logs mean, std and their ratio, with these words instead of a frequency.
                value = self.metrics.get(f"{self.frequency}.{name}.{measure}", self.metrics.get(f"{name}.{measure}"))
                if value is not None:
                    risk.setdefault(column, {})[measure] = value
        return risk

    @property
    def _signals(self) -> tuple[tuple[str, Series | None], ...]:
        return (("IC", self.ic), ("Rank IC", self.rank_ic))

    def _signal_pieces(self, name: str, series: Series | None) -> Row:
        """Return the mean of a correlation and its ratio to the standard deviation."""
        mean, ratio = self.metrics.get(name), self.metrics.get(f"{name}IR")
        if series is not None:
            summary = summarise(series)
            mean, ratio = summary.mean, summary.ratio
        values = ((name, mean, 4), (f"{name}IR", ratio, 3))
        return tuple(
            piece
            for title, value, digits in values
            if value is not None
            for piece in (Piece(f"{title} ", "muted"), Piece(f"{format_ratio(value, digits)}   ", "strong"))
        )

    def _period(self) -> str:
        index = self.ic.index if self.ic is not None else self.backtest.index if self.backtest is not None else None
        return "" if index is None else f"{day_text(index[0])[:7]} to {day_text(index[-1])[:7]}"

    # The charts

    def _chart_rows(self, cells: int, rows: int, ascii_only: bool) -> list[Row]:
        heat_map, heat_rows = self._heat_map(rows)
        charts = self._charts
        lines: list[Row] = []
        if charts:
            lines += self._arrange(charts, cells, rows - heat_rows, ascii_only)
        if heat_map is not None:
            lines += heat_map.draw(cells, heat_rows if charts else rows, ascii_only).rows
        return lines

    @cached_property
    def _charts(self) -> list[PicturePart]:
        """The charts, the most important ones first."""
        charts = []
        if self.backtest is not None:
            charts += [part(self.backtest, 1) for part in (cumulative_part, drawdown_part, excess_part)]
        cumulative = [(name, ROLES[name], total(series)) for name, series in self._signals if series is not None]
        if cumulative:
            charts.append(chart_part("Cumulative IC", cumulative))
        return charts

    def _arrange(self, charts: Sequence[PicturePart], cells: int, rows: int, ascii_only: bool) -> Sequence[Row]:
        """Return the charts above one another, or in pairs where there is room."""
        if cells < MIN_SIDE_BY_SIDE_CELLS:
            return stacked_rows(charts, cells, rows, ascii_only=ascii_only)
        visible = charts if rows >= MIN_TALL_ROWS - 10 else charts[:2]
        pairs = [side_by_side(visible[start : start + 2]) for start in range(0, len(visible), 2)]
        return stacked_rows(pairs, cells, rows, ascii_only=ascii_only)

    def _heat_map(self, rows: int) -> tuple[PicturePart | None, int]:
        """Return the IC by month and its height, if there is room for it below a chart."""
        heat_map = self._months
        if heat_map is None:
            return None, 0
        years = len(heat_map.row_names)
        height = 2 + years * (2 if rows >= MIN_TALL_ROWS and years <= 6 else 1)
        return plot_part(heat_map), min(height, rows // 2)

    @cached_property
    def _months(self) -> HeatMap | None:
        """The IC by month; None without days."""
        name, series = next(((name, series) for name, series in self._signals if series is not None), ("", None))
        try:
            return None if series is None else monthly_heat_map(name, series)
        except ArtifactUnreadable:
            return None
