"""Text files whose lines are coloured one by one, such as diffs and logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from qtui.artifacts.content import RowCount, TextContent
from qtui.plot.pieces import Row


class ColouredText(TextContent):
    """The lines of a text; a function splits the text of a line into pieces with roles."""

    has_line_numbers: ClassVar[bool] = True

    def __init__(self, text: TextContent, colour: Callable[[str], Row]) -> None:
        self._text = text
        self._colour = colour

    def row_count(self) -> RowCount:
        return self._text.row_count()

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        return [(*self._colour(row[0].text), *row[1:]) for row in self._text.rows(start, stop)]

    def scan(self) -> Iterator[float]:
        return self._text.scan()
