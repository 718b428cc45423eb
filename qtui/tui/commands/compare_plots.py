"""The commands of the plots of a comparison."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command


class PlotRunHost(Protocol):
    """The state of a plot that its commands depend on."""

    @property
    def compared_run(self) -> int | None:
        """The run under the cursor."""


class RangesHost(Protocol):
    """The state of parallel coordinates that their commands depend on."""

    @property
    def has_ranges(self) -> bool:
        """Whether an axis is narrowed."""


class ChoosePlotMetric(Command[Any]):
    """Choose the metric of the plot, which is its y-axis or ranks the runs."""

    ID = "plot-metric"
    KEYS = "M"
    TEXT = "metric"
    TITLE = "Metric of the plot"
    FOOTER = True


class ChoosePlotAxis(Command[Any]):
    """Choose the x-axis of a scatter plot, or the param that groups the runs."""

    ID = "plot-axis"
    KEYS = "X"
    TEXT = "x / by"
    TITLE = "X-axis or groups of the plot"
    FOOTER = True


class GroupCurves(Command[Any]):
    """Draw a curve for each run, or for each group: by a param, or by all params but seeds."""

    ID = "group-curves"
    KEYS = "b"
    TEXT = "group"
    TITLE = "Groups of the curves"
    FOOTER = True


class ToggleCurvesGrid(Command[Any]):
    """Show small charts of all metrics, or one large chart."""

    ID = "curves-grid"
    KEYS = "C"
    TEXT = "grid/large"
    TITLE = "Grid of charts"
    FOOTER = True


class ChoosePlotColour(Command[Any]):
    """Choose the param or metric that colours the points."""

    ID = "plot-colour"
    KEYS = "c"
    TEXT = "colour"
    TITLE = "Colour of the points"
    FOOTER = True


class ToggleFront(Command[Any]):
    """Mark the Pareto front of two metrics: the runs that no other run beats in both; or not."""

    ID = "pareto-front"
    KEYS = "F"
    TEXT = "front"
    TITLE = "Pareto front"


class NextPlotRun(Command[Any]):
    """Go to the next run of the plot."""

    KEYS = "j,down"
    TEXT = "next run"
    ACTION = "next_plot_run"


class PreviousPlotRun(Command[Any]):
    """Go to the previous run of the plot."""

    KEYS = "k,up"
    TEXT = "previous run"
    ACTION = "previous_plot_run"


class GoToPlotRun(Command[PlotRunHost]):
    """Close the comparison and go to the run in the runs table."""

    ID = "go-to-run"
    KEYS = "enter"
    TEXT = "go to run"
    FOOTER = True

    @classmethod
    def why_not(cls, host: PlotRunHost) -> str | None:
        return None if host.compared_run is not None else "The cursor is not on a run."


class NextPlotAxis(Command[Any]):
    """Go to the next axis."""

    KEYS = "l,right"
    TEXT = "next axis"


class PreviousPlotAxis(Command[Any]):
    """Go to the previous axis."""

    KEYS = "h,left"
    TEXT = "previous axis"


class RaiseLowEnd(Command[Any]):
    """Leave out the runs with the lowest value of the axis."""

    ID = "raise-low-end"
    KEYS = "plus,equals_sign"
    TEXT = "cut low"
    TITLE = "Raise the low end of the axis"
    FOOTER = True


class LowerLowEnd(Command[Any]):
    """Take in runs with lower values of the axis."""

    ID = "lower-low-end"
    KEYS = "minus"
    TEXT = "lower end"
    TITLE = "Lower the low end of the axis"


class LowerHighEnd(Command[Any]):
    """Leave out the runs with the highest value of the axis."""

    ID = "lower-high-end"
    KEYS = "left_square_bracket"
    TEXT = "cut high"
    TITLE = "Lower the high end of the axis"
    FOOTER = True


class RaiseHighEnd(Command[Any]):
    """Take in runs with higher values of the axis."""

    ID = "raise-high-end"
    KEYS = "right_square_bracket"
    TEXT = "higher end"
    TITLE = "Raise the high end of the axis"


class WholeAxes(Command[RangesHost]):
    """Show all runs again: no axis is narrowed."""

    ID = "whole-axes"
    KEYS = "0"
    TEXT = "all runs"
    TITLE = "Widen all axes"

    @classmethod
    def why_not(cls, host: RangesHost) -> str | None:
        return None if host.has_ranges else "No axis is narrowed."


class FilterByRanges(WholeAxes):
    """Close the comparison and filter the runs table by the ranges of the narrowed axes."""

    ID = "filter-by-ranges"
    KEYS = "f"
    TEXT = "as filter"
    TITLE = "Filter the runs by these ranges"
    FOOTER = True
