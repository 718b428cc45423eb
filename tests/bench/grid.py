"""The time to render a grid of charts, from histories in memory to lines of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from time import perf_counter

import numpy
from rich.style import Style
from textual.color import Color

from qtui.entities import History, RunInfo
from qtui.plot.curves.chart_options import ChartOptions
from qtui.plot.curves.drawing import draw_chart
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.tui.present.charts.chart_spec import CurveKey
from qtui.tui.present.charts.grid_spec import GridLayout, GridSpec, group_metrics, layout_grid
from qtui.tui.themes import THEMES, defaults
from qtui.tui.widgets.chart_grid.chart_cards import CardState, ChartCards
from qtui.tui.widgets.row_painter import RowPainter
from tests.bench.registry import Comparison, Measurement, RatioBudget, Scale, bench
from tests.bench.report import format_seconds

ROUNDS = 21
CHARTS, RUNS, POINTS = 12, 5, 1000
WIDTH, HEIGHT = 200, 52


@bench("grid")
def grid_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Measure the first drawing of twelve charts, a step of the cursor, and drawing after points were added."""
    runs = [RunInfo(f"{number:032x}", "1", f"run-{number}", start_time=0) for number in range(RUNS)]
    rng = numpy.random.default_rng(7)
    metrics = [f"metric-{number}" for number in range(CHARTS)]
    keys = [CurveKey(run.run_id, metric) for run in runs for metric in metrics]
    histories = {key: _history(rng, key, POINTS) for key in keys}
    layout = layout_grid(group_metrics(metrics), (), WIDTH, HEIGHT)
    variables = {**defaults(dark=True), **THEMES["night"].to_color_system().generate()}
    painter = RowPainter(variables, Style(), Color.parse("#14171c"))
    label = f"grid of {CHARTS} charts, {RUNS} x {POINTS:,} points each"

    def cards() -> ChartCards:
        new_cards = ChartCards(GridSpec(tuple(runs)))
        new_cards.loaded = {key: MetricProgress(history) for key, history in histories.items()}
        return new_cards

    first = _median_time(cards, lambda new: _draw(new, layout, painter))
    yield Measurement(f"{label}, first drawn", first, 0.060, format_seconds)
    charts = [cards().chart(cell.item.metric, ChartOptions()) for cell in layout.cells]
    alone = _median_time(cards, lambda _: [draw_chart(chart, *layout.cells[0][-2:]) for chart in charts])
    yield Comparison(f"{label}, first drawn", first, "draw() alone", alone, RatioBudget(2, is_speedup=False))
    loaded = cards()
    _draw(loaded, layout, painter)
    steps = count()

    def move_cursor(shown: ChartCards) -> None:
        _draw(shown, layout, painter, cursor=float(next(steps) % POINTS))

    yield Measurement(f"{label}, cursor moved", _median_time(lambda: loaded, move_cursor), 0.030, format_seconds)

    def grow(shown: ChartCards) -> None:
        for key in keys:
            more = shown.loaded[key].history.with_more(_history(rng, key, 10))
            shown.loaded[key] = MetricProgress(more, new_points=10)
        _draw(shown, layout, painter)

    yield Measurement(f"{label}, all grown by 10 points", _median_time(lambda: loaded, grow), 0.080, format_seconds)


def _history(rng: numpy.random.Generator, key: CurveKey, points: int) -> History:
    steps = numpy.arange(points)
    values = 2 / (1 + steps / 50) * numpy.exp(rng.normal(0, 0.05, points))
    return History(key.run_id, key.metric, steps, 1000 * steps, values)


def _draw(cards: ChartCards, layout: GridLayout, painter: RowPainter, cursor: float | None = None) -> None:
    for index, cell in enumerate(layout.cells):
        cards.strips(cell, CardState(ChartOptions(), cursor, focused=not index), painter)


def _median_time(prepare: Callable[[], ChartCards], work: Callable[[ChartCards], object]) -> float:
    """Return the median time of the work, without the preparation."""
    times = []
    for _ in range(ROUNDS):
        prepared = prepare()
        started = perf_counter()
        work(prepared)
        times.append(perf_counter() - started)
    return median(times)
