"""Where a chart's curves are in its picture, and what its edges mean: from cells to data and back."""

from __future__ import annotations

from dataclasses import dataclass

from qtui.plot.limits import AxisLimits
from qtui.plot.scale import Scale


@dataclass(frozen=True, slots=True)
class PlotArea:
    """The area of the curves, in cells, and the ends of the axes around it."""

    left: int
    top: int
    width: int
    height: int
    x: AxisLimits
    y: AxisLimits | None
    """The ends of the left axis, if any curve belongs to it."""
    x_scale: Scale
    y_scale: Scale
    dots_across: int
    """Dots in a cell from left to right."""
    dots_down: int
    """Dots in a cell from top to bottom."""
    right: AxisLimits | None
    right_scale: Scale

    def contains(self, column: int, row: int) -> bool:
        """Whether a cell of the picture is in the area."""
        return 0 <= column - self.left < self.width and 0 <= row - self.top < self.height

    def x_at(self, column: int) -> float:
        """What the middle of a column of cells means; the nearest one for a column beside the area."""
        inside = min(max(column - self.left, 0), self.width - 1)
        dot = inside * self.dots_across + (self.dots_across - 1) / 2
        return _value(self.x_scale, self.x, dot / max(1, self.width * self.dots_across - 1))

    def y_at(self, row: int, *, right: bool = False) -> float | None:
        """What the middle of a row of cells means on an axis, if there is one; the nearest row for one beside it."""
        limits, scale = self.side(right)
        if limits is None:
            return None
        inside = min(max(row - self.top, 0), self.height - 1)
        dot = inside * self.dots_down + (self.dots_down - 1) / 2
        return _value(scale, limits, 1 - dot / max(1, self.height * self.dots_down - 1))

    def column_of(self, x: float) -> int | None:
        """The column of cells that shows a place, if any does."""
        dot = self._dot(self.x_scale, self.x, x, self.width * self.dots_across)
        return None if dot is None else self.left + dot // self.dots_across

    def row_of(self, y: float, *, right: bool = False) -> int | None:
        """The row of cells that shows a value, if any does."""
        limits, scale = self.side(right)
        if limits is None:
            return None
        dots = self.height * self.dots_down
        dot = self._dot(scale, limits, y, dots)
        return None if dot is None else self.top + (dots - 1 - dot) // self.dots_down

    def side(self, right: bool) -> tuple[AxisLimits | None, Scale]:
        """The ends and the scale of an upright axis; no ends where no curve belongs to it."""
        return (self.right, self.right_scale) if right else (self.y, self.y_scale)

    def _dot(self, scale: Scale, limits: AxisLimits, value: float, dots: int) -> int | None:
        """Which of the dots along an axis shows a value, if any does."""
        import numpy

        dot = float(scale.fraction(numpy.array([value]), *limits)[0]) * (dots - 1)
        return min(round(dot), dots - 1) if -0.5 <= dot <= dots - 0.5 else None


def _value(scale: Scale, limits: AxisLimits, fraction: float) -> float:
    import numpy

    return float(scale.value(numpy.array([fraction]), *limits)[0])
