"""Parallel coordinates: an axis for each param or metric, and a line through the values of each run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from qtui.formatting import ABSENT, format_count, format_number
from qtui.plot.axes.axis_frame import glyphs_for, title_rows
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.canvas import Canvas, dot_characters
from qtui.plot.curves.downsampling import downsample
from qtui.plot.curves.raster import rasterize
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows
from qtui.plot.scale import LINEAR
from qtui.plot.series import Curve
from qtui.text import display, truncate, width
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools

MIN_LOG_RATIO = 100
"""The ratio of the largest to the smallest value from which positive numbers have a logarithmic axis."""
MIN_AXIS_CELLS = 8
"""The least distance of two axes."""
HEAD_ROWS = 2
"""The rows of the names and of the largest values."""
MIN_BODY_ROWS = 2
RANGE = ("┃", "#")
"""The range of a narrowed axis, and its ASCII form."""


@dataclass(frozen=True, eq=False)
class ParallelAxis:
    """An axis with a value of each run, which may be narrowed to a range of its values."""

    name: str
    values: Sequence[float | str | None]
    first: int = 0
    """The lowest stop inside the range."""
    last: int | None = None
    """The highest stop inside the range; None for the highest of all."""

    @cached_property
    def is_text(self) -> bool:
        """Whether a value is a text, so that all values are categories."""
        return any(isinstance(value, str) for value in self.values)

    @cached_property
    def stops(self) -> tuple[float | str, ...]:
        """The distinct values in order: numbers that are finite, or texts."""
        if self.is_text:
            return tuple(sorted({_category(value) for value in self.values if value is not None}))
        return tuple(sorted({number for value in self.values if (number := _finite(value)) is not None}))

    @property
    def last_stop(self) -> int:
        """The highest stop inside the range."""
        return len(self.stops) - 1 if self.last is None else self.last

    @property
    def is_narrowed(self) -> bool:
        """Whether the range leaves out a value."""
        return self.first > 0 or self.last_stop < len(self.stops) - 1

    @property
    def limits(self) -> tuple[float | str, float | str] | None:
        """The lowest and the highest value of the range; None without values."""
        return (self.stops[self.first], self.stops[self.last_stop]) if self.stops else None

    def contains(self, run: int) -> bool:
        """Return whether the value of a run is inside the range; a missing value is inside of the whole axis only."""
        if not self.is_narrowed:
            return True
        stop = self._stop(run)
        return stop is not None and self.first <= stop <= self.last_stop

    def narrow(self, first: int, last: int) -> ParallelAxis:
        """Return the axis with another range, which has at least one stop."""
        top = max(0, len(self.stops) - 1)
        first = max(0, min(first, top))
        last = max(first, min(last, top))
        return replace(self, first=first, last=None if last == top else last)

    def position(self, run: int) -> float:
        """Return the position of the value of a run, from 0 below to 1 above; NaN without a value."""
        stop = self._stop(run)
        return math.nan if stop is None else self.position_of(stop)

    def position_of(self, stop: int) -> float:
        """Return the position of a stop, from 0 below to 1 above."""
        return self._positions[stop]

    @cached_property
    def _positions(self) -> list[float]:
        """The positions of all stops: logarithmic for positive numbers over several powers of ten."""
        count = len(self.stops)
        if count < 2 or self.is_text:
            return [0.5] if count == 1 else [stop / (count - 1) for stop in range(count)]
        numbers = [float(value) for value in self.stops]
        if numbers[0] > 0 and numbers[-1] / numbers[0] >= MIN_LOG_RATIO:
            numbers = [math.log(number) for number in numbers]
        # Halved, because the difference of two floats can be infinite.
        low, length = numbers[0] / 2, numbers[-1] / 2 - numbers[0] / 2
        return [(number / 2 - low) / length for number in numbers]

    def text_of(self, run: int) -> str:
        """Return the value of a run as text."""
        value = self.values[run]
        return ABSENT if value is None else value if isinstance(value, str) else format_number(value)

    @cached_property
    def _stop_numbers(self) -> dict[float | str, int]:
        return {value: number for number, value in enumerate(self.stops)}

    def _stop(self, run: int) -> int | None:
        value = self.values[run]
        if value is None:
            return None
        key = _category(value) if self.is_text else _finite(value)
        return None if key is None else self._stop_numbers[key]


def _category(value: float | str) -> str:
    return value if isinstance(value, str) else format_number(value)


def _finite(value: float | str | None) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


@dataclass(frozen=True, eq=False)
class ParallelPlot:
    """Lines through axes; those of runs outside of a narrowed range are left out."""

    axes: tuple[ParallelAxis, ...]
    roles: Sequence[str]
    """The role of each run."""
    order: Sequence[int] = ()
    """The runs from back to front; by default in their order."""
    title: str = ""
    ascii_only: bool = False
    current_axis: int = 0
    current_run: int | None = None
    """The run that is drawn over all others."""

    @cached_property
    def runs_inside(self) -> tuple[int, ...]:
        """The runs inside the ranges of all axes, from back to front."""
        order = self.order or range(len(self.roles))
        return tuple(run for run in order if all(axis.contains(run) for axis in self.axes))


def draw_parallel(plot: ParallelPlot, cells: int, rows: int) -> Picture:
    """Return the lines in exactly this many cells and rows; axes without room beside the current one are left out."""
    cells, rows = max(0, cells), max(0, rows)
    total, inside = len(plot.roles), len(plot.runs_inside)
    note = f"{inside:,} of {format_count(total, 'run')}" if inside < total else format_count(total, "run")
    head = title_rows(cells, plot.title, note)
    height = rows - len(head) - HEAD_ROWS - 1
    first, visible = _visible_axes(plot, cells)
    if not visible or height < MIN_BODY_ROWS:
        text = "too little room" if plot.axes else "no axes"
        return Picture(fit_rows((*head, fit_row(cells, Piece(text, "muted"))), cells, rows))
    columns = _axis_columns(len(visible), cells)
    canvas = Canvas(cells, height)
    glyphs = glyphs_for(ascii_only=plot.ascii_only)
    for column in columns:
        canvas.vertical_line(0, column, height, glyphs.vertical, "axis")
    for role, runs in _layers(plot):
        canvas.paint(0, 0, dot_characters(_dots(visible, runs, columns, canvas, plot.ascii_only), glyphs), role)
    for axis, column in zip(visible, columns, strict=True):
        if axis.is_narrowed:
            _draw_range(canvas, axis, column, ascii_only=plot.ascii_only)
        _write_categories(canvas, axis, column)
    lines = [_label_row(plot, first, visible, columns, cells, part) for part in ("name", "high", "low")]
    return Picture(fit_rows((*head, *lines[:HEAD_ROWS], *canvas.rows(), lines[-1]), cells, rows))


def _visible_axes(plot: ParallelPlot, cells: int) -> tuple[int, tuple[ParallelAxis, ...]]:
    """Return the number of the first visible axis and the visible axes, with the current one among them."""
    count = min(len(plot.axes), max(0, cells // MIN_AXIS_CELLS))
    first = max(0, min(plot.current_axis - count // 2, len(plot.axes) - count))
    return first, plot.axes[first : first + count]


def _axis_columns(count: int, cells: int) -> list[int]:
    """Return the columns of axes, with half of their distance at both sides."""
    distance = cells / count
    return [int((number + 0.5) * distance) for number in range(count)]


def _layers(plot: ParallelPlot) -> list[tuple[str, list[int]]]:
    """Return the runs by role from back to front; the current one is a layer of its own."""
    layers: dict[str, list[int]] = {}
    for run in plot.runs_inside:
        role = plot.roles[run]
        # The role of the run in front is the last layer.
        layers[role] = members = layers.pop(role, [])
        members.append(run)
    ordered = list(layers.items())
    if plot.current_run is not None and plot.current_run in plot.runs_inside:
        ordered.append(("accent", [plot.current_run]))
    return ordered


def _dots(
    axes: Sequence[ParallelAxis], runs: Sequence[int], columns: Sequence[int], canvas: Canvas, ascii_only: bool
) -> Bools:
    """Return the dots of the lines of runs, from axis to axis; a missing value is a gap."""
    import numpy

    glyphs = glyphs_for(ascii_only=ascii_only)
    across, down = canvas.width * glyphs.dots_across, canvas.height * glyphs.dots_down
    places = [column * glyphs.dots_across for column in columns]
    # Between two runs there is a gap, so that all of them are one curve.
    xs = numpy.tile(numpy.array([*places, places[-1]], float), len(runs))
    ys = numpy.array([[*(axis.position(run) for axis in axes), math.nan] for run in runs], float).reshape(-1)
    curve = Curve("", "", xs, ys)
    segments = downsample(curve, AxisLimits(0, across - 1), across, LINEAR, LINEAR)
    return rasterize(segments, AxisLimits(0, 1), LINEAR, across, down, max_isolated=across)


def _draw_range(canvas: Canvas, axis: ParallelAxis, column: int, *, ascii_only: bool) -> None:
    """Draw the range of a narrowed axis over it."""
    ends = [axis.position_of(stop) for stop in (axis.last_stop, axis.first)]
    top, bottom = (round((1 - end) * (canvas.height - 1)) for end in ends)
    canvas.vertical_line(top, column, bottom - top + 1, RANGE[ascii_only], "accent")


def _write_categories(canvas: Canvas, axis: ParallelAxis, column: int) -> None:
    """Write the names of categories beside their places on an axis; the first and the last one are labels of it."""
    if not axis.is_text or len(axis.stops) > canvas.height:
        return
    for number, stop in list(enumerate(axis.stops))[1:-1]:
        row = round((1 - axis.position_of(number)) * (canvas.height - 1))
        canvas.write(row, column + 1, truncate(display(str(stop)), MIN_AXIS_CELLS - 2), "text")


def _label_row(
    plot: ParallelPlot, first: int, axes: Sequence[ParallelAxis], columns: Sequence[int], cells: int, part: str
) -> Row:
    """Return the names of the axes, or the ends of their ranges, each centred at its axis."""
    room = max(1, cells // len(axes) - 1)
    pieces: list[Piece] = []
    position = 0
    for number, (axis, column) in enumerate(zip(axes, columns, strict=True), first):
        if part == "name":
            text, role = display(axis.name), "focus" if number == plot.current_axis else "strong"
        else:
            end = None if axis.limits is None else axis.limits[part == "high"]
            text = ABSENT if end is None else display(end) if isinstance(end, str) else format_number(end)
            role = "accent" if axis.is_narrowed else "tick"
        text = truncate(text, room)
        start = max(position, min(column - width(text) // 2, cells - width(text)))
        pieces += [Piece(" " * (start - position)), Piece(text, role)]
        position = start + width(text)
    return fit_row(cells, *pieces)
