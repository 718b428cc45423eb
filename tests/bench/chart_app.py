"""The program that the bench of charts drives: ten made-up curves on the large chart.

`python -m tests.bench.chart_app POINTS` shows them until q is pressed.
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
from qtui.tui.present.chart_spec import ChartSpec
from qtui.tui.screens.chart import ChartScreen

CURVES = 10
BEGUN = 1_760_000_000_000


def history_of(info: RunInfo, number: int, points: int) -> History:
    """A loss with noise, logged once a second."""
    steps = numpy.arange(points)
    fallen = 2 / (1 + steps / (points / 20)) + number / 10
    values = fallen * numpy.exp(numpy.random.default_rng(number).normal(0, 0.05, points))
    return History(info.run_id, "loss", steps, BEGUN + 1000 * steps, values)


class Ready(MemoryStore):
    """A store that has its histories at hand."""

    def __init__(self, histories: Mapping[str, History]) -> None:
        super().__init__()
        self._ready = histories

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """The whole history, which never grows."""
        return {key: MetricUpdate(self._ready[info.run_id], len(self._ready), is_full=True) for key in cursors}


def main() -> None:
    """Show the chart until q is pressed."""
    infos = tuple(
        RunInfo(f"{number:032x}", "1", f"run-{number}", "FINISHED", start_time=BEGUN) for number in range(CURVES)
    )
    store = Ready({info.run_id: history_of(info, number, int(sys.argv[1])) for number, info in enumerate(infos)})
    spec = ChartSpec(("loss",), infos, available_metrics=("loss",))
    QtuiApp(lambda: ChartScreen(Library.over(store).follow(), spec)).run()


if __name__ == "__main__":
    main()
