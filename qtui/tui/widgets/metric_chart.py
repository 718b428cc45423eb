"""A widget that draws a chart or bars, and reports mouse actions on it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from qtui.plot.chart import Chart
from qtui.plot.cursor_overlay import overlay_cursor
from qtui.plot.drawing import draw_chart
from qtui.plot.figures import BarChart, draw_bars
from qtui.plot.picture import Picture
from qtui.plot.pieces import Row
from qtui.plot.plot_area import PlotArea
from qtui.tui.widgets.chart_ink import ChartInk
from qtui.tui.widgets.line_surface import LineSurface

NOTCH = 1.25
"""The zoom factor of one notch of the mouse wheel."""


class MetricChart(LineSurface):
    """Shows a chart in all the room that it has; the cursor is drawn over a picture that is kept."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    MetricChart { height: 1fr; width: 1fr; background: transparent; }
    """

    chart: var[Chart] = var(Chart(), init=False)
    """The chart to render."""

    bars: var[BarChart | None] = var(None, init=False)
    """Bars that are shown instead of the chart."""

    @dataclass
    class PlacePointed(Message):
        """The mouse is over an x value, or has clicked on it."""

        x: float

    @dataclass
    class ZoomTurned(Message):
        """The wheel was turned over an x value; a factor above 1 zooms in."""

        x: float
        factor: float

    @dataclass
    class ValuesTurned(Message):
        """The wheel was turned over a y-axis; a factor above 1 zooms in."""

        row: int
        factor: float

    @dataclass
    class ViewDragged(Message):
        """The view was dragged by shares of its width and height; positive is right and down."""

        share: float
        fall: float

    def __init__(self) -> None:
        super().__init__()
        self._ink: ChartInk | None = None
        self._picture: Picture | None = None
        self._picture_inputs: Hashable = None
        self._strips: list[Strip] = []
        self._strip_cache: dict[Row, Strip] = {}
        self._strip_inputs: Hashable = None
        self._grip: Offset | None = None
        self._dragged = False

    @property
    def picture(self) -> Picture:
        """The chart without its cursor, in the size of the widget."""
        inputs = self.bars or replace(self.chart, cursor=None), self.room
        if self._picture is None or inputs != self._picture_inputs:
            self._picture = render_picture(inputs[0], self.room.width, self.room.height)
            self._picture_inputs = inputs
        return self._picture

    @property
    def area(self) -> PlotArea | None:
        """The plot area, or None if nothing is drawn."""
        return self.picture.area

    def draw(self, y: int) -> Strip:
        """Render a line of the picture."""
        inputs = self.bars or self.chart, self.room
        if inputs != self._strip_inputs:
            self._strip_inputs = inputs
            self._draw_all()
        return self._strips[y] if y < len(self._strips) else super().draw(y)

    def _draw_all(self) -> None:
        """Render the lines that have changed."""
        chart, picture = self.chart, self.picture
        shown_picture = (
            picture
            if chart.cursor is None or self.bars
            else overlay_cursor(picture, chart.cursor, chart.x.unit, chart.glyphs)
        )
        previous, self._strip_cache = self._strip_cache, {}
        for row in shown_picture.rows:
            strip = previous.get(row) or self._strip_cache.get(row)
            self._strip_cache[row] = strip or self.ink.strip(row, self.room.width)
        self._strips = [self._strip_cache[row] for row in shown_picture.rows]

    @property
    def ink(self) -> ChartInk:
        """The styles of the chart."""
        if self._ink is None:
            self._ink = ChartInk(self.app.theme_variables, self.rich_style, self.background_colors[1])
        return self._ink

    def watch_chart(self) -> None:
        """Have drawn again what differs."""
        if self.is_mounted:
            self.repaint()

    def watch_bars(self) -> None:
        """Have drawn again what differs."""
        self.watch_chart()

    def on_resize(self, event: events.Resize) -> None:
        """Take the new room."""
        self.forget_room()
        self._strip_cache = {}
        self.refresh()

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self.forget_room()
        self._ink = None
        self._stripped = None
        self._strip_cache = {}

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging the view."""
        if self._contains(event):
            self._grip, self._dragged = event.screen_offset, False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what was taken; else tell what is pointed at."""
        if self._grip is None:
            self._point(event)
        elif self.area is not None and event.screen_offset != self._grip:
            right, down = event.screen_offset - self._grip
            self._grip, self._dragged = event.screen_offset, True
            self.post_message(self.ViewDragged(right / max(1, self.area.width), down / max(1, self.area.height)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let it go; a click that moved nothing puts the cursor."""
        if self._grip is not None and not self._dragged:
            self._point(event)
        self._grip = None
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Bring it nearer."""
        self._turn(event, NOTCH)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Take it farther away."""
        self._turn(event, 1 / NOTCH)

    def _turn(self, event: events.MouseEvent, factor: float) -> None:
        area = self.area
        if area is not None and self._contains(event):
            event.stop()
            self.post_message(self.ZoomTurned(area.x_at(event.x), factor))
        elif area is not None and area.contains(area.left, event.y):
            event.stop()
            self.post_message(self.ValuesTurned(event.y, factor))

    def _point(self, event: events.MouseEvent) -> None:
        if self.area is not None and self._contains(event):
            self.post_message(self.PlacePointed(self.area.x_at(event.x)))

    def _contains(self, event: events.MouseEvent) -> bool:
        return self.area is not None and self.area.contains(event.x, event.y)


def render_picture(chart: Chart | BarChart, width: int, height: int) -> Picture:
    """Return the picture of a chart or of bars in this room."""
    return draw_bars(chart, width, height) if isinstance(chart, BarChart) else draw_chart(chart, width, height)
