"""Which values of the curves are seen: nearer, farther, higher, lower, on both upright axes at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on

from qtui.plot.axis import Axis
from qtui.plot.drawing import covered
from qtui.plot.frame import Frame
from qtui.plot.limits import Limits
from qtui.plot.look import FREE, Ends
from qtui.plot.reading import read
from qtui.plot.scale import Scale
from qtui.plot.view import panned, zoomed
from qtui.tui.widgets.chart_pane.x_navigation import PAN, STEP, Looking
from qtui.tui.widgets.metric_chart import MetricChart

SIDES = (("y", False), ("y_right", True))
"""The upright axes: what the look calls their ends, and whether they are at the right."""


class Upright(Looking):
    """Moves what is seen of the values, by key and by mouse."""

    @property
    def sees_all_values(self) -> bool:
        """Whether the upright axes follow the curves."""
        return self.look.y == self.look.y_right == FREE

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

        def near(frame: Frame, seen: Limits, whole: Limits, scale: Scale, right: bool) -> Limits | None:
            middle = frame.y_at(frame.top + frame.height // 2 if row is None else row, right=right)
            at = self._read(seen, right) if row is None else None
            return zoomed(seen, whole, scale, at if at is not None else middle or 0.0, factor)

        self._see_values(near)

    def _read(self, seen: Limits, right: bool) -> float | None:
        """What the current curve says at the cursor, if that is a value of this axis that is seen."""
        curve = self.current_curve
        if curve is None or self.cursor is None or curve.right is not right:
            return None
        reading = read(curve, self.cursor)
        return reading.value if reading and seen.low <= reading.value <= seen.high else None

    def _pan_values(self, share: float) -> None:
        if not self.sees_all_values:
            self._see_values(lambda frame, seen, whole, scale, right: panned(seen, whole, scale, share))

    def _see_values(self, change: Callable[[Frame, Limits, Limits, Scale, bool], Limits | None]) -> None:
        """See of both axes what this makes of their ends, of which the curves cover the whole."""
        frame, chart = self.chart_widget.frame, self.chart
        if frame is None:
            return
        ends: dict[str, Ends] = {}
        for name, right in SIDES:
            seen, scale = frame.side(right)
            data = covered(chart, frame.x, right=right)
            if seen and data:
                found = change(frame, seen, Axis(scale).around(data), scale, right)
                ends[name] = Ends(*found) if found else FREE
        self.look = replace(self.look, y=ends.get("y", FREE), y_right=ends.get("y_right", FREE))
        self.show()

    @on(MetricChart.ValuesTurned)
    def _zoom_values_at_pointer(self, event: MetricChart.ValuesTurned) -> None:
        event.stop()
        self._zoom_values(event.factor, event.row)

    @on(MetricChart.ViewDragged)
    def _drag_values(self, event: MetricChart.ViewDragged) -> None:
        if event.fall:
            self._pan_values(event.fall)
