"""What can be done in a large chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qtui.tui.commands.command import Command

if TYPE_CHECKING:
    from qtui.plot.look import Look


class ChartPlace(Protocol):
    """What the commands of a chart must know of the pane that shows it."""

    look: Look

    @property
    def has_points(self) -> bool:
        """Whether anything is drawn."""

    @property
    def has_bars(self) -> bool:
        """Whether bars are shown in place of curves and legend."""

    @property
    def has_trace(self) -> bool:
        """Whether the legend has a line under its cursor."""

    @property
    def at_run(self) -> bool:
        """Whether that line is a single run, and not a group."""

    @property
    def has_groups(self) -> bool:
        """Whether groups are drawn as bands."""

    @property
    def sees_all_values(self) -> bool:
        """Whether the upright axes follow the curves."""

    @property
    def is_whole(self) -> bool:
        """Whether all there is to see is seen."""

    @property
    def metrics_offered(self) -> int:
        """How many metrics there are to choose from."""


class OnCurves(Command[ChartPlace]):
    """Works when something is drawn."""

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return None if here.has_points else "No curve is drawn here."


class OnTrace(Command[ChartPlace]):
    """Works when the legend has a line."""

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return None if here.has_trace else "There is no curve here."


class OnLegend(OnTrace):
    """Works when the legend has a line, and is not replaced by bars."""

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or ("Bars have no legend and no axis of their own." if here.has_bars else None)


class CursorLeft(OnCurves):
    """Move the cursor to the point at the left."""

    KEYS = "left,h"
    TEXT = "left"


class CursorRight(OnCurves):
    """Move the cursor to the point at the right."""

    KEYS = "right,l"
    TEXT = "right"


class CursorFarLeft(OnCurves):
    """Move the cursor ten cells to the left."""

    KEYS = "ctrl+left,pageup"
    TEXT = "far left"


class CursorFarRight(OnCurves):
    """Move the cursor ten cells to the right."""

    KEYS = "ctrl+right,pagedown"
    TEXT = "far right"


class PreviousPoint(OnCurves):
    """Move the cursor to the very point before, of the curve under the cursor of the legend."""

    KEYS = "comma"
    TEXT = "point before"


class NextPoint(OnCurves):
    """Move the cursor to the very next point, of the curve under the cursor of the legend."""

    KEYS = "full_stop"
    TEXT = "next point"


class FirstPlace(OnCurves):
    """Move the cursor to the first place that is seen."""

    KEYS = "g,home"
    TEXT = "first"


class LastPlace(OnCurves):
    """Move the cursor to the last place that is seen."""

    KEYS = "G,end"
    TEXT = "last"


class NextCurve(OnTrace):
    """Go to the next curve of the legend, or to the next bar."""

    KEYS = "j,down"
    TEXT = "next curve"


class PreviousCurve(OnTrace):
    """Go to the curve before in the legend, or to the bar before."""

    KEYS = "k,up"
    TEXT = "curve before"


class LogScale(OnCurves):
    """Draw values by their magnitude, on both sides of zero where they are; or evenly again."""

    KEYS = "L"
    TEXT = "log"
    FOOTER = True


class LogPlaces(OnCurves):
    """Draw steps or time by their magnitude, or evenly again."""

    KEYS = "X"
    TEXT = "log x"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        from qtui.plot.series import Along

        dated = here.look.along is Along.TIME
        return super().why_not(here) or ("Dates have no magnitude: press a for steps first." if dated else None)


class SmoothLess(OnCurves):
    """Smooth less."""

    KEYS = "left_curly_bracket"
    TEXT = "smooth less"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or (None if here.look.smoothing else "Nothing is smoothed.")


class SmoothMore(OnCurves):
    """Smooth more; the curve as it was logged stays beneath."""

    KEYS = "right_curly_bracket"
    TEXT = "smooth"
    FOOTER = True

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        from qtui.plot.look import SMOOTHINGS

        most = here.look.smoothing == SMOOTHINGS[-1]
        return super().why_not(here) or ("It cannot be smoother." if most else None)


class SwitchPlaces(OnCurves):
    """Draw along steps, along time, or along the time since each run began."""

    KEYS = "a"
    TEXT = "step/time"
    FOOTER = True


class ClipOutliers(OnCurves):
    """Leave a few values far from the rest outside, or show them again."""

    KEYS = "o"
    TEXT = "outliers"


class Normalise(OnCurves):
    """Draw every curve into 0 to 1, to compare their shapes; or as they are."""

    KEYS = "n"
    TEXT = "normalise"


class MarkExtremes(OnCurves):
    """Mark the least and the greatest value of every curve, or take the marks off."""

    KEYS = "e"
    TEXT = "extremes"


class SwitchSpread(Command[ChartPlace]):
    """Let the bands reach over one standard deviation, or from the least run to the greatest."""

    KEYS = "s"
    TEXT = "spread"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return None if here.has_groups else "Only groups of runs have a band."


class OnMetrics(Command[ChartPlace]):
    """Works when there are metrics to choose from."""

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return None if here.metrics_offered else "These runs have no metrics."


class ChooseMetrics(OnMetrics):
    """Choose which metrics are drawn."""

    KEYS = "m"
    TEXT = "metrics"
    FOOTER = True


class NextMetric(OnMetrics):
    """Draw the next metric instead."""

    KEYS = "right_square_bracket"
    TEXT = "next metric"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or (None if here.metrics_offered > 1 else "These runs have only one metric.")


class PreviousMetric(NextMetric):
    """Draw the metric before instead."""

    KEYS = "left_square_bracket"
    TEXT = "metric before"


class MoveToRight(OnLegend):
    """Give the metric of the curve the axis at the right, or the one at the left again."""

    KEYS = "greater_than_sign"
    TEXT = "right axis"


class HideCurve(OnTrace):
    """Hide the curve or the bar, or show it again."""

    KEYS = "space"
    TEXT = "hide"
    FOOTER = True


class BringOut(OnLegend):
    """Bring the curve out and dim the others, or all as before."""

    KEYS = "enter"
    TEXT = "bring out"


class ToggleLegend(OnLegend):
    """Show or hide the legend."""

    KEYS = "i"
    TEXT = "legend"


class ExportChart(Command[ChartPlace]):
    """Copy the chart as text, or save it as a drawing or as data."""

    KEYS = "x"
    TEXT = "export"
    FOOTER = True

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return None if here.has_points or here.has_bars else "Nothing is drawn yet."


class CopyCurveRun(OnTrace):
    """Copy the id of the curve's run."""

    KEYS = "y"
    TEXT = "copy id"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or (None if here.at_run else "This is a group of runs.")


class CopyReading(OnTrace):
    """Copy the value of the curve, whole: under the cursor, or the last one."""

    KEYS = "Y"
    TEXT = "copy value"
