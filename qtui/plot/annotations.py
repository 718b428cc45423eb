"""Draws what points things out on curves: marks, extremes, the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.figures import number
from qtui.plot.canvas import Canvas
from qtui.plot.chart import Chart
from qtui.plot.glyphs import CURVE_MARKS
from qtui.plot.plot_area import PlotArea

if TYPE_CHECKING:
    from qtui.plot.array_types import Ints
    from qtui.plot.downsampling import Segments
    from qtui.plot.series import Curve

MARK_SPACING_CELLS = 12
"""Cells between two marks on a curve."""
MARK_SHIFT_CELLS = 5
"""Cells that the marks of a curve stand beside those of the curve before."""

MAX_LABEL_DISTANCE_CELLS = 4
"""A text may stand so many cells from what it belongs to."""


def curve_mark(chart: Chart, index: int) -> str:
    """What marks a curve: its own mark, or where there are no colours one for its place; else nothing does."""
    return chart.curves[index].mark or (CURVE_MARKS[index % len(CURVE_MARKS)] if chart.use_marks else "")


def apply_marks(codes: Ints, mark: str, index: int, *, sparse: bool) -> Ints:
    """The characters of a curve with its mark in place of all of them, or of one now and then."""
    import numpy

    there = codes > 0
    if sparse:
        # Of the characters in a column, the mark takes the place of the middle one.
        rank = there.cumsum(axis=0)
        there &= rank == (there.sum(axis=0) + 1) // 2
        there &= (numpy.arange(codes.shape[1]) + index * MARK_SHIFT_CELLS) % MARK_SPACING_CELLS == 0
    return numpy.where(there, ord(mark), codes)


def draw_extremes(chart: Chart, area: PlotArea, canvas: Canvas, curve: Curve, segments: Segments | None) -> None:
    """Mark the least and the greatest value that is seen of a curve, with the value where there is room."""
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
        found = int(pick(values))
        row, column = area.row_of(float(values[found]), right=curve.right), int(columns[found])
        if row is not None:
            canvas.write(row, column, sign, curve.role)
            _write_beside(canvas, area, row, column, number(float(values[found])), curve.role, outward)


def _write_beside(canvas: Canvas, area: PlotArea, row: int, column: int, text: str, role: str, outward: int) -> None:
    """Write a text near a cell where it hides nothing; `outward` is the row away from the curve."""
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
    """Where the label of a cursor begins below the axis, and what of it fits, with blanks over words that it cuts."""
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
