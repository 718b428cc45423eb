"""Draws a chart: exactly as many rows and cells as are asked for, whatever the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qtui.figures import count
from qtui.plot.axes import draw_axes
from qtui.plot.chart import Chart
from qtui.plot.frame import Frame
from qtui.plot.head import head, mark
from qtui.plot.layout import laid_out
from qtui.plot.limits import Limits, clipped, extent, join, of_places, seen
from qtui.plot.picture import Picture
from qtui.plot.raster import dots
from qtui.plot.sheet import Sheet, characters
from qtui.plot.thin import thinned

if TYPE_CHECKING:
    from qtui.plot.arrays import Ints
    from qtui.plot.series import Curve

MARKS_APART = 12
"""Cells between two marks on a curve."""


def draw(chart: Chart, width: int, height: int) -> Picture:
    """The chart in exactly so many cells and rows."""
    above = head(chart, max(0, width), max(0, height))
    sheet = Sheet(max(0, width), max(0, height) - len(above))
    frame = _body(chart, sheet) if sheet.width > 1 and sheet.height else None
    if frame is not None:
        frame = replace(frame, top=frame.top + len(above))
    return Picture((*above, *sheet.rows()), frame)


def _body(chart: Chart, sheet: Sheet) -> Frame | None:
    """Draw what is below the head; there is no frame where nothing can be drawn."""
    window = of_places(chart.drawn, chart.x.scale)
    if window is None:
        _say(sheet, _why_empty(chart))
        return None
    window = chart.x.around(window)
    left, right = (_covered(chart, window, right=side) for side in (False, True))
    if left is None and right is None:
        _say(sheet, _why_empty(chart))
        return None
    layout = laid_out(chart, window, left, right, sheet.width, sheet.height)
    draw_axes(chart, layout, sheet)
    for index, curve in enumerate(chart.drawn):
        _draw_curve(chart, layout.frame, sheet, curve, index - len(chart.drawn) + len(chart.curves))
    return layout.frame


def _covered(chart: Chart, window: Limits, *, right: bool) -> Limits | None:
    """What the curves of one side cover within the window, or as a whole where none has a point in it."""
    scale = chart.right.scale if right else chart.y.scale
    curves = [curve for curve in chart.drawn if curve.right is right]
    columns = [seen(curve, window) for curve in curves]
    found = clipped(columns, scale) if chart.clip else join(extent(column, scale) for column in columns)
    return found or join(extent(curve.y, scale) for curve in curves)


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


def _draw_curve(chart: Chart, frame: Frame, sheet: Sheet, curve: Curve, index: int) -> None:
    """Draw a curve; `index` is its place in the legend, below zero for what lies beneath another."""
    limits, y = (frame.right, chart.right.scale) if curve.right else (frame.y, chart.y.scale)
    if limits is None:
        return
    across, down = frame.width * frame.across, frame.height * frame.down
    stretches = thinned(curve, frame.x, across, chart.x.scale, y)
    codes = characters(dots(stretches, limits, y, across, down), chart.glyphs)
    if chart.marked and index >= 0:
        codes = _marked(codes, index, every=1 if chart.glyphs.across == 1 else MARKS_APART)
    sheet.stamp(frame.top, frame.left, codes, curve.role)


def _marked(codes: Ints, index: int, every: int) -> Ints:
    """The characters of a curve with its mark in place of some of them."""
    import numpy

    there = codes > 0
    columns = (numpy.arange(codes.shape[1]) + index * 5) % every == 0
    # Of the characters in a column, the mark takes the place of the middle one.
    rank = there.cumsum(axis=0)
    middle = there & (rank == (there.sum(axis=0) + 1) // 2) if every > 1 else there
    return numpy.where(middle & columns, ord(mark(index)), codes)
