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


class ChoosePlotMetric(
    Command[Any], keys="M", text="metric", id="plot-metric", title="Metric of the plot", footer=True
):
    """Choose the metric of the plot, which is its y-axis or ranks the runs."""


class ChoosePlotAxis(
    Command[Any], keys="X", text="x / by", id="plot-axis", title="X-axis or groups of the plot", footer=True
):
    """Choose the x-axis of a scatter plot, or the param that groups the runs."""


class GroupCurves(Command[Any], keys="b", text="group", title="Groups of the curves", footer=True):
    """Draw a curve for each run, or for each group: by a param, or by all params but seeds."""


class ToggleCurvesGrid(
    Command[Any], keys="C", text="grid/large", id="curves-grid", title="Grid of charts", footer=True
):
    """Show small charts of all metrics, or one large chart."""


class ChoosePlotColour(
    Command[Any], keys="c", text="colour", id="plot-colour", title="Colour of the points", footer=True
):
    """Choose the param or metric that colours the points."""


class ToggleFront(Command[Any], keys="F", text="front", id="pareto-front", title="Pareto front"):
    """Mark the Pareto front of two metrics: the runs that no other run beats in both; or not."""


class NextPlotRun(Command[Any], keys="j,down", text="next run", call=("move_cursor", 1)):
    """Go to the next run of the plot."""


class PreviousPlotRun(Command[Any], keys="k,up", text="previous run", call=("move_cursor", -1)):
    """Go to the previous run of the plot."""


class GoToPlotRun(Command[PlotRunHost], keys="enter", text="go to run", id="go-to-run", footer=True):
    """Close the comparison and go to the run in the runs table."""

    @classmethod
    def why_not(cls, host: PlotRunHost) -> str | None:
        return None if host.compared_run is not None else "The cursor is not on a run."


class NextPlotAxis(Command[Any], keys="l,right", text="next axis", call=("step_axis", 1)):
    """Go to the next axis."""


class PreviousPlotAxis(Command[Any], keys="h,left", text="previous axis", call=("step_axis", -1)):
    """Go to the previous axis."""


class RaiseLowEnd(
    Command[Any],
    keys="plus,equals_sign",
    text="cut low",
    title="Raise the low end of the axis",
    footer=True,
    call=("narrow", 1, 0),
):
    """Leave out the runs with the lowest value of the axis."""


class LowerLowEnd(
    Command[Any], keys="minus", text="lower end", title="Lower the low end of the axis", call=("narrow", -1, 0)
):
    """Take in runs with lower values of the axis."""


class LowerHighEnd(
    Command[Any],
    keys="left_square_bracket",
    text="cut high",
    title="Lower the high end of the axis",
    footer=True,
    call=("narrow", 0, -1),
):
    """Leave out the runs with the highest value of the axis."""


class RaiseHighEnd(
    Command[Any],
    keys="right_square_bracket",
    text="higher end",
    title="Raise the high end of the axis",
    call=("narrow", 0, 1),
):
    """Take in runs with higher values of the axis."""


class WholeAxes(Command[RangesHost], keys="0", text="all runs", title="Widen all axes"):
    """Show all runs again: no axis is narrowed."""

    @classmethod
    def why_not(cls, host: RangesHost) -> str | None:
        return None if host.has_ranges else "No axis is narrowed."


class FilterByRanges(WholeAxes, keys="f", text="as filter", title="Filter the runs by these ranges", footer=True):
    """Close the comparison and filter the runs table by the ranges of the narrowed axes."""
