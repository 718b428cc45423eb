"""The curves of a large chart: histories, which are loaded in the background, and the shapes to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from qtui.entities import History
from qtui.plot.axes.limits import AxisLimits, x_limits
from qtui.plot.curves.band import Band
from qtui.plot.curves.chart_options import ChartOptions, scales_for
from qtui.plot.curves.curve_cache import CurveCache
from qtui.plot.curves.readout import Readout, latest_readout, readout_at
from qtui.plot.series import Curve, Series
from qtui.tui.present.charts.chart_spec import ChartLine, ChartSpec, CurveKey
from qtui.tui.present.charts.ranked_bars import rank_lines

MAX_INITIAL_CURVES = 100
"""The number of curves that are loaded at first; lines beyond it start hidden."""


class CurveSet:
    """The histories, the curves still to load, and the curves and bands of the visible lines."""

    def __init__(self, spec: ChartSpec) -> None:
        self.spec = spec
        self.lines = spec.lines()
        self.hidden = lines_beyond(self.lines, MAX_INITIAL_CURVES)
        self.scales = scales_for((), ChartOptions())
        self.by_line: Mapping[ChartLine, Curve] = {}
        self.bands: Mapping[ChartLine, Band] = {}
        self.members: Mapping[ChartLine, Sequence[Curve]] = {}
        """The curves of the runs of each group, if they are shown."""
        self.requested: frozenset[CurveKey] = frozenset()
        """The curves that are being loaded."""
        self.failures: dict[CurveKey, str] = {}
        """The reasons why curves could not be loaded."""
        self.cache = CurveCache()
        self.x_metric = ""
        """The metric that is the x-axis; empty for steps or times."""
        self._series: dict[CurveKey, Series] = {}
        self._along: dict[CurveKey, tuple[Series, Series, Series]] = {}
        """Series by their curve with the one of the x-axis, and the result of both."""
        self._absent: frozenset[CurveKey] = frozenset()
        self._outdated: frozenset[CurveKey] = frozenset()

    def show(self, spec: ChartSpec) -> None:
        """Show other metrics or runs; histories that are loaded stay."""
        self.spec = spec
        self.lines = spec.lines()

    # Loading

    def add(self, key: CurveKey, history: History, start_time: int | None) -> None:
        """Add or replace the history of a curve."""
        self._series[key] = Series.from_history(history, key.metric, "", start_time)
        self.failures.pop(key, None)
        self._settle(key)

    def add_failure(self, key: CurveKey, reason: str) -> None:
        """Record why a curve could not be loaded."""
        self.failures[key] = reason
        self._settle(key)

    def add_absent(self, key: CurveKey) -> None:
        """Record that a run does not have the metric."""
        self._absent |= {key}
        self._settle(key)

    def _settle(self, key: CurveKey) -> None:
        self.requested -= {key}
        self._outdated -= {key}

    def reload(self) -> None:
        """Mark every curve as missing; the present shapes stay until they are replaced."""
        self._outdated = frozenset(self._series)
        self.failures = {}
        self._absent = frozenset()

    @property
    def keys(self) -> tuple[CurveKey, ...]:
        """The curves of all visible lines, one for each run of a group, and those of the metric of the x-axis."""
        keys = [key for line in self.lines if not self.is_hidden(line) for key in line.keys]
        if self.x_metric:
            keys += [key._replace(metric=self.x_metric) for key in keys]
        return tuple(dict.fromkeys(keys))

    @property
    def missing(self) -> tuple[CurveKey, ...]:
        """The visible curves that are still to be loaded."""
        settled = (self._series.keys() - self._outdated) | self.failures.keys() | self._absent
        return tuple(key for key in self.keys if key not in settled)

    @property
    def loaded(self) -> tuple[CurveKey, ...]:
        """The visible curves that are loaded."""
        return tuple(key for key in self.keys if key in self._series)

    @property
    def absent(self) -> tuple[CurveKey, ...]:
        """The visible curves whose run does not have the metric."""
        return tuple(key for key in self.keys if key in self._absent)

    @property
    def has_single_values(self) -> bool:
        """Whether all loaded curves have one point, and none is being loaded."""
        counts = [len(self._series[key]) for key in self.loaded]
        return not self.requested and max(counts, default=0) == 1

    @property
    def greatest_step(self) -> int:
        """The greatest step of all loaded curves."""
        return max((int(series.steps.max()) for series in self._series.values() if len(series)), default=0)

    # Lines

    def is_absent(self, line: ChartLine) -> bool:
        """Return whether no run of a line has the metric, or that of the x-axis."""
        return bool(self.absent_metric(line))

    def absent_metric(self, line: ChartLine) -> str:
        """Return the metric that no run of a line has: its own, or that of the x-axis; empty if it has both."""
        metrics = (metric for metric in (line.metric, self.x_metric) if metric)
        return next((m for m in metrics if self._absent.issuperset(key._replace(metric=m) for key in line.keys)), "")

    def is_hidden(self, line: ChartLine) -> bool:
        """Return whether a line is hidden."""
        return line.id in self.hidden

    def toggle(self, line: ChartLine) -> None:
        """Hide a line, or show it."""
        self.hidden ^= {line.id}

    # Shapes

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves that are drawn."""
        return tuple(self.by_line.values())

    @property
    def full_range(self) -> AxisLimits | None:
        """The x-limits of all curves that are drawn."""
        return x_limits(self.by_line.values(), self.scales["x"]) if self.by_line else None

    def shape(self, options: ChartOptions, *, use_marks: bool) -> None:
        """Derive the curves and bands of the visible lines; `use_marks` gives every line its mark."""
        self.cache.start_chart()
        self.x_metric = options.x_metric
        curves: dict[ChartLine, Curve] = {}
        bands: dict[ChartLine, Band] = {}
        members: dict[ChartLine, Sequence[Curve]] = {}
        for line in self.lines:
            parts = [] if self.is_hidden(line) else self._parts(line, options, use_marks=use_marks)
            if line.is_group and parts:
                curves[line], bands[line] = self.cache.mean(parts, line.name, line.role, options)
                members[line] = [self.cache.dim(part) for part in parts] if options.show_members else ()
            elif parts:
                curves[line] = parts[0]
        self.by_line, self.bands, self.members = curves, bands, members
        self.scales = scales_for(self.curves, options)

    def _parts(self, line: ChartLine, options: ChartOptions, *, use_marks: bool) -> list[Curve]:
        """Return the loaded curves of a line, one for each run."""
        mark, right = mark_of(line, use_marks=use_marks), line.metric in options.right_metrics
        series = [part for key in line.keys if (part := self._series_of(key)) is not None]
        return [
            self.cache.curve(part, line.name, line.role, mark, options, right=right, dashed=line.is_baseline)
            for part in series
        ]

    def _series_of(self, key: CurveKey) -> Series | None:
        """Return a loaded series, along the metric of the x-axis if there is one; None before both are loaded."""
        series = self._series.get(key)
        if series is None or not self.x_metric:
            return series
        other = self._series.get(key._replace(metric=self.x_metric))
        if other is None:
            return None
        cached = self._along.get(key)
        if cached is None or cached[0] is not series or cached[1] is not other:
            cached = self._along[key] = (series, other, series.along(other))
        return cached[2]

    def legend_lines(self, x: float | None, *, is_sorted: bool) -> list[ChartLine]:
        """Return the lines in the order of the legend: with `is_sorted` the best value at `x` first.

        Lines without a value come after those with one, and those without the metric last.
        """
        ranked = rank_lines(self.readouts(x)) if is_sorted else []
        return ranked + sorted((line for line in self.lines if line not in ranked), key=self.is_absent)

    def readout(self, line: ChartLine, x: float | None) -> Readout | None:
        """Return the readout of a line at an x value; at its latest point if that is None."""
        curve, band = self.by_line.get(line), self.bands.get(line)
        if curve is None:
            return None
        return latest_readout(curve, band) if x is None else readout_at(curve, x, band)

    def readouts(self, x: float | None) -> Mapping[ChartLine, Readout]:
        """Return the readouts of all lines that are drawn."""
        readouts = ((line, self.readout(line, x)) for line in self.lines)
        return {line: readout for line, readout in readouts if readout is not None}


def mark_of(line: ChartLine, *, use_marks: bool) -> str:
    """Return the mark of a line if it needs one: without colours, or beside another line of its colour."""
    return line.mark if use_marks or line.shares_colour else ""


def lines_beyond(lines: Sequence[ChartLine], max_curves: int) -> frozenset[tuple[str, str]]:
    """Return the IDs of the lines after the first `max_curves` curves; the first line is never among them."""
    totals = accumulate(len(line.runs) for line in lines)
    return frozenset(line.id for line, total in list(zip(lines, totals, strict=True))[1:] if total > max_curves)
