"""The protocol of stores for writing, apart from the reading protocol, so that reading can never write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

from qtui.entities import ExperimentInfo, Point, RunInfo
from qtui.store.changes import Applied, Change, Failure, Record, Target
from qtui.value_classes import dataclass

T = TypeVar("T")

LOCK_TIMEOUT_S = 20.0
"""Seconds to wait for the lock of a database; the same as in MLflow."""

_lock_timeout_s: ContextVar[float] = ContextVar("lock_timeout_s", default=LOCK_TIMEOUT_S)


def lock_timeout_s() -> float:
    """Return the seconds after which a writer of a database raises StoreLocked."""
    return _lock_timeout_s.get()


@contextmanager
def lock_timeout(seconds: float) -> Iterator[None]:
    """Let writers of databases wait this long for a lock, in this context."""
    token = _lock_timeout_s.set(seconds)
    try:
        yield
    finally:
        _lock_timeout_s.reset(token)


class Metric(NamedTuple):
    """A point of a metric."""

    key: str
    point: Point


@dataclass(frozen=True, slots=True)
class Batch:
    """Values of one run that are logged together."""

    metrics: Sequence[Metric] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.metrics or self.params or self.tags)


@dataclass(frozen=True, slots=True)
class Limits:
    """Maximum lengths, in characters. MLflow truncates longer values; a caller that truncates must tell the user."""

    key: int = 250
    param: int = 6000
    tag: int = 8000
    run_name: int | None = None
    experiment_name: int = 500
    experiment_tag: int = 20000
    artifact_location: int = 2048
    keys_are_paths: bool = False
    """Whether a key is the path of a file, so that no key can be the folder of another."""
    request_metrics: int | None = None
    """Metric points in one request; None if a batch of any size is written atomically."""
    request_texts: int | None = None
    """Params, and tags, in one request; None if a batch of any size is written atomically."""
    edit_targets: int | None = None
    """Runs to change between two reports of progress; None if any number is changed in one transaction."""


@runtime_checkable
class Writer(Protocol):
    """A store for writing. Every method writes atomically what MLflow would have written.

    Methods raise only errors of `qtui.errors`: BadValue for a value that no store accepts, before anything is written;
    NotFound for a missing target; NotActive for a deleted one. A writer can be used from many threads.
    """

    @property
    def uri(self) -> str:
        """The address of the store in MLflow's form, including its password: redact it before display."""

    @property
    def limits(self) -> Limits:
        """The maximum lengths of names and values."""

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        """Create an experiment, and the store if it does not exist.

        Raise ExperimentExists when an experiment has that name, even a deleted one.
        """

    def create_run(
        self,
        experiment: ExperimentInfo,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """Create a running run in an active experiment; its name is also written to MLflow's tag."""

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params and set tags; MLflow's name tag also renames the run.

        Raise ParamConflict when a param has another value; the same value again is not an error.
        """

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Write changes, in one transaction if the store has transactions, and return those that undo them.

        `record` is called with the changes that undo what is written next, before it is written, and perhaps again
        with the same ones. Targets that cannot be changed are reported as failures; the others are changed.
        Raise BadValue, before anything is written, for a value that no store accepts.
        """

    def purge_refusal(self, experiment_id: str) -> str:
        """Return why an experiment and its runs cannot be purged, as sentences; empty if they can."""

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Remove deleted runs, and deleted experiments without runs, for good, but not artifacts outside the store.

        Those that are not deleted are reported as failures. Raise StoreUnwritable if the store cannot purge.
        """

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Remove what earlier purges and `mlflow gc` left behind, and return the number of rows or folders."""

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the content of a folder, into a folder of the run's artifacts."""

    def close(self) -> None:
        """Close connections and files."""


def request_batches(batch: Batch, limits: Limits) -> Iterator[Batch]:
    """Yield the parts of a batch that fit into one request each, and are therefore written atomically.

    Params come first, because only they can conflict with stored values.
    """
    if limits.request_metrics is None or limits.request_texts is None:
        yield batch
        return
    metrics = slices(batch.metrics, limits.request_metrics)
    params = slices(list(batch.params.items()), limits.request_texts)
    tags = slices(list(batch.tags.items()), limits.request_texts)
    for some_metrics, some_params, some_tags in zip_longest(metrics, params, tags, fillvalue=()):
        yield Batch(some_metrics, dict(some_params), dict(some_tags))


def slices(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return the items in slices of at most this size."""
    return [items[start : start + size] for start in range(0, len(items), size)]
