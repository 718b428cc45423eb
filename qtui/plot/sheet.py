"""The cells of a picture while it is drawn: a character and a role each, later ones over earlier ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from qtui.plot.picture import Piece, Row

if TYPE_CHECKING:
    from qtui.plot.arrays import Bools, Ints
    from qtui.plot.glyphs import Glyphs


class Sheet:
    """Characters that each fill one cell, with a role each."""

    def __init__(self, width: int, height: int) -> None:
        import numpy

        self.width = width
        self.height = height
        self._codes = numpy.full((height, width), ord(" "), numpy.dtype("<u4"))
        self._roles = numpy.zeros((height, width), numpy.int64)
        self._names = ["text"]

    def write(self, row: int, column: int, text: str, role: str = "text") -> None:
        """Put a text into a row; what lies outside the sheet is left out."""
        start, end = max(0, column), min(self.width, column + len(text))
        if 0 <= row < self.height and start < end:
            self._codes[row, start:end] = [ord(each) for each in text[start - column : end - column]]
            self._roles[row, start:end] = self._number(role)

    def stamp(self, row: int, column: int, codes: Ints, role: str) -> None:
        """Put a block of characters in; where it is 0, what is there stays."""
        import numpy

        height, width = codes.shape
        where = numpy.s_[row : row + height, column : column + width]
        self._codes[where] = numpy.where(codes, codes, self._codes[where])
        self._roles[where] = numpy.where(codes, self._number(role), self._roles[where])

    def rows(self) -> tuple[Row, ...]:
        """The rows as pieces, neighbours of one role together."""
        return tuple(self._row(row) for row in range(self.height))

    def _row(self, row: int) -> Row:
        import numpy

        if not self.width:
            return ()
        text = self._codes[row].tobytes().decode("utf-32-le")
        roles = self._roles[row]
        starts = [0, *(numpy.flatnonzero(roles[1:] != roles[:-1]) + 1).tolist(), self.width]
        return tuple(Piece(text[start:end], self._names[roles[start]]) for start, end in pairwise(starts))

    def _number(self, role: str) -> int:
        if role not in self._names:
            self._names.append(role)
        return self._names.index(role)


def characters(dots: Bools, glyphs: Glyphs) -> Ints:
    """The characters that show these dots; 0 where there are none."""
    import numpy

    down, across = dots.shape
    height, width = down // glyphs.down, across // glyphs.across
    cells = dots.reshape(height, glyphs.down, width, glyphs.across)
    weights = numpy.array(glyphs.weights).reshape(glyphs.down, 1, glyphs.across)
    numbers = (cells * weights).sum(axis=(1, 3))
    return numpy.where(numbers, numpy.array(glyphs.codes)[numbers], 0)
