"""A chart screen over histories in memory, for the tests of the large chart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import numpy
from textual.pilot import Pilot

from qtui.entities import ExperimentInfo, History, Run, RunInfo
from qtui.recorder import Library
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.screens.chart import ChartScreen
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW

STARTED = NOW - 3_600_000


def run_of(number: int, name: str = "") -> RunInfo:
    """Return a run that started an hour ago."""
    return RunInfo(f"{number:032x}", "1", name or f"run-{number}", "FINISHED", start_time=STARTED)


def history(
    run: RunInfo, key: str, values: Sequence[float], first: int = 0, steps: Sequence[int] | None = None
) -> History:
    """Return a metric that was logged every second."""
    all_steps = numpy.arange(first, first + len(values)) if steps is None else numpy.array(steps, numpy.int64)
    return History(run.run_id, key, all_steps, STARTED + 1000 * all_steps, numpy.array(values, float))


def falling(count: int = 100, over: float = 1.0) -> list[float]:
    """Return the values of a falling loss."""
    return [over / (1 + step / 10) for step in range(count)]


AnyStore = TypeVar("AnyStore", bound=MemoryStore)


def store_of(histories: Iterable[History], runs: Iterable[RunInfo]) -> MemoryStore:
    """Return a store with these histories."""
    return MemoryStore([ExperimentInfo("1", "one")], [Run(run) for run in runs], histories)


def three_runs() -> tuple[MemoryStore, ChartSpec]:
    """Return a store with two metrics of three runs, and the spec of their chart."""
    return three_runs_in(MemoryStore)


def three_runs_in(kind: type[AnyStore]) -> tuple[AnyStore, ChartSpec]:
    """Return these runs in a store of another class."""
    runs = tuple(run_of(number) for number in (1, 2, 3))
    histories = [history(run, "loss", falling(over=1.0 + index)) for index, run in enumerate(runs)]
    histories += [history(run, "ic", [0.01 * step + index for step in range(50)]) for index, run in enumerate(runs)]
    store = kind([ExperimentInfo("1", "one")], [Run(run) for run in runs], histories)
    return store, ChartSpec(("loss",), runs, available_metrics=("ic", "loss"))


def groups_of(spec: ChartSpec) -> ChartSpec:
    """Return the first two runs as a group, and the third as another."""
    one, two, three = spec.runs
    return ChartSpec(
        spec.metrics, groups=(RunGroup("wide", (one, two)), RunGroup("deep", (three,))), available_metrics=("loss",)
    )


@asynccontextmanager
async def open_chart(
    settled: Settled,
    store: MemoryStore | None = None,
    spec: ChartSpec | None = None,
    size: tuple[int, int] = (120, 30),
    options: Options | None = None,
    **app: Any,
) -> AsyncIterator[tuple[ChartScreen, Pilot[Any]]]:
    """Open the chart screen, and wait until it is idle."""
    default = three_runs()
    screen = ChartScreen(Library.over(store or default[0]).follow(), spec or default[1])
    async with QtuiApp(lambda: screen, options, **app).run_test(size=size) as pilot:
        await wait_until_idle(pilot, settled)
        yield screen, pilot


async def wait_until_idle(pilot: Pilot[Any], settled: Settled) -> None:
    """Wait until no load and no drawing is pending."""
    await settled(pilot)
    screen = pilot.app.screen_stack[0]
    while isinstance(screen, ChartScreen) and screen.is_busy:
        await settled(pilot)


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> None:
    """Press keys one by one, waiting until the screen is idle."""
    for key in keys:
        await pilot.press(key)
        await wait_until_idle(pilot, settled)


def readings(screen: ChartScreen) -> Mapping[str, float]:
    """Return the value of every curve in the legend."""
    readouts = (
        (line.name, screen.model.curve_set.readout(line, screen.model.cursor)) for line in screen.model.curve_set.lines
    )
    return {name: reading.value for name, reading in readouts if reading is not None}
