"""Choose the limits of a y-axis so that its round ticks lie in the middle of rows, at equal distances."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.ticks import Ticks, TickStep, round_steps
from qtui.plot.scale import MAX_FLOAT

ROW_SPACINGS = (2, 3, 4, 5, 6)
"""The possible numbers of rows from one tick to the next."""
SPACING_WEIGHT = 0.08
"""The share of the height that a better tick spacing may cost, per row of difference."""


class AlignedAxis(NamedTuple):
    """An axis with ticks in the middle of rows."""

    limits: AxisLimits
    ticks: Ticks


class _Candidate(NamedTuple):
    """A possible axis: a tick step of `row_spacing` rows, and the multiple of a row's value in the top row."""

    step: TickStep
    row_spacing: int
    top: int
    limits: AxisLimits


def align_to_rows(limits: AxisLimits, rows: int, dots_per_row: int) -> AlignedAxis | None:
    """Return the axis around these limits that wastes the least height.

    Return None with too few rows, or where numbers exceed what a float holds."""
    candidates = list(_candidates(limits, rows, dots_per_row)) if rows > 2 else []
    if not candidates:
        return None
    ideal = min(5, max(2, rows // 4))
    best = max(
        candidates,
        key=lambda candidate: (
            _filled_share(limits, candidate.limits) - SPACING_WEIGHT * abs(candidate.row_spacing - ideal),
            candidate.row_spacing,
        ),
    )
    # The first and the last visible multiples of the tick step.
    last, first = best.top // best.row_spacing, -((rows - 1 - best.top) // best.row_spacing)
    return AlignedAxis(best.limits, best.step.ticks(first, last))


def _candidates(limits: AxisLimits, rows: int, dots_per_row: int) -> Iterator[_Candidate]:
    """Yield the axes that cover the limits: for each row spacing the one with the smallest step."""
    per_row = (limits.high / 2 - limits.low / 2) / (rows * dots_per_row - 1) * 2 * dots_per_row
    for row_spacing in ROW_SPACINGS:
        if row_spacing < rows:
            for step in round_steps(per_row * row_spacing):
                placed = _place(limits, rows, dots_per_row, step.times(1) / row_spacing)
                if placed is not None:
                    yield _Candidate(step, row_spacing, *placed)
                    break


def _place(limits: AxisLimits, rows: int, dots_per_row: int, row_value: float) -> tuple[int, AxisLimits] | None:
    """Return the multiple in the top row and the limits that cover the data and share the remaining height evenly."""
    middle = (dots_per_row - 1) // 2
    above, below = middle / dots_per_row, rows - (1 + middle) / dots_per_row
    least = math.ceil(limits.high / row_value - above - 1e-9)
    most = math.floor(limits.low / row_value + below + 1e-9)
    if most < least:
        return None
    top = (least + most) // 2
    if limits.low >= 0:
        # Data without negative values need no axis below zero.
        top = max(top, min(rows - 1, most))
    axis_limits = AxisLimits(min((top - below) * row_value, limits.low), max((top + above) * row_value, limits.high))
    return (top, axis_limits) if axis_limits.low >= -MAX_FLOAT and axis_limits.high <= MAX_FLOAT else None


def _filled_share(limits: AxisLimits, around: AxisLimits) -> float:
    """Return the share of the axis that the data cover."""
    return (limits.high / 2 - limits.low / 2) / (around.high / 2 - around.low / 2)
