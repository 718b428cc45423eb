"""What stands above a chart: its title, and which curve is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qtui.figures import number
from qtui.plot.chart import Chart
from qtui.plot.notes import mark_of
from qtui.plot.pieces import Piece, Row
from qtui.plot.reading import read
from qtui.plot.rows import row_of
from qtui.text import display, pad, truncate, width

if TYPE_CHECKING:
    from qtui.plot.series import Curve

GAP = "   "
SHARE = 3
"""The head takes at most one in so many rows."""


def head(chart: Chart, cells: int, height: int) -> tuple[Row, ...]:
    """The rows above the curves, each as wide as the picture."""
    rows: list[Row] = []
    if chart.title:
        rows.append((Piece(truncate(display(chart.title), cells), "title"),))
    if chart.legend:
        rows += legend(chart, cells, max(1, height // SHARE - len(rows)))
    return tuple(row_of(cells, *row) for row in rows[: height // SHARE])


def legend(chart: Chart, cells: int, most: int) -> list[Row]:
    """The curves with their last values, in at most so many rows; what finds no room is counted."""
    rows: list[list[Piece]] = []
    room = 0
    for shown, entry in enumerate(_entries(chart, cells)):
        length = sum(width(piece.text) for piece in entry)
        if length + len(GAP) > room:
            if len(rows) == most:
                return _counted(rows, len(chart.curves) - shown, cells)
            rows.append(list(entry))
            room = cells - length
        else:
            rows[-1] += [Piece(GAP), *entry]
            room -= length + len(GAP)
    return [tuple(row) for row in rows]


def _entries(chart: Chart, cells: int) -> Iterator[Sequence[Piece]]:
    """A sample of each curve, its name, a value and what else is to be known; a name is cut last."""
    for index, curve in enumerate(chart.curves):
        sample = f"{mark_of(chart, index) or chart.glyphs.line} "
        value = f" {_last(curve) if chart.cursor is None else _read(curve, chart.cursor)}".rstrip()
        note, name = _note(curve), display(curve.name)
        if width(name) + len(sample + value + note) > cells:
            note, name = "", truncate(name, max(1, cells - len(sample + value)))
        yield Piece(sample, curve.role), Piece(name), Piece(value + note, "muted")


def _last(curve: Curve) -> str:
    """The last value of a curve that was logged."""
    last = None if curve.source is None else curve.source.last
    return "" if last is None else number(last)


def _note(curve: Curve) -> str:
    """On which side the axis of a curve is, and how many values are gaps."""
    gaps = 0 if curve.source is None else curve.source.non_finite
    return (" (right)" if curve.right else "") + (f" ({gaps:,} not finite)" if gaps else "")


def _read(curve: Curve, x: float) -> str:
    """What the curve says under the cursor."""
    found = read(curve, x)
    if found is None:
        return ""
    if found.smoothed is None:
        return number(found.value)
    return f"{number(found.value)} (smoothed {number(found.smoothed)})"


def _counted(rows: list[list[Piece]], left: int, cells: int) -> list[Row]:
    """The rows with a word on how many curves are not named."""
    text = f"and {left} more"
    row = rows[-1]
    while row and sum(width(piece.text) for piece in row) + len(text) + 1 > cells:
        row.pop()
    row.append(Piece(pad("", 1 if row else 0) + text, "muted"))
    return [tuple(each) for each in rows]
