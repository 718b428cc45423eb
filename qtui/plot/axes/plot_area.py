"""The part of a picture that shows curves, and the conversion between its cells and data."""

from __future__ import annotations

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.scale import Scale
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class PlotArea:
    """The area of the curves, in cells, with the limits and scales of its axes."""

    left: int
    top: int
    width: int
    height: int
    x: AxisLimits
    y: AxisLimits | None
    """The limits of the left axis, if it has curves."""
    x_scale: Scale
    y_scale: Scale
    dots_across: int
    """Dots per cell from left to right."""
    dots_down: int
    """Dots per cell from top to bottom."""
    right: AxisLimits | None
    right_scale: Scale

    def contains(self, column: int, row: int) -> bool:
        """Return whether a cell of the picture is in the area."""
        return 0 <= column - self.left < self.width and 0 <= row - self.top < self.height

    def x_at(self, column: int) -> float:
        """Return the x value of the middle of a column; columns outside count as the nearest one inside."""
        inside = min(max(column - self.left, 0), self.width - 1)
        dot = inside * self.dots_across + (self.dots_across - 1) / 2
        return _value(self.x_scale, self.x, dot / max(1, self.width * self.dots_across - 1))

    def y_at(self, row: int, *, right: bool = False) -> float | None:
        """Return the y value of the middle of a row, or None if the axis has no curves; rows outside count as the
        nearest one inside."""
        limits, scale = self.side(right)
        if limits is None:
            return None
        inside = min(max(row - self.top, 0), self.height - 1)
        dot = inside * self.dots_down + (self.dots_down - 1) / 2
        return _value(scale, limits, 1 - dot / max(1, self.height * self.dots_down - 1))

    def column_of(self, x: float) -> int | None:
        """Return the column that shows this x value, or None if it is outside."""
        dot = self._dot(self.x_scale, self.x, x, self.width * self.dots_across)
        return None if dot is None else self.left + dot // self.dots_across

    def row_of(self, y: float, *, right: bool = False) -> int | None:
        """Return the row that shows this y value, or None if it is outside."""
        limits, scale = self.side(right)
        if limits is None:
            return None
        dots = self.height * self.dots_down
        dot = self._dot(scale, limits, y, dots)
        return None if dot is None else self.top + (dots - 1 - dot) // self.dots_down

    def side(self, right: bool) -> tuple[AxisLimits | None, Scale]:
        """Return the limits and the scale of a y-axis; the limits are None if it has no curves."""
        return (self.right, self.right_scale) if right else (self.y, self.y_scale)

    def _dot(self, scale: Scale, limits: AxisLimits, value: float, dots: int) -> int | None:
        """Return the dot along an axis that shows a value, or None if it is outside."""
        import numpy

        dot = float(scale.fraction(numpy.array([value]), *limits)[0]) * (dots - 1)
        return min(round(dot), dots - 1) if -0.5 <= dot <= dots - 0.5 else None


def _value(scale: Scale, limits: AxisLimits, fraction: float) -> float:
    import numpy

    return float(scale.value(numpy.array([fraction]), *limits)[0])
