"""Kinds of edits: frozen values that name what the user wants, and the changes that each is made of.

A new kind of edit is a class here, and a command or a key that creates it. The stores know only changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from qtui.entities import NOTE_TAG, RUN_NAME_TAG, STAR_TAG, ExperimentInfo, RunInfo, Status, ViewType
from qtui.formatting import now_ms
from qtui.store.changes import (
    ALL_RUNS,
    LIFECYCLE,
    Change,
    Target,
    Values,
    ignore,
    merge,
    tag_field,
    target_of,
    targets_of,
)
from qtui.store.writer import Writer
from qtui.value_classes import dataclass

Item = RunInfo | ExperimentInfo

NUMBER_SIGN = "{n}"
"""The part of a name that becomes a number when several runs are renamed."""


class Edit(Protocol):
    """An edit of runs or experiments."""

    @property
    def items(self) -> Sequence[Item]:
        """The runs and experiments to change."""

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes that the edit is made of; `now` is the time (ms) that they record."""

    def summary(self, subject: str) -> str:
        """Return what the edit did to a subject such as "3 runs", as one sentence without a period."""


@dataclass(frozen=True, slots=True)
class SetTags:
    """Add or replace tags of active runs or experiments; MLflow's name tag also renames a run."""

    items: Sequence[Item]
    tags: Mapping[str, str]

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes."""
        values: dict[str, str | int | None] = {tag_field(key): value for key, value in self.tags.items()}
        runs, experiments = split_items(self.items)
        name = {"name": self.tags[RUN_NAME_TAG]} if RUN_NAME_TAG in self.tags else {}
        return present_changes(Change(targets_of(runs), {**values, **name}), Change(targets_of(experiments), values))

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        if self.tags.keys() == {STAR_TAG}:
            return f"{subject} starred"
        return f"{subject} tagged {', '.join(f'{key}={value}' for key, value in self.tags.items())}"


@dataclass(frozen=True, slots=True)
class DropTags:
    """Remove tags of active runs or experiments; missing tags are ignored."""

    items: Sequence[Item]
    keys: Sequence[str]

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes."""
        return present_changes(*_same_values(self.items, {tag_field(key): None for key in self.keys}))

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        label = "Star" if list(self.keys) == [STAR_TAG] else f"Tag {', '.join(self.keys)}"
        return f"{label} removed from {subject}"


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename active runs or an active experiment; a run's name is also written to MLflow's tag."""

    items: Sequence[Item]
    name: str

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes."""
        runs, experiments = split_items(self.items)
        return present_changes(
            Change(targets_of(runs), {"name": self.name, tag_field(RUN_NAME_TAG): self.name}),
            Change(targets_of(experiments), {"name": self.name, "last_update_time": now}),
        )

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"{subject} renamed to {self.name}"


@dataclass(frozen=True, slots=True)
class SetNote:
    """Set the description of active runs or experiments, in Markdown; an empty text removes it."""

    items: Sequence[Item]
    text: str

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes."""
        return present_changes(*_same_values(self.items, {tag_field(NOTE_TAG): self.text or None}))

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"Note of {subject} {'changed' if self.text else 'removed'}"


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Set the status of active runs; one that ends them also sets their end, by default to now."""

    items: Sequence[Item]
    status: str
    end_time: int | None = None

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes."""
        values: dict[str, str | int | None] = {"status": self.status}
        if self.end_time is not None or self.status not in (Status.RUNNING, Status.SCHEDULED):
            values["end_time"] = now if self.end_time is None else self.end_time
        runs, _ = split_items(self.items)
        return present_changes(Change(targets_of(runs), values))

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"Status of {subject} set to {self.status}"


@dataclass(frozen=True, slots=True)
class Finish:
    """End running runs; one that has ended by itself meanwhile is left unchanged."""

    items: Sequence[Item]
    status: str
    end_times: Mapping[str, int] = field(default_factory=dict)
    """The end times (ms) of runs that do not end now, by run ID."""

    def changes(self, now: int) -> Sequence[Change]:
        """Return a change per run, which replaces the status RUNNING only."""
        runs, _ = split_items(self.items)
        changes = []
        for info in runs:
            values: Values = {"status": self.status, "end_time": self.end_times.get(info.run_id, now)}
            expected: Values = {"status": Status.RUNNING.value, "end_time": info.end_time}
            changes.append(Change((target_of(info),), values, expected))
        return merge(changes)

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"{subject} ended as {self.status}"


@dataclass(frozen=True, slots=True)
class Delete:
    """Mark runs, or experiments with all their runs, as deleted, so that they can be restored."""

    items: Sequence[Item]

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes; like MLflow, the runs of an experiment first."""
        return _lifecycle_changes(self.items, ViewType.DELETED, now, deleted_time=now)

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"{subject} deleted"


