"""The contents of a store as frozen values: experiments, runs, points, datasets, artifacts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from qtui.lazy_pattern import lazy_pattern
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

T_co = TypeVar("T_co", covariant=True)


class ViewType(StrEnum):
    """The experiments or runs to list, by lifecycle stage."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"

    def admits(self, lifecycle_stage: str) -> bool:
        """Return whether the view includes a lifecycle stage."""
        return self is ViewType.ALL or lifecycle_stage == self.value

    @property
    def scope(self) -> ViewType:
        """Return the view of experiments for this view of runs: an active experiment can contain deleted runs."""
        return ViewType.ACTIVE if self is ViewType.ACTIVE else ViewType.ALL


class Status(StrEnum):
    """The status of a run in MLflow."""

    RUNNING = "RUNNING"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


STATUS_CODES: Mapping[int, str] = {
    1: Status.RUNNING.value,
    2: Status.SCHEDULED.value,
    3: Status.FINISHED.value,
    4: Status.FAILED.value,
    5: Status.KILLED.value,
}
"""The numbers of the statuses in a file store."""

RUN_NAME_TAG = "mlflow.runName"
PARENT_RUN_TAG = "mlflow.parentRunId"
NOTE_TAG = "mlflow.note.content"
USER_TAG = "mlflow.user"
SOURCE_NAME_TAG = "mlflow.source.name"
GIT_COMMIT_TAG = "mlflow.source.git.commit"
SOURCE_TYPE_TAG = "mlflow.source.type"
STAR_TAG = "qtui.star"
"""The tag of runs with a star; any value but an empty one, `0` and `false` is a star."""
HOST_TAG = "hostname"
"""Qlib's tag for the host that a run was started on."""
COMMAND_TAG = "qtui.command"
"""The command line of a run, quoted for a shell, without passwords."""
FOLDER_TAG = "qtui.cwd"
"""The working directory of the command."""
PROCESS_TAG = "qtui.process"
"""Host and ID of the process that will end the run, as `node7:4242`; a resume replaces it."""


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """An experiment as its store describes it; times are milliseconds since the epoch."""

    experiment_id: str
    name: str
    lifecycle_stage: str = "active"
    artifact_location: str = ""
    creation_time: int | None = None
    last_update_time: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """The numbers of runs of an experiment by status."""

    total: int = 0
    running: int = 0
    scheduled: int = 0
    finished: int = 0
    failed: int = 0
    killed: int = 0


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run without its values, as one file or one table row has it."""

    run_id: str
    experiment_id: str
    name: str = ""
    status: str = Status.RUNNING.value
    lifecycle_stage: str = "active"
    start_time: int | None = None
    end_time: int | None = None
    artifact_uri: str = ""
    user: str = ""

    def duration(self, now: int) -> int | None:
        """Return the milliseconds the run took, or has been running at `now`; None while there is nothing to count.

        MLflow keeps the end of a run that was resumed, and nothing else of the resume: it counts from that end.
        """
        if self.start_time is None:
            return None
        if self.status == Status.RUNNING:
            return now - (self.start_time if self.end_time is None else self.end_time)
        return None if self.end_time is None or self.status == Status.SCHEDULED else self.end_time - self.start_time


class Point(NamedTuple):
    """One logged value. The greatest point of a metric is its latest, exactly as MLflow orders them."""

    step: int
    timestamp: int
    value: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics over the whole history of a metric; the extremes ignore NaN, and are None without other values."""

    first: float
    last: float
    min: float | None
    max: float | None
    count: int
    non_finite: int

    @classmethod
    def of(cls, values: Sequence[float], last: float) -> Summary:
        """Return the summary of at least one value; `last` is the latest of them."""
        numbers = [value for value in values if not math.isnan(value)]
        return cls(
            first=values[0],
            last=last,
            min=min(numbers, default=None),
            max=max(numbers, default=None),
            count=len(values),
            non_finite=len(values) - sum(map(math.isfinite, values)),
        )


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A dataset that a run read, with the tags of its use (`mlflow.data.context`)."""

    name: str
    digest: str
    source_type: str = ""
    source: str = ""
    schema: str | None = None
    profile: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


MODEL_ID = lazy_pattern(r"m-[A-Za-z0-9_-]{1,64}")
MODEL_FOLDERS = "models"
"""The folder of an experiment in which MLflow keeps the artifacts of its logged models."""
MODELS_FOLDER = "models:"
"""The virtual folder of logged models among the artifacts of a run; its paths look like MLflow's URIs of models."""
MODEL_STATUSES: Mapping[str, str] = {"1": "PENDING", "2": "READY", "3": "FAILED"}
"""The statuses of logged models by number."""


