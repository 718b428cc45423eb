"""Draws a chart: exactly as many rows and cells as are asked for, whatever the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qtui.figures import count
from qtui.plot.axes import draw_axes, draw_guides
from qtui.plot.chart import Chart
from qtui.plot.frame import Frame
from qtui.plot.head import head
from qtui.plot.layout import Layout, laid_out
from qtui.plot.limits import Limits, clipped, extent, join, of_places, seen
from qtui.plot.notes import draw_extremes, mark_of, with_marks
from qtui.plot.overlay import with_cursor
from qtui.plot.picture import Picture
from qtui.plot.raster import between, dots
from qtui.plot.sheet import Sheet, characters
from qtui.plot.thin import Stretches, thinned

if TYPE_CHECKING:
    from qtui.plot.band import Band
    from qtui.plot.series import Curve

COLUMNS_PER_POINT = 8
DOTS_PER_POINT = 40
"""How much room an enlarged point needs: on a curve, and in a cloud."""


def draw(chart: Chart, width: int, height: int) -> Picture:
    """The chart in exactly so many cells and rows."""
    above = head(chart, max(0, width), max(0, height))
    sheet = Sheet(max(0, width), max(0, height) - len(above))
    layout = layout_of(chart, sheet.width, sheet.height)
    if layout is None:
        _say(sheet, _why_empty(chart))
        return Picture((*above, *sheet.rows()))
    _draw_body(chart, layout, sheet)
    picture = Picture((*above, *sheet.rows()), replace(layout.frame, top=layout.frame.top + len(above)))
    return picture if chart.cursor is None else with_cursor(picture, chart.cursor, chart.x.unit, chart.glyphs)


def layout_of(chart: Chart, width: int, height: int) -> Layout | None:
    """Where everything goes below the head; none where there is nothing to draw or no room for it."""
    window = of_places(chart.shown, chart.x.scale)
    if window is None or width < 2 or height < 1:
        return None
    window = chart.x.around(window)
    left, right = (covered(chart, window, right=side) for side in (False, True))
    if left is None and right is None:
        return None
    return laid_out(chart, window, left, right, width, height)


def covered(chart: Chart, window: Limits, *, right: bool) -> Limits | None:
    """What the curves of one side cover within the window, or as a whole where none has a point in it."""
    scale = chart.right.scale if right else chart.y.scale
    curves = [curve for curve in chart.shown if curve.right is right]
    columns = [seen(curve, window) for curve in curves]
    found = clipped(columns, scale) if chart.clip else join(extent(column, scale) for column in columns)
    return found or join(extent(curve.y, scale) for curve in curves)


def _draw_body(chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw from back to front, and then what fills the cells that were left blank."""
    frame = layout.frame
    draw_axes(chart, layout, sheet)
    for band in chart.bands:
        _draw_band(chart, frame, sheet, band)
    for curve in chart.drawn[: -len(chart.curves) or None]:
        _draw_curve(chart, frame, sheet, curve)
    stretches = [_draw_curve(chart, frame, sheet, curve, index) for index, curve in enumerate(chart.curves)]
    if chart.extremes:
        for curve, found in zip(chart.curves, stretches, strict=True):
            draw_extremes(chart, frame, sheet, curve, found)
    if chart.grid:
        draw_guides(chart, layout, sheet)


def _draw_curve(chart: Chart, frame: Frame, sheet: Sheet, curve: Curve, index: int | None = None) -> Stretches | None:
    """Draw a curve; `index` is its place in the legend, if it has any."""
    limits, y = frame.side(curve.right)
    if limits is None:
        return None
    across, down = frame.width * frame.across, frame.height * frame.down
    stretches = thinned(curve, frame.x, across, frame.x_scale, y)
    codes = characters(dots(stretches, limits, y, across, down, _lone(chart, curve, across, down)), chart.glyphs)
    mark = "" if index is None else mark_of(chart, index)
    if mark and index is not None:
        codes = with_marks(codes, mark, index, sparse=chart.glyphs.across > 1 and curve.lined)
    sheet.stamp(frame.top, frame.left, codes, curve.role, merged=chart.marked)
    return stretches


def _lone(chart: Chart, curve: Curve, across: int, down: int) -> int:
    """How many points without a line may be enlarged before they hide each other."""
    if chart.glyphs.across == 1:
        return 0
    return across // COLUMNS_PER_POINT if curve.lined else across * down // DOTS_PER_POINT


def _draw_band(chart: Chart, frame: Frame, sheet: Sheet, band: Band) -> None:
    """Draw a band as a light pattern."""
    limits, y = frame.side(band.low.right)
    if limits is None:
        return
    across, down = frame.width * frame.across, frame.height * frame.down
    ends = []
    for end in (band.low, band.high):
        # The ends are kept on the canvas, so that a band beyond it still reaches its edge.
        inside = replace(end, y=end.y.clip(*limits))
        ends.append(dots(thinned(inside, frame.x, across, frame.x_scale, y), limits, y, across, down))
    sheet.stamp(frame.top, frame.left, characters(between(*ends), chart.glyphs), band.role)


def _why_empty(chart: Chart) -> str:
    """Why there is nothing to draw."""
    points = sum(len(curve) for curve in chart.curves)
    if not points:
        return "no points"
    if chart.x.scale.positive or chart.y.scale.positive:
        return "nothing above zero"
    return f"no finite value in {count(points, 'point')}"


def _say(sheet: Sheet, text: str) -> None:
    """Write one line into the middle."""
    sheet.write(sheet.height // 2, max(0, (sheet.width - len(text)) // 2), text, "muted")
