"""Logging points in batches by qtui, beside MLflow's client with a call for every point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from qtui.store import open_writer
from tests.bench import cached_stores
from tests.bench.processes import ROUNDS, check_equal_results, run_probe
from tests.bench.registry import Comparison, RatioBudget, Scale, bench
from tests.bench.stores import START


@dataclass(frozen=True, slots=True)
class LoggedPoints:
    """The points to log: the number of metrics and steps, and the size of a batch."""

    keys: int
    steps: int
    batch_size: int

    def __str__(self) -> str:
        return f"{self.keys} x {self.steps:,} points"


LOGGED_POINTS = (LoggedPoints(100, 100, 100), LoggedPoints(1, 10_000, 1000))
"""Many metrics, written at every step; and one metric that is logged a thousand points at a time."""


@bench("logging")
def logging_bench(scale: Scale) -> Iterator[Comparison]:
    """Log ten thousand points into a file store and an SQLite file."""
    for kind, new in (("file store", cached_stores.new_file_store), ("sqlite", cached_stores.new_database)):
        for points in LOGGED_POINTS:
            theirs, expected = run_probe("mlflow_logged", *stores(scale, new, points))
            measured = [
                run_probe("qtui_logged", *stores(scale, new, points), str(points.batch_size)) for _ in range(ROUNDS)
            ]
            check_equal_results(measured[0][1], expected)
            label = f"{kind}, {points} logged, {points.batch_size} at a time"
            ours = median(seconds for seconds, _ in measured)
            yield Comparison(label, ours, "MlflowClient.log_metric", theirs, RatioBudget(10))


def stores(scale: Scale, new: Callable[[Scale, str], str], points: LoggedPoints) -> tuple[str, str]:
    """Return two stores with an empty run, whose name is the number of metrics and steps to log: few, and all."""
    few = LoggedPoints(points.keys, max(1, points.steps // 100), points.batch_size)
    return with_run(new(scale, "warm"), few), with_run(new(scale, "cold"), points)


def with_run(uri: str, points: LoggedPoints) -> str:
    """Create an empty run in a store; return the address of the store."""
    with closing(open_writer(uri)) as writer:
        writer.create_run(writer.create_experiment("bench"), name=f"{points.keys} {points.steps}", start_time=START)
    return uri
