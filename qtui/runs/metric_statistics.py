"""Statistics over the values of a metric; NaN and infinities are left out."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from qtui.query.ast import Aggregate
from qtui.runs.column_data import NumberColumn, finite, value_range
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Rows: TypeAlias = array[int] | NDArray[numpy.intp]


@dataclass(frozen=True, slots=True)
class MetricStatistics:
    """Count, mean, deviation, range and quartiles of finite values."""

    count: int
    mean: float
    deviation: float
    """The sample standard deviation; 0 for a single value."""
    low: float
    high: float
    first_quartile: float
    median: float
    third_quartile: float

    def best(self, *, higher: bool) -> float:
        """Return the best value."""
        return self.high if higher else self.low


def best_value(column: NumberColumn, rows: Rows, *, higher: bool) -> float | None:
    """Return the maximum or the minimum in these rows; None without two different values."""
    # A sort changes the order of all rows, but not their range.
    extremes = column.extremes if len(rows) == len(column) else value_range(_finite_values(column, rows))
    if extremes is None or extremes[0] == extremes[1]:
        return None
    return extremes[1] if higher else extremes[0]


def metric_statistics(column: NumberColumn, rows: array[int]) -> MetricStatistics | None:
    """Return the statistics of the finite values in these rows; None without any."""
    return statistics_of(_finite_values(column, rows))


def statistics_of(numbers: Sequence[float] | NDArray[numpy.float64]) -> MetricStatistics | None:
    """Return the statistics of the finite numbers; None without any. Quartiles are interpolated, as pandas does."""
    import numpy

    values = finite(numpy.asarray(numbers, dtype=numpy.float64))
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    # Scaled, because the sum and the squares of huge numbers are more than a float holds.
    scale = max(abs(low), abs(high)) or 1.0
    scaled = values / scale
    deviation = float(scaled.std(ddof=1)) * scale if len(values) > 1 else 0.0
    quartiles = [float(quartile) * scale for quartile in numpy.quantile(scaled, (0.25, 0.5, 0.75))]
    return MetricStatistics(len(values), float(scaled.mean()) * scale, deviation, low, high, *quartiles)


def group_statistics(
    column: NumberColumn, groups: Sequence[array[int]], aggregate: Aggregate
) -> NDArray[numpy.float64]:
    """Return the number that each group of rows shows of a metric: its mean, or its extreme for min and max.

    It is NaN for a group without finite values. `groups` holds no empty group.
    """
    import numpy

    rows = numpy.concatenate([numpy.frombuffer(group, dtype=numpy.int32) for group in groups])
    sizes = numpy.array([len(group) for group in groups])
    starts = numpy.concatenate(([0], numpy.cumsum(sizes)[:-1]))
    values = column.floats[rows]
    usable = column.mask[rows] & numpy.isfinite(values)
    counts = numpy.add.reduceat(usable, starts, dtype=numpy.int64)
    low = numpy.minimum.reduceat(numpy.where(usable, values, numpy.inf), starts)
    high = numpy.maximum.reduceat(numpy.where(usable, values, -numpy.inf), starts)
    low, high = numpy.where(counts, low, 0.0), numpy.where(counts, high, 0.0)
    if aggregate in (Aggregate.MIN, Aggregate.MAX):
        statistics = low if aggregate is Aggregate.MIN else high
    else:
        # Scaled, because the sum of huge numbers is more than a float holds.
        scale = numpy.maximum(numpy.abs(low), numpy.abs(high))
        scale[scale == 0] = 1.0
        scaled = numpy.where(usable, values, 0.0) / numpy.repeat(scale, sizes)
        statistics = numpy.add.reduceat(scaled, starts) / numpy.maximum(counts, 1) * scale
    return numpy.where(counts, statistics, numpy.nan)


def _finite_values(column: NumberColumn, rows: Rows) -> NDArray[numpy.float64]:
    import numpy

    indices = numpy.asarray(rows, dtype=numpy.intp)
    values = column.floats.take(indices)
    usable = column.mask.take(indices) & numpy.isfinite(values)
    return values if usable.all() else values[usable]
