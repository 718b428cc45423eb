"""The commands of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qtui.tui.commands.command import Command

if TYPE_CHECKING:
    from qtui.plot.chart_options import ChartOptions


class CurvesHost(Protocol):
    """The state that commands of the chart and of the grid read of their host."""

    options: ChartOptions

    @property
    def has_points(self) -> bool:
        """Return whether anything is drawn."""


class ChartHost(CurvesHost, Protocol):
    """The state that commands of the chart read of its pane."""

    @property
    def has_bars(self) -> bool:
        """Whether bars are shown instead of curves and legend."""

    @property
    def has_line(self) -> bool:
        """Whether the legend has a line under its cursor."""

    @property
    def at_run(self) -> bool:
        """Whether that line is a single run, and not a group."""

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


class CurvesCommand(Command[CurvesHost]):
    """Base of commands that need a curve."""

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        return None if host.has_points else "No curve is drawn here."


class LegendLineCommand(Command[ChartHost]):
    """Base of commands that need a line in the legend."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.has_line else "No curve is selected."


class LegendCommand(LegendLineCommand):
    """Base of commands that need a line in the legend, and no bars instead of it."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return super().why_not(host) or ("Bars have no legend and no axis of their own." if host.has_bars else None)


class CursorLeft(CurvesCommand):
    """Move the cursor to the previous point."""

    KEYS = "left,h"
    TEXT = "left"


class CursorRight(CurvesCommand):
    """Move the cursor to the next point."""

    KEYS = "right,l"
    TEXT = "right"


class CursorFarLeft(CurvesCommand):
    """Move the cursor ten cells to the left."""

    KEYS = "ctrl+left,pageup"
    TEXT = "far left"
    TITLE = "Cursor 10 cells left"


class CursorFarRight(CurvesCommand):
    """Move the cursor ten cells to the right."""

    KEYS = "ctrl+right,pagedown"
    TEXT = "far right"
    TITLE = "Cursor 10 cells right"


class PreviousPoint(CurvesCommand):
    """Move to the previous point of the curve selected in the legend."""

    KEYS = "comma"
    TEXT = "previous point"


class NextPoint(CurvesCommand):
    """Move to the next point of the curve selected in the legend."""

    KEYS = "full_stop"
    TEXT = "next point"


class FirstPoint(CurvesCommand):
    """Move the cursor to the first visible point."""

    KEYS = "g,home"
    TEXT = "first"
    TITLE = "First point"


class LastPoint(CurvesCommand):
    """Move the cursor to the last visible point."""

    KEYS = "G,end"
    TEXT = "last"
    TITLE = "Last point"


class NextCurve(LegendLineCommand):
    """Select the next curve or bar in the legend."""

    KEYS = "j,down"
    TEXT = "next curve"


class PreviousCurve(LegendLineCommand):
    """Select the previous curve or bar in the legend."""

    KEYS = "k,up"
    TEXT = "previous curve"


class LogarithmicYAxis(CurvesCommand):
    """Switch between a logarithmic and a linear y-axis; symmetric around zero where values are negative."""

    KEYS = "L"
    TEXT = "log"
    TITLE = "Logarithmic y-axis"
    FOOTER = True


class LogarithmicXAxis(CurvesCommand):
    """Switch between a logarithmic and a linear x-axis."""

    KEYS = "X"
    TEXT = "log x"
    TITLE = "Logarithmic x-axis"

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        from qtui.plot.series import XAxis

        dated = host.options.x_axis is XAxis.TIME
        return super().why_not(host) or (
            "A time axis cannot be logarithmic: switch the x-axis to steps." if dated else None
        )


class SmoothLess(CurvesCommand):
    """Smooth less."""

    KEYS = "left_curly_bracket"
    TEXT = "smooth less"

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        return super().why_not(host) or (None if host.options.smoothing else "Smoothing is off.")


class SmoothMore(CurvesCommand):
    """Smooth more; the raw curve stays visible beneath."""

    KEYS = "right_curly_bracket"
    TEXT = "smooth"
    FOOTER = True

    @classmethod
    def why_not(cls, host: CurvesHost) -> str | None:
        from qtui.plot.chart_options import SMOOTHING_WEIGHTS

        most = host.options.smoothing == SMOOTHING_WEIGHTS[-1]
        return super().why_not(host) or ("Smoothing is at its maximum." if most else None)


class SwitchXAxis(CurvesCommand):
    """Switch the x-axis between steps, time and time since the start of each run."""

    KEYS = "a"
    TEXT = "step/time"
    TITLE = "Step / time / relative time"
    FOOTER = True


class ChooseXMetric(CurvesCommand):
    """Draw the curves along another metric instead of steps or time: points with the same step belong together."""

    ID = "x-metric"
    KEYS = "A"
    TEXT = "x metric"
    TITLE = "Another metric as x-axis"


class ClipOutliers(CurvesCommand):
    """Clip outliers, or show them."""

    KEYS = "o"
    TEXT = "outliers"


class Normalise(CurvesCommand):
    """Scale every curve to 0 to 1 to compare shapes, or show the values."""

    KEYS = "n"
    TEXT = "normalise"


class MarkExtremes(CurvesCommand):
    """Mark the minimum and maximum of every curve, or remove these marks."""

    KEYS = "e"
    TEXT = "extremes"
    TITLE = "Mark minimum and maximum"


class SwitchSpread(Command[ChartHost]):
    """Switch the bands: mean ± std, median and quartiles, bootstrap interval of the mean, minimum to maximum."""

    KEYS = "s"
    TEXT = "spread"
    TITLE = "Band: deviation / quartiles / interval / range"

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.has_groups else "Only groups of runs have a band."


class ShowMembers(SwitchSpread):
    """Draw the curve of every run of a group behind its mean, or not."""

    ID = "show-members"
    KEYS = "M"
    TEXT = "all runs"
    TITLE = "Runs behind the mean"


class MetricsCommand(Command[ChartHost]):
    """Base of commands that need metrics to choose from."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.metric_count else "These runs have no metrics."


