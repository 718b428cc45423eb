"""Puts pieces into rows of an exact width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from qtui.plot.pieces import Piece, Row
from qtui.text import truncate, width


def fit_row(cells: int, *pieces: Piece) -> Row:
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


def fit_rows(rows: Sequence[Row], cells: int, height: int) -> tuple[Row, ...]:
    """Exactly so many rows: the first ones, and blank ones where there are not enough."""
    blank: Row = (Piece(" " * cells),) if cells else ()
    return (*rows[:height], *[blank] * (height - len(rows)))


def overlay_piece(row: Row, column: int, over: Piece) -> Row:
    """The row with a piece over what was at a column; of a wide character that is half covered a blank is left."""
    return (*_slice_row(row, 0, column), over, *_slice_row(row, column + width(over.text), None))


def blank_cells(row: Row) -> list[bool]:
    """Which cells of a row are blank."""
    return [each == " " for text, _ in row for each in text for _ in range(width(each))]


def put_behind(row: Row, column: int, under: Piece) -> Row:
    """The row with a piece of one cell in it, if there is nothing but a blank or a guide."""
    at = 0
    for index, (text, role) in enumerate(row):
        cells = _cached_width(text)
        if column < at + cells:
            place = column - at
            if cells != len(text) or (text[place] != " " and role != "grid"):
                return row
            sides = (Piece(text[:place], role), under, Piece(text[place + 1 :], role))
            return (*row[:index], *(each for each in sides if each.text), *row[index + 1 :])
        at += cells
    return row


def _slice_row(row: Row, start: int, end: int | None) -> Iterator[Piece]:
    """The pieces from one cell to another."""
    at = 0
    for text, role in row:
        cells = _cached_width(text)
        first, last = max(0, start - at), cells if end is None else min(cells, end - at)
        if first < last:
            yield Piece(_slice_text(text, first, last) if cells != len(text) else text[first:last], role)
        at += cells


def _slice_text(text: str, start: int, end: int) -> str:
    """What is seen of a text from one of its cells to another."""
    cells = [part for each in text for part in (each, None)[: width(each)]]
    shown = cells[start:end]
    if cells[end : end + 1] == [None]:
        shown[-1] = " "
    if shown[0] is None:
        shown[0] = " "
    return "".join(each for each in shown if each is not None)


@lru_cache(4096)
def _cached_width(text: str) -> int:
    """The cells of a piece, of which most are asked for again whenever a cursor moves."""
    return width(text)
