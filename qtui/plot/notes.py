"""Draws what points things out on curves: marks, extremes, the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.figures import number
from qtui.plot.chart import Chart
from qtui.plot.frame import Frame
from qtui.plot.glyphs import MARKS
from qtui.plot.sheet import Sheet

if TYPE_CHECKING:
    from qtui.plot.arrays import Ints
    from qtui.plot.series import Curve
    from qtui.plot.thin import Stretches

MARKS_APART = 12
"""Cells between two marks on a curve."""
MARKS_SHIFT = 5
"""Cells that the marks of a curve stand beside those of the curve before."""

NEAR = 4
"""A text may stand so many cells from what it belongs to."""


def mark_of(chart: Chart, index: int) -> str:
    """What marks a curve: its own mark, or where there are no colours one for its place; else nothing does."""
    return chart.curves[index].mark or (MARKS[index % len(MARKS)] if chart.marked else "")


def with_marks(codes: Ints, mark: str, index: int, *, sparse: bool) -> Ints:
    """The characters of a curve with its mark in place of all of them, or of one now and then."""
    import numpy

    there = codes > 0
    if sparse:
        # Of the characters in a column, the mark takes the place of the middle one.
        rank = there.cumsum(axis=0)
        there &= rank == (there.sum(axis=0) + 1) // 2
        there &= (numpy.arange(codes.shape[1]) + index * MARKS_SHIFT) % MARKS_APART == 0
    return numpy.where(there, ord(mark), codes)


def draw_extremes(chart: Chart, frame: Frame, sheet: Sheet, curve: Curve, stretches: Stretches | None) -> None:
    """Mark the least and the greatest value that is seen of a curve, with the value where there is room."""
    import numpy

    if stretches is None:
        return
    inside = (stretches.column >= 0) & (stretches.column < frame.width * frame.across)
    if not inside.any():
        return
    columns = stretches.column[inside] // frame.across + frame.left
    for values, pick, sign, outward in (
        (stretches.low[inside], numpy.argmin, chart.glyphs.low, 1),
        (stretches.high[inside], numpy.argmax, chart.glyphs.high, -1),
    ):
        found = int(pick(values))
        row, column = frame.row_of(float(values[found]), right=curve.right), int(columns[found])
        if row is not None:
            sheet.write(row, column, sign, curve.role)
            _write_near(sheet, frame, row, column, number(float(values[found])), curve.role, outward)


def _write_near(sheet: Sheet, frame: Frame, row: int, column: int, text: str, role: str, outward: int) -> None:
    """Write a text near a cell where it hides nothing; `outward` is the row away from the curve."""
    beside = [(row, side) for shift in range(NEAR) for side in (column + 1 + shift, column - len(text) - shift)]
    centred = column - len(text) // 2
    for line, start in (*beside, (row + outward, centred), (row - outward, centred)):
        fits = frame.holds(start, line) and frame.holds(start + len(text) - 1, line)
        if fits and sheet.free(line, start, len(text)):
            sheet.write(line, start, text, role)
            return


def place_label(text: str, column: int, blanks: Sequence[bool]) -> tuple[int, str]:
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
