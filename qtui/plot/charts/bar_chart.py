"""Bars for metrics with a single value, drawn by plotext.

Curves are drawn by `qtui.plot.curves.drawing`: plotext aborts on NaN, has no ASCII mode and lets curves that share a
cell take each other's colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from qtui.formatting import format_number
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.charts.plotext_canvas import PlotextCanvas
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows, overlay_piece, visible_range
from qtui.text import display, pad, truncate_middle, width
from qtui.value_classes import dataclass

CURSOR = ("▸ ", "> ")
"""The cursor before the current bar, and its ASCII form."""

WHISKER = (("─", "├", "┤", "┼"), ("-", "|", "|", "+"))
"""The line of a whisker, its ends and the mark of the value, and their ASCII forms."""

NAME_WIDTH_DIVISOR = 3
"""Names take at most one third of the cells."""


class Bar(NamedTuple):
    """A named value; `note` follows the number, or replaces a missing one."""

    name: str
    value: float | None
    role: str = "run-0"
    note: str = ""
    low: float | None = None
    high: float | None = None
    """The ends of the whisker of a mean."""
    runs: int = 1
    """The number of runs that the value is the mean of."""

    @property
    def label(self) -> str:
        """The number and the note."""
        return self.note.strip() if self.value is None else f"{format_number(self.value)}{self.note}"

    @property
    def whisker(self) -> tuple[float, float] | None:
        """The ends of the whisker, if it has any length."""
        if self.low is None or self.high is None or not math.isfinite(self.low) or not math.isfinite(self.high):
            return None
        return (self.low, self.high) if self.low < self.high else None

    @property
    def extent(self) -> tuple[float, ...]:
        """The finite values that the axis has to hold."""
        values = () if self.value is None or not math.isfinite(self.value) else (self.value,)
        return (*values, *(self.whisker or ()))


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars in the order in which they are drawn, and a line about what has no value."""

    bars: tuple[Bar, ...]
    footnote: str = ""
    ascii_only: bool = False
    title: str = ""
    current: int | None = None
    """The index of the bar under the cursor, which stays visible; None draws no cursor."""

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis, which holds zero and every whisker."""
        ends = [end for bar in self.bars for end in bar.extent]
        return min((0.0, *ends)), max((0.0, *ends))


def draw_bars(chart: BarChart, cells: int, rows: int) -> Picture:
    """Return the bars in exactly this many cells and rows; the last rows count the bars that do not fit."""
    cells, rows = max(0, cells), max(0, rows)
    head: list[Row] = [fit_row(cells, Piece(display(chart.title), "title"))] if chart.title else []
    notes = [chart.footnote] if chart.footnote else []
    window = visible_range(len(chart.bars), rows - len(head) - len(notes), chart.current)
    start, visible = window.start, chart.bars[window.start : window.stop]
    if start or len(visible) < len(chart.bars):
        below = len(chart.bars) - start - len(visible)
        notes.insert(0, f"{start:,} above, {below:,} below" if start else f"and {below:,} more")
    name_width = min(max((width(display(bar.name)) for bar in chart.bars), default=0), cells // NAME_WIDTH_DIVISOR)
    bar_width = cells - name_width - 2 - max((width(bar.label) for bar in chart.bars), default=0)
    gutter = 0 if chart.current is None else width(CURSOR[chart.ascii_only])
    body = [
        _bar_row(chart, start + index, pieces, cells, name_width, bar_width - gutter)
        for index, pieces in enumerate(_bar_pieces(visible, bar_width - gutter, chart))
    ]
    return Picture(fit_rows((*head, *body, *(fit_row(cells, Piece(note, "muted")) for note in notes)), cells, rows))


def _bar_row(chart: BarChart, index: int, pieces: Row, cells: int, name_width: int, bar_width: int) -> Row:
    """Return a line: the cursor, the name, the bar with its whisker, and the label."""
    bar, is_current = chart.bars[index], index == chart.current
    cursor = CURSOR[chart.ascii_only]
    gutter = "" if chart.current is None else cursor if is_current else " " * width(cursor)
    text = gutter + pad(truncate_middle(display(bar.name), name_width), name_width) + " "
    label = Piece(f" {bar.label}", "text" if is_current else "muted")
    role = "focus" if is_current else "muted" if bar.value is None else "text"
    row = fit_row(cells, Piece(text, role), *pieces, label)
    if bar.whisker is None or bar_width < 1:
        return row
    return overlay_piece(row, *_whisker(bar, chart, bar_width, width(text)))


def _whisker(bar: Bar, chart: BarChart, cells: int, column: int) -> tuple[int, Piece]:
    """Return the column of the whisker of a bar, whose axis begins at `column`, and the whisker."""
    low, high = chart.limits
    greatest = max(abs(low), abs(high))
    *value, first, last = (
        round((end / greatest - low / greatest) / (high / greatest - low / greatest) * (cells - 1))
        for end in bar.extent
    )
    line, start, stop, middle = WHISKER[chart.ascii_only]
    text = [line] * (last - first + 1)
    text[0], text[-1] = start, stop
    for cell in value:
        if first <= cell <= last:
            text[cell - first] = middle
    return column + first, Piece("".join(text), bar.role)


def _bar_pieces(bars: Sequence[Bar], cells: int, chart: BarChart) -> list[Row]:
    """Return the bar of each value in this many cells, blank for zero and for what is not finite."""
    blank: Row = (Piece(" " * max(0, cells)),)
    values = {index: bar.value for index, bar in enumerate(bars) if bar.value and math.isfinite(bar.value)}
    if not values or cells < 1:
        return [blank] * len(bars)
    low, high = chart.limits
    greatest = max(abs(low), abs(high))
    # Scaled to 1, so that no value is too large for plotext; the limits put every bar on a row of its own.
    centres = AxisLimits(1, len(bars)) if len(bars) > 1 else AxisLimits(0.5, 1.5)
    canvas = PlotextCanvas(cells, len(bars), AxisLimits(low / greatest, high / greatest), centres)
    for index, value in values.items():
        symbol = "#" if chart.ascii_only else "full"
        canvas.add_horizontal_bar(len(bars) - index, value / greatest, symbol, bars[index].role)
    return canvas.rows()