@dataclass(frozen=True, slots=True)
class Restore:
    """Restore deleted runs, or deleted experiments; as in MLflow, with all their runs."""

    items: Sequence[Item]

    def changes(self, now: int) -> Sequence[Change]:
        """Return the changes; like MLflow, an experiment before its runs."""
        return _lifecycle_changes(self.items, ViewType.ACTIVE, now, deleted_time=None)[::-1]

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"{subject} restored"


@dataclass(frozen=True, slots=True)
class CreateExperiment:
    """Create an experiment."""

    name: str
    artifact_location: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> Sequence[Item]:
        """Nothing: the experiment does not exist yet."""
        return ()

    def changes(self, now: int) -> Sequence[Change]:
        """Return the change, whose target is an experiment without an ID."""
        values: Values = {
            "name": self.name,
            LIFECYCLE: ViewType.ACTIVE.value,
            "artifact_location": self.artifact_location,
            **{tag_field(key): value for key, value in self.tags.items()},
        }
        return (Change((Target(""),), values, stage=None),)

    def summary(self, subject: str) -> str:
        """Return what the edit did."""
        return f"Experiment {self.name} created"


def apply_edits(writer: Writer, *edits: Edit) -> None:
    """Apply edits that nobody will undo; raise the error of the first target that could not be changed."""
    now = now_ms()
    applied = writer.apply([change for edit in edits for change in edit.changes(now)], ignore)
    for failure in applied.failures:
        raise failure.error


def numbered_names(pattern: str, count: int) -> list[str]:
    """Return names with numbers of the same width in place of the sign; a single name is the pattern itself."""
    if count == 1:
        return [pattern]
    digits = len(str(count))
    return [pattern.replace(NUMBER_SIGN, str(number).zfill(digits)) for number in range(1, count + 1)]


def split_items(items: Sequence[Item]) -> tuple[list[RunInfo], list[ExperimentInfo]]:
    """Return the runs and the experiments among the items of an edit."""
    runs = [item for item in items if isinstance(item, RunInfo)]
    return runs, [item for item in items if isinstance(item, ExperimentInfo)]


def present_changes(*changes: Change) -> Sequence[Change]:
    """Return the changes that have a target and a value."""
    return tuple(change for change in changes if change.targets and change.values)


def _lifecycle_changes(
    items: Sequence[Item], stage: ViewType, now: int, *, deleted_time: int | None
) -> Sequence[Change]:
    """Return the changes of runs, of the runs of experiments, and of these experiments."""
    runs, experiments = split_items(items)
    children = tuple(Target(target.experiment_id, ALL_RUNS) for target in targets_of(experiments))
    of_runs: Values = {LIFECYCLE: stage.value, "deleted_time": deleted_time}
    of_experiments: Values = {LIFECYCLE: stage.value, "last_update_time": now}
    return present_changes(
        Change(targets_of(runs), of_runs, stage=None),
        Change(children, of_runs, stage=None),
        Change(targets_of(experiments), of_experiments, stage=None),
    )


def _same_values(items: Sequence[Item], values: Values) -> tuple[Change, Change]:
    """Return changes that give runs and experiments the same values."""
    runs, experiments = split_items(items)
    return Change(targets_of(runs), values), Change(targets_of(experiments), values)
