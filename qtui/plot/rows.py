"""Rows of pieces with an exact width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from qtui.plot.pieces import Piece, Row
from qtui.text import truncate, width


def plain_text(row: Iterable[Piece]) -> str:
    """Return the text of a row."""
    return "".join(piece.text for piece in row)


def fit_row(cells: int, *pieces: Piece) -> Row:
    """Return a row of exactly this many cells: cut, or padded with blanks."""
    row: list[Piece] = []
    left = cells
    for text, role in pieces:
        visible = truncate(text, left)
        if visible:
            row.append(Piece(visible, role))
        left -= width(visible)
        if visible != text:
            break
    return (*row, Piece(" " * left)) if left else tuple(row)


def fit_rows(rows: Sequence[Row], cells: int, height: int) -> tuple[Row, ...]:
    """Return exactly this many rows: the first ones, padded with blank ones."""
    blank: Row = (Piece(" " * cells),) if cells else ()
    return (*rows[:height], *[blank] * (height - len(rows)))


def visible_range(count: int, room: int, current: int | None) -> range:
    """Return the indexes of the lines that fit into `room` rows, the current one among them.

    If some do not fit, a row is left for their number.
    """
    if count <= room:
        return range(count)
    visible = max(0, room - 1)
    start = max(0, min((current or 0) - visible // 2, count - visible))
    return range(start, start + visible)


def overlay_piece(row: Row, column: int, over: Piece) -> Row:
    """Return the row with a piece over a column; a half-covered wide character leaves a blank."""
    return (*_slice_row(row, 0, column), over, *_slice_row(row, column + width(over.text), None))


def blank_cells(row: Row) -> list[bool]:
    return [character == " " for text, _ in row for character in text for _ in range(width(character))]


def put_behind(row: Row, column: int, under: Piece) -> Row:
    """Return the row with a one-cell piece at a column, if only a blank or a guide is there."""
    position = 0
    for index, (text, role) in enumerate(row):
        cells = _cached_width(text)
        if column < position + cells:
            offset = column - position
            if cells != len(text) or (text[offset] != " " and role != "grid"):
                return row
            sides = (Piece(text[:offset], role), under, Piece(text[offset + 1 :], role))
            return (*row[:index], *(character for character in sides if character.text), *row[index + 1 :])
        position += cells
    return row


def _slice_row(row: Row, start: int, end: int | None) -> Iterator[Piece]:
    """Yield the pieces between two cells."""
    position = 0
    for text, role in row:
        cells = _cached_width(text)
        first, last = max(0, start - position), cells if end is None else min(cells, end - position)
        if first < last:
            yield Piece(_slice_text(text, first, last) if cells != len(text) else text[first:last], role)
        position += cells


def _slice_text(text: str, start: int, end: int) -> str:
    """Return the part of a text between two cells; half of a wide character becomes a blank."""
    cells = [part for character in text for part in (character, None)[: width(character)]]
    visible = cells[start:end]
    if cells[end : end + 1] == [None]:
        visible[-1] = " "
    if visible[0] is None:
        visible[0] = " "
    return "".join(character for character in visible if character is not None)


@lru_cache(4096)
def _cached_width(text: str) -> int:
    """Return the width of a text, cached because cursor movements ask for the same texts again."""
    return width(text)
