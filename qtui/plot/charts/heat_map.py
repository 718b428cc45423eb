"""Heat maps, drawn by plotext: a shaded cell with its number for each value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from qtui.plot.axes.axis_frame import title_rows
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.charts.plotext_canvas import PlotextCanvas
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows, overlay_piece
from qtui.text import display, pad, truncate, width
from qtui.value_classes import dataclass

SHADES = ("░▒▓█", ".:*#")
"""Shades from the smallest to the largest magnitude, and their ASCII forms."""
POSITIVE, NEGATIVE = "run-0", "run-5"
"""The roles of values above and below zero, which stay apart for colour-blind readers."""
NAME_DIVISOR = 4
"""Names of rows take at most one fourth of the cells."""
MAX_CELL_ROWS = 3
MAX_CELL_CELLS = 14
SWATCH_CELLS = 2
"""The shaded cells that stay visible beside a number."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Values by row and column; None and values that are not finite stay blank."""

    row_names: Sequence[str]
    column_names: Sequence[str]
    values: Sequence[Sequence[float | None]]
    format: Callable[[float], str] = "{:.2g}".format
    """Returns the text of a value."""
    title: str = ""
    ascii_only: bool = False
    texts: Sequence[Sequence[str]] = ()
    """The texts of the cells in place of formatted values; a cell without a value has only its text."""

    @property
    def greatest(self) -> float:
        """The largest magnitude, which has the darkest shade."""
        return max((abs(value) for row in self.values for value in row if _is_finite(value) and value), default=1.0)


def draw_heat_map(heat_map: HeatMap, cells: int, rows: int) -> Picture:
    """Return the heat map in exactly this many cells and rows; what does not fit at the start is counted."""
    cells, rows = max(0, cells), max(0, rows)
    name_cells = min(max((width(display(name)) for name in heat_map.row_names), default=0), cells // NAME_DIVISOR)
    area = cells - name_cells - 1
    columns = len(heat_map.column_names)
    visible_columns = min(columns, max(0, area))
    title_count = bool(heat_map.title)
    visible_rows = min(len(heat_map.row_names), max(0, rows - title_count - 1))
    head = title_rows(cells, heat_map.title, _left_out(heat_map, visible_rows, visible_columns))
    if not visible_rows or not visible_columns:
        return Picture(fit_rows(head, cells, rows))
    cell_cells = min(area // visible_columns, MAX_CELL_CELLS)
    cell_rows = max(1, min((rows - len(head) - 1) // visible_rows, MAX_CELL_ROWS))
    body = _swatches(heat_map, visible_rows, visible_columns, cell_cells, cell_rows)
    names = heat_map.row_names[len(heat_map.row_names) - visible_rows :]
    lines = [_column_titles(heat_map, visible_columns, cell_cells, name_cells, cells)]
    for number, row in enumerate(body):
        is_middle = number % cell_rows == cell_rows // 2
        name = truncate(display(names[number // cell_rows]), name_cells) if is_middle else ""
        lines.append(fit_row(cells, Piece(pad(name, name_cells) + " ", "tick"), *row))
    return Picture(fit_rows((*head, *lines), cells, rows))


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _left_out(heat_map: HeatMap, rows: int, columns: int) -> str:
    parts = [(len(heat_map.row_names) - rows, "rows"), (len(heat_map.column_names) - columns, "columns")]
    left_out = " and ".join(f"{count:,} {noun}" for count, noun in parts if count)
    return f"{left_out} before" if left_out else ""


def _column_titles(heat_map: HeatMap, columns: int, cell_cells: int, name_cells: int, cells: int) -> Row:
    """Return the titles of the columns; of narrow columns, only those that have room."""
    step = 1 if cell_cells > 2 else math.ceil(4 / cell_cells)
    names = heat_map.column_names[len(heat_map.column_names) - columns :]
    pieces = [
        Piece(_centre(_cut(display(name), max(1, cell_cells * step - 1)), cell_cells * step), "tick")
        for name in names[::step]
    ]
    return fit_row(cells, Piece(" " * (name_cells + 1)), *pieces)


def _cut(text: str, cells: int) -> str:
    """Return the start of a text, without a mark where it is cut."""
    while width(text) > cells:
        text = text[:-1]
    return text


def _centre(text: str, cells: int) -> str:
    left = max(0, cells - width(text)) // 2
    return pad(" " * left + text, cells)


def _swatches(heat_map: HeatMap, rows: int, columns: int, cell_cells: int, cell_rows: int) -> list[Row]:
    """Draw the shaded cells of the last rows and columns, and the numbers over them where they have room."""
    across, down = columns * cell_cells, rows * cell_rows
    canvas = PlotextCanvas(across, down, AxisLimits(0, max(1, across - 1)), AxisLimits(0, max(1, down - 1)))
    values = [row[len(row) - columns :] for row in heat_map.values[len(heat_map.values) - rows :]]
    texts = [row[len(row) - columns :] for row in heat_map.texts[len(heat_map.texts) - rows :]]
    gap = cell_cells > SWATCH_CELLS
    numbers: list[tuple[int, int, Piece]] = []
    swatches: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    greatest = heat_map.greatest
    for line, row in enumerate(values):
        for column, value in enumerate(row):
            left, top = column * cell_cells, line * cell_rows
            if value is None or not math.isfinite(value):
                if texts and width(texts[line][column]) < cell_cells:
                    text = _centre(texts[line][column], cell_cells - gap)
                    numbers.append((top + cell_rows // 2, left, Piece(text, "muted")))
                continue
            role, shade = _shade(value / greatest, SHADES[heat_map.ascii_only])
            xs, ys = swatches.setdefault((role, shade), ([], []))
            for y in range(cell_rows):
                xs += range(left, left + cell_cells - gap)
                ys += [down - 1 - top - y] * (cell_cells - gap)
            text = texts[line][column] if texts else heat_map.format(value)
            if width(text) < cell_cells:
                room = cell_cells - gap
                padded = f" {text} " if width(text) + 2 + SWATCH_CELLS <= room else _centre(text, room)
                start = left + (room - width(padded)) // 2
                numbers.append((top + cell_rows // 2, start, Piece(padded, role if padded.strip() == text else "text")))
    for (role, shade), (xs, ys) in swatches.items():
        canvas.add_symbols(xs, ys, shade, role)
    lines = canvas.rows()
    for line, start, piece in numbers:
        lines[line] = overlay_piece(lines[line], start, piece)
    return lines


def _shade(share: float, shades: str) -> tuple[str, str]:
    """Return the role and the symbol of a value, given as a share of the largest magnitude."""
    level = min(len(shades) - 1, int(abs(share) * len(shades)))
    return (NEGATIVE if share < 0 else POSITIVE), shades[level]
