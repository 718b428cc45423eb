"""The commands of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qtui.tui.commands.command import Command

if TYPE_CHECKING:
    from qtui.plot.curves.chart_options import ChartOptions


class CurvesHost(Protocol):
    """The state that commands of the chart and of the grid read of their host."""

    options: ChartOptions

    @property
    def has_points(self) -> bool:
        """Return whether anything is drawn."""


class LegendLine(Protocol):
    """A line of the legend."""

    @property
    def is_group(self) -> bool:
        """Whether it is a group of runs."""


class ChartState(Protocol):
    """The state of a chart."""

    @property
    def has_bars(self) -> bool:
        """Whether bars are drawn instead of curves."""

    @property
    def has_groups(self) -> bool:
        """Whether groups are drawn as bands."""

    @property
    def sees_all_values(self) -> bool:
        """Whether the y-axes fit all values."""

    @property
    def is_whole(self) -> bool:
        """Whether the whole chart is visible."""

    @property
    def metric_count(self) -> int:
        """Return the number of metrics to choose from."""


class ChartHost(CurvesHost, Protocol):
    """The state that commands of the chart read of its pane."""

    model: ChartState

    @property
    def selected(self) -> LegendLine | None:
        """The line under the cursor of the legend."""


class CurvesCommand(Command[CurvesHost]):
    """Base of commands that need a curve."""

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        return None if host.has_points else "No curve is drawn here."


class LegendLineCommand(Command[ChartHost]):
    """Base of commands that need a line in the legend."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.selected is not None else "No curve is selected."


class LegendCommand(LegendLineCommand):
    """Base of commands that need a line in the legend, and no bars instead of it."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return super().why_not(host) or (
            "Bars have no legend and no axis of their own." if host.model.has_bars else None
        )


class CursorLeft(CurvesCommand, keys="left,h", text="left", call=("move_by_cells", -1)):
    """Move the cursor to the previous point."""


class CursorRight(CurvesCommand, keys="right,l", text="right", call=("move_by_cells", 1)):
    """Move the cursor to the next point."""


class CursorFarLeft(
    CurvesCommand, keys="ctrl+left,pageup", text="far left", title="Cursor 10 cells left", call=("move_by_cells", -10)
):
    """Move the cursor ten cells to the left."""


class CursorFarRight(
    CurvesCommand,
    keys="ctrl+right,pagedown",
    text="far right",
    title="Cursor 10 cells right",
    call=("move_by_cells", 10),
):
    """Move the cursor ten cells to the right."""


class PreviousPoint(CurvesCommand, keys="comma", text="previous point", call=("move_by_points", -1)):
    """Move to the previous point of the curve selected in the legend."""


class NextPoint(CurvesCommand, keys="full_stop", text="next point", call=("move_by_points", 1)):
    """Move to the next point of the curve selected in the legend."""


class FirstPoint(CurvesCommand, keys="g,home", text="first"):
    """Move the cursor to the first visible point."""


class LastPoint(CurvesCommand, keys="G,end", text="last"):
    """Move the cursor to the last visible point."""


class NextCurve(LegendLineCommand, keys="j,down", text="next curve", call=("legend.table.move_cursor", 1)):
    """Select the next curve or bar in the legend."""


class PreviousCurve(LegendLineCommand, keys="k,up", text="previous curve", call=("legend.table.move_cursor", -1)):
    """Select the previous curve or bar in the legend."""


class LogarithmicYAxis(
    CurvesCommand, keys="L", text="log", title="Logarithmic y-axis", footer=True, call=("toggle_option", "log_y")
):
    """Switch between a logarithmic and a linear y-axis; symmetric around zero where values are negative."""


class LogarithmicXAxis(
    CurvesCommand, keys="X", text="log x", title="Logarithmic x-axis", call=("toggle_option", "log_x")
):
    """Switch between a logarithmic and a linear x-axis."""

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        from qtui.plot.series import XAxis

        dated = host.options.x_axis is XAxis.TIME
        return super().why_not(host) or (
            "A time axis cannot be logarithmic: switch the x-axis to steps." if dated else None
        )


class SmoothLess(CurvesCommand, keys="left_curly_bracket", text="smooth less", call=("smooth", -1)):
    """Smooth less."""

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        return super().why_not(host) or (None if host.options.smoothing else "Smoothing is off.")


class SmoothMore(CurvesCommand, keys="right_curly_bracket", text="smooth", footer=True, call=("smooth", 1)):
    """Smooth more; the raw curve stays visible beneath."""

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        from qtui.plot.curves.chart_options import SMOOTHING_WEIGHTS

        most = host.options.smoothing == SMOOTHING_WEIGHTS[-1]
        return super().why_not(host) or ("Smoothing is at its maximum." if most else None)


class SwitchXAxis(CurvesCommand, keys="a", text="step/time", title="Step / time / relative time", footer=True):
    """Switch the x-axis between steps, time and time since the start of each run."""


class ChooseXMetric(CurvesCommand, keys="A", text="x metric", id="x-metric", title="Another metric as x-axis"):
    """Draw the curves along another metric instead of steps or time: points with the same step belong together."""


class ClipOutliers(CurvesCommand, keys="o", text="outliers", call=("toggle_option", "clip_outliers")):
    """Clip outliers, or show them."""


class Normalise(CurvesCommand, keys="n", text="normalise"):
    """Scale every curve to 0 to 1 to compare shapes, or show the values."""


class MarkExtremes(
    CurvesCommand, keys="e", text="extremes", title="Mark minimum and maximum", call=("toggle_option", "mark_extremes")
):
    """Mark the minimum and maximum of every curve, or remove these marks."""


class SwitchSpread(Command[ChartHost], keys="s", text="spread", title="Band: deviation / quartiles / interval / range"):
    """Switch the bands: mean ± std, median and quartiles, bootstrap interval of the mean, minimum to maximum."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.model.has_groups else "Only groups of runs have a band."


