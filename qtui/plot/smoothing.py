"""Smooth and normalise values; values that are not finite stay as they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

NEGLIGIBLE_WEIGHT = 1e-17
"""Weights below this no longer change a sum of numbers of similar size."""

CHUNK_VALUES = 8192
"""The number of values summed at a time, which fit into the processor's cache."""


def smooth(values: Floats, weight: float) -> Floats:
    """Return the debiased exponential moving average."""
    import numpy

    is_finite = numpy.isfinite(values)
    finite_values = values[is_finite]
    if not len(finite_values) or weight <= 0:
        return values
    # Scaled to the maximum, because the sum of two huge numbers overflows.
    greatest = float(numpy.abs(finite_values).max()) or 1.0
    means = _weighted_sums(finite_values / greatest, weight) * (1 - weight)
    early_weights = _decaying_weights(len(finite_values), weight)
    means[: len(early_weights)] /= 1 - early_weights
    result = values.copy()
    result[is_finite] = (means * greatest).clip(finite_values.min(), finite_values.max())
    return result


def _decaying_weights(count: int, weight: float) -> Floats:
    """Return the weight after one step, two steps and so on: at most `count`, and only those that matter."""
    import numpy

    lasting = math.ceil(math.log(NEGLIGIBLE_WEIGHT) / math.log(weight))
    return weight ** numpy.arange(1.0, min(count, lasting) + 1)


def _weighted_sums(values: Floats, weight: float) -> Floats:
    """Return the running sums of the values, each weighted less the older it is."""
    sums = values.copy()
    fading = _decaying_weights(CHUNK_VALUES, weight)
    carried = 0.0
    for start in range(0, len(sums), CHUNK_VALUES):
        chunk = sums[start : start + CHUNK_VALUES]
        # Each pass doubles the distance that the sums cover.
        reach = 1
        while reach < len(chunk) and weight**reach > NEGLIGIBLE_WEIGHT:
            chunk[reach:] += weight**reach * chunk[:-reach]
            reach *= 2
        old = fading[: len(chunk)] * carried
        chunk[: len(old)] += old
        carried = float(chunk[-1])
    return sums


def normalise(values: Floats) -> Floats:
    """Return the values scaled to 0 to 1; a constant becomes 0.5."""
    import numpy

    from qtui.plot.scale import LINEAR

    is_finite = numpy.isfinite(values)
    if not is_finite.any():
        return values
    low, high = float(values[is_finite].min()), float(values[is_finite].max())
    result = values.copy()
    result[is_finite] = 0.5 if low == high else LINEAR.fraction(values[is_finite], low, high)
    return result
