"""Statistics of columns: of one that is in memory, and of one that is read in parts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import ColumnStatistics
from qtui.artifacts.tables.cell_texts import column_texts
from qtui.artifacts.tables.frame_filter import texts_of

if TYPE_CHECKING:
    from pandas import Series

    from qtui.artifacts.tables.column_sample import ColumnSample

MAX_SAMPLE = 10_000
"""Numbers of a sample for a histogram."""
TOP_VALUES = 5
"""Frequent values that are listed."""
QUARTILES = ((0.25, "25 %"), (0.5, "median"), (0.75, "75 %"))


def series_statistics(values: Series[Any]) -> ColumnStatistics:
    """Return the statistics of a column in memory."""
    import numpy as np

    with np.errstate(all="ignore"):
        return ColumnStatistics(tuple(_facts(values)), number_sample(values) if is_number_dtype(values.dtype) else ())


def add_sample(own: ColumnStatistics, sample: ColumnSample) -> ColumnStatistics:
    """Return the statistics of a file with those of a sample of the column, which are marked as such."""
    import pandas as pd

    column = sample.columns[0]
    values = pd.Series(column.numbers()) if column.is_number else pd.Series(column.texts(), dtype=object)
    sampled = series_statistics(values)
    names = {"count", "missing", "distinct", *(name for name, _ in own.facts)}
    facts = [(name, text) for name, text in sampled.facts if name not in names]
    return ColumnStatistics((*own.facts, ("sample", f"{len(sample.rows):,} rows"), *facts), sampled.sample)


def is_number_dtype(dtype: Any) -> bool:
    """Return whether a dtype is one of real numbers."""
    import pandas as pd

    types = pd.api.types
    return bool(types.is_numeric_dtype(dtype) and not types.is_bool_dtype(dtype) and not types.is_complex_dtype(dtype))


def number_text(value: float) -> str:
    """Return a statistic with eight significant digits, an integer with all."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else f"{value:.8g}"


def number_sample(values: Series[Any]) -> tuple[float, ...]:
    """Return up to `MAX_SAMPLE` finite numbers of a column, taken at regular intervals."""
    import numpy as np

    step = max(1, math.ceil(len(values) / MAX_SAMPLE))
    numbers = values.iloc[::step].to_numpy(dtype="float64", na_value=np.nan)
    return tuple(numbers[np.isfinite(numbers)].tolist())


def _facts(values: Series[Any]) -> Iterator[tuple[str, str]]:
    import pandas as pd

    count = int(values.count())
    yield "count", f"{count:,}"
    yield "missing", f"{len(values) - count:,}"
    if not is_number_dtype(values.dtype) and not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = texts_of(values) if values.dtype == object else values
    yield "distinct", f"{values.nunique():,}"
    if not count:
        return
    if is_number_dtype(values.dtype):
        yield from _number_facts(values)
    elif values.dtype.kind in "mM":
        yield from zip(("min", "max"), column_texts([values.min(), values.max()]), strict=True)
    else:
        yield from _top_values(values, count)


def _number_facts(values: Series[Any]) -> Iterator[tuple[str, str]]:
    yield "min", number_text(values.min())
    yield "max", number_text(values.max())
    # Half floats overflow in their own precision.
    numbers = values.astype("float64") if values.dtype.kind == "f" else values
    yield "mean", number_text(numbers.mean())
    yield "std", number_text(numbers.std()) if numbers.count() > 1 else "NaN"
    quartiles = numbers.quantile([share for share, _ in QUARTILES])
    yield from ((name, number_text(quartiles[share])) for share, name in QUARTILES)


def _top_values(values: Series[Any], count: int) -> Iterator[tuple[str, str]]:
    top = values.value_counts().head(TOP_VALUES)
    for text, times in zip(column_texts(top.index.tolist()), top.tolist(), strict=True):
        if times:
            yield text, f"{times:,} ({times / count:.1%})"


class RunningStatistics:
    """Statistics of a column that is read in parts; distinct values and quartiles would need all of it at once."""

    def __init__(self) -> None:
        self._count = 0
        self._missing = 0
        self._mean = 0.0
        self._squares = 0.0
        self._range: tuple[Any, Any] | None = None
        self._sample: list[float] = []
        self._sample_step = 1
        self._is_number = True

    def add(self, values: Series[Any]) -> None:
        """Add a part."""
        count = int(values.count())
        self._missing += len(values) - count
        if count and values.dtype == object:
            values = texts_of(values)
        if count and not is_number_dtype(values.dtype):
            self._is_number = False
        if count and values.dtype != "category" and values.dtype.kind != "c":
            self._add_range(values.dropna().min(), values.dropna().max())
        if count and self._is_number:
            self._add_numbers(values, count)
        self._count += count

    def _add_range(self, low: Any, high: Any) -> None:
        try:
            self._range = (min(self._range[0], low), max(self._range[1], high)) if self._range else (low, high)
        except TypeError:
            # The parts of an object column can have different types.
            self._range = None

    def _add_numbers(self, values: Series[Any], count: int) -> None:
        """Merge mean and squared deviations, as Chan, Golub and LeVeque describe it."""
        import numpy as np

        with np.errstate(all="ignore"):
            numbers = values.dropna().to_numpy(dtype="float64")
            mean = float(numbers.mean())
            squares = float(((numbers - mean) ** 2).sum())
            difference, total = mean - self._mean, self._count + count
            self._mean += difference * count / total
            self._squares += squares + difference**2 * self._count * count / total
        self._sample += number_sample(values)[:: self._sample_step]
        while len(self._sample) > MAX_SAMPLE:
            self._sample = self._sample[::2]
            self._sample_step *= 2

    def result(self) -> ColumnStatistics:
        """Return the statistics of all parts."""
        facts = [("count", f"{self._count:,}"), ("missing", f"{self._missing:,}")]
        if self._range and self._is_number:
            facts += zip(("min", "max"), map(number_text, self._range), strict=True)
        elif self._range:
            facts += zip(("min", "max"), column_texts(self._range), strict=True)
        if self._count and self._is_number:
            deviation = math.sqrt(self._squares / (self._count - 1)) if self._count > 1 else math.nan
            facts += [("mean", number_text(self._mean)), ("std", number_text(deviation))]
        facts.append(("distinct, quartiles", "not computed, because the column is read in parts"))
        return ColumnStatistics(tuple(facts), tuple(self._sample) if self._is_number else ())
