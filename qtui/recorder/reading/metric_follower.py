"""Reading a metric history once, and from then on only its new points."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock

from qtui.entities import History, Problem, RunInfo
from qtui.store import MetricUpdate, Store
from qtui.value_classes import dataclass

MAX_CACHED_POINTS = 4_000_000
"""Limit of cached points, 24 bytes per point; beyond it the least recently polled histories are dropped."""

Name = tuple[str, str]
"""The ID of a run and the key of a metric."""


@dataclass(frozen=True, slots=True)
class MetricProgress:
    """A metric as of the last poll."""

    history: History
    problems: tuple[Problem, ...] = ()
    """Parts that cannot be read."""
    new_points: int = 0
    """Number of points at the end that the last poll added: all at the first poll and after a reset."""
    cursor: Hashable = None
    """The position in the store from which the next poll reads."""


class MetricFollower:
    """Polls metrics of runs for new points; thread-safe."""

    def __init__(self, store: Callable[[], Store]) -> None:
        """Set how to open the store, which happens at the first poll."""
        self._open = store
        self._known: dict[Name, MetricProgress] = {}
        self._points = 0
        self._lock = Lock()

    def poll(self, info: RunInfo, keys: Iterable[str]) -> Mapping[str, MetricProgress]:
        """Return the current state of these metrics of a run, without those it does not have."""
        run_id = info.run_id
        known = {key: self._known.get((run_id, key)) for key in keys}
        cursors = {key: progress.cursor if progress else None for key, progress in known.items()}
        updates = self._open().metric_updates(info, cursors)
        current = {key: apply_update(known[key], update) for key, update in updates.items()}
        with self._lock:
            for key in known:
                self._forget((run_id, key))
            self._known.update(((run_id, key), progress) for key, progress in current.items())
            self._points += sum(len(progress.history) for progress in current.values())
            self._drop_oldest(keep=len(current))
        return current

    def _forget(self, name: Name) -> None:
        if progress := self._known.pop(name, None):
            self._points -= len(progress.history)

    def _drop_oldest(self, keep: int) -> None:
        """Drop the least recently polled histories beyond the limit, but none of the last `keep`."""
        if self._points <= MAX_CACHED_POINTS:
            return
        for name in list(self._known)[: len(self._known) - keep]:
            if self._points <= MAX_CACHED_POINTS:
                return
            self._forget(name)


def apply_update(known: MetricProgress | None, update: MetricUpdate) -> MetricProgress:
    """Return the metric with the points of an update appended."""
    new_points = len(update.history)
    if known is None or update.is_full:
        return MetricProgress(update.history, update.problems, new_points, update.cursor)
    history = known.history.with_more(update.history) if new_points else known.history
    return MetricProgress(history, update.problems, new_points, update.cursor)
