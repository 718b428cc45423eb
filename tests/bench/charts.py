"""The time to draw charts, from curves in memory to rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from statistics import mean, median
from time import perf_counter
from typing import Any

import numpy
import plotext

from qtui.plot.axes.axis import Axis, Unit
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.curves.viewport import zoom
from qtui.plot.scale import LINEAR, LOG
from qtui.plot.series import Curve, Series, make_curve
from tests.bench.registry import Comparison, Measurement, RatioBudget, Scale, bench
from tests.bench.report import format_bytes, format_seconds
from tests.bench.runs_table import TerminalProgram

ROUNDS = 21
LEFT = "\x1b[D"
WIDTH, HEIGHT = 200, 55
CARD = 60, 14
"""The size of a chart in a grid of 12 on a terminal of that size."""
PEER_POINTS, PEER_SIZE = 240, (120, 36)
"""The points and the size of the comparison with plotext, which gets slower with more points."""


@bench("charts")
def charts_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Measure redrawing while zooming, a grid, smoothing, and keys on the screen."""
    rng = numpy.random.default_rng(7)
    yield _beside_plotext(rng)
    points = scale.points // 10
    plain = [make_curve(_series(rng, points, number)) for number in range(10)]
    smooth = [make_curve(curve.source, smoothing=0.9) for curve in plain if curve.source is not None]
    ten = f"10 x {points:,} points"
    yield Measurement(f"{ten}, redrawn on zoom", _zooming(plain), 0.050, format_seconds)
    yield Measurement(f"{ten}, smoothed over raw, redrawn on zoom", _zooming(smooth), 0.050, format_seconds)
    yield Measurement(f"{ten}, logarithmic, redrawn on zoom", _zooming(plain, Axis(LOG)), 0.050, format_seconds)
    long = [make_curve(_series(rng, scale.points, 0))]
    yield Measurement(f"{scale.points:,} points, redrawn on zoom", _zooming(long), 0.050, format_seconds)
    grid = [[make_curve(_series(rng, 1000, number)) for number in range(5)] for _ in range(12)]
    yield Measurement(
        "grid of 12 charts, 5 x 1,000 points each", _median_time(lambda: _draw_grid(grid)), 0.060, format_seconds
    )
    source = long[0].source
    if source is not None:
        smoothing = _median_time(lambda: make_curve(source, smoothing=0.99))
        yield Measurement(f"{scale.points:,} points smoothed, once", smoothing, 0.100, format_seconds)
    yield from _on_screen(points)


def _beside_plotext(rng: numpy.random.Generator) -> Comparison:
    """Compare our canvas with plotext: a frame of ten curves."""
    curves = [make_curve(_series(rng, PEER_POINTS, number)) for number in range(10)]
    chart = Chart(tuple(curves), x=Axis(unit=Unit.COUNT))
    points = [(curve.x.tolist(), curve.y.tolist()) for curve in curves]

    def draw_with_plotext() -> str:
        figure: Any = plotext.figure
        plotext.terminal.limit(False, False)
        figure.clear()
        figure.plot_size(*PEER_SIZE)
        for xs, ys in points:
            figure.draw(figure.signal(xs, ys, marker=plotext.marker("braille")))
        return str(figure.build().string())

    ours, theirs = _median_time(lambda: draw_chart(chart, *PEER_SIZE)), _median_time(draw_with_plotext)
    label = f"10 x {PEER_POINTS} points in {PEER_SIZE[0]}x{PEER_SIZE[1]}"
    return Comparison(label, ours, "plotext", theirs, RatioBudget(3))


def _on_screen(points: int) -> Iterator[Measurement]:
    """Measure the keys of the chart screen, from the key to the last byte of output."""
    label = f"10 x {points:,} points on the screen, {WIDTH}x{HEIGHT}"
    with TerminalProgram(["-m", "tests.bench.chart_app", str(points)], WIDTH, HEIGHT) as chart:
        chart.press("", timeout=120, quiet=3)
        steps, zooms = chart.press_all([LEFT] * 60), chart.press_all([*"+++---"] * 5)
        yield Measurement(f"{label}: cursor to paint, p95", steps.p95, 0.030, format_seconds)
        yield Measurement(f"{label}: terminal for a cursor step, mean", mean(steps.sizes), 2_000, format_bytes)
        yield Measurement(f"{label}: zoom to paint, p95", zooms.p95, 0.080, format_seconds)
        yield Measurement(f"{label}: idle", chart.cpu(3), 0.01, "{:.1%} of a core".format)
        chart.end()


def _series(rng: numpy.random.Generator, points: int, number: int) -> Series:
    """Return a loss with noise, logged once a second."""
    fallen = 2 / (1 + numpy.arange(points) / (points / 20)) + number / 10
    values = fallen * numpy.exp(rng.normal(0, 0.05, points))
    steps = numpy.arange(points)
    return Series(f"run {number}", f"run-{number % 8}", steps, 1_760_000_000_000 + 1000 * steps, values)


def _zooming(curves: Sequence[Curve], y: Axis | None = None) -> float:
    """Return the median time to draw a step of zooming in and out."""
    full = AxisLimits(0.0, float(len(curves[0]) - 1))
    at = full.high / 3
    views = [AxisLimits(at * (1 - part), at + (full.high - at) * part) for part in (1.0, 0.8, 0.5, 0.2, 0.05, 0.4)]
    turn = cycle(zoom(view, full, LINEAR, at, 1.25) or full for view in views)

    def step() -> None:
        low, high = next(turn)
        draw_chart(Chart(tuple(curves), x=Axis(unit=Unit.COUNT, low=low, high=high), y=y or Axis()), WIDTH, HEIGHT)

    return _median_time(step)


def _draw_grid(grid: Sequence[Sequence[Curve]]) -> None:
    for curves in grid:
        draw_chart(Chart(tuple(curves), x=Axis(unit=Unit.COUNT), legend=False), *CARD)


def _median_time(work: Callable[[], object]) -> float:
    """Return the median time of several calls, after one that warms up."""
    work()
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return median(times)
