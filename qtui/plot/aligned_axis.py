"""Chooses the ends of an upright axis so that its round numbers lie in the middle of rows, equally far apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from qtui.plot.limits import AxisLimits
from qtui.plot.scale import MAX_FLOAT
from qtui.plot.ticks import Ticks, TickStep, round_steps

ROW_SPACINGS = (2, 3, 4, 5, 6)
"""So many rows may lie between two ticks."""
SPACING_WEIGHT = 0.08
"""How much of the height a better distance between ticks is worth, a row."""


class AlignedAxis(NamedTuple):
    """An axis: its ends, and its ticks, each in the middle of a row."""

    limits: AxisLimits
    ticks: Ticks


class _Candidate(NamedTuple):
    """One way to lay out the rows: a step over so many rows, and which multiple of a row's worth is on top."""

    step: TickStep
    apart: int
    top: int
    limits: AxisLimits


def align_to_rows(limits: AxisLimits, rows: int, down: int) -> AlignedAxis | None:
    """The axis around these limits that wastes the least; none where there are too few rows or numbers run out."""
    fits = list(_candidates(limits, rows, down)) if rows > 2 else []
    if not fits:
        return None
    ideal = min(5, max(2, rows // 4))
    best = max(
        fits, key=lambda fit: (_filled_share(limits, fit.limits) - SPACING_WEIGHT * abs(fit.apart - ideal), fit.apart)
    )
    # The multiple on top of the first row below it that has a tick.
    last, first = best.top // best.apart, -((rows - 1 - best.top) // best.apart)
    return AlignedAxis(best.limits, best.step.ticks(first, last))


def _candidates(limits: AxisLimits, rows: int, down: int) -> Iterator[_Candidate]:
    """The ways that cover the limits, the least high one for each distance between ticks."""
    per_row = (limits.high / 2 - limits.low / 2) / (rows * down - 1) * 2 * down
    for apart in ROW_SPACINGS:
        if apart < rows:
            for step in round_steps(per_row * apart):
                placed = _place(limits, rows, down, step.times(1) / apart)
                if placed is not None:
                    yield _Candidate(step, apart, *placed)
                    break


def _place(limits: AxisLimits, rows: int, down: int, worth: float) -> tuple[int, AxisLimits] | None:
    """Which multiple of a row's worth to have on top so that all is covered, with the rest spread evenly."""
    middle = (down - 1) // 2
    above, below = middle / down, rows - (1 + middle) / down
    least = math.ceil(limits.high / worth - above - 1e-9)
    most = math.floor(limits.low / worth + below + 1e-9)
    if most < least:
        return None
    top = (least + most) // 2
    if limits.low >= 0:
        # Nothing is below zero, so the axis need not go there either.
        top = max(top, min(rows - 1, most))
    found = AxisLimits(min((top - below) * worth, limits.low), max((top + above) * worth, limits.high))
    return (top, found) if found.low >= -MAX_FLOAT and found.high <= MAX_FLOAT else None


def _filled_share(limits: AxisLimits, around: AxisLimits) -> float:
    """How much of the axis the limits fill."""
    return (limits.high / 2 - limits.low / 2) / (around.high / 2 - around.low / 2)
