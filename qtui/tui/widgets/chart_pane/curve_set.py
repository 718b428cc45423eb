"""The curves of a large chart as they are held: histories come one by one, and are shaped as they are wanted."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import accumulate

from textual.timer import Timer

from qtui.entities import History
from qtui.plot.band import Band
from qtui.plot.chart_options import ChartOptions, scales_for
from qtui.plot.curve_cache import CurveCache
from qtui.plot.limits import AxisLimits, x_limits
from qtui.plot.readout import Readout, latest_readout, readout_at
from qtui.plot.series import Curve, Series
from qtui.tui.present.chart_spec import ChartLine, ChartSpec, CurveKey
from qtui.tui.widgets.pane import Pane

BREATHER = 0.05
"""Seconds between two drawings while curves keep coming."""

MOST_AT_FIRST = 100
"""The curves that are read and drawn unasked; those beyond wait hidden in the legend."""


class HeldCurves(Pane):
    """Takes the histories that the screen gives; how they are shown is left to who shows them."""

    def __init__(self, spec: ChartSpec) -> None:
        super().__init__()
        self.spec = spec
        self.lines = spec.lines()
        self.options = ChartOptions()
        self.cursor: float | None = None
        self.hidden = beyond(self.lines, MOST_AT_FIRST)
        self.scales = scales_for((), self.options)
        self._series: dict[CurveKey, Series] = {}
        self._failures: dict[CurveKey, str] = {}
        self._lacking: frozenset[CurveKey] = frozenset()
        self._awaited: frozenset[CurveKey] = frozenset()
        self._outdated: frozenset[CurveKey] = frozenset()
        self._shapes = CurveCache()
        self._curves: dict[ChartLine, Curve] = {}
        self._bands: dict[ChartLine, Band] = {}
        self._timer: Timer | None = None

    @abstractmethod
    def rearrange(self) -> None:
        """Draw all curves as they are wanted now."""

    # What the screen gives

    def await_curves(self, keys: frozenset[CurveKey]) -> None:
        """Know that these are being read."""
        self._awaited = keys
        self.soon()

    def take(self, key: CurveKey, history: History, began: int | None) -> None:
        """Show a history in place of what was known of it."""
        self._series[key] = Series.from_history(history, key.metric, "", began)
        self._failures.pop(key, None)
        self._awaited -= {key}
        self._outdated -= {key}
        self.soon()

    def miss(self, key: CurveKey, reason: str) -> None:
        """Say why a curve is not there."""
        self._failures[key] = reason
        self._awaited -= {key}
        self._outdated -= {key}
        self.soon()

    def lack(self, key: CurveKey) -> None:
        """Know that a run has no such metric."""
        self._lacking |= {key}
        self._awaited -= {key}
        self._outdated -= {key}
        self.soon()

    def forget(self) -> None:
        """Want every curve anew; those that are drawn stay until the others come."""
        self._outdated = frozenset(self._series)
        self._failures = {}
        self._lacking = frozenset()

    @property
    def is_reading(self) -> bool:
        """Whether curves are still to come."""
        return bool(self._awaited)

    # What there is

    def mark_of(self, line: ChartLine) -> str:
        """What tells a curve from those of its colour, if anything must."""
        return line.mark if self.app.no_color or line.shares_colour else ""

    @property
    def wanted(self) -> tuple[CurveKey, ...]:
        """The curves of every line that is not hidden, each run of a group by itself."""
        return tuple(dict.fromkeys(key for line in self.lines if not self.is_hidden(line) for key in line.keys))

    @property
    def missing(self) -> tuple[CurveKey, ...]:
        """Those of them that have neither come nor failed."""
        known = (self._series.keys() - self._outdated) | self._failures.keys() | self._lacking
        return tuple(key for key in self.wanted if key not in known)

    @property
    def present(self) -> tuple[CurveKey, ...]:
        """Those of them that have come."""
        return tuple(key for key in self.wanted if key in self._series)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves that are drawn."""
        return tuple(self._curves.values())

    @property
    def extent(self) -> AxisLimits | None:
        """All places that there are to see."""
        return x_limits(self._curves.values(), self.scales["x"]) if self._curves else None

    @property
    def has_single_values(self) -> bool:
        """Whether every curve that has come is of one point, and none is still to come."""
        counts = [len(self._series[key]) for key in self.present]
        return not self._awaited and max(counts, default=0) == 1

    def is_absent(self, line: ChartLine) -> bool:
        """Whether no run of a line has its metric."""
        return self._lacking.issuperset(line.keys)

    def is_hidden(self, line: ChartLine) -> bool:
        """Whether a curve is hidden."""
        return line.id in self.hidden

    def soon(self) -> None:
        """Draw what has come, but not for each curve."""
        if self._timer is None:
            self._timer = self.set_timer(BREATHER if self._curves else 0.001, self._rearrange_now)

    def _rearrange_now(self) -> None:
        self._timer = None
        self.rearrange()

    @property
    def is_waiting(self) -> bool:
        """Whether something has come that is not shown yet."""
        return self._timer is not None

    # What is made of it

    def _shape(self) -> None:
        """Make the curves of what is not hidden."""
        self._shapes.start_chart()
        self._curves, self._bands = {}, {}
        for line in self.lines:
            if not self.is_hidden(line):
                self._shape_trace(line)
        self.scales = scales_for(tuple(self._curves.values()), self.options)

    def _shape_trace(self, line: ChartLine) -> None:
        right, mark = line.metric in self.options.right_metrics, self.mark_of(line)
        known = [self._series[key] for key in line.keys if key in self._series]
        curves = [self._shapes.curve(each, line.name, line.role, mark, self.options, right=right) for each in known]
        if line.grouped and curves:
            mean, self._bands[line] = self._shapes.mean(curves, line.name, line.role, self.options)
            self._curves[line] = mean
        elif curves:
            self._curves[line] = curves[0]

    def reading_of(self, line: ChartLine) -> Readout | None:
        """What a curve says under the cursor, or at its end."""
        curve, band = self._curves.get(line), self._bands.get(line)
        if curve is None:
            return None
        return latest_readout(curve, band) if self.cursor is None else readout_at(curve, self.cursor, band)


def beyond(lines: Sequence[ChartLine], most: int) -> frozenset[tuple[str, str]]:
    """The lines after the first ones, which need as many curves as may be read unasked; the very first is shown."""
    needed = accumulate(len(line.runs) for line in lines)
    return frozenset(line.id for line, curves in list(zip(lines, needed, strict=True))[1:] if curves > most)
