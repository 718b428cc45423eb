"""Changes of runs and experiments: the new values of named fields, and the values that undo them.

A store needs only the present values of these fields and a way to write them; every kind of edit is made of changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qtui.entities import ExperimentInfo, RunInfo, ViewType
from qtui.errors import ChangedSince, ExperimentNotFound, NotActive, NotDeleted, QtuiError, RunNotFound
from qtui.value_classes import dataclass

Value = str | int | None
Values = Mapping[str, Value]
"""Values of fields by name. None is the value of a field or a tag that does not exist."""

ALL_RUNS = "*"
TAG_PREFIX = "tags."
LIFECYCLE = "lifecycle_stage"
EXPERIMENT_FIELDS = ("name", LIFECYCLE, "artifact_location", "creation_time", "last_update_time")


class Target(NamedTuple):
    """A run, all runs of an experiment, or an experiment, which has no run ID."""

    experiment_id: str
    run_id: str = ""

    @property
    def is_run(self) -> bool:
        """Whether the target is a run, not an experiment."""
        return bool(self.run_id)

    def __str__(self) -> str:
        return f"run {self.run_id}" if self.run_id else f"experiment {self.experiment_id}"

    def missing_from(self, store: str) -> RunNotFound | ExperimentNotFound:
        """Return the error for a target that is not in a store."""
        return (RunNotFound if self.is_run else ExperimentNotFound)(f"There is no {self} in {store}.")

    def check_stage(self, stage: Value, required: ViewType) -> None:
        """Raise NotActive or NotDeleted unless the target is in the lifecycle stage that an operation requires."""
        if stage == required.value:
            return
        subject = f"{'Run' if self.is_run else 'Experiment'} {self.run_id or self.experiment_id}"
        if required is ViewType.ACTIVE:
            raise NotActive(f"{subject} is deleted. Restore it first.")
        raise NotDeleted(f"{subject} is not deleted. Delete it first.")


@dataclass(frozen=True, slots=True)
class Change:
    """New values of some fields of runs or experiments.

    The lifecycle stage None means that an experiment does not exist: a change from it creates the experiment, a change
    to it removes an experiment that has no runs. A new experiment, whose ID the store chooses, has an empty ID.
    """

    targets: tuple[Target, ...]
    values: Values
    """New values by field; the fields of tags begin with `tags.`."""
    expected: Values | None = None
    """The present values that the change replaces, when it undoes another; None if any value may be replaced."""
    stage: str | None = ViewType.ACTIVE.value
    """The lifecycle stage that the targets must have; None for any."""
    original: str = ""
    """The original text of the file of the fields, if restoring their values would not restore the file."""
    if_partial: bool = False
    """Whether the change applies only to targets that have some of its values already, as after a kill."""


class Failure(NamedTuple):
    """A target that was not changed, and the reason."""

    target: Target
    error: QtuiError


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of changes: those that undo them, with the values that they replaced, and the failures."""

    inverses: tuple[Change, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def targets(self) -> frozenset[Target]:
        """The runs and experiments that were changed."""
        return frozenset(target for change in self.inverses for target in change.targets)

    def followed_by(self, later: Applied) -> Applied:
        """Return the result of these changes and of later ones, which are undone first."""
        return Applied((*later.inverses, *self.inverses), (*self.failures, *later.failures))


Record = Callable[[Sequence[Change]], None]
"""Called with the changes that undo what is written next."""


def ignore(inverses: Sequence[Change]) -> None:
    """Record nothing."""


def tag_field(key: str) -> str:
    """Return the field of a tag."""
    return TAG_PREFIX + key


def with_tags(tags: Mapping[str, str], changed: Mapping[str, str | None]) -> dict[str, str]:
    """Return tags with some changed, or removed if their new value is None."""
    return {key: value for key, value in {**tags, **changed}.items() if value is not None}


def split_tags(values: Values) -> tuple[dict[str, Value], dict[str, str | None]]:
    """Return the fields that are not tags, and the tags by key."""
    fields = {field: value for field, value in values.items() if not field.startswith(TAG_PREFIX)}
    tags = {
        field.removeprefix(TAG_PREFIX): None if value is None else str(value)
        for field, value in values.items()
        if field.startswith(TAG_PREFIX)
    }
    return fields, tags


def targets_of(items: Iterable[RunInfo | ExperimentInfo]) -> tuple[Target, ...]:
    """Return the targets of runs and experiments, each once."""
    return tuple(dict.fromkeys(target_of(item) for item in items))


def target_of(item: RunInfo | ExperimentInfo) -> Target:
    """Return the target of a run or an experiment."""
    return Target(item.experiment_id, item.run_id if isinstance(item, RunInfo) else "")


def pending_values(change: Change, target: Target, present: Values) -> Values:
    """Return the values of a change that differ from the present ones, which are the values of at least its fields.

    Raises NotActive if the target is deleted, and ChangedSince if a value is neither the expected nor the new one.
    """
    if change.expected is None and LIFECYCLE in change.values and present[LIFECYCLE] == change.values[LIFECYCLE]:
        return {}
    if change.stage is not None:
        target.check_stage(present[LIFECYCLE], ViewType(change.stage))
    pending = {field: value for field, value in change.values.items() if present[field] != value}
    if change.expected is not None:
        for field in pending:
            if present[field] != change.expected[field]:
                raise ChangedSince(
                    f"The {describe_field(field)} of {target} was changed since: {_quote(present[field])}."
                )
    return {} if change.if_partial and len(pending) == len(change.values) else pending


def inverse_of(change: Change, target: Target, pending: Values, present: Values, original: str = "") -> Change:
    """Return the change that undoes these pending values of a target."""
    stage = None if LIFECYCLE in pending else change.stage
    return Change((target,), {field: present[field] for field in pending}, dict(pending), stage, original)


def experiment_values(experiment: ExperimentInfo, tags: Iterable[str]) -> Values:
    """Return the present values of the fields of an experiment and of some tags."""
    fields = {field: getattr(experiment, field) for field in EXPERIMENT_FIELDS}
    return {**fields, **{tag_field(key): experiment.tags.get(key) for key in tags}}


def creation_undo(experiment: ExperimentInfo) -> Change:
    """Return the change that removes a new experiment."""
    values = experiment_values(experiment, experiment.tags)
    return Change((Target(experiment.experiment_id),), dict.fromkeys(values), values, stage=None)


def merge(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes of different targets with those of equal values as one."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        expected = None if change.expected is None else tuple(sorted(change.expected.items()))
        key = (tuple(sorted(change.values.items())), expected, change.stage, change.original)
        groups.setdefault(key, []).append(change)
    return tuple(
        replace(group[0], targets=tuple(target for change in group for target in change.targets))
        for group in groups.values()
    )


def without_fields(change: Change, fields: Collection[str]) -> Change:
    """Return a change without fields that a store does not have."""

    def keep(values: Values) -> Values:
        return {field: value for field, value in values.items() if field not in fields}

    expected = None if change.expected is None else keep(change.expected)
    return replace(change, values=keep(change.values), expected=expected)


def describe_field(field: str) -> str:
    """Return a field in words."""
    return f"tag {field.removeprefix(TAG_PREFIX)}" if field.startswith(TAG_PREFIX) else field.replace("_", " ")


def _quote(value: Value) -> str:
    return "it does not exist" if value is None else repr(value)
