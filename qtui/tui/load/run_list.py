"""Load experiments and runs: infos first, values after them, later the changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from textual.message import Message

from qtui.cancellation import ProgressTimer
from qtui.entities import Listing, Problem, Run, RunCounts, RunInfo, Status, ViewType
from qtui.query.ast import Filter, Word
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder import Library
from qtui.recorder.reading.run_watcher import RunChanges, RunWatcher
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.load.background import MessageStream
from qtui.tui.present.experiment_tree import ExperimentList
from qtui.value_classes import dataclass

BATCH_INTERVAL_S = 0.2
"""Seconds between two messages with values."""


@dataclass(frozen=True, slots=True)
class RunsRequest:
    """A request for the runs of some experiments, None for all; answers to an older request are dropped."""

    experiment_ids: tuple[str, ...] | None = None
    view: ViewType = ViewType.ACTIVE
    request_id: int = 0


@dataclass
class ExperimentsLoaded(Message):
    """The experiments of a view were loaded."""

    experiments: ExperimentList
    problems: tuple[Problem, ...]
    view: ViewType


@dataclass
class PermissionLoaded(Message):
    """Whether the store can be edited is known."""

    read_only_reason: str
    """Why it cannot be edited; empty if it can."""


@dataclass
class InfosLoaded(Message):
    """A batch of runs was loaded, without their values."""

    request: RunsRequest
    infos: tuple[RunInfo, ...]
    problems: tuple[Problem, ...] = ()
    watcher: RunWatcher | None = None
    """With the last batch: detects the changes from now on."""


@dataclass
class ValuesLoaded(Message):
    """The values of a batch of runs were loaded."""

    request: RunsRequest
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]
    done: int
    total: int


@dataclass
class ChangesLoaded(Message):
    """A poll ended: the changes, and the values of the runs that changed."""

    request: RunsRequest
    changes: RunChanges
    runs: tuple[Run, ...]

    @property
    def run_ids(self) -> frozenset[str]:
        """The runs that are new or have changed."""
        return frozenset(run.info.run_id for run in self.runs)


@dataclass
class LastWritesLoaded(Message):
    """The times (ms) at which running runs last logged something, None where the store cannot tell."""

    request: RunsRequest
    writes: Mapping[str, int | None]


def load_experiments(
    library: Library,
    view: ViewType,
    keep: Collection[str] = (),
    wait_for_first_paint: Callable[[], object] = lambda: None,
) -> MessageStream:
    """Load the experiments of a view, how many of its runs each has, and whether the store can be edited.

    The deleted view holds deleted experiments, active ones with deleted runs, and those whose IDs are in `keep`.
    Counts and permission are read after the first paint. They would take time from it: the counts come after the infos
    of all runs, and the permission opens the store.
    """
    listing = library.experiments(ViewType.ALL if view is ViewType.DELETED else view)
    if view is not ViewType.DELETED:
        yield ExperimentsLoaded(ExperimentList(listing.items), listing.problems, view)
    wait_for_first_paint()
    counts = library.counts(view)
    experiments = tuple(
        experiment
        for experiment in listing.items
        if view is not ViewType.DELETED
        or experiment.lifecycle_stage != "active"
        or experiment.experiment_id in keep
        or counts.get(experiment.experiment_id, RunCounts()).total
    )
    yield ExperimentsLoaded(ExperimentList(experiments, counts), listing.problems, view)
    yield PermissionLoaded(library.read_only_reason())


def load_runs(
    library: Library,
    request: RunsRequest,
    visible_runs: Callable[[], Sequence[str]],
    fields: Projection = ALL_VALUES,
    wait_for_first_paint: Callable[[], object] = lambda: None,
) -> MessageStream:
    """Load all infos in batches, then all values, those of the visible runs first.

    Reading pauses while the first rows are painted, so that it takes no time from the paint.
    """
    watcher = library.watch(request.experiment_ids, request.view)
    infos: dict[str, RunInfo] = {}
    for batch in library.infos(request.experiment_ids, request.view):
        infos.update((info.run_id, info) for info in batch.items)
        yield InfosLoaded(request, batch.items, batch.problems)
        if infos:
            wait_for_first_paint()
    yield InfosLoaded(request, (), watcher=watcher)
    import_module("numpy")  # now, so that the first sort or filter does not wait for it
    yield from load_values(library, request, dict(infos), visible_runs, fields)
    running = [info for info in infos.values() if info.status == Status.RUNNING]
    yield LastWritesLoaded(request, {info.run_id: library.last_write(info) for info in running})


def load_values(
    library: Library,
    request: RunsRequest,
    pending: dict[str, RunInfo],
    visible_runs: Callable[[], Sequence[str]],
    fields: Projection = ALL_VALUES,
) -> MessageStream:
    """Load the values of these runs: cached values at once, then the current ones."""
    total, buffer = len(pending), BatchBuffer()
    for batch in library.known_values(tuple(pending.values())):
        yield ValuesLoaded(request, batch.items, (), 0, total)
    for batch in read_visible_first(library, pending, visible_runs, fields):
        buffer.add(batch.items, batch.problems)
        if buffer.timer.is_due():
            yield ValuesLoaded(request, *buffer.drain(), min(total - len(pending), total - 1), total)
    yield ValuesLoaded(request, *buffer.drain(), total, total)


def read_visible_first(
    library: Library, pending: dict[str, RunInfo], visible_runs: Callable[[], Sequence[str]], fields: Projection
) -> Iterator[Listing[Run]]:
    """Read the values of all pending runs, the newest first; between batches, runs that became visible go first."""
    yield from _read_visible(library, pending, visible_runs, fields)
    newest = sorted(pending.values(), key=lambda info: -(info.start_time or 0))
    for batch in library.values(newest, fields):
        for run in batch.items:
            pending.pop(run.info.run_id, None)
        yield batch
        yield from _read_visible(library, pending, visible_runs, fields)


def _read_visible(
    library: Library, pending: dict[str, RunInfo], visible_runs: Callable[[], Sequence[str]], fields: Projection
) -> Iterator[Listing[Run]]:
    infos = [pending.pop(run_id) for run_id in visible_runs() if run_id in pending]
    return library.values(infos, fields) if infos else iter(())


class BatchBuffer:
    """Runs that were read and not posted yet; they are posted in batches, the first at once."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._problems: list[Problem] = []
        self.timer = ProgressTimer(BATCH_INTERVAL_S, starts_due=True)

    def add(self, runs: Sequence[Run], problems: Sequence[Problem]) -> None:
        """Add runs and problems to the next batch."""
        self._runs += runs
        self._problems += problems

    def drain(self) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
        """Return the batch and begin the next one."""
        batch = tuple(self._runs), tuple(self._problems)
        self._runs, self._problems = [], []
        return batch


def load_changes(
    library: Library, request: RunsRequest, infos: Iterable[RunInfo], watcher: RunWatcher
) -> MessageStream:
    """Load what changed since `infos` were read, with the values of the runs that changed."""
    changes = watcher.poll({info.run_id: info for info in infos})
    runs = [run for batch in library.values(changes.written) for run in batch.items] if changes.written else []
    yield ChangesLoaded(request, changes, tuple(runs))
    yield LastWritesLoaded(request, watcher.writes)


def index_words(frame: RunsFrame) -> MessageStream:
    """Build the indexes for searches of words, and post nothing; with 100,000 runs it takes 0.3 s."""
    from qtui.runs.filter_rows import filter_mask

    filter_mask(frame, Filter(Word("\0"), now=0))
    yield from ()
