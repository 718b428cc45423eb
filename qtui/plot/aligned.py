"""Chooses the ends of an upright axis so that its round numbers lie in the middle of rows, equally far apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from qtui.plot.limits import Limits
from qtui.plot.scale import GREATEST
from qtui.plot.ticks import Step, Ticks, steps_from

APART = (2, 3, 4, 5, 6)
"""So many rows may lie between two ticks."""
PULL = 0.08
"""How much of the height a better distance between ticks is worth, a row."""


class Aligned(NamedTuple):
    """An axis: its ends, and its ticks, each in the middle of a row."""

    limits: Limits
    ticks: Ticks


class _Fit(NamedTuple):
    """One way to lay out the rows: a step over so many rows, and which multiple of a row's worth is on top."""

    step: Step
    apart: int
    top: int
    limits: Limits


def aligned(limits: Limits, rows: int, down: int) -> Aligned | None:
    """The axis around these limits that wastes the least; none where there are too few rows or numbers run out."""
    fits = list(_fits(limits, rows, down)) if rows > 2 else []
    if not fits:
        return None
    ideal = min(5, max(2, rows // 4))
    best = max(fits, key=lambda fit: (_filled(limits, fit.limits) - PULL * abs(fit.apart - ideal), fit.apart))
    # The multiple on top of the first row below it that has a tick.
    last, first = best.top // best.apart, -((rows - 1 - best.top) // best.apart)
    return Aligned(best.limits, best.step.ticks(first, last))


def _fits(limits: Limits, rows: int, down: int) -> Iterator[_Fit]:
    """The ways that cover the limits, the least high one for each distance between ticks."""
    per_row = (limits.high / 2 - limits.low / 2) / (rows * down - 1) * 2 * down
    for apart in APART:
        if apart < rows:
            for step in steps_from(per_row * apart):
                placed = _placed(limits, rows, down, step.times(1) / apart)
                if placed is not None:
                    yield _Fit(step, apart, *placed)
                    break


def _placed(limits: Limits, rows: int, down: int, worth: float) -> tuple[int, Limits] | None:
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
    found = Limits(min((top - below) * worth, limits.low), max((top + above) * worth, limits.high))
    return (top, found) if found.low >= -GREATEST and found.high <= GREATEST else None


def _filled(limits: Limits, around: Limits) -> float:
    """How much of the axis the limits fill."""
    return (limits.high / 2 - limits.low / 2) / (around.high / 2 - around.low / 2)
