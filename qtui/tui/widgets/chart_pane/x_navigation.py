"""Where the cursor of a large chart is, and what of the curves is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on

from qtui.plot.chart_options import AUTOMATIC
from qtui.plot.limits import AxisLimits
from qtui.plot.readout import move_cursor, next_point, snap_to_point
from qtui.plot.series import Curve
from qtui.plot.viewport import pan, scroll_into_view, zoom
from qtui.tui.widgets.chart_pane.view import Board
from qtui.tui.widgets.metric_chart import MetricChart

STEP = 1.5
"""How much nearer one press brings what is around the cursor."""

PAN = 0.25
"""The part of what is seen that one press goes on."""

FAR = 10
"""The cells of a long step."""


class Looking(Board):
    """Moves cursor and view, by key and by mouse."""

    @property
    def is_whole(self) -> bool:
        """Whether all there is to see is seen."""
        return self.options.x_limits == AUTOMATIC

    @property
    def current_curve(self) -> Curve | None:
        """The curve under the cursor of the legend, if it is drawn."""
        current = self.legend.current
        return self._curves.get(current) if current else None

    # The cursor

    def action_cursor_left(self) -> None:
        """Go to the point at the left."""
        self._move(-1)

    def action_cursor_right(self) -> None:
        """Go to the point at the right."""
        self._move(1)

    def action_cursor_far_left(self) -> None:
        """Go ten cells to the left."""
        self._move(-FAR)

    def action_cursor_far_right(self) -> None:
        """Go ten cells to the right."""
        self._move(FAR)

    def action_first_place(self) -> None:
        """Go to the first place that is seen."""
        self._put_at(lambda window: window.low)

    def action_last_place(self) -> None:
        """Go to the last place that is seen."""
        self._put_at(lambda window: window.high)

    def action_previous_point(self) -> None:
        """Go to the point before of the curve under the legend's cursor."""
        self._step(-1)

    def action_next_point(self) -> None:
        """Go to the next point of the curve under the legend's cursor."""
        self._step(1)

    def _move(self, by: int) -> None:
        """Move the cursor by cells, from point to point; where there is none yet, it comes at the end."""
        area = self.chart_widget.area
        if area is None:
            return
        if self.cursor is None:
            self.action_last_place()
        else:
            self.put_cursor(move_cursor(self.curves, area, self.cursor, by))

    def _step(self, by: int) -> None:
        if self.cursor is None:
            self.action_last_place()
            return
        if self.current_curve is not None:
            self.put_cursor(next_point(self.current_curve, self.cursor, by))

    def _put_at(self, place: Callable[[AxisLimits], float]) -> None:
        area = self.chart_widget.area
        if area is not None:
            self.put_cursor(snap_to_point(self.curves, place(area.x)))

    def put_cursor(self, x: float) -> None:
        """Put the cursor on a place, and move the view as far as that needs."""
        area, whole = self.chart_widget.area, self.extent
        self.cursor = x
        if area is not None and whole is not None and not self.is_whole and not area.x.low <= x <= area.x.high:
            self.options = self.options.with_x_limits(scroll_into_view(area.x, whole, area.x_scale, x))
            self.show()
        else:
            self.show_cursor()

    # What is seen

    def action_zoom_in(self) -> None:
        """See less, from nearer."""
        self._zoom(STEP)

    def action_zoom_out(self) -> None:
        """See more, from farther away."""
        self._zoom(1 / STEP)

    def action_pan_left(self) -> None:
        """See what is at the left."""
        self._pan(-PAN)

    def action_pan_right(self) -> None:
        """See what is at the right."""
        self._pan(PAN)

    def action_reset_zoom(self) -> None:
        """See all there is."""
        self.options = replace(self.options, x_limits=AUTOMATIC, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC)
        self.show()

    def _zoom(self, factor: float, at: float | None = None) -> None:
        area, whole = self.chart_widget.area, self.extent
        if area is None or whole is None:
            return
        if at is None:
            cursor = self.cursor
            middle = area.x_at(area.left + area.width // 2)
            at = cursor if cursor is not None and area.x.low <= cursor <= area.x.high else middle
        self.options = self.options.with_x_limits(zoom(area.x, whole, area.x_scale, at, factor))
        self.show()

    def _pan(self, share: float) -> None:
        area, whole = self.chart_widget.area, self.extent
        if area is not None and whole is not None and not self.is_whole:
            self.options = self.options.with_x_limits(pan(area.x, whole, area.x_scale, share))
            self.show()

    @on(MetricChart.PlacePointed)
    def _follow_pointer(self, event: MetricChart.PlacePointed) -> None:
        event.stop()
        place = snap_to_point(self.curves, event.x)
        if place != self.cursor:
            self.cursor = place
            self.show_cursor()

    @on(MetricChart.ZoomTurned)
    def _zoom_at_pointer(self, event: MetricChart.ZoomTurned) -> None:
        event.stop()
        self._zoom(event.factor, event.x)

    @on(MetricChart.ViewDragged)
    def _drag(self, event: MetricChart.ViewDragged) -> None:
        event.stop()
        if event.share:
            self._pan(-event.share)
