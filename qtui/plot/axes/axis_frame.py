"""The axes around a picture that plotext has drawn: labels at the left and below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qtui.plot.axes.axis import Ruler, TickMark
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row
from qtui.text import display, truncate, width


def glyphs_for(*, ascii_only: bool) -> Glyphs:
    """Return the characters of axes and curves."""
    return ASCII if ascii_only else BRAILLE


def title_rows(cells: int, title: str, note: str = "") -> list[Row]:
    """Return the row of a title and a note; no row without a title."""
    return (
        [fit_row(cells, Piece(display(title), "title"), Piece(f"  {note}" if note else "", "muted"))] if title else []
    )


def framed_rows(body: Sequence[Row], labels: Mapping[int, str], label_cells: int, glyphs: Glyphs) -> list[Row]:
    """Return the rows with a vertical axis at the left, and labels before it by the number of their row."""
    rows: list[Row] = []
    for number, row in enumerate(body):
        label = truncate(display(labels.get(number, "")), label_cells)
        text = " " * (label_cells - width(label)) + label
        tick = glyphs.left_tick if label else glyphs.vertical
        rows.append((Piece(text, "tick"), Piece(tick, "axis"), *row))
    return rows


def bottom_row(marks: Sequence[TickMark], left: int, cells: int) -> Row:
    """Return the labels below a picture whose axis begins at the cell `left`, each centred below its cell."""
    line = [" "] * cells
    end = 0
    for mark in marks:
        start = max(0, min(left + mark.cell - width(mark.label) // 2, cells - width(mark.label)))
        if start >= end and start + len(mark.label) <= cells:
            line[start : start + len(mark.label)] = mark.label
            end = start + len(mark.label) + 1
    return (Piece("".join(line), "tick"),)


def labels_of(ruler: Ruler) -> dict[int, str]:
    """Return the labels of a vertical ruler by row."""
    return {mark.cell: mark.label for mark in ruler.marks}
