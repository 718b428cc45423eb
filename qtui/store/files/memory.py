"""What earlier readings found in a store's runs; true only when a fingerprint says so."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

from qtui.entities import Run, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.cache import Cache
from qtui.store.files.reading import Reading
from qtui.store.files.records import Line, run_of, values_of

WORTH_SAVING = 0.02
"""Which part of an experiment's lines must be new for them to be saved before the store is closed."""

WORTH_KEEPING = 500
"""So many runs must be read at once: fewer are read as fast as they are verified."""


def is_worth_keeping(infos: Sequence[RunInfo], wanted: Wanted) -> bool:
    """Whether a question is so great that its answer should be kept, and may be known already."""
    values = (wanted.params, wanted.metrics, wanted.tags, wanted.summaries)
    return len(infos) >= WORTH_KEEPING and values == (None, None, None, frozenset())


class Memory:
    """Lines of runs, kept by experiment; safe to be used by several threads and processes."""

    def __init__(self, folder: Path, root: str) -> None:
        self._cache = Cache(folder / "runs")
        self._root = os.path.realpath(root)
        self._news: dict[str, dict[str, Line]] = defaultdict(dict)
        self._lock = Lock()

    def of(self, infos: Iterable[RunInfo]) -> dict[tuple[str, str], Line]:
        """What is known of these runs and of others in the same experiments."""
        with self._lock:
            experiments = dict.fromkeys(info.experiment_id for info in infos)
            return {(each, run_id): line for each in experiments for run_id, line in self._lines(each).items()}

    def runs(self, infos: Sequence[RunInfo]) -> tuple[Run, ...]:
        """These runs as far as they are known, as they were."""
        known = self.of(infos)
        lines = ((info, known.get((info.experiment_id, info.run_id))) for info in infos)
        return tuple(run_of(info, values_of(line.values)) for info, line in lines if line)

    def learn(self, told: Iterable[tuple[RunInfo, Reading]]) -> None:
        """Take note of runs that were read."""
        with self._lock:
            for info, reading in told:
                if reading.line is not None and not reading.is_known:
                    self._news[info.experiment_id][info.run_id] = reading.line

    def save(self, *, all_of_it: bool = False) -> None:
        """Keep the news for the next time, if they are many enough."""
        with self._lock:
            for experiment_id in list(self._news):
                lines = self._lines(experiment_id)
                if all_of_it or len(self._news[experiment_id]) >= WORTH_SAVING * len(lines):
                    del self._news[experiment_id]
                    there = self._folders(experiment_id)
                    kept = (_joined(item) for item in lines.items() if there is None or item[0] in there)
                    self._cache.save(self._name(experiment_id), kept)

    def _folders(self, experiment_id: str) -> set[str] | None:
        """The runs that are still there; None when the experiment is somewhere else now."""
        try:
            return set(os.listdir(f"{self._root}/{experiment_id}"))
        except OSError:
            return None

    def _lines(self, experiment_id: str) -> dict[str, Line]:
        kept = (line.split("\t", 2) for line in self._cache.load(self._name(experiment_id)))
        lines = {run_id: Line(values, fingerprint) for run_id, fingerprint, values in kept}
        return lines | self._news.get(experiment_id, {})

    def _name(self, experiment_id: str) -> str:
        return f"{self._root}\n{experiment_id}"


def _joined(item: tuple[str, Line]) -> str:
    run_id, line = item
    return f"{run_id}\t{line.fingerprint}\t{line.values}"
