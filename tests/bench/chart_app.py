"""The program of the bench of charts: a chart screen with ten synthetic curves.

`python -m tests.bench.chart_app POINTS` shows it until q is pressed.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping

import numpy

from qtui.entities import History, RunInfo
from qtui.recorder import Library
from qtui.store import MetricUpdate
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.present.charts.chart_spec import ChartSpec
from qtui.tui.screens.chart import ChartScreen

CURVES = 10
START_TIME = 1_760_000_000_000


def history_of(info: RunInfo, number: int, points: int) -> History:
    """Return a loss with noise, logged once a second."""
    steps = numpy.arange(points)
    fallen = 2 / (1 + steps / (points / 20)) + number / 10
    values = fallen * numpy.exp(numpy.random.default_rng(number).normal(0, 0.05, points))
    return History(info.run_id, "loss", steps, START_TIME + 1000 * steps, values)


class PreloadedStore(MemoryStore):
    """A store with histories in memory."""

    def __init__(self, histories: Mapping[str, History]) -> None:
        super().__init__()
        self._histories = histories

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the whole history, which never grows."""
        return {key: MetricUpdate(self._histories[info.run_id], len(self._histories), is_full=True) for key in cursors}


def main() -> None:
    """Show the chart until q is pressed."""
    infos = tuple(
        RunInfo(f"{number:032x}", "1", f"run-{number}", "FINISHED", start_time=START_TIME) for number in range(CURVES)
    )
    store = PreloadedStore(
        {info.run_id: history_of(info, number, int(sys.argv[1])) for number, info in enumerate(infos)}
    )
    spec = ChartSpec(("loss",), infos, available_metrics=("loss",))
    QtuiApp(lambda: ChartScreen(Library.over(store).follow(), spec)).run()


if __name__ == "__main__":
    main()
