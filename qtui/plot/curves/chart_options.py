"""Options of a chart that a user can change, and the chart that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from qtui.plot.axes.axis import Axis, Unit, x_unit
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.curves.band import Band, BandSpread
from qtui.plot.curves.chart import Chart
from qtui.plot.scale import LINEAR, Scale, logarithmic_scale
from qtui.plot.series import Curve, XAxis
from qtui.value_classes import dataclass

SMOOTHING_WEIGHTS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
"""Smoothing weights to step through, from none to the strongest useful one."""

Item = TypeVar("Item")


class FixedLimits(NamedTuple):
    """Axis limits that the user has set; None follows the data."""

    low: float | None = None
    high: float | None = None


AUTOMATIC = FixedLimits()
"""Limits that follow the data."""


@dataclass(frozen=True, slots=True)
class ChartOptions:
    """The options of a chart, independent of its curves."""

    x_axis: XAxis = XAxis.STEP
    x_metric: str = ""
    """The metric that is the x-axis instead of `x_axis`; empty for none."""
    smoothing: float = 0.0
    log_x: bool = False
    log_y: bool = False
    clip_outliers: bool = False
    normalised: bool = False
    mark_extremes: bool = False
    band_spread: BandSpread = BandSpread.DEVIATION
    """The extent of the bands around means."""
    show_members: bool = False
    """Whether the curves of the runs of a group are drawn behind its mean."""
    sort_lines: bool = False
    """Whether the legend has the best value first: at the cursor or the latest, smoothed if the curves are."""
    right_metrics: frozenset[str] = frozenset()
    """The metrics on the right y-axis."""
    x_limits: FixedLimits = AUTOMATIC
    y_limits: FixedLimits = AUTOMATIC
    y_right_limits: FixedLimits = AUTOMATIC

    def with_toggled(self, name: str) -> ChartOptions:
        """Return the options with the one of this name switched on or off."""
        changes: dict[str, Any] = {name: not getattr(self, name)}
        return replace(self, **changes)

    def with_smoothing_step(self, steps: int) -> ChartOptions:
        """Return the options with more or less smoothing, by this many steps."""
        return replace(self, smoothing=step_through(SMOOTHING_WEIGHTS, self.smoothing, steps))

    def with_x_axis(self, x_axis: XAxis) -> ChartOptions:
        """Return the options for another x-axis, with its full range visible."""
        log_x = self.log_x and x_axis is not XAxis.TIME
        return replace(self, x_axis=x_axis, x_metric="", log_x=log_x, x_limits=AUTOMATIC)

    def with_x_metric(self, metric: str) -> ChartOptions:
        """Return the options with a metric as the x-axis, with its full range visible."""
        return replace(self, x_metric=metric, x_limits=AUTOMATIC)

    @property
    def x_title(self) -> str:
        """The name of the x-axis."""
        return self.x_metric or self.x_axis.value

    @property
    def x_unit(self) -> Unit:
        """The unit of the x-axis."""
        return Unit.NUMBER if self.x_metric else x_unit(self.x_axis)

    def with_right_metric_toggled(self, metric: str) -> ChartOptions:
        """Return the options with the metric moved to the other y-axis."""
        return replace(self, right_metrics=self.right_metrics ^ {metric})

    def with_x_limits(self, window: AxisLimits | None) -> ChartOptions:
        """Return the options with these x-limits; None follows the data."""
        return replace(self, x_limits=FixedLimits(*window) if window else AUTOMATIC)


def step_through(items: Sequence[Item], current: Item, steps: int) -> Item:
    """Return the item this many steps after `current`, at most the first or last one."""
    index = items.index(current) + steps
    return items[max(0, min(index, len(items) - 1))]


def scales_for(curves: Sequence[Curve], options: ChartOptions) -> Mapping[str, Scale]:
    """Return the scales that these curves need, by axis: "x", "y" and "right"."""
    scales: dict[str, Scale] = {"x": LINEAR, "y": LINEAR, "right": LINEAR}
    if options.log_x:
        scales["x"] = logarithmic_scale(curve.x for curve in curves)
    if options.log_y:
        for name, right in (("y", False), ("right", True)):
            scales[name] = logarithmic_scale(curve.y for curve in curves if curve.is_right is right)
    return scales


def build_chart(
    curves: Sequence[Curve], bands: Sequence[Band], options: ChartOptions, scales: Mapping[str, Scale]
) -> Chart:
    """Return the chart of these curves, without a legend."""
    return Chart(
        tuple(curves),
        tuple(bands),
        x=Axis(scales["x"], *options.x_limits, unit=options.x_unit, title=options.x_title),
        y=Axis(scales["y"], *options.y_limits),
        y_right=Axis(scales["right"], *options.y_right_limits),
        clip_outliers=options.clip_outliers,
        mark_extremes=options.mark_extremes,
        legend=False,
    )
