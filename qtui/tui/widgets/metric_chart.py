"""A widget that draws a chart or bars, and reports mouse actions on it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.charts.bar_chart import BarChart, draw_bars
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.cursor_overlay import overlay_cursor
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.picture import Picture
from qtui.plot.pieces import Row
from qtui.tui.widgets.row_painter import RowPainter, refresh_changed_lines
from qtui.value_classes import dataclass

WHEEL_ZOOM_FACTOR = 1.25
"""The zoom factor of one notch of the mouse wheel."""


class MetricChart(Widget):
    """Shows a chart in its whole size; the cursor is drawn over a cached picture."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    MetricChart { height: 1fr; width: 1fr; background: transparent; }
    """

    chart: var[Chart] = var(Chart(), init=False)
    """The chart to render."""

    bars: var[BarChart | None] = var(None, init=False)
    """Bars that are shown instead of the chart."""

    @dataclass
    class Hovered(Message):
        """The mouse is over an x value, or has clicked on it."""

        x: float

    @dataclass
    class XAxisZoomed(Message):
        """The wheel was turned over the plot area at an x value; a factor above 1 zooms in."""

        x: float
        factor: float

    @dataclass
    class YAxisZoomed(Message):
        """The wheel was turned over a y-axis; a factor above 1 zooms in."""

        row: int
        factor: float

    @dataclass
    class Dragged(Message):
        """The plot area was dragged by shares of its width and height; positive is right and down."""

        x_share: float
        y_share: float

    def __init__(self) -> None:
        super().__init__()
        self._painter: RowPainter | None = None
        self._cached_size: Size | None = None
        self._rendered: dict[int, Strip] = {}
        self._picture: Picture | None = None
        self._picture_inputs: Hashable = None
        self._strips: list[Strip] = []
        self._strip_cache: dict[Row, Strip] = {}
        self._strip_inputs: Hashable = None
        self._drag_origin: Offset | None = None
        self._dragged = False

    @property
    def cached_size(self) -> Size:
        """The content size, read once per resize: reading it searches the widgets of the screen."""
        if self._cached_size is None:
            self._cached_size = self.content_size
        return self._cached_size

    @property
    def picture(self) -> Picture:
        """The chart without its cursor, in the size of the widget."""
        inputs = self.bars or replace(self.chart, cursor=None), self.cached_size
        if self._picture is None or inputs != self._picture_inputs:
            self._picture = render_picture(inputs[0], self.cached_size.width, self.cached_size.height)
            self._picture_inputs = inputs
        return self._picture

    @property
    def area(self) -> PlotArea | None:
        """The plot area, or None if nothing is drawn."""
        return self.picture.area

    def render_line(self, y: int) -> Strip:
        """Render a line of the picture."""
        strip = self._rendered[y] = self._render_now(y)
        return strip

    def _render_now(self, y: int) -> Strip:
        inputs = self.bars or self.chart, self.cached_size
        if inputs != self._strip_inputs:
            self._strip_inputs = inputs
            self._draw_all()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.cached_size.width, self.rich_style)

    def _draw_all(self) -> None:
        """Render the lines that have changed."""
        chart, picture = self.chart, self.picture
        shown_picture = (
            picture
            if chart.cursor is None or self.bars
            else overlay_cursor(picture, chart.cursor, chart.x.unit, chart.glyphs)
        )
        self._painter = self._painter or RowPainter.of(self)
        previous, self._strip_cache = self._strip_cache, {}
        for row in shown_picture.rows:
            strip = previous.get(row) or self._strip_cache.get(row)
            self._strip_cache[row] = strip or self._painter.paint(row, self.cached_size.width)
        self._strips = [self._strip_cache[row] for row in shown_picture.rows]

    def watch_chart(self) -> None:
        """Refresh the lines that have changed."""
        if self.is_mounted:
            size = self.cached_size
            refresh_changed_lines(self, self._rendered, self._render_now, size.width, range(size.height))

    def watch_bars(self) -> None:
        """Refresh the lines that have changed."""
        self.watch_chart()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._cached_size = None
        self._strip_cache = {}
        self.refresh()

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._cached_size = None
        self._painter = None
        self._strip_inputs = None
        self._strip_cache = {}

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging the plot area."""
        if self._contains(event):
            self._drag_origin, self._dragged = event.screen_offset, False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the plot area; without a pressed button, post the x value under the pointer."""
        if self._drag_origin is None:
            self._post_hovered(event)
        elif self.area is not None and event.screen_offset != self._drag_origin:
            right, down = event.screen_offset - self._drag_origin
            self._drag_origin, self._dragged = event.screen_offset, True
            self.post_message(self.Dragged(right / max(1, self.area.width), down / max(1, self.area.height)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End dragging; a click without dragging posts the x value under the pointer."""
        if self._drag_origin is not None and not self._dragged:
            self._post_hovered(event)
        self._drag_origin = None
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in."""
        self._zoom(event, WHEEL_ZOOM_FACTOR)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        self._zoom(event, 1 / WHEEL_ZOOM_FACTOR)

    def _zoom(self, event: events.MouseEvent, factor: float) -> None:
        area = self.area
        if area is not None and self._contains(event):
            event.stop()
            self.post_message(self.XAxisZoomed(area.x_at(event.x), factor))
        elif area is not None and area.contains(area.left, event.y):
            event.stop()
            self.post_message(self.YAxisZoomed(event.y, factor))

    def _post_hovered(self, event: events.MouseEvent) -> None:
        if self.area is not None and self._contains(event):
            self.post_message(self.Hovered(self.area.x_at(event.x)))

    def _contains(self, event: events.MouseEvent) -> bool:
        return self.area is not None and self.area.contains(event.x, event.y)


def render_picture(chart: Chart | BarChart, width: int, height: int) -> Picture:
    """Return the picture of a chart or of bars in this size."""
    return draw_bars(chart, width, height) if isinstance(chart, BarChart) else draw_chart(chart, width, height)
