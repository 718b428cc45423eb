"""What a chart becomes: rows of pieces, and the way back from a cell to the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from qtui.plot.frame import Frame


class Piece(NamedTuple):
    """A part of a row, and the role that gives it its colour, such as `run-3`, `axis` or `muted`."""

    text: str
    role: str = "text"


Row: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as rows of equal width; the frame tells which cell shows which place, if there was room for any."""

    rows: tuple[Row, ...]
    frame: Frame | None = None

    def lines(self) -> list[str]:
        """The rows as plain text."""
        return ["".join(piece.text for piece in row) for row in self.rows]
