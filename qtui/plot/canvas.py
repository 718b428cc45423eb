"""A grid of cells to draw on, each with a character and a role; later drawing covers earlier."""

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
"""Marks the second of the two cells of a wide character."""
BRAILLE_BASE = 0x2800


class Canvas:
    """A grid of cells, each with a character and a role."""

    def __init__(self, width: int, height: int) -> None:
        import numpy

        self.width = width
        self.height = height
        self._codes = numpy.full((height, width), BLANK, numpy.dtype("<u4"))
        self._roles = numpy.zeros((height, width), numpy.int64)
        self._names = {"text": 0}

    def write(self, row: int, column: int, text: str, role: str = "text") -> None:
        """Write text into a row; the part outside the canvas is cut off."""
        codes = _codes(text)
        start, end = max(0, column), min(self.width, column + len(codes))
        if 0 <= row < self.height and start < end:
            visible = codes[start - column : end - column]
            # Half of a wide character cannot be drawn.
            if visible[0] == WIDE_CONTINUATION:
                visible[0] = BLANK
            if codes[end - column : end - column + 1] == [WIDE_CONTINUATION]:
                visible[-1] = BLANK
            self._codes[row, start:end] = visible
            self._roles[row, start:end] = self._role_index(role)

    def vertical_line(self, row: int, column: int, height: int, character: str, role: str) -> None:
        """Draw a vertical line."""
        self._codes[row : row + height, column] = ord(character)
        self._roles[row : row + height, column] = self._role_index(role)

    def is_blank(self, row: int, column: int, cells: int) -> bool:
        inside = 0 <= row < self.height and column >= 0 and column + cells <= self.width
        return inside and bool((self._codes[row, column : column + cells] == BLANK).all())

    def paint(self, row: int, column: int, codes: Ints, role: str, *, merged: bool = False) -> None:
        """Paint a block of characters; 0 leaves a cell as it is. With `merged` the dots of Braille add up."""
        import numpy

        height, width = codes.shape
        block = numpy.s_[row : row + height, column : column + width]
        existing = self._codes[block]
        if merged:
            both = (codes >> 8 == BRAILLE_BASE >> 8) & (existing >> 8 == BRAILLE_BASE >> 8)
            codes = numpy.where(both, codes | existing, codes)
        self._codes[block] = numpy.where(codes, codes, existing)
        self._roles[block] = numpy.where(codes, self._role_index(role), self._roles[block])

    def paint_behind(self, row: int, column: int, codes: Ints, role: str) -> None:
        """Paint a block of characters on blank cells only."""
        import numpy

        height, width = codes.shape
        existing = self._codes[row : row + height, column : column + width]
        self.paint(row, column, numpy.where(existing == BLANK, codes, 0), role)

    def rows(self) -> tuple[Row, ...]:
        """Return the rows as pieces, one for neighbouring cells of the same role."""
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
    """Return a code for each cell; zero-width characters are left out."""
    if text.isascii():
        return [ord(character) for character in text]
    codes: list[int] = []
    for character in text:
        codes += [ord(character), WIDE_CONTINUATION][: width_of(character)]
    return codes


def dot_characters(dots: Bools, glyphs: Glyphs) -> Ints:
    """Return the characters that show these dots, 0 for cells without any."""
    import numpy

    down, across = dots.shape
    bits = dots.view(numpy.uint8)
    numbers = numpy.zeros((down // glyphs.dots_down, across // glyphs.dots_across), numpy.uint8)
    for index, weight in enumerate(glyphs.weights):
        row, column = divmod(index, glyphs.dots_across)
        numbers |= bits[row :: glyphs.dots_down, column :: glyphs.dots_across] * numpy.uint8(weight)
    return _codes_of(glyphs)[numbers]


@lru_cache
def _codes_of(glyphs: Glyphs) -> Ints:
    """Return the character of each combination of dots, 0 for none."""
    import numpy

    return numpy.array((0, *glyphs.codes[1:]))
