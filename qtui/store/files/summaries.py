"""What a metric did over its whole history."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qtui.entities import Summary
from qtui.store.files import metrics
from qtui.store.files.histories import Columns


def summary_of_bytes(data: bytes) -> Summary | None:
    """The summary of a small file in perfect order, without numpy; None when it needs a closer look."""
    try:
        last = metrics.latest(data)
        values = list(map(float, data.split()[1::3]))
    except ValueError:
        return None
    return None if last is None else _summed_up(values, last.value)


def summary_of_columns(columns: Columns) -> Summary | None:
    """The summary of a history; None when it has no point."""
    values = columns.values.tolist()
    if not values:
        return None
    return _summed_up(values, _latest_value(columns))


def _summed_up(values: Sequence[float], last: float) -> Summary:
    numbers = [value for value in values if not math.isnan(value)]
    return Summary(
        first=values[0],
        last=last,
        min=min(numbers, default=None),
        max=max(numbers, default=None),
        count=len(values),
        non_finite=len(values) - sum(map(math.isfinite, values)),
    )


def _latest_value(columns: Columns) -> float:
    at_top = (columns.steps == columns.steps.max()).nonzero()[0]
    tied = zip(columns.timestamps[at_top].tolist(), columns.values[at_top].tolist(), strict=True)
    return float(max(tied)[1])
