"""Every picture that plotext draws, over empty data, NaN, infinities and the largest floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from qtui.plot.charts.bar_chart import Bar, BarChart, draw_bars
from qtui.plot.charts.box_plot import BoxPlot, draw_box_plot, summarise_box
from qtui.plot.charts.heat_map import HeatMap, draw_heat_map
from qtui.plot.charts.histogram import Histogram, draw_histogram
from qtui.plot.charts.scatter import PointGroup, Scatter, draw_scatter
from qtui.plot.picture import Picture

Draw = Callable[[Sequence[float], int, int], Picture]


def bars(values: Sequence[float], cells: int, rows: int) -> Picture:
    return draw_bars(BarChart(tuple(Bar(str(index), value) for index, value in enumerate(values))), cells, rows)


def boxes(values: Sequence[float], cells: int, rows: int) -> Picture:
    return draw_box_plot(BoxPlot((summarise_box("all", values),) if values else ()), cells, rows)


def points(values: Sequence[float], cells: int, rows: int) -> Picture:
    groups = (PointGroup("", "run-0", list(values), list(reversed(values))),) if values else ()
    return draw_scatter(Scatter(groups), cells, rows)


def heat_map(values: Sequence[float], cells: int, rows: int) -> Picture:
    names = [str(index) for index in range(len(values))]
    return draw_heat_map(HeatMap(["all"] if values else [], names, [list(values)] if values else []), cells, rows)


def histogram(values: Sequence[float], cells: int, rows: int) -> Picture:
    return draw_histogram(Histogram(list(values)), cells, rows)


@pytest.mark.parametrize("values", [(), (math.nan,), (math.inf, -math.inf), (math.nan, 1.0), (1.7e308, -1.7e308)])
@pytest.mark.parametrize("draw", [bars, boxes, points, heat_map, histogram])
def test_a_picture_is_drawn_in_its_size_whatever_the_values_are(draw: Draw, values: Sequence[float]) -> None:
    for cells, rows in ((40, 8), (3, 1)):
        lines = draw(values, cells, rows).lines()
        assert [len(line) for line in lines] == [cells] * rows
