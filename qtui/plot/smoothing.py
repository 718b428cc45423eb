"""Smooths and normalises values; what is not finite stays where and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qtui.plot.arrays import Floats

FORGOTTEN = 1e-17
"""A weight below this no longer changes a sum of numbers of like size."""


def smoothed(values: Floats, weight: float) -> Floats:
    """The exponential moving average, each mean divided by the weights that went into it so that none pulls to 0."""
    import numpy

    finite = numpy.isfinite(values)
    known = values[finite]
    if not len(known) or weight <= 0:
        return values
    # As a part of the greatest, for the sum of two huge numbers can be more than a float holds.
    greatest = float(numpy.abs(known).max()) or 1.0
    sums = _running(known / greatest, weight)
    weights = (1 - weight ** numpy.arange(1.0, len(known) + 1)) / (1 - weight)
    means = numpy.clip(sums / weights * greatest, known.min(), known.max())
    result = values.copy()
    result[finite] = means
    return result


def _running(values: Floats, weight: float) -> Floats:
    """At each place the sum of all values so far, each weighing less the older it is; found by doubling the reach."""
    sums = values.copy()
    reach = 1
    while reach < len(sums) and weight**reach > FORGOTTEN:
        sums[reach:] += weight**reach * sums[:-reach]
        reach *= 2
    return sums


def normal(values: Floats) -> Floats:
    """The values drawn into 0 to 1; a constant becomes a half."""
    import numpy

    from qtui.plot.scale import LINEAR

    finite = numpy.isfinite(values)
    if not finite.any():
        return values
    low, high = float(values[finite].min()), float(values[finite].max())
    result = values.copy()
    result[finite] = 0.5 if low == high else LINEAR.fraction(values[finite], low, high)
    return result
