"""What earlier readings found in a store's runs; true only when a fingerprint says so."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from qtui import settings
from qtui.entities import RunInfo
from qtui.query.wanted import Wanted
from qtui.store.cache import Cache
from qtui.store.files.layout import is_run_id
from qtui.store.files.reading import Reading
from qtui.store.files.records import Line

WORTH_SAVING = 0.02
"""Which part of an experiment's lines must be new for them to be saved before the store is closed."""

WORTH_KEEPING = 500
"""So many runs must be read at once: fewer are read as fast as they are verified."""


def is_worth_keeping(infos: Sequence[RunInfo], wanted: Wanted) -> bool:
    """Whether a question is so great that its answer should be kept, and may be known already."""
    values = (wanted.params, wanted.metrics, wanted.tags, wanted.summaries)
    return len(infos) >= WORTH_KEEPING and values == (None, None, None, frozenset())


class Lines:
    """The lines of an experiment's runs: one text, of which only the lines that are asked for are taken apart."""

    def __init__(self, text: bytes, news: Mapping[str, Line]) -> None:
        self._text = text
        self._places = dict(_places(text))
        self._news = news

    def __len__(self) -> int:
        return len(self._places)

    def of(self, run_id: str) -> Line | None:
        """The line of a run."""
        if run_id in self._news:
            return self._news[run_id]
        place = self._places.get(run_id)
        if place is None:
            return None
        _, fingerprint, values = self._text[place].decode().split("\t", 2)
        return Line(values, fingerprint)

    def parts(self, run_ids: set[str] | None) -> Iterator[bytes]:
        """The text of the lines of these runs, the news in it."""
        for run_id, line in self._news.items():
            if run_ids is None or run_id in run_ids:
                yield f"{run_id}\t{line.fingerprint}\t{line.values}\n".encode()
        for run_id, place in self._places.items():
            if run_id not in self._news and (run_ids is None or run_id in run_ids):
                yield self._text[place] + b"\n"


class Memory:
    """Lines of runs, kept by experiment; safe to be used by several threads and processes."""

    def __init__(self, folder: Path, root: str) -> None:
        self._cache = Cache(folder / "runs", settings.current().cache.limit_mb << 20)
        self._root = os.path.realpath(root)
        self._news: dict[str, dict[str, Line]] = defaultdict(dict)
        self._lock = Lock()

    def of(self, infos: Iterable[RunInfo]) -> dict[str, Lines]:
        """What is known of the experiments of these runs."""
        with self._lock:
            return {each: self._lines(each) for each in dict.fromkeys(info.experiment_id for info in infos)}

    def learn(self, told: Iterable[tuple[RunInfo, Reading]]) -> None:
        """Take note of runs that were read."""
        with self._lock:
            for info, reading in told:
                if reading.line is not None and not reading.is_known and is_run_id(info.run_id):
                    self._news[info.experiment_id][info.run_id] = reading.line

    def save(self, *, all_of_it: bool = False) -> None:
        """Keep the news for the next time, if they are many enough."""
        with self._lock:
            for experiment_id in list(self._news):
                lines = self._lines(experiment_id)
                if all_of_it or len(self._news[experiment_id]) >= WORTH_SAVING * len(lines):
                    del self._news[experiment_id]
                    self._cache.save(self._name(experiment_id), list(lines.parts(self._run_ids(experiment_id))))

    def _run_ids(self, experiment_id: str) -> set[str] | None:
        """The runs that are still there; None when the experiment is somewhere else now."""
        try:
            return set(os.listdir(f"{self._root}/{experiment_id}"))
        except OSError:
            return None

    def _lines(self, experiment_id: str) -> Lines:
        text = self._cache.load(self._name(experiment_id))
        return Lines(text, dict(self._news.get(experiment_id, {})))

    def _name(self, experiment_id: str) -> str:
        return f"{self._root}\n{experiment_id}"


def _places(text: bytes) -> Iterator[tuple[str, slice]]:
    """Where in a text the line of each run is."""
    start = 0
    while (end := text.find(b"\n", start)) >= 0:
        yield text[start : text.index(b"\t", start, end)].decode(), slice(start, end)
        start = end + 1
