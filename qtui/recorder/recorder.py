"""One run: Qlib's Recorder."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from qtui.entities import RUN_NAME_TAG, History, Run, RunInfo, Status
from qtui.errors import ArtifactNotFound, RunNotFound
from qtui.qlib_classes import also_qlibs
from qtui.query.wanted import Wanted
from qtui.recorder.reading.metric_follower import grown
from qtui.store import MetricUpdate, Store

if TYPE_CHECKING:
    from pandas import DataFrame

ALL_PARAMS = Wanted(params=None)
ALL_METRICS = Wanted(metrics=None)
ALL_TAGS = Wanted(tags=None)
NAME = Wanted(tags=frozenset({RUN_NAME_TAG}))


class Recorder:
    """A run as it stood when it was looked up; its values are read anew whenever they are asked for."""

    STATUS_S = Status.SCHEDULED.value
    STATUS_R = Status.RUNNING.value
    STATUS_FI = Status.FINISHED.value
    STATUS_FA = Status.FAILED.value
    STATUS_K = Status.KILLED.value

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """A recorder that is one to Qlib too, where Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.workflow.recorder", "Recorder"))

    def __init__(self, store: Store, info: RunInfo) -> None:
        self._source = store
        self._info = info

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, experiment_id={self.experiment_id!r}, status={self.status!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recorder) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def _store(self) -> Store:
        return self._source

    @property
    def id(self) -> str:
        """The id of the run."""
        return self._info.run_id

    @property
    def name(self) -> str:
        """The name of the run; MLflow 1.x keeps it in a tag alone."""
        return self._info.name or self._read(NAME).tags.get(RUN_NAME_TAG, "")

    @property
    def experiment_id(self) -> str:
        """The id of the experiment that the run is really in."""
        return self._info.experiment_id

    @property
    def start_time(self) -> str | None:
        """When the run began, in local time."""
        return local_time(self._info.start_time)

    @property
    def end_time(self) -> str | None:
        """When the run ended, in local time."""
        return local_time(self._info.end_time)

    @property
    def status(self) -> str:
        """How the run stood."""
        return self._info.status

    @property
    def uri(self) -> str:
        """The address of the store."""
        return self._store.uri

    @property
    def artifact_uri(self) -> str:
        """Where the artifacts were recorded to be."""
        return self._info.artifact_uri

    @property
    def info(self) -> dict[str, str | None]:
        """The run in short, with Qlib's keys."""
        return {
            "class": type(self).__name__,
            "id": self.id or None,
            "name": self.name,
            "experiment_id": self.experiment_id,
            "start_time": self.start_time,
            "end_time": self.end_time,
            "status": self.status,
        }

    def list_metrics(self) -> dict[str, float]:
        """The latest value of every metric."""
        return {key: point.value for key, point in self._read(ALL_METRICS).metrics.items()}

    def list_params(self) -> dict[str, str]:
        """Every param."""
        return dict(self._read(ALL_PARAMS).params)

    def list_tags(self) -> dict[str, str]:
        """Every tag."""
        return dict(self._read(ALL_TAGS).tags)

    def history(self, key: str) -> History:
        """Every point of a metric, as three columns."""
        return self._store.history(self._info, key)[0]

    def grown(self, key: str, mark: Hashable = None) -> MetricUpdate:
        """The points of a metric since a mark that this gave before; all of them without one."""
        return grown(self._store, self._info, key, mark)

    def get_metric_history(self, key: str) -> DataFrame:
        """Every point of a metric, as a table of step, timestamp and value."""
        import pandas

        history = self.history(key)
        return pandas.DataFrame({"step": history.steps, "timestamp": history.timestamps, "value": history.values})

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """The paths of one level of the artifacts, folders among them; none where there is no such folder."""
        try:
            return [artifact.path for artifact in self._store.artifacts(self._info, artifact_path or "").items]
        except ArtifactNotFound:
            return []

    def get_artifact_uri(self) -> str:
        """Where the artifacts are: as recorded, or where they were found after the store was moved."""
        root = self._store.artifact_root(self._info)
        return root.folder.as_uri() if root.moved and root.folder else root.recorded

    def get_local_dir(self) -> str:
        """The folder of the run on this machine, which holds its folder of artifacts."""
        root = self._store.artifact_root(self._info)
        if root.folder is None:
            raise ArtifactNotFound(f"The artifacts of the run {self.id} are not on this machine.")
        return str(root.folder.parent)

    def _read(self, wanted: Wanted) -> Run:
        return read_run(self._store, self._info, wanted)


def read_run(store: Store, info: RunInfo, wanted: Wanted) -> Run:
    """The run with these values as they are now."""
    for batch in store.runs([info], wanted):
        for run in batch.items:
            return run
        for problem in batch.problems:
            raise RunNotFound(f"The run {info.run_id} cannot be read: {problem.reason}")
    raise RunNotFound(f"The run {info.run_id} is gone.")


def local_time(milliseconds: int | None) -> str | None:
    """A moment as Qlib writes it, in local time; None for one that no calendar has."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return None
