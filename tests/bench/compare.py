"""The comparison: from the key to the table on the screen, keys in it, and a wide comparison without a screen."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter

from textual.app import App

from qtui.compare.run_comparison import RunComparison, difference_summary
from qtui.entities import Point, Run, RunInfo
from qtui.recorder import Library
from qtui.runs.runs_frame import RunsFrame
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.present.compare.compare_selection import CompareSelection, select_runs
from qtui.tui.present.compare.comparison_grid import ComparisonGrid
from qtui.tui.screens.compare import CompareScreen
from qtui.tui.widgets.compare.comparison_table import ComparisonTable
from tests.bench.registry import Measurement, Scale, bench
from tests.bench.report import format_seconds

ROUNDS = 5
WIDTH, HEIGHT = 150, 40
ACTIONS = ("cursor_down", "cursor_down", "table_right", "page_down", "page_up", "next_difference")


@bench("compare")
def compare_bench(scale: Scale) -> Iterator[Measurement]:
    """200 runs with 200 keys on the screen, and 1,000 runs with 12,000 keys."""
    frame = _frame(200, 100, 100)
    opened, keys = asyncio.run(_open(frame))
    yield Measurement("compare, 200 runs x 200 rows: opened and painted", opened, 0.300, format_seconds)
    yield Measurement("compare, 200 runs x 200 rows: a key, without the terminal", keys, 0.016, format_seconds)
    for kind, params, metrics in (("metrics", 0, 12_000), ("params", 12_000, 0)):
        seconds = _median_time(partial(_compare, _frame(1_000, params, metrics)))
        yield Measurement(f"compare, 1,000 runs x 12,000 {kind}", seconds, 2.0, format_seconds)


def _frame(runs: int, params: int, metrics: int) -> RunsFrame:
    rng = random.Random(0)
    return RunsFrame.from_runs(
        Run(
            RunInfo(f"{index:032x}", "1", f"run-{index}", "FINISHED", start_time=index),
            {f"group.param_{key}": str(rng.randrange(5)) for key in range(params)},
            {f"group/metric_{key}": Point(0, 0, rng.random()) for key in range(metrics)},
        )
        for index in range(runs)
    )


def _selection(frame: RunsFrame) -> CompareSelection:
    return select_runs(frame, [info.run_id for info in frame.infos], {}, {}, {})


def _compare(frame: RunsFrame) -> None:
    comparison = RunComparison.of_frame(_selection(frame).frame, {}, 0)
    difference_summary(comparison)
    grid = ComparisonGrid(comparison)
    for line in range(HEIGHT):
        grid.name(line)


async def _open(frame: RunsFrame) -> tuple[float, float]:
    """Return the median seconds from the call that opens the screen to the painted table, and for a key."""
    library = Library.over(MemoryStore())
    app: App[None] = QtuiApp(lambda: CompareScreen(library, library.follow(), CompareSelection(())), Options(refresh=0))
    opened: list[float] = []
    keys: list[float] = []
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for _ in range(ROUNDS):
            start = perf_counter()
            await app.push_screen(CompareScreen(library, library.follow(), _selection(frame), lambda: 0))
            await pilot.pause()
            opened.append(perf_counter() - start)
            table = app.screen.query_one(ComparisonTable)
            for action in ACTIONS:
                start = perf_counter()
                getattr(table, f"action_{action}")()
                keys.append(perf_counter() - start)
                await pilot.pause()
            await app.pop_screen()
    return median(opened), median(keys)


def _median_time(call: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        call()
        seconds.append(perf_counter() - start)
    return median(seconds)
