"""Pictures of several charts above one another, below lines of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.frames import x_values
from qtui.formatting import ABSENT
from qtui.plot.axes.axis import Axis
from qtui.plot.charts.plot_drawing import Plot, draw_plot
from qtui.plot.curves.chart import Chart
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows
from qtui.plot.series import Curve
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import Series

MIN_CHART_ROWS = 5
"""The rows below which a chart is left out."""
GAP_CELLS = 2
"""Blanks between pictures that are side by side."""


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of a picture with its share of the height."""

    draw: Callable[[int, int, bool], Picture]
    """Draws it in a number of cells and rows, optionally in ASCII."""
    share: int = 1


class StackedDrawing(DrawingContent):
    """Lines of text, and pictures below them; in a low window only the first pictures are drawn."""

    def __init__(self, caption: Sequence[Row], parts: Sequence[PicturePart]) -> None:
        self._caption = tuple(caption)
        self._parts = tuple(parts)

    def draw(self, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        cells, rows = max(0, cells), max(0, rows)
        lines = [fit_row(cells, *row) for row in self._caption]
        lines += stacked_rows(self._parts, cells, rows - len(lines), ascii_only=ascii_only)
        return Picture(fit_rows(lines, cells, rows))


def stacked_rows(parts: Sequence[PicturePart], cells: int, rows: int, *, ascii_only: bool) -> list[Row]:
    """Return the first parts that have room, above one another, in exactly this many rows."""
    count = max(1, min(len(parts), rows // MIN_CHART_ROWS))
    visible = parts[:count]
    lines: list[Row] = []
    for number, part in enumerate(visible):
        left = sum(other.share for other in visible[number:])
        height = (rows - len(lines)) * part.share // left
        lines += part.draw(cells, max(0, height), ascii_only).rows
    return lines


def side_by_side(parts: Sequence[PicturePart]) -> PicturePart:
    """Return parts of a picture next to one another."""

    def draw(cells: int, rows: int, ascii_only: bool) -> Picture:
        width = (cells - GAP_CELLS * (len(parts) - 1)) // len(parts)
        columns = [part.draw(width, rows, ascii_only).rows for part in parts]
        gap = Piece(" " * GAP_CELLS)
        lines = [[piece for cell in row for piece in (*cell, gap)] for row in zip(*columns, strict=True)]
        return Picture(tuple(fit_row(cells, *line) for line in lines))

    return PicturePart(draw)


def chart_part(title: str, curves: Sequence[tuple[str, str, Series]], share: int = 1) -> PicturePart:
    """Return a chart of series, each with its name and role, along their index."""
    lines: list[Curve] = []
    unit = None
    for name, role, series in curves:
        x, unit = x_values(series.index)
        lines.append(Curve(name, role, x, series.to_numpy(float)))
    chart = Chart(tuple(lines), x=Axis(unit=unit) if unit else Axis(), title=title, legend=len(lines) > 1)
    return plot_part(chart, share)


def plot_part(plot: Plot, share: int = 1) -> PicturePart:
    """Return a plot as a part of a picture."""
    return PicturePart(partial(draw_plot, plot), share)


def caption_row(*facts: tuple[str, str]) -> Row:
    """Return names with their values in one line."""
    pieces: list[Piece] = []
    for name, text in facts:
        pieces += [Piece(f"{name} ", "muted"), Piece(f"{text}   ", "strong")]
    return tuple(pieces)


def format_percent(value: Any) -> str:
    """Return a share as a percentage, or a dash if it is not finite."""
    return f"{value:+.2%}" if math.isfinite(value) else ABSENT


def format_ratio(value: Any, digits: int = 3) -> str:
    """Return a number with a fixed number of digits, or a dash if it is not finite."""
    return f"{value:.{digits}f}" if math.isfinite(value) else ABSENT
