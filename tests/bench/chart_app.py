"""The program that the bench of charts drives: ten made-up curves on the large chart.

`python -m tests.bench.chart_app POINTS` shows them until q is pressed.
"""

from __future__ import annotations

import sys

import numpy

from qtui.entities import History, Run, RunInfo
from qtui.recorder import ExpManager
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.charted import Charted
from qtui.tui.screens.chart import ChartScreen

CURVES = 10
BEGUN = 1_760_000_000_000


def history_of(info: RunInfo, number: int, points: int) -> History:
    """A loss with noise, logged once a second."""
    steps = numpy.arange(points)
    fallen = 2 / (1 + steps / (points / 20)) + number / 10
    values = fallen * numpy.exp(numpy.random.default_rng(number).normal(0, 0.05, points))
    return History(info.run_id, "loss", steps, BEGUN + 1000 * steps, values)


def main() -> None:
    """Show the chart until q is pressed."""
    infos = tuple(
        RunInfo(f"{number:032x}", "1", f"run-{number}", "FINISHED", start_time=BEGUN) for number in range(CURVES)
    )
    histories = [history_of(info, number, int(sys.argv[1])) for number, info in enumerate(infos)]
    store = MemoryStore((), [Run(info) for info in infos], histories)
    charted = Charted(("loss",), infos, offered=("loss",))
    QtuiApp(lambda: ChartScreen(ExpManager.over(store).follow(), charted)).run()


if __name__ == "__main__":
    main()
