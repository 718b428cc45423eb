"""Figures that plotext draws, as pictures of ours: bars for metrics with a single value.

Curves are drawn by `qtui.plot.drawing`: plotext aborts on NaN, has no ASCII mode and lets curves that share a cell
take each other's colour.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from qtui.figures import number
from qtui.plot.picture import Picture, Piece, Row
from qtui.plot.rows import cut, fitted, row_of
from qtui.text import display, pad, truncate, width

MAX_NAME_SHARE = 3
"""Names take at most one third of the cells."""

FIRST_COLOUR = 16
"""The colour number of the first role: those below it depend on the terminal and are written otherwise."""

_FIGURE_LOCK = Lock()
"""plotext has one figure for the whole process."""

_COLOURED = re.compile(r"\x1b\[(?:0|38;5;(\d+))m([^\x1b]*)")


class Bar(NamedTuple):
    """A named value; `note` follows the number."""

    name: str
    value: float
    role: str = "run-0"
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars in the order in which they are drawn, and a line about what has no value."""

    bars: tuple[Bar, ...]
    footnote: str = ""
    ascii_only: bool = False


def draw_bars(chart: BarChart, cells: int, rows: int) -> Picture:
    """Return the bars in exactly this many cells and rows; the last rows count the bars that do not fit."""
    cells, rows = max(0, cells), max(0, rows)
    notes = [chart.footnote] if chart.footnote else []
    visible, hidden = cut(chart.bars, rows - len(notes))
    if hidden:
        notes.insert(0, f"and {hidden:,} more")
    name = min(max((width(display(bar.name)) for bar in chart.bars), default=0), cells // MAX_NAME_SHARE)
    labels = [f" {number(bar.value)}{bar.note}" for bar in visible]
    room = cells - name - 1 - max(map(width, labels), default=0)
    body = [
        row_of(cells, Piece(pad(truncate(display(bar.name), name), name) + " ", "text"), *pieces, Piece(label, "muted"))
        for bar, pieces, label in zip(visible, _bars(visible, room, chart.ascii_only), labels, strict=True)
    ]
    return Picture(fitted((*body, *(row_of(cells, Piece(note, "muted")) for note in notes)), cells, rows))


def _bars(bars: Sequence[Bar], cells: int, ascii_only: bool) -> list[Row]:
    """Return the bar of each value in this many cells, blank for zero and for what is not finite."""
    blank: Row = (Piece(" " * max(0, cells)),)
    places = [place for place, bar in enumerate(bars) if math.isfinite(bar.value) and bar.value]
    if not places or cells < 1:
        return [blank] * len(bars)
    roles = list(dict.fromkeys(bar.role for bar in bars))
    lines = _drawn(bars, places, cells, {role: FIRST_COLOUR + index for index, role in enumerate(roles)}, ascii_only)
    return [tuple(_pieces(line, roles)) for line in lines]


def _drawn(
    bars: Sequence[Bar], places: Sequence[int], cells: int, colours: dict[str, int], ascii_only: bool
) -> list[str]:
    """Let plotext draw the bars at these places; values are scaled to 1, so that none is too large for it."""
    import plotext

    figure: Any = plotext.figure
    greatest = max(abs(bars[place].value) for place in places)
    values = [bars[place].value / greatest for place in places]
    symbol = "#" if ascii_only else "full"
    with _FIGURE_LOCK:
        # The picture is as large as its widget, whatever the terminal of the process is.
        plotext.terminal.limit(False, False)
        figure.clear()
        figure.theme("colorless")
        figure.axes(False)
        figure.plot_size(cells, len(bars))
        markers = [plotext.marker(symbol, colours[bars[place].role]) for place in places]
        rows = [len(bars) - place for place in places]
        for row, value, marker in zip(rows, values, markers, strict=True):
            # One signal a bar: with several in one, a bar's height would depend on the gaps between them.
            figure.draw(figure.bar([row], [value], marker=marker, width=0.2, orientation="h", _reset_ticks=False))
        figure.ruler("x", "lower").lim(min(0.0, *values), max(0.0, *values))
        # Limits are the centres of the first and the last row, so that every bar falls on a row of its own.
        figure.ruler("y", "left").lim(*((1, len(bars)) if len(bars) > 1 else (0.5, 1.5)))
        for axis, sides in (("x", ("lower", "upper")), ("y", ("left", "right"))):
            for side in sides:
                figure.ruler(axis, side).ticks([], [])
        return str(figure.build().string()).splitlines()


def _pieces(line: str, roles: Sequence[str]) -> Iterator[Piece]:
    """Return the pieces of a line of plotext's, its colours as the roles that they stand for."""
    for colour, text in _COLOURED.findall(line):
        if text:
            yield Piece(text, roles[int(colour) - FIRST_COLOUR] if colour else "text")
