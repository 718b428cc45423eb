"""Bars in place of a chart, for metrics of which every run has a single value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from qtui.formatting import format_number
from qtui.plot.figures import Bar, BarChart
from qtui.plot.readout import Readout
from qtui.query import higher_is_better
from qtui.tui.present.chart_spec import ChartLine, CurveKey


def rank_lines(readings: Mapping[ChartLine, Readout]) -> list[ChartLine]:
    """Return the lines in the order of their bars: by metric, the best value first, NaN last."""

    def key(line: ChartLine) -> tuple[str, bool, float]:
        value = readings[line].value
        return line.metric, math.isnan(value), -value if higher_is_better(line.metric) else value

    return sorted(readings, key=key)


def ranked_bars(readings: Mapping[ChartLine, Readout], absent: Iterable[CurveKey], *, ascii_only: bool) -> BarChart:
    """Return a bar for each reading, and below them how many runs are without a metric."""
    bars = (_bar(line, readings[line]) for line in rank_lines(readings))
    return BarChart(tuple(bars), count_absent(absent), ascii_only)


def count_absent(absent: Iterable[CurveKey]) -> str:
    """Count the runs without each metric, such as `52 without ICIR`."""
    counts = Counter(key.metric for key in absent)
    return "   ".join(f"{count:,} without {metric}" for metric, count in counts.items())


def _bar(line: ChartLine, reading: Readout) -> Bar:
    if reading.low is None or reading.high is None:
        return Bar(line.name, reading.value, line.role)
    note = f"  {format_number(reading.low)} … {format_number(reading.high)} ({reading.count:,})"
    return Bar(line.name, reading.value, line.role, note, reading.low, reading.high, reading.count)
