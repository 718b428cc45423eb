"""Frames from Qlib's pickles, checked for the shape that a view needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import Content
from qtui.artifacts.source import Source
from qtui.artifacts.trees.pickle_file import load_pickle
from qtui.artifacts.viewer import View
from qtui.errors import ArtifactUnreadable
from qtui.plot.axes.axis import Unit

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

    from qtui.plot.array_types import Floats

SHAPE_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, ArithmeticError)
"""The exceptions that pandas and numpy raise for values of another shape than Qlib's."""


class LazyPickle:
    """The value of a pickle, decoded when it is first needed and shared by the views of the file."""

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self._source = source
        self._value: Any = None
        self._is_loaded = False
        self._lock = Lock()

    def value(self) -> Any:
        """Return the value; raises ArtifactUnreadable."""
        with self._lock:
            if not self._is_loaded:
                self._value, self._is_loaded = load_pickle(self._source).value, True
            return self._value

    def view(self, title: str, make: Callable[[Any], Content]) -> View:
        """Return a view that `make` builds from the value; values of another shape are refused in one sentence."""

        def open_view() -> Content:
            value = self.value()
            try:
                return make(value)
            except SHAPE_ERRORS:
                raise ArtifactUnreadable(
                    f"{self.path} does not have the shape that the view {title!r} needs."
                ) from None

        return View(title, open_view)


def series_of_numbers(value: Any, path: str = "The file") -> Series:
    """Return a series, or the only column of a frame, as floats in index order; raises ArtifactUnreadable."""
    import pandas

    if isinstance(value, pandas.DataFrame) and len(value.columns) == 1:
        value = value.iloc[:, 0]
    if not isinstance(value, pandas.Series) or value.empty:
        raise ArtifactUnreadable(f"{path} is no series of daily numbers.")
    try:
        return pandas.to_numeric(value, errors="coerce").astype("float64").sort_index(kind="stable")
    except SHAPE_ERRORS:
        raise ArtifactUnreadable(f"{path} is no series of daily numbers.") from None


def frame_of_numbers(value: Any, columns: Sequence[str], path: str = "The file") -> DataFrame:
    """Return these columns of a frame as floats in the order of its index; raises ArtifactUnreadable without them."""
    import pandas

    missing = [name for name in columns if not isinstance(value, pandas.DataFrame) or name not in value.columns]
    if missing or value.empty:
        raise ArtifactUnreadable(f"{path} has no column {missing[0]}." if missing else f"{path} has no rows.")
    try:
        numbers = {name: pandas.to_numeric(value[name], errors="coerce").astype("float64") for name in columns}
        return pandas.DataFrame(numbers, index=value.index).sort_index(kind="stable")
    except SHAPE_ERRORS:
        raise ArtifactUnreadable(f"{path} has columns that are no numbers.") from None


def x_values(index: Index[Any]) -> tuple[Floats, Unit]:
    """Return the times of an index in ms, as the clock of this machine writes them, or the numbers of its rows."""
    import numpy
    import pandas

    if isinstance(index, pandas.DatetimeIndex) and not index.hasnans:
        # Days have no time zone; the axis writes times of the local one.
        local = index.tz_localize(None).to_pydatetime()
        try:
            return numpy.array([moment.timestamp() * 1000 for moment in local], float), Unit.TIMESTAMP
        except (OverflowError, OSError, ValueError):
            pass
    return numpy.arange(len(index), dtype=float), Unit.COUNT


def day_text(moment: Any) -> str:
    """Return a moment of an index as text, without a time of day if it is midnight."""
    return str(moment).removesuffix(" 00:00:00")


def total(series: Series) -> Series:
    """Return the sum of a series so far; a missing value adds nothing."""
    return series.fillna(0).cumsum()
