"""Metrics as they were logged, and the curves that are drawn of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from qtui.entities import History
from qtui.plot.roles import DIM_SUFFIX

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats, Ints


class XAxis(StrEnum):
    """What a curve runs along."""

    STEP = "step"
    TIME = "time"
    RELATIVE = "relative"


@dataclass(frozen=True, eq=False)
class Series:
    """Every point of a metric in the order it was logged, with a name and the role that gives it its colour."""

    name: str
    role: str
    steps: Ints
    timestamps: Ints
    values: Floats
    start_time: int | None = None
    """When (ms) relative time begins; the first point, where it is not told."""

    @classmethod
    def from_history(cls, history: History, name: str, role: str, start_time: int | None = None) -> Series:
        """The series of a history."""
        return cls(name, role, history.steps, history.timestamps, history.values, start_time)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def last_value(self) -> float | None:
        """The latest value, as MLflow has it; none where nothing was logged."""
        if not len(self):
            return None
        return History("", self.name, self.steps, self.timestamps, self.values).summary().last

    @cached_property
    def non_finite_count(self) -> int:
        """How many values are NaN or infinite."""
        import numpy

        return len(self) - int(numpy.isfinite(self.values).sum())

    def x_values(self, x_axis: XAxis) -> Floats:
        """Where each point stands: a step, or milliseconds."""
        return _X_VALUES[x_axis](self)


def _relative_times(series: Series) -> Floats:
    """Milliseconds since the beginning."""
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
    """What is drawn of a series: places and values of equal length, in logged order; what is not finite is a gap."""

    name: str
    role: str
    x: Floats
    y: Floats
    source: Series | None = None
    """What it was made of, point for point."""
    raw: Curve | None = None
    """The same before it was smoothed, drawn dimly beneath it."""
    right: bool = False
    """Whether it belongs to the axis on the right."""
    connected: bool = True
    """Whether a line goes from point to point."""
    mark: str = ""
    """A character now and then on the curve, which tells it from others of its colour."""

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def ascending(self) -> bool:
        """Whether no point stands left of the one before it."""
        import numpy

        return bool(numpy.all(self.x[1:] >= self.x[:-1]))

    @cached_property
    def gaps(self) -> Ints:
        """Which points have no place or no value that can be drawn."""
        import numpy

        return numpy.flatnonzero(~(numpy.isfinite(self.y) & numpy.isfinite(self.x)))

    @cached_property
    def log_gaps(self) -> Ints:
        """Which points have no value, or none that has a logarithm."""
        import numpy

        return numpy.union1d(self.gaps, numpy.flatnonzero(~(self.y > 0)))


def make_curve(
    series: Series, x_axis: XAxis = XAxis.STEP, *, smoothing: float = 0, normalised: bool = False, right: bool = False
) -> Curve:
    """The curve of a series, smoothed and drawn into 0 to 1 if that is wanted."""
    from qtui.plot.smoothing import normalise, smooth

    values = normalise(series.values) if normalised else series.values
    curve = Curve(series.name, series.role, series.x_values(x_axis), values, series, right=right)
    if not smoothing:
        return curve
    beneath = replace(curve, role=f"{series.role}{DIM_SUFFIX}")
    return replace(curve, y=smooth(values, smoothing), raw=beneath)
