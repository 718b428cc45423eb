"""Bars in place of a chart, for metrics of which every run has a single value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from qtui.formatting import format_number
from qtui.plot.figures import Bar, BarChart
from qtui.plot.readout import Readout
from qtui.query import higher_is_better
from qtui.tui.present.chart_spec import CurveKey, Trace


def rank(readings: Mapping[Trace, Readout]) -> list[Trace]:
    """Return the lines in the order of their bars: by metric, the best value first, NaN last."""

    def key(trace: Trace) -> tuple[str, bool, float]:
        value = readings[trace].value
        return trace.metric, math.isnan(value), -value if higher_is_better(trace.metric) else value

    return sorted(readings, key=key)


def ranked_bars(readings: Mapping[Trace, Readout], absent: Iterable[CurveKey], *, ascii_only: bool) -> BarChart:
    """Return a bar for each reading, and below them how many runs are without a metric."""
    bars = (_bar(trace, readings[trace]) for trace in rank(readings))
    return BarChart(tuple(bars), count_absent(absent), ascii_only)


def count_absent(absent: Iterable[CurveKey]) -> str:
    """Count the runs without each metric, such as `52 without ICIR`."""
    counts = Counter(key.metric for key in absent)
    return "   ".join(f"{count:,} without {metric}" for metric, count in counts.items())


def _bar(trace: Trace, reading: Readout) -> Bar:
    if reading.low is None or reading.high is None:
        return Bar(trace.name, reading.value, trace.role)
    note = f"  {format_number(reading.low)} … {format_number(reading.high)} ({reading.count:,})"
    return Bar(trace.name, reading.value, trace.role, note, reading.low, reading.high, reading.count)
