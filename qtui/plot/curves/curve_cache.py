"""Cache of the curves that are derived from series."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from qtui.plot.curves.band import Band, average_curves
from qtui.plot.curves.chart_options import ChartOptions
from qtui.plot.pieces import DIM_SUFFIX
from qtui.plot.series import Curve, Series, make_curve

Value = TypeVar("Value")


class CurveCache:
    """Cache of derived curves; those that one chart does not use are dropped when the next one starts."""

    def __init__(self) -> None:
        self._current: dict[Hashable, Any] = {}
        self._previous: dict[Hashable, Any] = {}

    def start_chart(self) -> None:
        """Start another chart; what only the chart before the last one used is dropped."""
        self._previous, self._current = self._current, {}

    def curve(
        self,
        series: Series,
        name: str,
        role: str,
        mark: str,
        options: ChartOptions,
        *,
        right: bool,
        dashed: bool = False,
    ) -> Curve:
        key = series, name, role, mark, options.x_axis, options.smoothing, options.normalised, right, dashed

        def build() -> Curve:
            named = replace(series, name=name, role=role)
            curve = make_curve(
                named, options.x_axis, smoothing=options.smoothing, normalised=options.normalised, right=right
            )
            return replace(curve, mark=mark, is_dashed=dashed) if mark or dashed else curve

        return self._get_or_build(key, build)

    def dim(self, curve: Curve) -> Curve:
        """Return a curve in a dim colour, without its raw curve."""
        role = curve.role if curve.role.endswith(DIM_SUFFIX) else f"{curve.role}{DIM_SUFFIX}"
        return self._get_or_build((curve, DIM_SUFFIX), lambda: replace(curve, role=role, raw=None))

    def mean(self, curves: Sequence[Curve], name: str, role: str, options: ChartOptions) -> tuple[Curve, Band]:
        """Return the mean of several curves, with its band."""
        key = tuple(curves), name, role, options.band_spread
        return self._get_or_build(key, lambda: average_curves(curves, name, role, options.band_spread))

    def _get_or_build(self, key: Hashable, build: Callable[[], Value]) -> Value:
        if key not in self._current:
            self._current[key] = self._previous[key] if key in self._previous else build()
        value: Value = self._current[key]
        return value
