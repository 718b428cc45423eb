"""A frame in pandas: for scripts, and for export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qtui.query.ast import Aggregate, Kind
from qtui.recorder.tables import attribute_columns
from qtui.runs.frame import RunsFrame
from qtui.runs.values import Column, Numbers

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

LOGGED = (("metrics", Kind.METRIC), ("params", Kind.PARAM), ("tags", Kind.TAG))


def data_frame(frame: RunsFrame, rows: Sequence[int]) -> DataFrame:
    """These rows as `mlflow.search_runs` lays runs out; what a run does not have is empty."""
    import numpy
    import pandas

    places = numpy.asarray(rows, dtype=numpy.int64)
    data = attribute_columns([frame.infos[row] for row in rows])
    data.update((name, _taken(column, places)) for name, column in _logged(frame))
    return pandas.DataFrame(data)


def _logged(frame: RunsFrame) -> Iterator[tuple[str, Column]]:
    """Every column with MLflow's name for it."""
    for prefix, kind in LOGGED:
        columns = frame.shelves.get((kind, Aggregate.LAST), {})
        yield from ((f"{prefix}.{key}", columns[key]) for key in sorted(columns))


def _taken(column: Column, places: NDArray[numpy.int64]) -> Series[Any]:
    """These rows of a column."""
    import numpy
    import pandas

    if isinstance(column, Numbers):
        return pandas.Series(numpy.where(column.mask[places], column.floats[places], numpy.nan))
    # The code of an absent value is -1, which reads the last place.
    values = numpy.array([*column.pool.values, None], dtype=object)
    return pandas.Series(values[column.indices[places]], dtype=object)
