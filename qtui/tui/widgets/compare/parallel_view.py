"""The parallel coordinates of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.compare.run_comparison import ComparedRow
from qtui.plot.charts.parallel import ParallelPlot, draw_parallel
from qtui.plot.picture import Picture
from qtui.tui.commands.compare_plots import (
    ChoosePlotMetric,
    FilterByRanges,
    GoToPlotRun,
    LowerHighEnd,
    LowerLowEnd,
    NextPlotAxis,
    NextPlotRun,
    PreviousPlotAxis,
    PreviousPlotRun,
    RaiseHighEnd,
    RaiseLowEnd,
    WholeAxes,
)
from qtui.tui.messages import FilterRuns
from qtui.tui.present.compare.comparison_plots import (
    RowId,
    build_parallel,
    parallel_rows,
    range_filter,
    ranked_places,
    row_id,
    run_summary,
)
from qtui.tui.widgets.compare.plot_widget import PlotWidget


class ParallelView(PlotWidget):
    """Shows every run as a line through its params and metrics; an axis can be narrowed to a range."""

    OWN_COMMANDS = (
        RaiseLowEnd,
        LowerHighEnd,
        LowerLowEnd,
        RaiseHighEnd,
        WholeAxes,
        FilterByRanges,
        ChoosePlotMetric,
        GoToPlotRun,
        NextPlotAxis,
        PreviousPlotAxis,
        NextPlotRun,
        PreviousPlotRun,
    )

    def __init__(self) -> None:
        super().__init__()
        self._ranges: dict[RowId, tuple[int, int]] = {}
        self._axis = 0

    @property
    def rows(self) -> Sequence[ComparedRow]:
        """The rows that are axes."""
        return () if self.metric is None else parallel_rows(self.comparison, self.metric)

    @property
    def has_ranges(self) -> bool:
        """Whether an axis is narrowed."""
        return bool(self._ranges)

    def _plot(self, current_run: int | None = None) -> ParallelPlot | None:
        metric = self.metric
        if metric is None:
            return None
        return build_parallel(
            self.comparison, metric, self._ranges, self._axis, current_run, ascii_only=self.ascii_only
        )

    @property
    def plotted_runs(self) -> Sequence[int]:
        """The runs inside all ranges, the best first."""
        plot, metric = self._plot(), self.metric
        if plot is None or metric is None:
            return ()
        inside = set(plot.runs_inside)
        order = self.comparison.order
        return [order[place] for place in ranked_places(self.comparison, metric) if place in inside]

    @property
    def position(self) -> str:
        """The run under the cursor with its values on the current and on the ranking axis."""
        run, rows, metric = self.compared_run, self.rows, self.metric
        if run is None or metric is None:
            return ""
        return run_summary(self.comparison, run, (rows[min(self._axis, len(rows) - 1)], metric))

    def draw(self, cells: int, rows: int) -> Picture:
        run = self.compared_run
        plot = self._plot(None if run is None else self.comparison.order.index(run))
        if plot is None:
            return self.message_picture("No run has a metric.", cells, rows)
        return draw_parallel(plot, cells, rows)

    # Axes

    def step_axis(self, step: int) -> None:
        """Go to the next axis, or with a negative step to the previous one."""
        self._axis = max(0, min(self._axis + step, len(self.rows) - 1))
        self.redraw()

    def narrow(self, low: int, high: int) -> None:
        """Move the low and the high end of the axis by values."""
        plot = self._plot()
        if plot is None or not plot.axes:
            return
        index = min(self._axis, len(plot.axes) - 1)
        axis = plot.axes[index]
        last = axis.last_stop
        first = min(axis.first + low, last)
        narrowed = axis.narrow(first, max(last + high, axis.first))
        identity = row_id(self.rows[index])
        if narrowed.is_narrowed:
            self._ranges[identity] = (narrowed.first, narrowed.last_stop)
        else:
            self._ranges.pop(identity, None)
        self.refresh_bindings()
        self.redraw()

    def action_whole_axes(self) -> None:
        self._ranges.clear()
        self.refresh_bindings()
        self.redraw()

    def action_filter_by_ranges(self) -> None:
        plot = self._plot()
        if plot is not None:
            self.post_message(FilterRuns(range_filter(self.rows, plot.axes)))
