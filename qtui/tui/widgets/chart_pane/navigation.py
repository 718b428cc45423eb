"""Zoom and pan of a large chart: functions from the options of a chart to new ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qtui.plot.axes.axis import Axis
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions, FixedLimits
from qtui.plot.curves.drawing import value_limits
from qtui.plot.curves.readout import readout_at
from qtui.plot.curves.viewport import pan, scroll_into_view, zoom
from qtui.plot.scale import Scale
from qtui.plot.series import Curve

CentreOf = Callable[[AxisLimits, bool], float]
"""Returns the value that a zoom keeps in place: from the visible limits, and whether the axis is the right one."""


def zoom_x(options: ChartOptions, area: PlotArea, full: AxisLimits, x: float | None, factor: float) -> ChartOptions:
    """Return the options zoomed around `x`, or around the middle if that is not visible."""
    middle = area.x_at(area.left + area.width // 2)
    centre = x if x is not None and area.x.low <= x <= area.x.high else middle
    return options.with_x_limits(zoom(area.x, full, area.x_scale, centre, factor))


def pan_x(options: ChartOptions, area: PlotArea, full: AxisLimits, share: float) -> ChartOptions:
    """Return the options moved along the x-axis by a share of what is visible."""
    return options.with_x_limits(pan(area.x, full, area.x_scale, share))


def reveal_x(options: ChartOptions, area: PlotArea, full: AxisLimits, x: float) -> ChartOptions:
    """Return the options moved along the x-axis as far as `x` needs to be visible."""
    return options.with_x_limits(scroll_into_view(area.x, full, area.x_scale, x))


def zoom_y(options: ChartOptions, chart: Chart, area: PlotArea, factor: float, centre_of: CentreOf) -> ChartOptions:
    """Return the options with both y-axes zoomed around their centres."""

    def change(visible: AxisLimits, full: AxisLimits, scale: Scale, right: bool) -> AxisLimits | None:
        return zoom(visible, full, scale, centre_of(visible, right), factor)

    return _with_y_limits(options, chart, area, change)


def pan_y(options: ChartOptions, chart: Chart, area: PlotArea, share: float) -> ChartOptions:
    """Return the options with both y-axes moved by a share of what is visible."""
    return _with_y_limits(options, chart, area, lambda visible, full, scale, right: pan(visible, full, scale, share))


def _with_y_limits(
    options: ChartOptions,
    chart: Chart,
    area: PlotArea,
    change: Callable[[AxisLimits, AxisLimits, Scale, bool], AxisLimits | None],
) -> ChartOptions:
    """Return the options with the limits that `change` makes of the visible and the full limits of both y-axes."""
    limits = {False: AUTOMATIC, True: AUTOMATIC}
    for right in limits:
        visible, scale = area.side(right)
        data = value_limits(chart, area.x, right=right)
        if visible and data:
            changed = change(visible, Axis(scale).limits_for(data), scale, right)
            limits[right] = FixedLimits(*changed) if changed else AUTOMATIC
    return replace(options, y_limits=limits[False], y_right_limits=limits[True])


def row_centre(area: PlotArea, row: int) -> CentreOf:
    """Return a centre at a row of the chart."""
    return lambda visible, right: area.y_at(row, right=right) or 0.0


def curve_centre(area: PlotArea, curve: Curve | None, x: float | None) -> CentreOf:
    """Return a centre at the value of a curve at `x`; the middle of the chart where that is not visible."""
    middle = row_centre(area, area.top + area.height // 2)

    def centre(visible: AxisLimits, right: bool) -> float:
        readout = readout_at(curve, x) if curve is not None and x is not None and curve.is_right is right else None
        is_visible = readout is not None and visible.low <= readout.value <= visible.high
        return readout.value if readout is not None and is_visible else middle(visible, right)

    return centre
