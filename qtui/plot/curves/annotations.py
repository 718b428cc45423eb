"""Draw marks and extremes on curves, and place the label of the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.formatting import format_number
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.canvas import Canvas
from qtui.plot.curves.chart import Chart
from qtui.plot.glyphs import CURVE_MARKS

if TYPE_CHECKING:
    from qtui.plot.array_types import Ints
    from qtui.plot.curves.downsampling import Segments
    from qtui.plot.series import Curve

MARK_SPACING_CELLS = 12
"""Cells from one mark on a curve to the next."""
MARK_SHIFT_CELLS = 5
"""Cells by which the marks of a curve are shifted from those of the curve before."""

MAX_LABEL_DISTANCE_CELLS = 4
"""The maximum number of cells between a label and its point."""


def curve_mark(chart: Chart, index: int) -> str:
    """Return the mark of a curve: its own, or without colours one for its position; empty for none."""
    return chart.curves[index].mark or (CURVE_MARKS[index % len(CURVE_MARKS)] if chart.use_marks else "")


def apply_marks(codes: Ints, mark: str, index: int, *, sparse: bool) -> Ints:
    """Return the characters of a curve with its mark instead of all of them or, if `sparse`, of some."""
    import numpy

    is_drawn = codes > 0
    if sparse:
        # Only the middle one of the characters in a column is replaced.
        rank = is_drawn.cumsum(axis=0)
        is_drawn &= rank == (is_drawn.sum(axis=0) + 1) // 2
        is_drawn &= (numpy.arange(codes.shape[1]) + index * MARK_SHIFT_CELLS) % MARK_SPACING_CELLS == 0
    return numpy.where(is_drawn, ord(mark), codes)


def draw_min_max(chart: Chart, area: PlotArea, canvas: Canvas, curve: Curve, segments: Segments | None) -> None:
    """Mark the visible minimum and maximum of a curve, with their values where they have room."""
    import numpy

    if segments is None:
        return
    inside = (segments.column >= 0) & (segments.column < area.width * area.dots_across)
    if not inside.any():
        return
    columns = segments.column[inside] // area.dots_across + area.left
    for values, pick, sign, outward in (
        (segments.low[inside], numpy.argmin, chart.glyphs.low, 1),
        (segments.high[inside], numpy.argmax, chart.glyphs.high, -1),
    ):
        index = int(pick(values))
        row, column = area.row_of(float(values[index]), right=curve.is_right), int(columns[index])
        if row is not None:
            canvas.write(row, column, sign, curve.role)
            _write_beside(canvas, area, row, column, format_number(float(values[index])), curve.role, outward)


def _write_beside(canvas: Canvas, area: PlotArea, row: int, column: int, text: str, role: str, outward: int) -> None:
    """Write a text near a cell where it covers nothing; `outward` is the direction away from the curve."""
    beside = [
        (row, side)
        for shift in range(MAX_LABEL_DISTANCE_CELLS)
        for side in (column + 1 + shift, column - len(text) - shift)
    ]
    centred = column - len(text) // 2
    for line, start in (*beside, (row + outward, centred), (row - outward, centred)):
        fits = area.contains(start, line) and area.contains(start + len(text) - 1, line)
        if fits and canvas.is_blank(line, start, len(text)):
            canvas.write(line, start, text, role)
            return


def fit_cursor_label(text: str, column: int, blanks: Sequence[bool]) -> tuple[int, str]:
    """Return the start of the cursor's label and the text that fits; a word of the axis that it would cut is blanked.

    `blanks` tells which cells of the axis are blank.
    """
    cells = len(blanks)
    padded = f" {text} "
    start = min(max(0, column - len(padded) // 2), max(0, cells - len(padded)))
    left, end = start, min(start + len(padded), cells)
    right = end
    while left > 0 and left < cells and not blanks[left] and not blanks[left - 1]:
        left -= 1
    while 0 < right < cells and not blanks[right - 1] and not blanks[right]:
        right += 1
    return left, (" " * (start - left) + padded + " " * (right - end))[: cells - left]
