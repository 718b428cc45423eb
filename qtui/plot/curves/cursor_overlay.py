"""Draw a cursor over a picture without rendering the chart again."""

from __future__ import annotations

import math
from dataclasses import replace

from qtui.plot.axes.axis import Unit, format_value
from qtui.plot.curves.annotations import fit_cursor_label
from qtui.plot.glyphs import Glyphs
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import blank_cells, overlay_piece, put_behind


def overlay_cursor(picture: Picture, x: float, unit: Unit, glyphs: Glyphs) -> Picture:
    """Return the picture with a vertical line behind the curves at `x`, and the value of `x` below it."""
    area = picture.area
    column = area.column_of(x) if area is not None and math.isfinite(x) else None
    if area is None or column is None:
        return picture
    rows = list(picture.rows)
    line = Piece(glyphs.vertical, "cursor")
    for index in range(area.top, area.top + area.height):
        rows[index] = put_behind(rows[index], column, line)
    below = area.top + area.height + 1
    if below < len(rows):
        start, text = fit_cursor_label(format_value(unit, x), column, blank_cells(rows[below]))
        rows[below] = overlay_piece(rows[below], start, Piece(text, "cursor"))
    return replace(picture, rows=tuple(rows))
