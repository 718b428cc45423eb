"""Histories that are read once, and from then on only by what was appended to them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from qtui.entities import History, Problem, RunInfo
from qtui.store import MetricUpdate, Store

MAX_CACHED_POINTS = 4_000_000
"""So many points are kept, 24 bytes each; beyond that, what was not looked at for the longest time is forgotten."""

Name = tuple[str, str]
"""A run's id and a metric's key."""


@dataclass(frozen=True, slots=True)
class MetricProgress:
    """A metric as far as it was read."""

    history: History
    problems: tuple[Problem, ...] = ()
    """What of it cannot be read."""
    new_points: int = 0
    """How many points at its end came with the last look: all at the first one, and where those before do not hold."""
    mark: Hashable = None

    @property
    def is_reset(self) -> bool:
        """Whether nothing that was known before holds."""
        return self.new_points == len(self.history)


class MetricFollower:
    """Follows the metrics of runs; may be asked by several threads at once."""

    def __init__(self, store: Callable[[], Store]) -> None:
        """The store is opened at the first look, which may take its time."""
        self._open = store
        self._known: dict[Name, MetricProgress] = {}
        self._lock = Lock()

    def poll(self, info: RunInfo, keys: Iterable[str]) -> Mapping[str, MetricProgress]:
        """These metrics of a run as they are now; those that it does not have are left out."""
        run_id = info.run_id
        known = {key: self._known.get((run_id, key)) for key in keys}
        growths = self._open().metric_updates(info, {key: each.mark if each else None for key, each in known.items()})
        found = {key: followed(known[key], growth) for key, growth in growths.items()}
        with self._lock:
            for key in known:
                self._known.pop((run_id, key), None)
            self._known.update(((run_id, key), each) for key, each in found.items())
            self._make_room(spared=len(found))
        return found

    def _make_room(self, spared: int) -> None:
        """Forget what was not looked at for the longest time, but not what was looked at just now."""
        points = sum(len(each.history) for each in self._known.values())
        for name in list(self._known)[: len(self._known) - spared]:
            if points <= MAX_CACHED_POINTS:
                return
            points -= len(self._known.pop(name).history)


def followed(known: MetricProgress | None, growth: MetricUpdate) -> MetricProgress:
    """A metric with what it has grown by."""
    new_points = len(growth.history)
    if known is None or growth.is_full:
        return MetricProgress(growth.history, growth.problems, new_points, growth.cursor)
    history = known.history.with_more(growth.history) if new_points else known.history
    return MetricProgress(history, growth.problems, new_points, growth.cursor)
