"""A grid of charts: how long its widget takes from histories in memory to lines for the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

import numpy
from rich.style import Style
from textual.color import Color

from qtui.entities import History, RunInfo
from qtui.plot.chart_options import ChartOptions
from qtui.plot.drawing import draw_chart
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.tui.present.chart_spec import CurveKey
from qtui.tui.present.grid_spec import GridLayout, group_metrics, layout_grid
from qtui.tui.themes import THEMES, defaults
from qtui.tui.widgets.chart_grid.chart_cards import CardState, ChartCards
from qtui.tui.widgets.row_painter import RowPainter
from tests.bench.registry import Amount, Goal, Row, Scale, bench
from tests.bench.table import time_of

ROUNDS = 21
CHARTS, RUNS, POINTS = 12, 5, 1000
WIDTH, HEIGHT = 200, 52


@bench("grid")
def grid_bench(scale: Scale) -> Iterator[Row | Amount]:
    """The first drawing of twelve charts, a step of the reading line, and drawing again what has grown."""
    runs = [RunInfo(f"{number:032x}", "1", f"run-{number}", start_time=0) for number in range(RUNS)]
    chance = numpy.random.default_rng(7)
    metrics = [f"metric-{number}" for number in range(CHARTS)]
    keys = [CurveKey(run.run_id, metric) for run in runs for metric in metrics]
    histories = {key: _history(chance, key, POINTS) for key in keys}
    layout = layout_grid(group_metrics(metrics), (), WIDTH, HEIGHT)
    variables = {**defaults(dark=True), **THEMES["night"].to_color_system().generate()}
    painter = RowPainter(variables, Style(), Color.parse("#14171c"))
    what = f"grid of {CHARTS} charts, {RUNS} x {POINTS:,} points each"

    def cards() -> ChartCards:
        made = ChartCards(runs)
        made.loaded = {key: MetricProgress(history) for key, history in histories.items()}
        return made

    first = _typical(cards, lambda made: _draw(made, layout, painter))
    yield Amount(f"{what}, first drawn", first, 0.060, time_of)
    charts = [cards().chart(cell.item.metric, ChartOptions()) for cell in layout.cells]
    alone = _typical(cards, lambda _: [draw_chart(chart, *layout.cells[0][-2:]) for chart in charts])
    yield Row(f"{what}, first drawn", first, "draw() alone", alone, Goal(2, faster=False))
    drawn = cards()
    _draw(drawn, layout, painter)
    places = iter(range(10**6))

    def read(made: ChartCards) -> None:
        _draw(made, layout, painter, cursor=float(next(places) % POINTS))

    yield Amount(f"{what}, read at another place", _typical(lambda: drawn, read), 0.030, time_of)

    def grow(made: ChartCards) -> None:
        for key in keys:
            more = made.loaded[key].history.with_more(_history(chance, key, 10))
            made.loaded[key] = MetricProgress(more, new_points=10)
        _draw(made, layout, painter)

    yield Amount(f"{what}, all grown by 10 points", _typical(lambda: drawn, grow), 0.080, time_of)


def _history(chance: numpy.random.Generator, key: CurveKey, points: int) -> History:
    steps = numpy.arange(points)
    values = 2 / (1 + steps / 50) * numpy.exp(chance.normal(0, 0.05, points))
    return History(key.run_id, key.metric, steps, 1000 * steps, values)


def _draw(cards: ChartCards, layout: GridLayout, painter: RowPainter, cursor: float | None = None) -> None:
    for place, cell in enumerate(layout.cells):
        cards.strips(cell, CardState(ChartOptions(), cursor, focused=not place), painter)


def _typical(prepared: Callable[[], ChartCards], work: Callable[[ChartCards], object]) -> float:
    """The median time of the work, without what prepares it."""
    times = []
    for _ in range(ROUNDS):
        made = prepared()
        started = perf_counter()
        work(made)
        times.append(perf_counter() - started)
    return median(times)
