"""The rows above a chart: its title and legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qtui.formatting import format_number
from qtui.plot.curves.annotations import curve_mark
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.readout import readout_at
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row
from qtui.text import display, pad, truncate, width

if TYPE_CHECKING:
    from qtui.plot.series import Curve

ENTRY_GAP = "   "
ROWS_PER_HEADER_ROW = 3
"""One row in this many can belong to the header."""


def header_rows(chart: Chart, cells: int, height: int) -> tuple[Row, ...]:
    """Return the title and the legend, each row as wide as the picture."""
    rows: list[Row] = []
    if chart.title:
        rows.append((Piece(truncate(display(chart.title), cells), "title"),))
    if chart.legend:
        rows += legend_rows(chart, cells, max(1, height // ROWS_PER_HEADER_ROW - len(rows)))
    return tuple(fit_row(cells, *row) for row in rows[: height // ROWS_PER_HEADER_ROW])


def legend_rows(chart: Chart, cells: int, max_rows: int) -> list[Row]:
    """Return a legend of at most `max_rows` rows with the last values; curves that do not fit are counted."""
    rows: list[list[Piece]] = []
    room = 0
    for index, entry in enumerate(_entries(chart, cells)):
        length = sum(width(piece.text) for piece in entry)
        if length + len(ENTRY_GAP) > room:
            if len(rows) == max_rows:
                return _with_hidden_count(rows, len(chart.curves) - index, cells)
            rows.append(list(entry))
            room = cells - length
        else:
            rows[-1] += [Piece(ENTRY_GAP), *entry]
            room -= length + len(ENTRY_GAP)
    return [tuple(row) for row in rows]


def _entries(chart: Chart, cells: int) -> Iterator[Sequence[Piece]]:
    """Yield a line sample, the name, the value and a note for each curve; the note goes before the name is cut."""
    for index, curve in enumerate(chart.curves):
        sample = f"{curve_mark(chart, index) or chart.glyphs.line} "
        value = f" {_last_value_text(curve) if chart.cursor is None else _cursor_text(curve, chart.cursor)}".rstrip()
        note, name = _note_text(curve), display(curve.name)
        if width(name) + len(sample + value + note) > cells:
            note, name = "", truncate(name, max(1, cells - len(sample + value)))
        yield Piece(sample, curve.role), Piece(name), Piece(value + note, "muted")


def _last_value_text(curve: Curve) -> str:
    """Return the last logged value of a curve."""
    last = None if curve.source is None else curve.source.last_value
    return "" if last is None else format_number(last)


def _note_text(curve: Curve) -> str:
    """Return the axis of a curve if it is the right one, and how many values are not finite."""
    gaps = 0 if curve.source is None else curve.source.non_finite_count
    return (" (right)" if curve.is_right else "") + (f" ({gaps:,} not finite)" if gaps else "")


def _cursor_text(curve: Curve, x: float) -> str:
    readout = readout_at(curve, x)
    if readout is None:
        return ""
    if readout.smoothed is None:
        return format_number(readout.value)
    return f"{format_number(readout.value)} (smoothed {format_number(readout.smoothed)})"


def _with_hidden_count(rows: list[list[Piece]], left: int, cells: int) -> list[Row]:
    """Return the rows with the number of curves that do not fit."""
    text = f"and {left} more"
    row = rows[-1]
    while row and sum(width(piece.text) for piece in row) + len(text) + 1 > cells:
        row.pop()
    row.append(Piece(pad("", 1 if row else 0) + text, "muted"))
    return [tuple(row) for row in rows]
