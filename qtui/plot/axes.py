"""Draws the axes around the curves, and the guides behind them."""

from __future__ import annotations

from qtui.plot.axis import Ruler
from qtui.plot.chart import Chart
from qtui.plot.layout import Layout
from qtui.plot.sheet import Sheet
from qtui.text import display, width

GUIDES_APART = 4
"""Cells between two dots of a guide."""


def draw_axes(chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw what stands around the curves."""
    if layout.left is not None and layout.left.marks:
        _draw_left(layout.left, chart, layout, sheet)
    if layout.right is not None and layout.right.marks:
        _draw_right(layout.right, chart, layout, sheet)
    if layout.below is not None:
        _draw_below(layout.below, chart, layout, sheet)


def draw_guides(chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw dots at the height of the ticks wherever nothing else is."""
    import numpy

    ruler = layout.left or layout.right
    frame = layout.frame
    if ruler is not None and ruler.marks:
        guides = numpy.zeros((frame.height, frame.width), numpy.int64)
        guides[[mark.cell for mark in ruler.marks], GUIDES_APART // 2 :: GUIDES_APART] = ord(chart.glyphs.guide)
        sheet.stamp_behind(frame.top, frame.left, guides, "grid")


def _draw_left(ruler: Ruler, chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw the axis on the left, its labels flush with it."""
    frame, glyphs = layout.frame, chart.glyphs
    sheet.rule(frame.top, frame.left - 1, frame.height, glyphs.vertical, "axis")
    for mark in ruler.marks:
        sheet.write(frame.top + mark.cell, frame.left - 1 - width(mark.label), mark.label, "tick")
        sheet.write(frame.top + mark.cell, frame.left - 1, glyphs.left_tick, "axis")
    if layout.notes:
        sheet.write(frame.top - 1, 0, ruler.note, "tick")


def _draw_right(ruler: Ruler, chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw the axis on the right."""
    frame, glyphs = layout.frame, chart.glyphs
    end = frame.left + frame.width
    sheet.rule(frame.top, end, frame.height, glyphs.vertical, "axis")
    for mark in ruler.marks:
        sheet.write(frame.top + mark.cell, end, glyphs.right_tick + mark.label, "axis")
        sheet.write(frame.top + mark.cell, end + 1, mark.label, "tick")
    if layout.notes:
        sheet.write(frame.top - 1, sheet.width - len(ruler.note), ruler.note, "tick")


def _draw_below(ruler: Ruler, chart: Chart, layout: Layout, sheet: Sheet) -> None:
    """Draw the axis below, its labels centred under their ticks, and at its end what it is."""
    frame, glyphs = layout.frame, chart.glyphs
    row = frame.top + frame.height
    start, end = frame.left, frame.left + frame.width
    sheet.write(row, start, glyphs.horizontal * frame.width, "axis")
    if start:
        sheet.write(row, start - 1, glyphs.corner, "axis")
    if end < sheet.width:
        sheet.write(row, end, glyphs.far_corner, "axis")
    last = 0
    for mark in ruler.marks:
        column = min(max(0, start + mark.cell - width(mark.label) // 2), sheet.width - width(mark.label))
        sheet.write(row, start + mark.cell, glyphs.bottom_tick, "axis")
        sheet.write(row + 1, column, mark.label, "tick")
        last = column + width(mark.label)
    whole = " ".join(part for part in (display(chart.x.title), ruler.note) if part)
    title = next((each for each in (whole, ruler.note or whole) if last + 2 + width(each) <= sheet.width), "")
    sheet.write(row + 1, sheet.width - width(title), title, "muted")
