"""Smooths and normalises values; what is not finite stays where and what it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

NEGLIGIBLE_WEIGHT = 1e-17
"""A weight below this no longer changes a sum of numbers of like size."""

CHUNK_VALUES = 8192
"""So many values stay near the processor while they are summed."""


def smooth(values: Floats, weight: float) -> Floats:
    """The exponential moving average, each mean divided by the weights that went into it so that none pulls to 0."""
    import numpy

    finite = numpy.isfinite(values)
    known = values[finite]
    if not len(known) or weight <= 0:
        return values
    # As a part of the greatest, for the sum of two huge numbers can be more than a float holds.
    greatest = float(numpy.abs(known).max()) or 1.0
    means = _weighted_sums(known / greatest, weight) * (1 - weight)
    young = _decaying_weights(len(known), weight)
    means[: len(young)] /= 1 - young
    result = values.copy()
    result[finite] = (means * greatest).clip(known.min(), known.max())
    return result


def _decaying_weights(count: int, weight: float) -> Floats:
    """The weight after one step, after two and so on, at most so many of them and as long as they matter."""
    import numpy

    lasting = math.ceil(math.log(NEGLIGIBLE_WEIGHT) / math.log(weight))
    return weight ** numpy.arange(1.0, min(count, lasting) + 1)


def _weighted_sums(values: Floats, weight: float) -> Floats:
    """At each place the sum of all values so far, each weighing less the older it is."""
    sums = values.copy()
    fading = _decaying_weights(CHUNK_VALUES, weight)
    carried = 0.0
    for start in range(0, len(sums), CHUNK_VALUES):
        chunk = sums[start : start + CHUNK_VALUES]
        # Each pass doubles how far back the sums reach.
        reach = 1
        while reach < len(chunk) and weight**reach > NEGLIGIBLE_WEIGHT:
            chunk[reach:] += weight**reach * chunk[:-reach]
            reach *= 2
        old = fading[: len(chunk)] * carried
        chunk[: len(old)] += old
        carried = float(chunk[-1])
    return sums


def normalise(values: Floats) -> Floats:
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
