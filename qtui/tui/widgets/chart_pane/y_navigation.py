"""Which values of the curves are seen: nearer, farther, higher, lower, on both upright axes at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on

from qtui.plot.axis import Axis
from qtui.plot.chart_options import AUTOMATIC, FixedLimits
from qtui.plot.drawing import value_limits
from qtui.plot.limits import AxisLimits
from qtui.plot.plot_area import PlotArea
from qtui.plot.readout import readout_at
from qtui.plot.scale import Scale
from qtui.plot.viewport import pan, zoom
from qtui.tui.widgets.chart_pane.x_navigation import PAN, STEP, Looking
from qtui.tui.widgets.metric_chart import MetricChart

SIDES = {"y_limits": False, "y_right_limits": True}
"""The upright axes: what the look calls their ends, and whether they are at the right."""


class Upright(Looking):
    """Moves what is seen of the values, by key and by mouse."""

    @property
    def sees_all_values(self) -> bool:
        """Whether the upright axes follow the curves."""
        return self.options.y_limits == self.options.y_right_limits == AUTOMATIC

    def action_zoom_values_in(self) -> None:
        """See fewer values, from nearer."""
        self._zoom_values(STEP)

    def action_zoom_values_out(self) -> None:
        """See more values, from farther away."""
        self._zoom_values(1 / STEP)

    def action_pan_up(self) -> None:
        """See higher values."""
        self._pan_values(PAN)

    def action_pan_down(self) -> None:
        """See lower values."""
        self._pan_values(-PAN)

    def _zoom_values(self, factor: float, row: int | None = None) -> None:
        """Bring values nearer: those of a row, else those of the current curve at the cursor, else the middle ones."""

        def near(area: PlotArea, seen: AxisLimits, whole: AxisLimits, scale: Scale, right: bool) -> AxisLimits | None:
            middle = area.y_at(area.top + area.height // 2 if row is None else row, right=right)
            at = self._read(seen, right) if row is None else None
            return zoom(seen, whole, scale, at if at is not None else middle or 0.0, factor)

        self._see_values(near)

    def _read(self, seen: AxisLimits, right: bool) -> float | None:
        """What the current curve says at the cursor, if that is a value of this axis that is seen."""
        curve = self.current_curve
        if curve is None or self.cursor is None or curve.right is not right:
            return None
        reading = readout_at(curve, self.cursor)
        return reading.value if reading and seen.low <= reading.value <= seen.high else None

    def _pan_values(self, share: float) -> None:
        if not self.sees_all_values:
            self._see_values(lambda area, seen, whole, scale, right: pan(seen, whole, scale, share))

    def _see_values(self, change: Callable[[PlotArea, AxisLimits, AxisLimits, Scale, bool], AxisLimits | None]) -> None:
        """See of both axes what this makes of their ends, of which the curves cover the whole."""
        area, chart = self.chart_widget.area, self.chart
        if area is None:
            return
        ends: dict[str, FixedLimits] = {}
        for name, right in SIDES.items():
            seen, scale = area.side(right)
            data = value_limits(chart, area.x, right=right)
            if seen and data:
                found = change(area, seen, Axis(scale).limits_for(data), scale, right)
                ends[name] = FixedLimits(*found) if found else AUTOMATIC
        self.options = replace(
            self.options, y_limits=ends.get("y_limits", AUTOMATIC), y_right_limits=ends.get("y_right_limits", AUTOMATIC)
        )
        self.show()

    @on(MetricChart.ValuesTurned)
    def _zoom_values_at_pointer(self, event: MetricChart.ValuesTurned) -> None:
        event.stop()
        self._zoom_values(event.factor, event.row)

    @on(MetricChart.ViewDragged)
    def _drag_values(self, event: MetricChart.ViewDragged) -> None:
        if event.fall:
            self._pan_values(event.fall)
