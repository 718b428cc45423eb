"""Stores that somebody writes into while they are read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from qtui.entities import Experiment, Point, Run, RunInfo
from qtui.store import Store, open_store
from qtui.store.memory import MemoryStore
from qtui.store.points import points_of
from qtui.store.protocol import MetricUpdate

Log = Callable[[RunInfo, str, Sequence[Point]], None]


@dataclass(frozen=True)
class Growing:
    """A store, and what a writer does with it."""

    store: Store
    begin: Callable[[], RunInfo]
    """Begins a run."""
    log: Log
    """Logs points of a metric, one after the other."""


class Follower:
    """Reads a metric again and again, and keeps what it read."""

    def __init__(self, store: Store, info: RunInfo, key: str) -> None:
        self._ask = store, info, key
        self._mark: Hashable = None
        self.points: list[str] = []
        """Everything read so far, as text, so that NaN equals NaN."""
        self.times_anew = 0

    def look(self) -> MetricUpdate:
        """Read what is new."""
        store, info, key = self._ask
        growth = store.metric_updates(info, {key: self._mark})[key]
        assert growth.is_full or self._mark is not None
        self._mark = growth.cursor
        self.times_anew += growth.is_full
        known = [] if growth.is_full else self.points
        self.points = [*known, *map(str, points_of(growth.history))]
        return growth

    @property
    def is_gone(self) -> bool:
        """Whether there is no such metric any more."""
        store, info, key = self._ask
        return store.metric_updates(info, {key: self._mark}) == {}

    def all_points(self) -> list[str]:
        """Everything there is, read at once."""
        store, info, key = self._ask
        return list(map(str, points_of(store.history(info, key)[0])))


def in_memory_growing() -> Growing:
    """The double."""
    info = RunInfo("a" * 32, "1", "growing")
    store = MemoryStore([Experiment("1", "one")], [Run(info)])
    return Growing(store, lambda: info, lambda info, key, points: store.append(info.run_id, key, points))


@contextmanager
def written_by_mlflow(uri: str) -> Iterator[Growing]:
    """A store of MLflow's, and its client as the writer."""
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    # MLflow opens its store here, while file stores are allowed; at the end of the session they may not be.
    engine = getattr(client._tracking_client.store, "engine", None)
    store = open_store(uri)

    def begin() -> RunInfo:
        [info] = store.find(client.create_run("0").info.run_id)
        return info

    def log(info: RunInfo, key: str, points: Sequence[Point]) -> None:
        for point in points:
            client.log_metric(info.run_id, key, point.value, point.timestamp, point.step)

    yield Growing(store, begin, log)
    store.close()
    if engine is not None:
        engine.dispose()
