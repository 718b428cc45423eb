"""A drawn chart: rows of pieces, and the plot area to convert cells into data."""

from __future__ import annotations

from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.pieces import Row
from qtui.plot.rows import plain_text
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as rows of equal width; `area` is None if nothing was drawn."""

    rows: tuple[Row, ...]
    area: PlotArea | None = None

    def lines(self) -> list[str]:
        """Return the rows as plain text."""
        return list(map(plain_text, self.rows))
