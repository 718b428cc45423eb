"""Densities of params on a grid, for PED-ANOVA.

After S. Watanabe et al., "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary Subspaces" (2023):
a kernel for every observed value with Scott's bandwidth, and a wide kernel as a prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from qtui.compare.distributions import normal_cdf

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

PRIOR_WEIGHT = 1.0
MIN_SIGMA = 0.5 / 1.64
"""The least bandwidth in grid cells: 90 % of a kernel fall into its own cell."""
SCOTT_FACTOR = 1.059
IQR_OF_NORMAL = 1.34


def number_density(counts: Sequence[int]) -> NDArray[numpy.float64]:
    """Return the density on a grid of numbers from the number of observations in each cell."""
    import numpy

    totals = numpy.asarray(counts, dtype=numpy.float64)
    cells = numpy.flatnonzero(totals)
    weights = totals[cells]
    sigma = max(_scott_sigma(cells, weights), MIN_SIGMA)
    size = len(totals)
    kernels = [_cell_masses(float(cell), sigma, size) for cell in cells]
    kernels.append(_cell_masses((size - 1) / 2, float(size), size))
    return _mixture(numpy.array(kernels), weights)


def category_density(counts: Sequence[int]) -> NDArray[numpy.float64]:
    """Return the density of categories from their numbers of observations."""
    import numpy

    totals = numpy.asarray(counts, dtype=numpy.float64)
    cells = numpy.flatnonzero(totals)
    kernel_count = len(cells) + 1
    kernels = numpy.full((kernel_count, len(totals)), PRIOR_WEIGHT / kernel_count)
    kernels[numpy.arange(len(cells)), cells] += 1
    kernels /= kernels.sum(axis=1, keepdims=True)
    return _mixture(kernels, totals[cells])


def _mixture(kernels: NDArray[numpy.float64], weights: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    import numpy

    shares = numpy.append(weights, PRIOR_WEIGHT)
    return numpy.asarray(shares / shares.sum() @ kernels)


def _scott_sigma(cells: NDArray[numpy.int64], weights: NDArray[numpy.float64]) -> float:
    """Return Scott's bandwidth of weighted observations."""
    import numpy

    total = float(weights.sum())
    mean = float(cells @ weights) / total
    deviation = float(((cells - mean) ** 2 @ weights / max(1.0, total - 1)) ** 0.5)
    ends = numpy.cumsum(weights)
    lower = int(numpy.searchsorted(ends, total // 4, side="left"))
    upper = min(len(cells) - 1, int(numpy.searchsorted(ends, total * 3 // 4, side="right")))
    iqr = float(cells[upper] - cells[lower])
    return SCOTT_FACTOR * min(iqr / IQR_OF_NORMAL, deviation) * float(total**-0.2)


def _cell_masses(mean: float, sigma: float, size: int) -> list[float]:
    """Return the masses of a normal distribution in the cells of a grid, to which it is truncated."""
    edges = [normal_cdf((cell - 0.5 - mean) / sigma) for cell in range(size + 1)]
    total = edges[-1] - edges[0]
    return [(right - left) / total for left, right in pairwise(edges)]
