"""Metrics as logged (`Series`), and the curves drawn from them (`Curve`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from qtui.entities import History
from qtui.plot.pieces import DIM_SUFFIX
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats, Ints


class XAxis(StrEnum):
    """The x-axis of curves."""

    STEP = "step"
    TIME = "time"
    RELATIVE = "relative"


@dataclass(frozen=True, eq=False)
class Series:
    """Every point of a metric in logged order, with a name and a role."""

    name: str
    role: str
    steps: Ints
    timestamps: Ints
    values: Floats
    start_time: int | None = None
    """The start of relative time in ms; None takes the first point."""
    other_values: Floats | None = None
    """The x value of each point, if another metric is the x-axis."""

    @classmethod
    def from_history(cls, history: History, name: str, role: str, start_time: int | None = None) -> Series:
        return cls(name, role, history.steps, history.timestamps, history.values, start_time)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def last_value(self) -> float | None:
        """The latest value as MLflow defines it; None without points."""
        if not len(self):
            return None
        return History("", self.name, self.steps, self.timestamps, self.values).summary().last

    @cached_property
    def non_finite_count(self) -> int:
        """The number of values that are NaN or infinite."""
        import numpy

        return len(self) - int(numpy.isfinite(self.values).sum())

    def x_values(self, x_axis: XAxis) -> Floats:
        """Return the x value of each point: a step, milliseconds, or the value of another metric."""
        return _X_VALUES[x_axis](self) if self.other_values is None else self.other_values

    def along(self, other: Series) -> Series:
        """Return the series with the values of another metric of the run at the same steps as x values.

        A step that the other metric does not have is a gap; of several points at a step the last one counts.
        """
        import numpy

        order = numpy.argsort(other.steps, kind="stable")
        steps, values = other.steps[order], other.values[order].astype(float)
        places = numpy.searchsorted(steps, self.steps, "right") - 1
        matches = places >= 0
        matches[matches] = steps[places[matches]] == self.steps[matches]
        x_values = numpy.full(len(self), numpy.nan)
        x_values[matches] = values[places[matches]]
        return replace(self, other_values=x_values)


def _relative_times(series: Series) -> Floats:
    """Return the milliseconds since the start."""
    times = series.timestamps.astype(float)
    if not len(times):
        return times
    return times - float(times.min() if series.start_time is None else series.start_time)


_X_VALUES: Mapping[XAxis, Callable[[Series], Floats]] = {
    XAxis.STEP: lambda series: series.steps.astype(float),
    XAxis.TIME: lambda series: series.timestamps.astype(float),
    XAxis.RELATIVE: _relative_times,
}


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve: x and y values in logged order; values that are not finite are gaps."""

    name: str
    role: str
    x: Floats
    y: Floats
    source: Series | None = None
    """The series it was derived from, point for point."""
    raw: Curve | None = None
    """The curve before smoothing, drawn dim behind it."""
    is_right: bool = False
    """Whether it belongs to the right y-axis."""
    is_connected: bool = True
    """Whether lines connect its points."""
    mark: str = ""
    """A mark on the curve that tells it from others of its colour."""
    is_dashed: bool = False
    """Whether its line is dashed, as that of a baseline."""

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def is_ascending(self) -> bool:
        """Whether the x values never decrease."""
        import numpy

        return bool(numpy.all(self.x[1:] >= self.x[:-1]))

    @cached_property
    def gaps(self) -> Ints:
        """The indexes of points that are not finite."""
        import numpy

        return numpy.flatnonzero(~(numpy.isfinite(self.y) & numpy.isfinite(self.x)))

    @cached_property
    def log_gaps(self) -> Ints:
        """The indexes of points that are not finite or not positive."""
        import numpy

        return numpy.union1d(self.gaps, numpy.flatnonzero(~(self.y > 0)))


def make_curve(
    series: Series, x_axis: XAxis = XAxis.STEP, *, smoothing: float = 0, normalised: bool = False, right: bool = False
) -> Curve:
    """Return the curve of a series, optionally smoothed and scaled to 0 to 1."""
    from qtui.plot.smoothing import normalise, smooth

    values = normalise(series.values) if normalised else series.values
    curve = Curve(series.name, series.role, series.x_values(x_axis), values, series, is_right=right)
    if not smoothing:
        return curve
    raw = replace(curve, role=f"{series.role}{DIM_SUFFIX}")
    return replace(curve, y=smooth(values, smoothing), raw=raw)
