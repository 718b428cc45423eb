"""Logging points: qtui's writer, a step or a thousand points at a time, beside MLflow's client, a call for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from qtui.store import open_writer
from tests.bench import kept
from tests.bench.process import ROUNDS, agree, probe
from tests.bench.registry import Goal, Row, Scale, bench
from tests.bench.stores import START


@dataclass(frozen=True, slots=True)
class Load:
    """How many points are logged, and how many at a time where they can be logged together."""

    keys: int
    steps: int
    at_a_time: int

    def __str__(self) -> str:
        return f"{self.keys} x {self.steps:,} points"


LOADS = (Load(100, 100, 100), Load(1, 10_000, 1000))
"""Many metrics, written with every step; and one that is logged faster than it is worth writing it."""


@bench("logging")
def logging_bench(scale: Scale) -> Iterator[Row]:
    """Ten thousand points into a tree of files and into an sqlite file."""
    for kind, new in (("file store", kept.new_file_store), ("sqlite", kept.new_database)):
        for load in LOADS:
            theirs, expected = probe("mlflow_logged", *stores(scale, new, load))
            measured = [probe("qtui_logged", *stores(scale, new, load), str(load.at_a_time)) for _ in range(ROUNDS)]
            agree(measured[0][1], expected)
            what = f"{kind}, {load} logged, {load.at_a_time} at a time"
            ours = median(seconds for seconds, _ in measured)
            yield Row(what, ours, "MlflowClient.log_metric", theirs, Goal(10))


def stores(scale: Scale, new: Callable[[Scale, str], str], load: Load) -> tuple[str, str]:
    """Two stores with one run each, whose name says what is to be logged into it: a little, and all."""
    loads = (Load(load.keys, max(1, load.steps // 100), load.at_a_time), load)
    small, large = (with_run(new(scale, name), each) for name, each in zip(("warm", "cold"), loads, strict=True))
    return small, large


def with_run(uri: str, load: Load) -> str:
    """A store with a run that has no points yet."""
    with closing(open_writer(uri)) as writer:
        writer.create_run(writer.create_experiment("bench"), name=f"{load.keys} {load.steps}", start_time=START)
    return uri
