"""Drawing: how long a chart takes from curves in memory to rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from statistics import mean, median
from time import perf_counter
from typing import Any

import numpy
import plotext

from qtui.plot.axis import Axis, Unit
from qtui.plot.chart import Chart
from qtui.plot.drawing import draw_chart
from qtui.plot.limits import AxisLimits
from qtui.plot.scale import LINEAR, LOG
from qtui.plot.series import Curve, Series, make_curve
from qtui.plot.viewport import zoom
from tests.bench.registry import Amount, Goal, Row, Scale, bench
from tests.bench.runs_table import Driven
from tests.bench.table import bytes_of, time_of

ROUNDS = 21
LEFT = "\x1b[D"
WIDTH, HEIGHT = 200, 55
CARD = 60, 14
"""The size of a chart in a grid of 12 on a terminal of that size."""
PEER_POINTS, PEER_SIZE = 240, (120, 36)
"""The curves that plotext draws too: with more points it is slower still."""


@bench("charts")
def charts_bench(scale: Scale) -> Iterator[Row | Amount]:
    """Redrawing on every step of a zoom, a grid, and what comes before drawing."""
    chance = numpy.random.default_rng(7)
    yield _beside_plotext(chance)
    points = scale.points // 10
    plain = [make_curve(_series(chance, points, number)) for number in range(10)]
    smooth = [make_curve(curve.source, smoothing=0.9) for curve in plain if curve.source is not None]
    ten = f"10 x {points:,} points"
    yield Amount(f"{ten}, redrawn on zoom", _zooming(plain), 0.050, time_of)
    yield Amount(f"{ten}, smoothed over raw, redrawn on zoom", _zooming(smooth), 0.050, time_of)
    yield Amount(f"{ten}, logarithmic, redrawn on zoom", _zooming(plain, Axis(LOG)), 0.050, time_of)
    long = [make_curve(_series(chance, scale.points, 0))]
    yield Amount(f"{scale.points:,} points, redrawn on zoom", _zooming(long), 0.050, time_of)
    grid = [[make_curve(_series(chance, 1000, number)) for number in range(5)] for _ in range(12)]
    yield Amount("grid of 12 charts, 5 x 1,000 points each", _typical(lambda: _draw_grid(grid)), 0.060, time_of)
    source = long[0].source
    if source is not None:
        smoothing = _typical(lambda: make_curve(source, smoothing=0.99))
        yield Amount(f"{scale.points:,} points smoothed, once", smoothing, 0.100, time_of)
    yield from _on_screen(points)


def _beside_plotext(chance: numpy.random.Generator) -> Row:
    """The reason for a canvas of our own: a frame of ten curves, drawn by it and by plotext."""
    curves = [make_curve(_series(chance, PEER_POINTS, number)) for number in range(10)]
    chart = Chart(tuple(curves), x=Axis(unit=Unit.COUNT))
    points = [(curve.x.tolist(), curve.y.tolist()) for curve in curves]

    def draw_by_plotext() -> str:
        figure: Any = plotext.figure
        plotext.terminal.limit(False, False)
        figure.clear()
        figure.plot_size(*PEER_SIZE)
        for xs, ys in points:
            figure.draw(figure.signal(xs, ys, marker=plotext.marker("braille")))
        return str(figure.build().string())

    ours, theirs = _typical(lambda: draw_chart(chart, *PEER_SIZE)), _typical(draw_by_plotext)
    what = f"10 x {PEER_POINTS} points in {PEER_SIZE[0]}x{PEER_SIZE[1]}"
    return Row(what, ours, "plotext", theirs, Goal(3))


def _on_screen(points: int) -> Iterator[Amount]:
    """What keys cost on the screen of the large chart, from the key to the last byte that it made it write."""
    where = f"10 x {points:,} points on the screen, {WIDTH}x{HEIGHT}"
    with Driven(["-m", "tests.bench.chart_app", str(points)], WIDTH, HEIGHT) as chart:
        chart.press("", patience=120, quiet=3)
        steps, zooms = chart.answers([LEFT] * 60), chart.answers([*"+++---"] * 5)
        yield Amount(f"{where}: cursor to paint, p95", steps.late, 0.030, time_of)
        yield Amount(f"{where}: terminal for a cursor step, mean", mean(steps.sizes), 2_000, bytes_of)
        yield Amount(f"{where}: zoom to paint, p95", zooms.late, 0.080, time_of)
        yield Amount(f"{where}: idle", chart.cpu(3), 0.01, "{:.1%} of a core".format)
        chart.end()


def _series(chance: numpy.random.Generator, points: int, number: int) -> Series:
    """A loss with noise, logged once a second."""
    fallen = 2 / (1 + numpy.arange(points) / (points / 20)) + number / 10
    values = fallen * numpy.exp(chance.normal(0, 0.05, points))
    steps = numpy.arange(points)
    return Series(f"run {number}", f"run-{number % 8}", steps, 1_760_000_000_000 + 1000 * steps, values)


def _zooming(curves: Sequence[Curve], y: Axis | None = None) -> float:
    """The usual time of one step of a zoom that goes in and out again."""
    whole = AxisLimits(0.0, float(len(curves[0]) - 1))
    at = whole.high / 3
    views = [AxisLimits(at * (1 - part), at + (whole.high - at) * part) for part in (1.0, 0.8, 0.5, 0.2, 0.05, 0.4)]
    turn = cycle(zoom(view, whole, LINEAR, at, 1.25) or whole for view in views)

    def step() -> None:
        low, high = next(turn)
        draw_chart(Chart(tuple(curves), x=Axis(unit=Unit.COUNT, low=low, high=high), y=y or Axis()), WIDTH, HEIGHT)

    return _typical(step)


def _draw_grid(grid: Sequence[Sequence[Curve]]) -> None:
    for curves in grid:
        draw_chart(Chart(tuple(curves), x=Axis(unit=Unit.COUNT), legend=False), *CARD)


def _typical(work: Callable[[], object]) -> float:
    """The median of several times, after one that warms up."""
    work()
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return median(times)
