"""Apply changes to one run or experiment after another, for stores without transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from qtui.entities import ExperimentInfo
from qtui.errors import QtuiError, StoreUnreachable
from qtui.store.changes import (
    ALL_RUNS,
    Applied,
    Change,
    Failure,
    Record,
    Target,
    Values,
    creation_undo,
    inverse_of,
    merge,
    pending_values,
    split_tags,
)
from qtui.store.io_timer import IoTimer

PROBE_TARGETS = 8
"""Runs that are changed one after another before threads are used: on a fast disk they only compete for the CPU."""


class TargetAccess(Protocol):
    """A run or an experiment, locked against other writers as far as the store can."""

    def values(self, change: Change) -> Values:
        """Return the present values of the fields of a change and of the lifecycle stage.

        Raises RunNotFound or ExperimentNotFound; but all values of an experiment that a change can create are None.
        """

    def prepare(self, pending: Values, original: str) -> str:
        """Prepare to write new values. Takes `Change.original` and returns that of the change that undoes it."""

    def write(self) -> None:
        """Write the values that were prepared."""


class ChangeableStore(Protocol):
    """A store that `apply_changes` can change."""

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        """Create an experiment."""

    def targets_of_runs(self, experiment_id: str) -> Iterable[Target]:
        """Return all runs of an experiment."""

    def open_target(self, target: Target) -> AbstractContextManager[TargetAccess]:
        """Lock a run or an experiment."""


def apply_changes(
    store: ChangeableStore, changes: Sequence[Change], record: Record, *, run_threads: int = 1
) -> Applied:
    """Apply changes one after another; see `Writer.apply`. On a slow store `run_threads` runs are changed at once."""
    applied = Applied()
    for change in changes:
        applied = applied.followed_by(_apply_change(store, change, record, run_threads))
    return applied


def _apply_change(store: ChangeableStore, change: Change, record: Record, run_threads: int) -> Applied:
    unreachable: list[StoreUnreachable] = []

    def apply_to(target: Target) -> Applied:
        try:
            if unreachable:
                raise unreachable[0]
            return Applied(tuple(_apply_to_target(store, change, target, record)))
        except QtuiError as error:
            unreachable.extend([error] if isinstance(error, StoreUnreachable) else [])
            return Applied((), (Failure(target, error),))

    targets = list(_expand(store, change.targets))
    timer = IoTimer()
    results = list(map(apply_to, targets[:PROBE_TARGETS]))
    rest = targets[PROBE_TARGETS:]
    if run_threads > 1 and rest and targets[0].is_run and timer.is_io_bound(PROBE_TARGETS):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(run_threads) as pool:
            results += pool.map(apply_to, rest)
    else:
        results += map(apply_to, rest)
    return Applied(
        merge(inverse for result in results for inverse in result.inverses),
        tuple(failure for result in results for failure in result.failures),
    )


def _expand(store: ChangeableStore, targets: Sequence[Target]) -> Iterator[Target]:
    """Yield the targets, with the runs of an experiment instead of all its runs."""
    for target in targets:
        if target.run_id == ALL_RUNS:
            yield from store.targets_of_runs(target.experiment_id)
        else:
            yield target


def _apply_to_target(store: ChangeableStore, change: Change, target: Target, record: Record) -> Sequence[Change]:
    """Return the change that undoes the change of a target, nothing if it has the new values already."""
    if not target.experiment_id:
        return [create_experiment(store.create_experiment, change, record)]
    with store.open_target(target) as access:
        present = access.values(change)
        pending = pending_values(change, target, present)
        if not pending:
            return ()
        inverse = inverse_of(change, target, pending, present, access.prepare(pending, change.original))
        record([inverse])
        access.write()
        return [inverse]


def create_experiment(create: Callable[..., ExperimentInfo], change: Change, record: Record) -> Change:
    """Create an experiment, and return the change that removes it."""
    fields, tags = split_tags(change.values)
    options: dict[str, Any] = {"artifact_location": fields.get("artifact_location") or "", "tags": tags}
    inverse = creation_undo(create(fields["name"], **options))
    record([inverse])
    return inverse
