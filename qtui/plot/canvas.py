"""The cells of a picture while it is drawn: a character and a role each, later ones over earlier ones."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from qtui.plot.pieces import Piece, Row
from qtui.text import width as width_of

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Ints
    from qtui.plot.glyphs import Glyphs

BLANK = ord(" ")
WIDE_CONTINUATION = 0
"""Stands in the second of the two cells that a wide character fills."""
BRAILLE_BASE = 0x2800


class Canvas:
    """Cells that each have a character and a role."""

    def __init__(self, width: int, height: int) -> None:
        import numpy

        self.width = width
        self.height = height
        self._codes = numpy.full((height, width), BLANK, numpy.dtype("<u4"))
        self._roles = numpy.zeros((height, width), numpy.int64)
        self._names = {"text": 0}

    def write(self, row: int, column: int, text: str, role: str = "text") -> None:
        """Put a text into a row; what lies outside the sheet is left out."""
        codes = _codes(text)
        start, end = max(0, column), min(self.width, column + len(codes))
        if 0 <= row < self.height and start < end:
            shown = codes[start - column : end - column]
            # Half of a wide character cannot be shown.
            if shown[0] == WIDE_CONTINUATION:
                shown[0] = BLANK
            if codes[end - column : end - column + 1] == [WIDE_CONTINUATION]:
                shown[-1] = BLANK
            self._codes[row, start:end] = shown
            self._roles[row, start:end] = self._role_index(role)

    def vertical_line(self, row: int, column: int, height: int, character: str, role: str) -> None:
        """Draw an upright line."""
        self._codes[row : row + height, column] = ord(character)
        self._roles[row : row + height, column] = self._role_index(role)

    def is_blank(self, row: int, column: int, cells: int) -> bool:
        """Whether so many cells are on the sheet and blank."""
        inside = 0 <= row < self.height and column >= 0 and column + cells <= self.width
        return inside and bool((self._codes[row, column : column + cells] == BLANK).all())

    def paint(self, row: int, column: int, codes: Ints, role: str, *, merged: bool = False) -> None:
        """Put a block of characters in; where it is 0, what is there stays. Merged, the dots of Braille add up."""
        import numpy

        height, width = codes.shape
        where = numpy.s_[row : row + height, column : column + width]
        there = self._codes[where]
        if merged:
            both = (codes >> 8 == BRAILLE_BASE >> 8) & (there >> 8 == BRAILLE_BASE >> 8)
            codes = numpy.where(both, codes | there, codes)
        self._codes[where] = numpy.where(codes, codes, there)
        self._roles[where] = numpy.where(codes, self._role_index(role), self._roles[where])

    def paint_behind(self, row: int, column: int, codes: Ints, role: str) -> None:
        """Put a block of characters in where the sheet is blank."""
        import numpy

        height, width = codes.shape
        there = self._codes[row : row + height, column : column + width]
        self.paint(row, column, numpy.where(there == BLANK, codes, 0), role)

    def rows(self) -> tuple[Row, ...]:
        """The rows as pieces, neighbours of one role together."""
        names = list(self._names)
        return tuple(self._row(row, names) for row in range(self.height))

    def _row(self, row: int, names: list[str]) -> Row:
        import numpy

        if not self.width:
            return ()
        text = self._codes[row].tobytes().decode("utf-32-le")
        roles = self._roles[row]
        starts = [0, *(numpy.flatnonzero(roles[1:] != roles[:-1]) + 1).tolist(), self.width]
        return tuple(Piece(text[start:end].replace("\0", ""), names[roles[start]]) for start, end in pairwise(starts))

    def _role_index(self, role: str) -> int:
        return self._names.setdefault(role, len(self._names))


def _codes(text: str) -> list[int]:
    """The characters, one for each cell; marks that fill none are left out."""
    if text.isascii():
        return [ord(each) for each in text]
    codes: list[int] = []
    for each in text:
        codes += [ord(each), WIDE_CONTINUATION][: width_of(each)]
    return codes


def dot_characters(dots: Bools, glyphs: Glyphs) -> Ints:
    """The characters that show these dots; 0 where there are none."""
    import numpy

    down, across = dots.shape
    bits = dots.view(numpy.uint8)
    numbers = numpy.zeros((down // glyphs.dots_down, across // glyphs.dots_across), numpy.uint8)
    for place, weight in enumerate(glyphs.weights):
        row, column = divmod(place, glyphs.dots_across)
        numbers |= bits[row :: glyphs.dots_down, column :: glyphs.dots_across] * numpy.uint8(weight)
    return _codes_of(glyphs)[numbers]


@lru_cache
def _codes_of(glyphs: Glyphs) -> Ints:
    """The characters by number, with 0 in place of the blank."""
    import numpy

    return numpy.array((0, *glyphs.codes[1:]))
