"""Convert the history of a metric between points and columns."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.entities import History, Point


def points_of(history: History) -> list[Point]:
    columns = history.steps.tolist(), history.timestamps.tolist(), history.values.tolist()
    return [Point(*row) for row in zip(*columns, strict=True)]


def history_of(run_id: str, key: str, points: Sequence[Point]) -> History:
    """Return the history of these points, in their order."""
    import numpy

    steps, timestamps, values = zip(*points, strict=True) if points else ((), (), ())
    return History(
        run_id,
        key,
        steps=numpy.array(steps, numpy.int64),
        timestamps=numpy.array(timestamps, numpy.int64),
        values=numpy.array(values, numpy.float64),
    )
