"""Experiments and runs as they are read: infos first, values after them, later what has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from textual.message import Message

from qtui.entities import Listing, Problem, Run, RunCounts, RunInfo, Status, View
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.recorder import Library
from qtui.recorder.reading.run_watcher import RunChanges, RunWatcher
from qtui.tui.load.background import Messages
from qtui.tui.widgets.experiments import Catalogue

MOMENT = 0.2
"""Seconds between two messages about values."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whose runs are asked for; the answer to an older question is dropped."""

    experiment_ids: tuple[str, ...] | None = None
    view: View = View.ACTIVE
    number: int = 0


@dataclass
class CatalogueRead(Message):
    """The experiments and their counts are there."""

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    view: View


@dataclass
class InfosRead(Message):
    """Some more runs are known, without their values."""

    question: Question
    infos: tuple[RunInfo, ...]
    problems: tuple[Problem, ...] = ()
    watch: RunWatcher | None = None
    """With the last of them: what to look again with."""


@dataclass
class ValuesRead(Message):
    """The values of some runs are there."""

    question: Question
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]
    done: int
    total: int


@dataclass
class NewsRead(Message):
    """Somebody looked again: what has changed, and the values of the runs that changed."""

    question: Question
    news: RunChanges
    runs: tuple[Run, ...]


@dataclass
class WritesRead(Message):
    """When (ms) the running runs have last written something, as far as the store can tell."""

    question: Question
    writes: Mapping[str, int | None]


def catalogue(library: Library, view: View, kept: Collection[str] = ()) -> Messages:
    """Load the experiments of a view, and how many of its runs each has.

    The deleted view holds deleted experiments, living ones with deleted runs, and those whose ids are in `kept`.
    """
    listing = library.experiments(View.ALL if view is View.DELETED else view)
    if view is not View.DELETED:
        yield CatalogueRead(Catalogue(listing.items), listing.problems, view)
    counts = library.counts(view)
    experiments = tuple(
        experiment
        for experiment in listing.items
        if view is not View.DELETED
        or experiment.lifecycle_stage != "active"
        or experiment.experiment_id in kept
        or counts.get(experiment.experiment_id, RunCounts()).total
    )
    yield CatalogueRead(Catalogue(experiments, counts), listing.problems, view)


def runs(
    library: Library,
    question: Question,
    first: Callable[[], Sequence[str]],
    wanted: Wanted = EVERYTHING,
    wait_until_seen: Callable[[], object] = lambda: None,
) -> Messages:
    """All infos as they come, then all values: those of the visible runs (`first`) before the others.

    While the first rows are drawn nothing more is read, which would take time from them.
    """
    watch = library.watch(question.experiment_ids, question.view)
    known: dict[str, RunInfo] = {}
    for batch in library.infos(question.experiment_ids, question.view):
        known.update((each.run_id, each) for each in batch.items)
        yield InfosRead(question, batch.items, batch.problems)
        if known:
            wait_until_seen()
    yield InfosRead(question, (), watch=watch)
    import_module("numpy")  # so that nobody waits for it at the first sort or filter
    yield from values(library, question, dict(known), first, wanted)
    running = [info for info in known.values() if info.status == Status.RUNNING]
    yield WritesRead(question, {info.run_id: library.last_write(info) for info in running})


def values(
    library: Library,
    question: Question,
    pending: dict[str, RunInfo],
    first: Callable[[], Sequence[str]],
    wanted: Wanted = EVERYTHING,
) -> Messages:
    """The values of these runs: those known from earlier at once, then those that hold now."""
    total, read = len(pending), Progress()
    for batch in library.known_values(tuple(pending.values())):
        yield ValuesRead(question, batch.items, (), 0, total)
    for batch in in_turn(library, pending, first, wanted):
        read.add(batch.items, batch.problems)
        if read.is_due:
            yield ValuesRead(question, *read.drained(), min(total - len(pending), total - 1), total)
    yield ValuesRead(question, *read.drained(), total, total)


def in_turn(
    library: Library, pending: dict[str, RunInfo], first: Callable[[], Sequence[str]], wanted: Wanted
) -> Iterator[Listing[Run]]:
    """The values of all, the newest first, but between two batches of those that somebody has come to see."""
    yield from _urgent(library, pending, first, wanted)
    newest = sorted(pending.values(), key=lambda info: -(info.start_time or 0))
    for batch in library.values(newest, wanted):
        for run in batch.items:
            pending.pop(run.info.run_id, None)
        yield batch
        yield from _urgent(library, pending, first, wanted)


def _urgent(
    library: Library, pending: dict[str, RunInfo], first: Callable[[], Sequence[str]], wanted: Wanted
) -> Iterator[Listing[Run]]:
    infos = [pending.pop(each) for each in first() if each in pending]
    return library.values(infos, wanted) if infos else iter(())


class Progress:
    """Runs that have been read and not yet been told of: they are told of in batches by time."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._problems: list[Problem] = []
        self._due = 0.0

    def add(self, runs: Sequence[Run], problems: Sequence[Problem]) -> None:
        """Some more runs."""
        self._runs += runs
        self._problems += problems

    @property
    def is_due(self) -> bool:
        """Whether it is time to tell: at once for the first, then every moment."""
        return time.monotonic() >= self._due

    def drained(self) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
        """All that was not told of."""
        told = tuple(self._runs), tuple(self._problems)
        self._runs, self._problems = [], []
        self._due = time.monotonic() + MOMENT
        return told


def news(library: Library, question: Question, known: Mapping[str, RunInfo], watch: RunWatcher) -> Messages:
    """What has changed of the runs that are known, with the values of those that have."""
    found = watch.poll(known)
    runs = [run for batch in library.values(found.written) for run in batch.items] if found.written else []
    yield NewsRead(question, found, tuple(runs))
    yield WritesRead(question, watch.writes)
