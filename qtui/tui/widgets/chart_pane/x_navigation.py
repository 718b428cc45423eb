"""Where the cursor of a large chart is, and what of the curves is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on

from qtui.plot.limits import Limits
from qtui.plot.look import FREE
from qtui.plot.reading import beside, moved, snapped
from qtui.plot.series import Curve
from qtui.plot.view import panned, revealed, zoomed
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
        return self.look.x == FREE

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
        frame = self.chart_widget.frame
        if frame is None:
            return
        if self.cursor is None:
            self.action_last_place()
        else:
            self.put_cursor(moved(self.curves, frame, self.cursor, by))

    def _step(self, by: int) -> None:
        if self.cursor is None:
            self.action_last_place()
            return
        if self.current_curve is not None:
            self.put_cursor(beside(self.current_curve, self.cursor, by))

    def _put_at(self, place: Callable[[Limits], float]) -> None:
        frame = self.chart_widget.frame
        if frame is not None:
            self.put_cursor(snapped(self.curves, place(frame.x)))

    def put_cursor(self, x: float) -> None:
        """Put the cursor on a place, and move the view as far as that needs."""
        frame, whole = self.chart_widget.frame, self.extent
        self.cursor = x
        if frame is not None and whole is not None and not self.is_whole and not frame.x.low <= x <= frame.x.high:
            self.look = self.look.seeing(revealed(frame.x, whole, frame.x_scale, x))
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
        self.look = replace(self.look, x=FREE, y=FREE, y_right=FREE)
        self.show()

    def _zoom(self, factor: float, at: float | None = None) -> None:
        frame, whole = self.chart_widget.frame, self.extent
        if frame is None or whole is None:
            return
        if at is None:
            cursor = self.cursor
            middle = frame.x_at(frame.left + frame.width // 2)
            at = cursor if cursor is not None and frame.x.low <= cursor <= frame.x.high else middle
        self.look = self.look.seeing(zoomed(frame.x, whole, frame.x_scale, at, factor))
        self.show()

    def _pan(self, share: float) -> None:
        frame, whole = self.chart_widget.frame, self.extent
        if frame is not None and whole is not None and not self.is_whole:
            self.look = self.look.seeing(panned(frame.x, whole, frame.x_scale, share))
            self.show()

    @on(MetricChart.PlacePointed)
    def _follow_pointer(self, event: MetricChart.PlacePointed) -> None:
        event.stop()
        place = snapped(self.curves, event.x)
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
