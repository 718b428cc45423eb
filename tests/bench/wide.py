"""A store with thousands of metric keys and a value of 1 MB: the list of its runs, and the screen over it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import cached_stores
from tests.bench.command import CLIENT_PROGRAM
from tests.bench.launch import Launch, xdg_variables
from tests.bench.processes import Command, median_times_in_turns
from tests.bench.registry import Comparison, Measurement, RatioBudget, Scale, bench
from tests.bench.report import format_seconds
from tests.bench.runs_table import BROWSING_KEYS, TerminalProgram

ROUNDS = 2


@bench("wide")
def wide_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Compare `qtui runs` as a table and as JSON with MLflow's client; measure the launch and keys on the screen."""
    uri = f"sqlite:///{cached_stores.wide_database(scale).absolute()}"
    cache = cached_stores.make_empty_folder(scale, "cache-wide")
    program = [sys.executable, "-m", "qtui", "--uri", uri]
    table, json, client = median_times_in_turns(
        ROUNDS,
        Command([*program, "runs"], lambda _: cache),
        Command([*program, "runs", "--json"], lambda _: cache),
        Command([sys.executable, "-c", CLIENT_PROGRAM, uri], lambda _: cache),
    )
    label = "1,000 runs, 12,000 metric keys, a value of 1 MB"
    yield Comparison(f"{label}: qtui runs", table, "MlflowClient, whole process", client, RatioBudget(5))
    yield Comparison(f"{label}: qtui runs --json", json, "MlflowClient, whole process", client, RatioBudget(5))
    launch = Launch(program, [b"run-"], xdg_variables(cache)).seconds()
    if launch is not None:
        yield Measurement(f"{label}: launch to first runs", launch, 1, format_seconds)
    with TerminalProgram(["-m", "qtui", "--uri", uri, "--refresh", "0"], 120, 36) as screen:
        screen.press("", timeout=120, quiet=4)
        keys = screen.press_all(BROWSING_KEYS)
        yield Measurement(f"{label}: key to paint, p50", keys.median, 0.016, format_seconds)
        yield Measurement(f"{label}: key to paint, p95", keys.p95, 0.016, format_seconds)
