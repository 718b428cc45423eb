"""Curves of series as a look wants them, each made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from qtui.plot.band import Band, average_curves
from qtui.plot.chart_options import ChartOptions
from qtui.plot.roles import DIM_SUFFIX
from qtui.plot.series import Curve, Series, make_curve

Value = TypeVar("Value")


class CurveCache:
    """Remembers what was made for the last chart; what a chart no longer shows is forgotten with the next one."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}

    def begin(self) -> None:
        """Begin another chart."""
        self._before, self._made = self._made, {}

    def curve(self, series: Series, name: str, role: str, mark: str, options: ChartOptions, *, right: bool) -> Curve:
        """The curve of a series under a name, in a colour, with a mark."""
        key = series, name, role, mark, options.x_axis, options.smoothing, options.normalised, right

        def make() -> Curve:
            named = replace(series, name=name, role=role)
            curve = make_curve(
                named, options.x_axis, smoothing=options.smoothing, normalised=options.normalised, right=right
            )
            return replace(curve, mark=mark) if mark else curve

        return self._kept(key, make)

    def dimmed(self, curve: Curve) -> Curve:
        """A curve in a faint colour, and nothing beneath it."""
        role = curve.role if curve.role.endswith(DIM_SUFFIX) else f"{curve.role}{DIM_SUFFIX}"
        return self._kept((curve, DIM_SUFFIX), lambda: replace(curve, role=role, raw=None))

    def mean(self, curves: Sequence[Curve], name: str, role: str, options: ChartOptions) -> tuple[Curve, Band]:
        """Several curves as one, with a band."""
        key = tuple(curves), name, role, options.band_spread
        return self._kept(key, lambda: average_curves(curves, name, role, options.band_spread))

    def _kept(self, key: Hashable, make: Callable[[], Value]) -> Value:
        if key not in self._made:
            self._made[key] = self._before[key] if key in self._before else make()
        made: Value = self._made[key]
        return made
