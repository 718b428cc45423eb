"""What a chart becomes: rows of pieces, and the way back from a cell to the data."""

from __future__ import annotations

from dataclasses import dataclass

from qtui.plot.pieces import Row
from qtui.plot.plot_area import PlotArea


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as rows of equal width; the frame tells which cell shows which place, if there was room for any."""

    rows: tuple[Row, ...]
    area: PlotArea | None = None

    def lines(self) -> list[str]:
        """The rows as plain text."""
        return ["".join(piece.text for piece in row) for row in self.rows]
