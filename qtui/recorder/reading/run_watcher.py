"""Polling experiments for new, changed and removed runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from qtui.entities import RunInfo, Status, ViewType
from qtui.formatting import now_ms
from qtui.store import Store
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class RunChanges:
    """The changes since the last poll."""

    infos: tuple[RunInfo, ...] = ()
    """Runs that are new, or whose infos have changed."""

    written: tuple[RunInfo, ...] = ()
    """Runs whose values may have changed; includes `infos`."""

    gone: frozenset[str] = frozenset()
    """IDs of runs that are no longer in the view."""

    def __bool__(self) -> bool:
        return bool(self.infos or self.written or self.gone)


class RunWatcher:
    """Reports the changes in some experiments of a store; a poll reads nothing that the store knows to be unchanged."""

    def __init__(self, store: Callable[[], Store], experiment_ids: Sequence[str] | None, view: ViewType) -> None:
        """Set what to watch; the store is opened at the first poll."""
        self._open = store
        self._experiment_ids = experiment_ids
        self._view = view
        self._change_token: Hashable | None = None
        self._writes: dict[str, int | None] = {}
        self._start_ms = now_ms()

    @property
    def writes(self) -> Mapping[str, int | None]:
        """The times (ms) of the last writes of the running runs, as of the last poll."""
        return dict(self._writes)

    @property
    def _store(self) -> Store:
        return self._open()

    def poll(self, previous: Mapping[str, RunInfo]) -> RunChanges:
        """Return the changes compared with the previous infos by run ID."""
        token = self._store.change_token(self._experiment_ids, self._view)
        is_unchanged = token is not None and token == self._change_token
        self._change_token = token
        if is_unchanged:
            return RunChanges(written=self._written(previous.values()))
        current = self._read(previous)
        infos = tuple(info for run_id, info in current.items() if previous.get(run_id) != info)
        written = {info.run_id: info for info in (*self._written(current.values()), *infos)}
        return RunChanges(infos, tuple(written.values()), frozenset(previous) - frozenset(current))

    def _written(self, infos: Iterable[RunInfo]) -> tuple[RunInfo, ...]:
        """Return the runs that have written since the last poll; only running ones write."""
        changing = (info for info in infos if info.status == Status.RUNNING or info.run_id in self._writes)
        return tuple(info for info in changing if self._update_last_write(info))

    def _read(self, previous: Mapping[str, RunInfo]) -> dict[str, RunInfo]:
        """Read the current infos; a run that cannot be read at the moment keeps its previous info."""
        current: dict[str, RunInfo] = {}
        for batch in self._store.infos(self._experiment_ids, self._view):
            current.update((info.run_id, info) for info in batch.items)
            damaged = {problem.run_id for problem in batch.problems if problem.run_id} - current.keys()
            current.update((run_id, previous[run_id]) for run_id in damaged if run_id in previous)
        return current

    def _update_last_write(self, info: RunInfo) -> bool:
        """Store the last write of a run; return whether it has written since the last poll, or since the start."""
        if info.status != Status.RUNNING:
            self._writes.pop(info.run_id, None)
            return False
        last_write = self._store.last_write(info)
        if info.run_id not in self._writes:
            self._writes[info.run_id] = last_write
            return last_write is not None and last_write > self._start_ms
        before, self._writes[info.run_id] = self._writes[info.run_id], last_write
        return before != last_write
