"""Draw a chart in exactly the requested number of rows and cells, whatever its data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qtui.formatting import format_count
from qtui.plot.axes.limits import AxisLimits, clip_limits, drawable_limits, union_limits, values_in_window, x_limits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.canvas import Canvas, dot_characters
from qtui.plot.curves.annotations import apply_marks, curve_mark, draw_min_max
from qtui.plot.curves.axis_drawing import draw_axes, draw_guides
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_layout import ChartLayout, layout_chart
from qtui.plot.curves.cursor_overlay import overlay_cursor
from qtui.plot.curves.downsampling import Segments, downsample
from qtui.plot.curves.header import header_rows
from qtui.plot.curves.raster import fill_between, rasterize
from qtui.plot.picture import Picture

if TYPE_CHECKING:
    from qtui.plot.curves.band import Band
    from qtui.plot.series import Curve

DASH_CELLS = 3
"""The cells from one gap of a dashed line to the next."""
DOT_COLUMNS_PER_ISOLATED_POINT = 8
DOTS_PER_SCATTER_POINT = 40
"""The space for an enlarged point: columns on a line, dots in a scatter plot."""


def draw_chart(chart: Chart, width: int, height: int) -> Picture:
    """Draw the chart in this many cells and rows."""
    above = header_rows(chart, max(0, width), max(0, height))
    canvas = Canvas(max(0, width), max(0, height) - len(above))
    layout = layout_for(chart, canvas.width, canvas.height)
    if layout is None:
        _write_centred(canvas, _why_empty(chart))
        return Picture((*above, *canvas.rows()))
    _draw_body(chart, layout, canvas)
    picture = Picture((*above, *canvas.rows()), replace(layout.area, top=layout.area.top + len(above)))
    return picture if chart.cursor is None else overlay_cursor(picture, chart.cursor, chart.x.unit, chart.glyphs)


def layout_for(chart: Chart, width: int, height: int) -> ChartLayout | None:
    """Return the layout below the header; None without data or room."""
    window = x_limits(chart.axis_curves, chart.x.scale)
    if window is None or width < 2 or height < 1:
        return None
    window = chart.x.limits_for(window)
    left, right = (value_limits(chart, window, right=side) for side in (False, True))
    if left is None and right is None:
        return None
    return layout_chart(chart, window, left, right, width, height)


def value_limits(chart: Chart, window: AxisLimits, *, right: bool) -> AxisLimits | None:
    """Return the y-limits of the curves on one axis: in the window, or overall if none has a point in it."""
    scale = chart.y_right.scale if right else chart.y.scale
    curves = [curve for curve in chart.axis_curves if curve.is_right is right]
    columns = [values_in_window(curve, window) for curve in curves]
    limits = (
        clip_limits(columns, scale)
        if chart.clip_outliers
        else union_limits(drawable_limits(column, scale) for column in columns)
    )
    return limits or union_limits(drawable_limits(curve.y, scale) for curve in curves)


def _draw_body(chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    """Draw from back to front, then the guides on blank cells."""
    area = layout.area
    draw_axes(chart, layout, canvas)
    for band in chart.bands:
        _draw_band(chart, area, canvas, band)
    for curve in chart.curves_with_raw[: -len(chart.curves) or None]:
        _draw_curve(chart, area, canvas, curve)
    segments_by_curve = [_draw_curve(chart, area, canvas, curve, index) for index, curve in enumerate(chart.curves)]
    if chart.mark_extremes:
        for curve, segments in zip(chart.curves, segments_by_curve, strict=True):
            draw_min_max(chart, area, canvas, curve, segments)
    if chart.grid:
        draw_guides(chart, layout, canvas)


def _draw_curve(
    chart: Chart, area: PlotArea, canvas: Canvas, curve: Curve, index: int | None = None
) -> Segments | None:
    """Draw a curve and return its segments; `index` is its position in the legend, None for a raw curve."""
    limits, y = area.side(curve.is_right)
    if limits is None:
        return None
    across, down = area.width * area.dots_across, area.height * area.dots_down
    segments = downsample(curve, area.x, across, area.x_scale, y)
    codes = dot_characters(
        rasterize(segments, limits, y, across, down, _max_isolated(chart, curve, across, down)), chart.glyphs
    )
    if curve.is_dashed:
        codes[:, DASH_CELLS - 1 :: DASH_CELLS] = 0
    mark = "" if index is None else curve_mark(chart, index)
    if mark and index is not None:
        codes = apply_marks(codes, mark, index, sparse=chart.glyphs.dots_across > 1 and curve.is_connected)
    canvas.paint(area.top, area.left, codes, curve.role, merged=chart.use_marks)
    return segments


def _max_isolated(chart: Chart, curve: Curve, across: int, down: int) -> int:
    """Return how many isolated points can be enlarged before they cover each other."""
    if chart.glyphs.dots_across == 1:
        return 0
    return across // DOT_COLUMNS_PER_ISOLATED_POINT if curve.is_connected else across * down // DOTS_PER_SCATTER_POINT


def _draw_band(chart: Chart, area: PlotArea, canvas: Canvas, band: Band) -> None:
    """Draw a band as a light pattern."""
    limits, y = area.side(band.low.is_right)
    if limits is None:
        return
    across, down = area.width * area.dots_across, area.height * area.dots_down
    ends = []
    for end in (band.low, band.high):
        # Clipped to the canvas, so that a band that extends beyond it is filled to the edge.
        inside = replace(end, y=end.y.clip(*limits))
        ends.append(rasterize(downsample(inside, area.x, across, area.x_scale, y), limits, y, across, down))
    canvas.paint(area.top, area.left, dot_characters(fill_between(*ends), chart.glyphs), band.role)


def _why_empty(chart: Chart) -> str:
    """Return the reason why nothing is drawn."""
    points = sum(len(curve) for curve in chart.curves)
    if not points:
        return "no points"
    if chart.x.scale.positive_only or chart.y.scale.positive_only:
        return "nothing above zero"
    return f"no finite value in {format_count(points, 'point')}"


def _write_centred(canvas: Canvas, text: str) -> None:
    """Write one line into the middle of the canvas."""
    canvas.write(canvas.height // 2, max(0, (canvas.width - len(text)) // 2), text, "muted")
