"""The charts of a grid that are kept in memory."""

from __future__ import annotations

import numpy

from qtui.entities import History, RunInfo
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.tui.present.charts.chart_spec import CurveKey
from qtui.tui.present.charts.grid_spec import GridSpec
from qtui.tui.widgets.chart_grid.chart_cards import MAX_HIDDEN_POINTS, ChartCards

RUN = RunInfo("a" * 32, "1", "a")


def progress_of(metric: str, points: int) -> MetricProgress:
    columns = numpy.zeros(points, numpy.int64)
    return MetricProgress(History(RUN.run_id, metric, columns, columns, columns.astype(float)), (), points, None)


def kept_metrics(points: int) -> set[str]:
    """Return the metrics that are kept after a chart with this many points is scrolled away."""
    cards = ChartCards(GridSpec((RUN,)))
    for metric, count in (("hidden", points), ("visible", 1)):
        cards.loaded[CurveKey(RUN.run_id, metric)] = progress_of(metric, count)
    cards.keep(["visible"])
    return {key.metric for key in cards.loaded}


def test_the_points_of_hidden_charts_are_dropped_above_a_limit() -> None:
    assert kept_metrics(MAX_HIDDEN_POINTS - 1) == {"hidden", "visible"}
    assert kept_metrics(MAX_HIDDEN_POINTS) == {"visible"}
