"""Stores that are written while they are read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.store import Store, open_store
from qtui.store.memory import MemoryStore
from qtui.store.protocol import MetricUpdate

Log = Callable[[RunInfo, str, Sequence[Point]], None]


@dataclass(frozen=True)
class Growing:
    """A store and the operations of its writer."""

    store: Store
    begin: Callable[[], RunInfo]
    """Create a run."""
    log: Log
    """Log points of a metric one by one."""


class Follower:
    """Reader of the updates of a metric that collects its points."""

    def __init__(self, store: Store, info: RunInfo, key: str) -> None:
        self._request = store, info, key
        self._cursor: Hashable = None
        self.points: list[str] = []
        """All points read so far as text, so that NaN equals NaN."""
        self.full_reads = 0

    def read(self) -> MetricUpdate:
        """Read the next update."""
        store, info, key = self._request
        update = store.metric_updates(info, {key: self._cursor})[key]
        assert update.is_full or self._cursor is not None
        self._cursor = update.cursor
        self.full_reads += update.is_full
        previous_points = [] if update.is_full else self.points
        self.points = [*previous_points, *map(str, update.history.points())]
        return update

    @property
    def is_gone(self) -> bool:
        """Return whether the metric no longer exists."""
        store, info, key = self._request
        return store.metric_updates(info, {key: self._cursor}) == {}

    def all_points(self) -> list[str]:
        """Return all points of the metric, read at once."""
        store, info, key = self._request
        return list(map(str, store.history(info, key)[0].points()))


def in_memory_growing() -> Growing:
    """Return a store in memory and its writer."""
    info = RunInfo("a" * 32, "1", "growing")
    store = MemoryStore([ExperimentInfo("1", "one")], [Run(info)])
    return Growing(store, lambda: info, lambda info, key, points: store.append(info.run_id, key, points))


@contextmanager
def written_by_mlflow(uri: str) -> Iterator[Growing]:
    """Open a store that MLflow's client writes."""
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
