"""A metric's history as points and as columns, and what it comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qtui.entities import History, Point, Summary


def points_of(history: History) -> list[Point]:
    """The history, point by point."""
    columns = history.steps.tolist(), history.timestamps.tolist(), history.values.tolist()
    return [Point(*each) for each in zip(*columns, strict=True)]


def history_of(run_id: str, key: str, points: Sequence[Point]) -> History:
    """The history made of these points, in their order."""
    import numpy

    steps, timestamps, values = zip(*points, strict=True) if points else ((), (), ())
    return History(
        run_id,
        key,
        steps=numpy.array(steps, numpy.int64),
        timestamps=numpy.array(timestamps, numpy.int64),
        values=numpy.array(values, numpy.float64),
    )


def summary_of(points: Sequence[Point]) -> Summary:
    """What these points come to; the first is the first in their order, the last the greatest as MLflow has it."""
    values = [point.value for point in points]
    numbers = [value for value in values if not math.isnan(value)]
    return Summary(
        first=values[0],
        last=max(points).value,
        min=min(numbers, default=None),
        max=max(numbers, default=None),
        count=len(values),
        non_finite=sum(not math.isfinite(value) for value in values),
    )