class ShowMembers(
    SwitchSpread, keys="M", text="all runs", title="Runs behind the mean", call=("toggle_option", "show_members")
):
    """Draw the curve of every run of a group behind its mean, or not."""


class MetricsCommand(Command[ChartHost]):
    """Base of commands that need metrics to choose from."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.model.metric_count else "These runs have no metrics."


class ChooseMetrics(MetricsCommand, keys="m", text="metrics", footer=True):
    """Choose the metrics to draw."""


class NextMetric(MetricsCommand, keys="right_square_bracket", text="next metric", call=("draw_neighbour_metric", 1)):
    """Draw the next metric."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return super().why_not(host) or (None if host.model.metric_count > 1 else "These runs have only one metric.")


class PreviousMetric(
    NextMetric, keys="left_square_bracket", text="previous metric", call=("draw_neighbour_metric", -1)
):
    """Draw the previous metric."""


class ToggleRightAxis(LegendCommand, keys="greater_than_sign", text="right axis", title="Right y-axis"):
    """Move the metric to the right y-axis, or back to the left one."""


class HideCurve(LegendLineCommand, keys="space", text="hide", footer=True):
    """Hide the curve or bar, or show it."""


class HighlightCurve(LegendCommand, keys="enter", text="highlight"):
    """Highlight the curve and dim the others, or show all alike."""


class SortLines(LegendCommand, keys="S", text="sort runs", title="Sort runs by value"):
    """Sort the runs of the legend by their value, smoothed if curves are smoothed, at the cursor if there is one."""


class ToggleLegend(LegendCommand, keys="i", text="legend", title="Legend"):
    """Show or hide the legend."""


class ExportChart(Command[ChartHost], keys="x", text="export", footer=True):
    """Copy the chart as text, or save it as SVG or data."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.has_points or host.model.has_bars else "Nothing is drawn yet."


class CopyCurveRun(LegendLineCommand, keys="y", text="copy ID", id="copy-id", title="Copy run ID"):
    """Copy the ID of the curve's run."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        is_group = host.selected is not None and host.selected.is_group
        return super().why_not(host) or ("This is a group of runs." if is_group else None)


class CopyCurveValue(LegendLineCommand, keys="Y", text="copy value", id="copy-value", title="Copy value"):
    """Copy the full value of the curve at the cursor, or its last one."""
