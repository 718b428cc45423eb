"""The protocol of stores for writing, apart from the reading protocol, so that reading can never write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from qtui.entities import Experiment, Point, RunInfo
from qtui.value_classes import dataclass


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
class Changes:
    """New values for fields of a run; None leaves a field unchanged."""

    status: str | None = None
    end_time: int | None = None
    name: str | None = None


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
    ) -> Experiment:
        """Create an experiment, and the store if it does not exist.

        Raise ExperimentExists when an experiment has that name, even a deleted one.
        """

    def create_run(
        self,
        experiment: Experiment,
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

    def update_run(self, info: RunInfo, changes: Changes) -> RunInfo:
        """Change the status, end time or name of a run, and return its new info."""

    def delete_tags(self, info: RunInfo, keys: Collection[str]) -> None:
        """Delete tags of a run; a missing tag is not an error."""

    def delete_runs(self, infos: Sequence[RunInfo]) -> None:
        """Mark runs as deleted, so that they can be restored."""

    def restore_runs(self, infos: Sequence[RunInfo]) -> None:
        """Restore deleted runs."""

    def delete_experiment(self, experiment: Experiment) -> None:
        """Mark an experiment and its active runs as deleted, so that they can be restored."""

    def restore_experiment(self, experiment: Experiment) -> None:
        """Restore a deleted experiment with all its runs; as in MLflow, also those that were deleted before it."""

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the content of a folder, into a folder of the run's artifacts."""

    def close(self) -> None:
        """Close connections and files."""