def is_model_id(text: object) -> bool:
    """Return whether this can be the ID of a logged model, which becomes a part of paths."""
    return isinstance(text, str) and MODEL_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model that a run of MLflow 3 has logged, with values and artifacts of its own."""

    model_id: str
    experiment_id: str
    name: str = ""
    status: str = ""
    model_type: str = ""
    artifact_location: str = ""
    creation_time: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Point] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def status_of(status: str) -> str:
        """Return the name of a status that may be a number."""
        return MODEL_STATUSES.get(status, status)

    @property
    def artifact_owner(self) -> RunInfo:
        """The run info for the methods of stores that read artifacts; its folder is beside those of the runs."""
        run_id = f"{MODEL_FOLDERS}/{self.model_id}"
        return RunInfo(run_id, self.experiment_id, self.name, artifact_uri=self.artifact_location)


@dataclass(frozen=True, slots=True)
class Run:
    """A run with the requested values."""

    info: RunInfo
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Point] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[DatasetInput, ...] = ()
    summaries: Mapping[str, Summary] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Every point of a metric of a run in MLflow's order, as three arrays of equal length."""

    run_id: str
    key: str
    steps: NDArray[numpy.int64]
    timestamps: NDArray[numpy.int64]
    values: NDArray[numpy.float64]

    @classmethod
    def of(cls, run_id: str, key: str, points: Sequence[Point]) -> History:
        """Return the history of these points, in their order."""
        import numpy

        steps, timestamps, values = zip(*points, strict=True) if points else ((), (), ())
        return cls(
            run_id,
            key,
            steps=numpy.array(steps, numpy.int64),
            timestamps=numpy.array(timestamps, numpy.int64),
            values=numpy.array(values, numpy.float64),
        )

    def points(self) -> list[Point]:
        """Return the points in their order."""
        columns = self.steps.tolist(), self.timestamps.tolist(), self.values.tolist()
        return [Point(*row) for row in zip(*columns, strict=True)]

    def __len__(self) -> int:
        return len(self.values)

    def with_more(self, more: History) -> History:
        """Return this history followed by the points of another one."""
        import numpy

        return History(
            self.run_id,
            self.key,
            numpy.concatenate([self.steps, more.steps]),
            numpy.concatenate([self.timestamps, more.timestamps]),
            numpy.concatenate([self.values, more.values]),
        )

    def value_at(self, step: int) -> float | None:
        """Return the latest value at the last step that is not after `step`; None without such a step."""
        before = self.steps[self.steps <= step]
        if not len(before):
            return None
        at_step = self.steps == before.max()
        at_step &= self.timestamps == self.timestamps[at_step].max()
        return float(max(self.values[at_step].tolist()))

    def summary(self) -> Summary:
        """Return the summary; there must be at least one point."""
        numbers = self.values[self.values == self.values]
        latest = self.steps == self.steps.max()
        latest &= self.timestamps == self.timestamps[latest].max()
        return Summary(
            first=float(self.values[0]),
            last=max(self.values[latest].tolist()),
            min=float(numbers.min()) if len(numbers) else None,
            max=float(numbers.max()) if len(numbers) else None,
            count=len(self),
            non_finite=len(self) - int((abs(numbers) != float("inf")).sum()),
        )


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or folder below a run's artifact root; the path is relative to that root, the size in bytes."""

    path: str
    is_dir: bool
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a store that cannot be read, with the reason for the user."""

    path: str
    reason: str
    experiment_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T_co]):
    """The items that could be read, and the problems with the others."""

    items: tuple[T_co, ...] = ()
    problems: tuple[Problem, ...] = ()
