"""A store with thousands of metric keys and a value of 1 MB: the list of its runs, and the screen over it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import kept
from tests.bench.command import CLIENT
from tests.bench.launch import Launch, world
from tests.bench.process import Command, interleaved
from tests.bench.registry import Amount, Goal, Row, Scale, bench
from tests.bench.runs_table import MIXED, Driven
from tests.bench.table import time_of

ROUNDS = 2


@bench("wide")
def wide_bench(scale: Scale) -> Iterator[Row | Amount]:
    """`qtui runs` as a table and as JSON beside MLflow's client, and on the screen the first rows and the keys."""
    uri = f"sqlite:///{kept.wide_database(scale).absolute()}"
    cache = kept.empty_folder(scale, "cache-wide")
    program = [sys.executable, "-m", "qtui", "--uri", uri]
    table, json, client = interleaved(
        ROUNDS,
        Command([*program, "runs"], lambda _: cache),
        Command([*program, "runs", "--json"], lambda _: cache),
        Command([sys.executable, "-c", CLIENT, uri], lambda _: cache),
    )
    what = "1,000 runs, 12,000 metric keys, a value of 1 MB"
    yield Row(f"{what}: qtui runs", table, "MlflowClient, whole process", client, Goal(5))
    yield Row(f"{what}: qtui runs --json", json, "MlflowClient, whole process", client, Goal(5))
    if (first := Launch(program, [b"run-"], world(cache)).seconds()) is not None:
        yield Amount(f"{what}: launch to first runs", first, 1, time_of)
    with Driven(["-m", "qtui", "--uri", uri, "--refresh", "0"], 120, 36) as screen:
        screen.press("", patience=120, quiet=4)
        keys = screen.answers(MIXED)
        yield Amount(f"{what}: key to paint, p50", keys.usual, 0.016, time_of)
        yield Amount(f"{what}: key to paint, p95", keys.late, 0.016, time_of)
