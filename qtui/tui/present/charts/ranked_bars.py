"""Bars instead of a chart, for metrics with a single value in every run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from qtui.formatting import format_number
from qtui.plot.charts.bar_chart import Bar, BarChart
from qtui.plot.curves.readout import Readout
from qtui.query import higher_is_better
from qtui.tui.present.charts.chart_spec import ChartLine, CurveKey


def rank_lines(readouts: Mapping[ChartLine, Readout]) -> list[ChartLine]:
    """Return the lines by metric, the best value first, NaN last; smoothed values count where curves are smoothed."""

    def key(line: ChartLine) -> tuple[str, bool, float]:
        readout = readouts[line]
        value = readout.value if readout.smoothed is None else readout.smoothed
        return line.metric, math.isnan(value), -value if higher_is_better(line.metric) else value

    return sorted(readouts, key=key)


def ranked_bars(readouts: Mapping[ChartLine, Readout], absent: Iterable[CurveKey], *, ascii_only: bool) -> BarChart:
    """Return a bar for each readout, and below them how many runs are without a metric."""
    bars = (_bar(line, readouts[line]) for line in rank_lines(readouts))
    return BarChart(tuple(bars), count_absent(absent), ascii_only)


def count_absent(absent: Iterable[CurveKey]) -> str:
    """Count the runs without each metric, such as `52 without ICIR`."""
    counts = Counter(key.metric for key in absent)
    return "   ".join(f"{count:,} without {metric}" for metric, count in counts.items())


def _bar(line: ChartLine, readout: Readout) -> Bar:
    if readout.low is None or readout.high is None:
        return Bar(line.name, readout.value, line.role)
    note = f"  {format_number(readout.low)} … {format_number(readout.high)} ({readout.count:,})"
    return Bar(line.name, readout.value, line.role, note, readout.low, readout.high, readout.count)