class ChooseMetrics(MetricsCommand):
    """Choose the metrics to draw."""

    KEYS = "m"
    TEXT = "metrics"
    FOOTER = True


class NextMetric(MetricsCommand):
    """Draw the next metric."""

    KEYS = "right_square_bracket"
    TEXT = "next metric"

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return super().why_not(host) or (None if host.metric_count > 1 else "These runs have only one metric.")


class PreviousMetric(NextMetric):
    """Draw the previous metric."""

    KEYS = "left_square_bracket"
    TEXT = "previous metric"


class ToggleRightAxis(LegendCommand):
    """Move the metric to the right y-axis, or back to the left one."""

    KEYS = "greater_than_sign"
    TEXT = "right axis"
    TITLE = "Right y-axis"


class HideCurve(LegendLineCommand):
    """Hide the curve or bar, or show it."""

    KEYS = "space"
    TEXT = "hide"
    FOOTER = True


class HighlightCurve(LegendCommand):
    """Highlight the curve and dim the others, or show all alike."""

    KEYS = "enter"
    TEXT = "highlight"
    TITLE = "Highlight curve"


class SortLines(LegendCommand):
    """Sort the runs of the legend by their value, smoothed if curves are smoothed, at the cursor if there is one."""

    KEYS = "S"
    TEXT = "sort runs"
    TITLE = "Sort runs by value"


class ToggleLegend(LegendCommand):
    """Show or hide the legend."""

    KEYS = "i"
    TEXT = "legend"
    TITLE = "Legend"


class ExportChart(Command[ChartHost]):
    """Copy the chart as text, or save it as SVG or data."""

    KEYS = "x"
    TEXT = "export"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return None if host.has_points or host.has_bars else "Nothing is drawn yet."


class CopyCurveRun(LegendLineCommand):
    """Copy the ID of the curve's run."""

    ID = "copy-id"
    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy run ID"

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return super().why_not(host) or (None if host.at_run else "This is a group of runs.")


class CopyCurveValue(LegendLineCommand):
    """Copy the full value of the curve at the cursor, or its last one."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"
