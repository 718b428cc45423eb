"""Changes of one run or experiment of an in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import replace
from typing import Any, cast

from qtui.entities import ExperimentInfo, Run
from qtui.errors import ChangedSince, ExperimentExists, ExperimentNotFound, RunNotFound
from qtui.store.changes import (
    LIFECYCLE,
    Change,
    Target,
    Values,
    experiment_values,
    split_tags,
    tag_field,
    with_tags,
)


class MemoryRun:
    """A run of an in-memory store, for `apply_changes`."""

    def __init__(self, target: Target, runs: MutableMapping[str, Run], deleted_times: MutableMapping[str, int]) -> None:
        if target.run_id not in runs:
            raise RunNotFound(f"The run {target.run_id} does not exist.")
        self._run = runs[target.run_id]
        self._runs = runs
        self._deleted_times = deleted_times
        self._pending: Values = {}

    def values(self, change: Change) -> Values:
        """Return the present values."""
        _, tags = split_tags(change.values)
        info = self._run.info
        return {
            "name": info.name,
            "status": info.status,
            "end_time": info.end_time,
            LIFECYCLE: info.lifecycle_stage,
            "deleted_time": self._deleted_times.get(info.run_id),
            **{tag_field(key): self._run.tags.get(key) for key in tags},
        }

    def prepare(self, pending: Values, original: str) -> str:
        """Prepare to write new values, which restore everything."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Write new values."""
        fields, tags = split_tags(self._pending)
        run_id = self._run.info.run_id
        if "deleted_time" in fields:
            deleted_time = cast("int | None", fields.pop("deleted_time"))
            if deleted_time is None:
                self._deleted_times.pop(run_id, None)
            else:
                self._deleted_times[run_id] = deleted_time
        values: dict[str, Any] = fields
        info = replace(self._run.info, **values)
        self._runs[run_id] = replace(self._run, info=info, tags=with_tags(self._run.tags, tags))


class MemoryExperiment:
    """An experiment of an in-memory store, or a place for one, for `apply_changes`."""

    def __init__(self, target: Target, experiments: MutableMapping[str, ExperimentInfo], runs: Iterable[Run]) -> None:
        self._id = target.experiment_id
        self._experiments = experiments
        self._pending: Values = {}
        self._has_runs = any(run.info.experiment_id == self._id for run in runs)

    def values(self, change: Change) -> Values:
        """Return the present values."""
        fields, tags = split_tags(change.values)
        experiment = self._experiments.get(self._id)
        name = fields.get("name")
        if name and any(other.name == name for key, other in self._experiments.items() if key != self._id):
            raise ExperimentExists(f"An experiment named {name!r} already exists.")
        if experiment is None:
            if change.expected is None or change.expected.get(LIFECYCLE, "") is not None:
                raise ExperimentNotFound(f"The experiment {self._id} does not exist.")
            return dict.fromkeys(change.values)
        if fields.get(LIFECYCLE, "") is None and (self._has_runs or experiment.tags.keys() - tags.keys()):
            raise ChangedSince(f"The experiment {experiment.name!r} has runs or other tags now. Delete it instead.")
        return experiment_values(experiment, tags)

    def prepare(self, pending: Values, original: str) -> str:
        """Prepare to write new values, which restore everything."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Write new values, or create or remove the experiment."""
        fields, tags = split_tags(self._pending)
        if fields.get(LIFECYCLE, "") is None:
            del self._experiments[self._id]
            return
        values: dict[str, Any] = fields
        experiment = self._experiments.get(self._id) or ExperimentInfo(self._id, "")
        self._experiments[self._id] = replace(experiment, **values, tags=with_tags(experiment.tags, tags))
