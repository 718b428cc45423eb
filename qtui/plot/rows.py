"""Puts pieces into rows of an exact width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from qtui.plot.picture import Piece, Row
from qtui.text import truncate, width

Thing = TypeVar("Thing")


def row_of(cells: int, *pieces: Piece) -> Row:
    """The pieces in exactly so many cells: what is too long is cut, what is too short is filled up."""
    row: list[Piece] = []
    left = cells
    for text, role in pieces:
        shown = truncate(text, left)
        if shown:
            row.append(Piece(shown, role))
        left -= width(shown)
        if shown != text:
            break
    return (*row, Piece(" " * left)) if left else tuple(row)


def fitted(rows: Sequence[Row], cells: int, height: int) -> tuple[Row, ...]:
    """Exactly so many rows: the first ones, and blank ones where there are not enough."""
    blank: Row = (Piece(" " * cells),) if cells else ()
    return (*rows[:height], *[blank] * (height - len(rows)))


def cut(things: Sequence[Thing], rows: int) -> tuple[Sequence[Thing], int]:
    """The things that find room in so many rows, with a row for how many do not, and their number."""
    if len(things) <= rows:
        return things, 0
    shown = max(0, rows - 1)
    return things[:shown], len(things) - shown
