"""Statistics of a group of values: mean, deviation and quartiles."""

from __future__ import annotations

from collections.abc import Iterable

from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Statistics of finite values."""

    count: int
    mean: float
    deviation: float
    """The sample standard deviation; 0 for a single value."""
    low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    high: float

    def best(self, *, higher: bool) -> float:
        """Return the best value."""
        return self.high if higher else self.low


def statistics_of(values: Iterable[float]) -> GroupStatistics | None:
    """Return the statistics of the finite values; None without any. Quartiles are interpolated, as pandas does."""
    import numpy

    numbers = numpy.array([value for value in values if abs(value) < float("inf")], dtype=numpy.float64)
    if not len(numbers):
        return None
    # Scaled, because the sum and the squares of huge numbers are more than a float holds.
    scale = float(numpy.abs(numbers).max()) or 1.0
    scaled = numbers / scale
    deviation = float(scaled.std(ddof=1)) * scale if len(numbers) > 1 else 0.0
    low, lower, median, upper, high = (
        float(value) * scale for value in numpy.quantile(scaled, (0, 0.25, 0.5, 0.75, 1))
    )
    return GroupStatistics(len(numbers), float(scaled.mean()) * scale, deviation, low, lower, median, upper, high)
