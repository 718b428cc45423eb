"""How values of groups spread, as boxes from quarter to quarter with whiskers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.axes import draw_axes
from qtui.plot.axis import PLAIN_AXIS, Axis
from qtui.plot.chart import Chart
from qtui.plot.frame import Frame
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.layout import laid_out
from qtui.plot.limits import extent, join
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import cut, fitted, row_of
from qtui.plot.sheet import Sheet
from qtui.text import display, truncate, width

if TYPE_CHECKING:
    from qtui.plot.arrays import Floats
    from qtui.plot.scale import Scale

REACH = 1.5
"""How many lengths of the box a whisker may have; what lies beyond is drawn alone."""
NAME_SHARE = 3
AXIS_ROWS = 2
TALL = 3
"""Rows of a box where there is room for them."""


@dataclass(frozen=True, eq=False)
class Box:
    """The values of a group."""

    name: str
    values: Floats
    role: str = "run-0"


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes over one axis."""

    boxes: tuple[Box, ...]
    title: str = ""
    x: Axis = PLAIN_AXIS
    glyphs: Glyphs = BRAILLE


class Quarters(NamedTuple):
    """What is drawn of a group: the ends of the whiskers, the box, the middle, and what lies beyond."""

    low: float
    first: float
    middle: float
    third: float
    high: float
    beyond: Floats


def quarters(values: Floats, scale: Scale) -> Quarters | None:
    """The quarters of the values that the scale has a place for, if there are any."""
    import numpy

    known = numpy.isfinite(values) & ((values > 0) | (not scale.positive))
    found = values[known]
    if not len(found):
        return None
    # In halves, because the difference of two huge numbers can be more than a float holds.
    first, middle, third = (2 * numpy.quantile(found / 2, (0.25, 0.5, 0.75))).tolist()
    length = (third / 2 - first / 2) * REACH
    near = (found / 2 >= first / 2 - length) & (found / 2 <= third / 2 + length)
    inside = found[near]
    return Quarters(float(inside.min()), first, middle, third, float(inside.max()), found[~near])


def draw_boxes(chart: Boxes, cells: int, rows: int) -> Picture:
    """The boxes in exactly so many cells and rows; those that find no room are counted."""
    cells, rows = max(0, cells), max(0, rows)
    above = [row_of(cells, Piece(display(chart.title), "title"))] if chart.title and rows > 1 else []
    name = min(max((width(display(box.name)) for box in chart.boxes), default=0), cells // NAME_SHARE)
    sheet = Sheet(cells, rows - len(above))
    frame = _frame(chart, name, sheet)
    if frame is None:
        sheet.write(sheet.height // 2, max(0, (cells - 9) // 2), "no values", "muted")
        return Picture(fitted((*above, *sheet.rows()), cells, rows))
    shown, left = cut(chart.boxes, frame.height)
    tall = TALL if len(shown) * TALL <= frame.height else 1
    for index, box in enumerate(shown):
        sheet.write(index * tall + tall // 2, 0, truncate(display(box.name), name))
        found = quarters(box.values, chart.x.scale)
        if found is not None:
            _draw_box(chart, frame, sheet, found, index * tall, tall, box.role)
    if left:
        sheet.write(len(shown), 0, f"and {left} more", "muted")
    return Picture(fitted((*above, *sheet.rows()), cells, rows), replace(frame, top=frame.top + len(above)))


def _frame(chart: Boxes, name: int, sheet: Sheet) -> Frame | None:
    """The area right of the names, with the axis below it drawn."""
    data = join(extent(box.values, chart.x.scale) for box in chart.boxes)
    if data is None or sheet.width - name - 1 < 2 or sheet.height < 1:
        return None
    whole = Chart(x=chart.x, glyphs=chart.glyphs, grid=False)
    layout = laid_out(whole, chart.x.around(data), None, None, sheet.width - name - 1, sheet.height)
    moved = replace(layout, frame=replace(layout.frame, left=name + 1))
    draw_axes(whole, moved, sheet)
    return moved.frame


def _draw_box(chart: Boxes, frame: Frame, sheet: Sheet, found: Quarters, row: int, tall: int, role: str) -> None:
    """Draw whiskers, box and middle around the middle row of the box."""
    import numpy

    glyphs, line = chart.glyphs, row + tall // 2
    ends = numpy.array([found.low, found.first, found.middle, found.third, found.high, *found.beyond])
    columns = frame.cells_of(ends, ends)[0]
    low, first, middle, third, high, *beyond = (
        numpy.clip(numpy.rint(numpy.nan_to_num(columns)), frame.left, frame.left + frame.width - 1).astype(int).tolist()
    )
    for each in beyond:
        sheet.write(line, each, glyphs.point, role)
    sheet.write(line, low, glyphs.horizontal * (high - low + 1), role)
    sheet.write(line, low, glyphs.right_tick, role)
    sheet.write(line, high, glyphs.left_tick, role)
    for each in range(row, row + tall):
        sheet.write(each, first, glyphs.box * (third - first + 1), role)
        sheet.write(each, middle, glyphs.middle, "strong")
