"""Growing curves: how long it takes until points that a live run has appended are read, shaped and drawn."""

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
from qtui.plot.chart import Chart
from qtui.plot.drawing import draw_chart
from qtui.plot.series import Series, make_curve
from qtui.store import Store, open_store
from tests.bench import kept
from tests.bench.charts import HEIGHT, WIDTH
from tests.bench.registry import Amount, Goal, Row, Scale, bench
from tests.bench.stores import START
from tests.bench.table import time_of

APPENDED = 10
"""Points that a run has logged between two looks."""
ROUNDS = 7
SOON = 1.0
"""Seconds within which they must be on the screen."""
LEEWAY = 3
"""How many times as long the quickest reading may take with a history that is a hundred times as long."""

Append = Callable[[Path, RunInfo, int], None]


@bench("growth")
def growth_bench(scale: Scale) -> Iterator[Row | Amount]:
    """The points that were appended to a very long metric, and to one of a hundredth of its length."""
    short = replace(scale, points=scale.points // 100)
    kinds: tuple[tuple[str, Callable[[Scale], Path], str, Append], ...] = (
        ("file store", kept.long_file_store, "file://{}", append_lines),
        ("sqlite", kept.long_database, "sqlite:///{}", append_rows),
    )
    for kind, built, address, append in kinds:
        (long, drawn), (little, _) = (_growing(each, built(each), address, append) for each in (scale, short))
        what = f"{kind}, {APPENDED} points more than {scale.points:,}"
        yield Amount(f"{what}, read and drawn", drawn, SOON, time_of)
        yield Row(f"{what}, read", long, f"more than {short.points:,}", little, Goal(LEEWAY, faster=False))


def _growing(scale: Scale, store: Path, address: str, append: Append) -> tuple[float, float]:
    """Return the least time to read what was appended, and the usual time to read and draw it, in a copy of a store."""
    place = kept.empty_folder(scale, "growing") / store.name
    (shutil.copytree if store.is_dir() else shutil.copy)(store, place)
    with closing(open_store(address.format(place.absolute()))) as opened:
        info = next(info for batch in opened.infos() for info in batch.items)
        read, drawn = _timed(opened, info, partial(append, place, info))
    shutil.rmtree(place.parent)
    return read, drawn


def _timed(store: Store, info: RunInfo, append: Callable[[int], None]) -> tuple[float, float]:
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
        read = perf_counter() - started
        if growth.is_full or len(growth.history) != APPENDED:
            raise SystemExit(f"round {number} read {len(growth.history)} points instead of {APPENDED}")
        history = history.with_more(growth.history)
        draw_chart(Chart((make_curve(Series.from_history(history, "loss", "run-0")),)), WIDTH, HEIGHT)
        times.append((read, perf_counter() - started))
    return min(read for read, _ in times), median(drawn for _, drawn in times)


def append_lines(store: Path, info: RunInfo, step: int) -> None:
    """Log points as MLflow writes them into a file."""
    with next(store.glob(f"*/{info.run_id}/metrics/loss")).open("a") as file:
        file.writelines(f"{START + each} {random.random()} {each}\n" for each in range(step, step + APPENDED))


def append_rows(database: Path, info: RunInfo, step: int) -> None:
    """Log points as MLflow writes them into a table."""
    columns = "(key, value, timestamp, step, is_nan, run_uuid) VALUES ('loss', ?, ?, ?, 0, ?)"
    rows = [(random.random(), START + 1000 * each, each, info.run_id) for each in range(step, step + APPENDED)]
    with closing(sqlite3.connect(database)) as connection:
        connection.executemany(f"INSERT INTO metrics {columns}", rows)
        connection.commit()
