"""Writing into several stores as one: everything goes to the store of its run or experiment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from qtui.cancellation import Cancelled
from qtui.entities import ExperimentInfo, RunInfo
from qtui.errors import BadValue, QtuiError, StoreError
from qtui.store.changes import Applied, Change, Failure, Record, Target, Value, Values
from qtui.store.combined import NAME_SEPARATOR, CombinedStore, StorePart
from qtui.store.writer import LOCK_TIMEOUT_S, Batch, Limits, Writer, lock_timeout


class CombinedWriter:
    """The writers of the stores of a `CombinedStore`. An edit of several stores is one transaction in each."""

    def __init__(self, store: CombinedStore, open_writer: Callable[[str], Writer]) -> None:
        self._store = store
        self._writers = {label: open_writer(part.store.uri) for label, part in store.parts.items()}

    @property
    def uri(self) -> str:
        """The addresses of all stores."""
        return self._store.uri

    @property
    def limits(self) -> Limits:
        """The limits that all stores accept."""
        return strictest([writer.limits for writer in self._writers.values()])

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        """Create an experiment; its name begins with the label of a store and a slash."""
        part, inner_name = self._part_of_name(name)
        created = self._writers[part.label].create_experiment(
            inner_name, artifact_location=artifact_location, tags=tags
        )
        return part.outer_experiment(created)

    def create_run(
        self,
        experiment: ExperimentInfo,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """Create a running run."""
        part, inner = self._store.inner_experiment(experiment)
        writer = self._writers[part.label]
        return part.outer(writer.create_run(inner, name=name, start_time=start_time, user=user, tags=tags))

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params and set tags."""
        part, inner = self._store.inner(info)
        self._writers[part.label].log(inner, batch)

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the content of a folder, into a folder of the run's artifacts."""
        part, inner = self._store.inner(info)
        self._writers[part.label].save_artifact(inner, source, folder)

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Write changes, store by store; when some are changed, those that refuse are reported as failures."""
        inner_changes: dict[str, list[Change]] = {}
        for change in changes:
            for label, inner in self._split(change).items():
                inner_changes.setdefault(label, []).append(inner)
        applied = Applied()
        for label, inner_parts in inner_changes.items():
            part = self._store.parts[label]
            try:
                # Once a store is changed, wait for the full timeout: a retry would apply its changes again.
                with lock_timeout(LOCK_TIMEOUT_S) if applied.targets else nullcontext():
                    result = self._apply(part, inner_parts, record)
            except (QtuiError, Cancelled) as error:
                if not applied.targets:
                    raise
                result = _refused(part, inner_parts, error)
            applied = applied.followed_by(result)
        return applied

    def purge_refusal(self, experiment_id: str) -> str:
        """Return why the store of an experiment cannot purge; empty if it can."""
        part, inner_id = self._store.part(experiment_id)
        return self._writers[part.label].purge_refusal(inner_id)

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Remove deleted runs, and deleted experiments without runs, for good."""
        failures: list[Failure] = []
        for label, inner in self._by_label(targets).items():
            part, failed = self._store.parts[label], self._writers[label].purge(inner)
            failures += [Failure(outer_target(part, target), error) for target, error in failed]
        return tuple(failures)

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Remove what earlier purges and `mlflow gc` left behind, and return the number of rows or folders."""
        return sum(writer.remove_leftovers(dry_run=dry_run) for writer in self._writers.values())

    def close(self) -> None:
        """Close all writers."""
        for writer in self._writers.values():
            writer.close()

    def _apply(self, part: StorePart, changes: Sequence[Change], record: Record) -> Applied:
        def record_outer(inverses: Sequence[Change]) -> None:
            record([outer_change(part, change) for change in inverses])

        result = self._writers[part.label].apply(changes, record_outer)
        return Applied(
            tuple(outer_change(part, change) for change in result.inverses),
            tuple(Failure(outer_target(part, target), error) for target, error in result.failures),
        )

    def _split(self, change: Change) -> Mapping[str, Change]:
        """Return the part of a change for every store, by label."""
        is_new = change.targets[0] == Target("")
        label_of_new = self._part_of_name(str(change.values["name"]))[0].label if is_new else ""
        targets = {label_of_new: list(change.targets)} if is_new else self._by_label(change.targets)
        return {label: with_names(change, tuple(inner), partial(inner_name, label)) for label, inner in targets.items()}

    def _by_label(self, targets: Sequence[Target]) -> Mapping[str, list[Target]]:
        """Return the targets in every store, as they are there."""
        inner: dict[str, list[Target]] = {}
        for target in targets:
            part, experiment_id = self._store.part(target.experiment_id)
            inner.setdefault(part.label, []).append(target._replace(experiment_id=experiment_id))
        return inner

    def _part_of_name(self, name: str) -> tuple[StorePart, str]:
        label, _, inner = name.partition(NAME_SEPARATOR)
        if label not in self._store.parts or not inner:
            labels = " or ".join(f"{label}{NAME_SEPARATOR}" for label in self._store.parts)
            raise BadValue(f"The name of a new experiment must begin with its store: {labels}.")
        return self._store.parts[label], inner


def _refused(part: StorePart, changes: Sequence[Change], error: QtuiError | Cancelled) -> Applied:
    """Return the failures of a store that was left unchanged while others are changed."""
    reason = error if isinstance(error, QtuiError) else StoreError("The edit was cancelled before this store.")
    targets = dict.fromkeys(outer_target(part, target) for change in changes for target in change.targets)
    return Applied((), tuple(Failure(target, reason) for target in targets))


def inner_name(label: str, name: str) -> str:
    """Return the name that an experiment has in its store."""
    return name.removeprefix(label + NAME_SEPARATOR)


def outer_target(part: StorePart, target: Target) -> Target:
    """Return a target in one of the stores as a target in the combined store."""
    return target._replace(experiment_id=part.outer_id(target.experiment_id))


def outer_change(part: StorePart, change: Change) -> Change:
    """Return a change in one of the stores as a change in the combined store."""
    targets = tuple(outer_target(part, target) for target in change.targets)
    return with_names(change, targets, lambda name: f"{part.label}{NAME_SEPARATOR}{name}")


def with_names(change: Change, targets: tuple[Target, ...], rename: Callable[[str], str]) -> Change:
    """Return a change with other targets; names of experiments are converted as well."""
    if targets[0].is_run:
        return replace(change, targets=targets)

    def convert(values: Values) -> dict[str, Value]:
        return {
            field: rename(value) if field == "name" and isinstance(value, str) else value
            for field, value in values.items()
        }

    expected = None if change.expected is None else convert(change.expected)
    return replace(change, targets=targets, values=convert(change.values), expected=expected)


def strictest(limits: Collection[Limits]) -> Limits:
    """Return the limits that are within all of these."""
    values: dict[str, Any] = {}
    for field in fields(Limits):
        options = [value for value in (getattr(limit, field.name) for limit in limits) if value is not None]
        values[field.name] = any(options) if field.name == "keys_are_paths" else min(options, default=None)
    return Limits(**values)
