"""Axes as options (`Axis`) and as computed for a number of cells (`Ruler`, with ticks)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from qtui.formatting import format_duration, format_number, format_time
from qtui.plot.axes.aligned_axis import align_to_rows
from qtui.plot.axes.limits import AxisLimits, widen_limits
from qtui.plot.axes.ticks import Ticks, linear_ticks, log_ticks, symlog_ticks
from qtui.plot.axes.time_ticks import duration_ticks, time_ticks
from qtui.plot.scale import LINEAR, Scale, Symlog
from qtui.plot.series import XAxis
from qtui.text import width
from qtui.value_classes import dataclass

ROWS_PER_TICK = 3
CELLS_PER_TICK = 6
LABEL_GAP_CELLS = 3
"""The minimum number of blanks between two labels in one row."""


class Unit(StrEnum):
    """The unit of the numbers on an axis."""

    NUMBER = "number"
    COUNT = "count"
    TIMESTAMP = "moment"
    DURATION = "span"


def format_value(unit: Unit, value: float) -> str:
    """Return a value in full, as it is shown at the cursor and in the legend."""
    return _FORMATTERS[unit](value) if math.isfinite(value) else format_number(value)


_FORMATTERS: Mapping[Unit, Callable[[float], str]] = {
    Unit.NUMBER: format_number,
    Unit.COUNT: lambda value: f"{value:,.0f}",
    Unit.TIMESTAMP: lambda value: format_time(int(value)),
    Unit.DURATION: lambda value: format_duration(int(value)),
}


def x_unit(x_axis: XAxis) -> Unit:
    return _UNITS[x_axis]


_UNITS: Mapping[XAxis, Unit] = {XAxis.STEP: Unit.COUNT, XAxis.TIME: Unit.TIMESTAMP, XAxis.RELATIVE: Unit.DURATION}


@dataclass(frozen=True, slots=True)
class Axis:
    """The options of an axis; a limit that is None follows the data."""

    scale: Scale = LINEAR
    low: float | None = None
    high: float | None = None
    unit: Unit = Unit.NUMBER
    title: str = ""

    def limits_for(self, data: AxisLimits) -> AxisLimits:
        """Return the limits: the fixed ones, and those of the data for the rest."""
        low, high = self._fixed_end(self.low), self._fixed_end(self.high)
        if low is not None and high is not None and low > high:
            low, high = high, low
        around = AxisLimits(data.low if low is None else low, data.high if high is None else high)
        if around.low > around.high:
            around = AxisLimits(around.low, around.low) if high is None else AxisLimits(around.high, around.high)
        return widen_limits(around, self.scale)

    @property
    def is_automatic(self) -> bool:
        """Whether both limits follow the data."""
        return self._fixed_end(self.low) is None and self._fixed_end(self.high) is None

    def _fixed_end(self, end: float | None) -> float | None:
        """Return a fixed limit, or None if it is not finite or not on the scale."""
        if end is None or not math.isfinite(end) or (self.scale.positive_only and end <= 0):
            return None
        return end


DEFAULT_AXIS = Axis()
"""A linear axis of numbers that follows the data."""


class TickMark(NamedTuple):
    """A tick with its row or column, counted from the start of the plot area."""

    cell: int
    label: str
    value: float


class Ruler(NamedTuple):
    """A computed axis; `note` is the offset or the date that applies to every label."""

    scale: Scale
    limits: AxisLimits
    marks: tuple[TickMark, ...]
    note: str = ""

    @property
    def label_width(self) -> int:
        """The cells of the widest label."""
        return max((width(mark.label) for mark in self.marks), default=0)


def vertical_ruler(axis: Axis, data: AxisLimits, rows: int, dots_per_row: int) -> Ruler:
    """Return the ruler of a y-axis; one that follows the data has its ticks in the middle of rows."""
    limits = axis.limits_for(data)
    if axis.is_automatic and axis.scale == LINEAR and axis.unit is Unit.NUMBER:
        aligned = align_to_rows(limits, rows, dots_per_row)
        if aligned is not None:
            return _vertical_ruler(axis.scale, aligned.limits, aligned.ticks, rows, dots_per_row)
    for ticks in _candidates(axis, limits, max(2, rows // ROWS_PER_TICK)):
        ruler = _vertical_ruler(axis.scale, limits, ticks, rows, dots_per_row)
        cells = sorted(mark.cell for mark in ruler.marks)
        if all(after - before > 1 for before, after in pairwise(cells)):
            return ruler
    return Ruler(axis.scale, limits, ())


def horizontal_ruler(axis: Axis, limits: AxisLimits, cells: int, dots_per_cell: int) -> Ruler:
    """Return the ruler of an x-axis, with as many ticks as have room for their labels."""
    for ticks in _candidates(axis, limits, max(2, cells // CELLS_PER_TICK)):
        marks = _tick_marks(axis.scale, limits, ticks, cells, dots_per_cell)
        if _labels_fit(marks):
            return Ruler(axis.scale, limits, marks, ticks.note)
    return Ruler(axis.scale, limits, ())


def _labels_fit(marks: Sequence[TickMark]) -> bool:
    """Return whether all labels keep their distance."""
    spans = [(mark.cell - width(mark.label) // 2, mark.cell + (width(mark.label) + 1) // 2) for mark in marks]
    return all(before[1] + LABEL_GAP_CELLS <= after[0] for before, after in pairwise(spans))


def _vertical_ruler(scale: Scale, limits: AxisLimits, ticks: Ticks, rows: int, dots_per_row: int) -> Ruler:
    marks = [mark._replace(cell=rows - 1 - mark.cell) for mark in _tick_marks(scale, limits, ticks, rows, dots_per_row)]
    return Ruler(scale, limits, tuple(marks), ticks.note)


def _tick_marks(scale: Scale, limits: AxisLimits, ticks: Ticks, cells: int, per_cell: int) -> tuple[TickMark, ...]:
    """Return the ticks that lie on the axis, with their cells counted from its low end."""
    import numpy

    fractions = scale.fraction(numpy.array([tick.value for tick in ticks.ticks], float), *limits)
    dots = numpy.rint(fractions * (cells * per_cell - 1)).astype(int).tolist()
    return tuple(
        TickMark(dot // per_cell, tick.label, tick.value)
        for dot, tick in zip(dots, ticks.ticks, strict=True)
        if 0 <= dot < cells * per_cell
    )


def _candidates(axis: Axis, limits: AxisLimits, max_ticks: int) -> Iterator[Ticks]:
    if axis.scale == LINEAR:
        return _BY_UNIT[axis.unit](limits, max_ticks)
    if isinstance(axis.scale, Symlog):
        return symlog_ticks(limits, axis.scale.threshold, max_ticks)
    return log_ticks(limits, max_ticks)


_BY_UNIT: Mapping[Unit, Callable[[AxisLimits, int], Iterator[Ticks]]] = {
    Unit.NUMBER: linear_ticks,
    Unit.COUNT: lambda limits, max_ticks: linear_ticks(limits, max_ticks, integers=True),
    Unit.TIMESTAMP: time_ticks,
    Unit.DURATION: duration_ticks,
}
