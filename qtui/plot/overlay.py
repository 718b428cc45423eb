"""Puts a cursor over a picture that was drawn without one, as if it had been drawn with it."""

from __future__ import annotations

import math
from dataclasses import replace

from qtui.plot.axis import Unit, written
from qtui.plot.glyphs import Glyphs
from qtui.plot.notes import place_label
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import behind, blanks, overlaid


def with_cursor(picture: Picture, x: float, unit: Unit, glyphs: Glyphs) -> Picture:
    """The picture with a line behind the curves at a place, and the place below it."""
    frame = picture.frame
    column = frame.column_of(x) if frame is not None and math.isfinite(x) else None
    if frame is None or column is None:
        return picture
    rows = list(picture.rows)
    line = Piece(glyphs.vertical, "cursor")
    for index in range(frame.top, frame.top + frame.height):
        rows[index] = behind(rows[index], column, line)
    below = frame.top + frame.height + 1
    if below < len(rows):
        start, text = place_label(written(unit, x), column, blanks(rows[below]))
        rows[below] = overlaid(rows[below], start, Piece(text, "cursor"))
    return replace(picture, rows=tuple(rows))
