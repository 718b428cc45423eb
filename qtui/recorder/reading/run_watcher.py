"""Looking again at runs that are known already: what is new, what has changed, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from qtui.entities import RunInfo, Status, View
from qtui.formatting import now_ms
from qtui.store import Store


@dataclass(frozen=True, slots=True)
class RunChanges:
    """What happened since the last look."""

    infos: tuple[RunInfo, ...] = ()
    """Runs that are new, or whose infos have changed."""

    written: tuple[RunInfo, ...] = ()
    """Runs whose values may have changed, those above among them."""

    gone: frozenset[str] = frozenset()
    """Runs that are no longer part of what is watched."""

    def __bool__(self) -> bool:
        return bool(self.infos or self.written or self.gone)


class RunWatcher:
    """Watches some experiments of a store. A look reads no more than what the store cannot rule out as unchanged."""

    def __init__(self, store: Callable[[], Store], experiment_ids: Sequence[str] | None, view: View) -> None:
        """The store is opened at the first look, which may take its time."""
        self._open = store
        self._experiment_ids = experiment_ids
        self._view = view
        self._pulse: Hashable | None = None
        self._writes: dict[str, int | None] = {}
        self._begun = now_ms()

    @property
    def writes(self) -> Mapping[str, int | None]:
        """When (ms) the running runs had last written, at the last look."""
        return dict(self._writes)

    @property
    def _store(self) -> Store:
        return self._open()

    def poll(self, known: Mapping[str, RunInfo]) -> RunChanges:
        """What is different from what is known, which is by run id."""
        pulse = self._store.change_token(self._experiment_ids, self._view)
        current = known if pulse is not None and pulse == self._pulse else self._read(known)
        self._pulse = pulse
        infos = tuple(info for run_id, info in current.items() if known.get(run_id) != info)
        written = {info.run_id: info for info in current.values() if self._has_written(info)}
        written.update((info.run_id, info) for info in infos)
        return RunChanges(infos, tuple(written.values()), frozenset(known) - frozenset(current))

    def _read(self, known: Mapping[str, RunInfo]) -> dict[str, RunInfo]:
        """The infos as they are now. A run that cannot be read at this moment stays as it was known."""
        current: dict[str, RunInfo] = {}
        for batch in self._store.infos(self._experiment_ids, self._view):
            current.update((info.run_id, info) for info in batch.items)
            broken = {problem.run_id for problem in batch.problems if problem.run_id} - current.keys()
            current.update((run_id, known[run_id]) for run_id in broken if run_id in known)
        return current

    def _has_written(self, info: RunInfo) -> bool:
        """Whether a running run has written since the last look, or since the watch began."""
        if info.status != Status.RUNNING:
            self._writes.pop(info.run_id, None)
            return False
        last_write = self._store.last_write(info)
        if info.run_id not in self._writes:
            self._writes[info.run_id] = last_write
            return last_write is not None and last_write > self._begun
        before, self._writes[info.run_id] = self._writes[info.run_id], last_write
        return before != last_write
