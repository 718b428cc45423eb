"""What can be written into a store: beside the reading protocol, so that looking can never write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from qtui.entities import Experiment, Point, RunInfo


class Metric(NamedTuple):
    """A point of the metric of this name."""

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
    """What is to be different about a run; None leaves a thing as it is."""

    status: str | None = None
    end_time: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters a store takes; MLflow cuts longer values off, which is for the caller to do, and to say."""

    key: int = 250
    param: int = 6000
    tag: int = 8000
    run_name: int | None = None
    experiment_name: int = 500
    experiment_tag: int = 20000
    artifact_location: int = 2048
    keys_are_paths: bool = False
    """Whether a key is the path of a file, so that none can be the folder of another."""
    request_metrics: int | None = None
    """Metric points in one request; None where a batch of any size is written as a whole."""
    request_texts: int | None = None
    """Params and, apart from them, tags in one request; None where a batch of any size is written as a whole."""


@runtime_checkable
class Writer(Protocol):
    """Writes what MLflow would have written, whole or not at all.

    Methods raise only errors of `qtui.errors`. A value that no store takes is a `BadValue` before anything is written;
    what is not there is a `NotFound`, what is deleted `NotActive`. A writer may be used from many threads.
    """

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form, with its password if it has one: redact before showing."""

    @property
    def limits(self) -> Limits:
        """How long names and values may be."""

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> Experiment:
        """A new experiment; `ExperimentExists` when one has that name, be it deleted. It makes the store if need be."""

    def create_run(
        self,
        experiment: Experiment,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """A new running run, with its name also in MLflow's tag; only an active experiment takes one."""

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params, set tags, of which MLflow's names the run as well.

        `ParamConflict` when a param has another value already; the same value again is no error.
        """

    def update_run(self, info: RunInfo, changes: Changes) -> RunInfo:
        """Change status, end or name of a run; gives the run as it stands then."""

    def delete_tags(self, info: RunInfo, keys: Collection[str]) -> None:
        """Take tags off a run; one that is not there is no error."""

    def delete_runs(self, infos: Sequence[RunInfo]) -> None:
        """Mark runs as deleted, so that they can be restored."""

    def restore_runs(self, infos: Sequence[RunInfo]) -> None:
        """Make deleted runs active again."""

    def delete_experiment(self, experiment: Experiment) -> None:
        """Mark an experiment and its active runs as deleted, so that they can be restored."""

    def restore_experiment(self, experiment: Experiment) -> None:
        """Make a deleted experiment active again, with all its runs: as MLflow does, also those deleted before it."""

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or all that is in a folder, into a folder of the run's artifacts."""

    def close(self) -> None:
        """Give back connections and files."""
