"""The time until points that a running run has appended are read and drawn."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from qtui.entities import RunInfo
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.series import Series, make_curve
from qtui.store import Store, open_store
from tests.bench import cached_stores
from tests.bench.charts import HEIGHT, WIDTH
from tests.bench.registry import Comparison, Measurement, RatioBudget, Scale, bench
from tests.bench.report import format_seconds
from tests.bench.stores import START

POINTS_PER_ROUND = 10
"""The points that the run logs between two readings."""
ROUNDS = 7
MAX_SECONDS = 1.0
"""The limit of the time until they are drawn."""
MAX_RATIO = 3
"""The limit of the ratio of the reading times with a long history and one of a hundredth of its length."""

Append = Callable[[Path, RunInfo, int], None]


@bench("growth")
def growth_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Read points appended to a very long metric, and to one of a hundredth of its length."""
    short = replace(scale, points=scale.points // 100)
    kinds: tuple[tuple[str, Callable[[Scale], Path], str, Append], ...] = (
        ("file store", cached_stores.long_file_store, "file://{}", append_lines),
        ("sqlite", cached_stores.long_database, "sqlite:///{}", append_rows),
    )
    for kind, build, address, append in kinds:
        long_read, long_drawn = _growing(scale, build(scale), address, append)
        short_read, _ = _growing(scale, build(short), address, append)
        label = f"{kind}, {POINTS_PER_ROUND} points more than {scale.points:,}"
        yield Measurement(f"{label}, read and drawn", long_drawn, MAX_SECONDS, format_seconds)
        budget = RatioBudget(MAX_RATIO, is_speedup=False)
        yield Comparison(f"{label}, read", long_read, f"more than {short.points:,}", short_read, budget)


def _growing(scale: Scale, store: Path, address: str, append: Append) -> tuple[float, float]:
    """Return the least time to read what was appended, and the usual time to read and draw it, in a copy of a store."""
    target = cached_stores.make_empty_folder(scale, "growing") / store.name
    (shutil.copytree if store.is_dir() else shutil.copy)(store, target)
    with closing(open_store(address.format(target.absolute()))) as opened:
        info = next(info for batch in opened.infos() for info in batch.items)
        read_seconds, draw_seconds = _measure(opened, info, partial(append, target, info))
    shutil.rmtree(target.parent)
    return read_seconds, draw_seconds


def _measure(store: Store, info: RunInfo, append: Callable[[int], None]) -> tuple[float, float]:
    """Return the minimum of the reading times and the median of the times until the points are drawn.

    The ratio of two readings shows whether the work grows with the history. That work is the same in every round, and
    other processes can only add to its time, so the minimum is nearest to it; a busy moment moves the median of seven
    short rounds. The time until points are drawn is the user's, for whom the typical round counts: it stays a median.
    """
    growth = store.metric_updates(info, {"loss": None})["loss"]
    history = growth.history
    times: list[tuple[float, float]] = []
    for number in range(ROUNDS):
        append(len(history))
        started = perf_counter()
        growth = store.metric_updates(info, {"loss": growth.cursor})["loss"]
        read_seconds = perf_counter() - started
        if growth.is_full or len(growth.history) != POINTS_PER_ROUND:
            raise SystemExit(f"round {number} read {len(growth.history)} points instead of {POINTS_PER_ROUND}")
        history = history.with_more(growth.history)
        draw_chart(Chart((make_curve(Series.from_history(history, "loss", "run-0")),)), WIDTH, HEIGHT)
        times.append((read_seconds, perf_counter() - started))
    read_times, draw_times = zip(*times, strict=True)
    return min(read_times), median(draw_times)


def append_lines(store: Path, info: RunInfo, step: int) -> None:
    """Append points to the file of the metric as MLflow does."""
    with next(store.glob(f"*/{info.run_id}/metrics/loss")).open("a") as file:
        file.writelines(f"{START + new} {random.random()} {new}\n" for new in range(step, step + POINTS_PER_ROUND))


def append_rows(database: Path, info: RunInfo, step: int) -> None:
    """Insert points into the table of metrics as MLflow does."""
    columns = "(key, value, timestamp, step, is_nan, run_uuid) VALUES ('loss', ?, ?, ?, 0, ?)"
    rows = [(random.random(), START + 1000 * new, new, info.run_id) for new in range(step, step + POINTS_PER_ROUND)]
    with closing(sqlite3.connect(database)) as connection:
        connection.executemany(f"INSERT INTO metrics {columns}", rows)
        connection.commit()
