"""Text that is kept in memory as rows, for views that are made from a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qtui.artifacts.content import RowCount, TextContent
from qtui.plot.pieces import Piece, Row


class TextRows(TextContent):
    """Rows of pieces in memory."""

    def __init__(self, rows: Iterable[Row], language: str = "") -> None:
        self._rows = list(rows)
        self.language = language

    @classmethod
    def of_text(cls, text: str, language: str = "") -> TextRows:
        """Return the lines of a text."""
        return cls(((Piece(line),) for line in text.split("\n")), language)

    def row_count(self) -> RowCount:
        return RowCount(len(self._rows))

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        return self._rows[start:stop]
