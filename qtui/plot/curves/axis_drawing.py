"""Draw axes around the curves, and guides behind them."""

from __future__ import annotations

from qtui.plot.axes.axis import Ruler, Unit
from qtui.plot.canvas import Canvas
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_layout import ChartLayout
from qtui.text import display, width

GUIDE_SPACING_CELLS = 4
"""Cells from one dot of a guide to the next."""

MIN_LABELS = 2
"""Labels of the x-axis that its title does not replace."""


def draw_axes(chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    if layout.left_ruler is not None and layout.left_ruler.marks:
        _draw_left(layout.left_ruler, chart, layout, canvas)
    if layout.right_ruler is not None and layout.right_ruler.marks:
        _draw_right(layout.right_ruler, chart, layout, canvas)
    if layout.x_ruler is not None:
        _draw_below(layout.x_ruler, chart, layout, canvas)


def draw_guides(chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    """Draw a dotted guide at each y-tick, on blank cells only."""
    import numpy

    ruler = layout.left_ruler or layout.right_ruler
    area = layout.area
    if ruler is not None and ruler.marks:
        guides = numpy.zeros((area.height, area.width), numpy.int64)
        guides[[mark.cell for mark in ruler.marks], GUIDE_SPACING_CELLS // 2 :: GUIDE_SPACING_CELLS] = ord(
            chart.glyphs.guide
        )
        canvas.paint_behind(area.top, area.left, guides, "grid")


def _draw_left(ruler: Ruler, chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    """Draw the left axis, its labels aligned to it."""
    area, glyphs = layout.area, chart.glyphs
    canvas.vertical_line(area.top, area.left - 1, area.height, glyphs.vertical, "axis")
    for mark in ruler.marks:
        canvas.write(area.top + mark.cell, area.left - 1 - width(mark.label), mark.label, "tick")
        canvas.write(area.top + mark.cell, area.left - 1, glyphs.left_tick, "axis")
    if layout.has_note_row:
        canvas.write(area.top - 1, 0, ruler.note, "tick")


def _draw_right(ruler: Ruler, chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    """Draw the right axis."""
    area, glyphs = layout.area, chart.glyphs
    end = area.left + area.width
    canvas.vertical_line(area.top, end, area.height, glyphs.vertical, "axis")
    for mark in ruler.marks:
        canvas.write(area.top + mark.cell, end, glyphs.right_tick + mark.label, "axis")
        canvas.write(area.top + mark.cell, end + 1, mark.label, "tick")
    if layout.has_note_row:
        canvas.write(area.top - 1, canvas.width - len(ruler.note), ruler.note, "tick")


def _draw_below(ruler: Ruler, chart: Chart, layout: ChartLayout, canvas: Canvas) -> None:
    """Draw the x-axis with centred labels, and its title at the right end.

    A title that does not fit is left out; that of numbers replaces labels instead, as nothing else tells what they are.
    """
    area, glyphs = layout.area, chart.glyphs
    row = area.top + area.height
    start, end = area.left, area.left + area.width
    canvas.write(row, start, glyphs.horizontal * area.width, "axis")
    if start:
        canvas.write(row, start - 1, glyphs.corner, "axis")
    if end < canvas.width:
        canvas.write(row, end, glyphs.far_corner, "axis")
    last = 0
    full_title = " ".join(part for part in (display(chart.x.title), ruler.note) if part)
    label_end = canvas.width - width(full_title) - 2 if chart.x.unit is Unit.NUMBER and full_title else canvas.width
    for number, mark in enumerate(ruler.marks):
        column = min(max(0, start + mark.cell - width(mark.label) // 2), canvas.width - width(mark.label))
        canvas.write(row, start + mark.cell, glyphs.bottom_tick, "axis")
        if number < MIN_LABELS or column + width(mark.label) <= label_end:
            canvas.write(row + 1, column, mark.label, "tick")
            last = column + width(mark.label)
    title = next(
        (text for text in (full_title, ruler.note or full_title) if last + 2 + width(text) <= canvas.width), ""
    )
    canvas.write(row + 1, canvas.width - width(title), title, "muted")
