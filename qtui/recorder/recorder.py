"""The base of every recorder, with the constructor, constants and methods of Qlib's Recorder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from qtui.entities import Status
from qtui.qlib_classes import also_qlibs


class Recorder:
    """One run: the base of MLflowRecorder, and of recorders of your own.

    As in Qlib it can be created by itself, and every method that a subclass must define raises NotImplementedError.

    Parameters
    ----------
    experiment_id
        The ID of the experiment that the run belongs to.
    name
        The name of the run.

    >>> recorder = Recorder("1", "trial")
    >>> recorder.name, recorder.status, recorder.id
    ('trial', 'SCHEDULED', None)
    """

    STATUS_S = Status.SCHEDULED.value
    STATUS_R = Status.RUNNING.value
    STATUS_FI = Status.FINISHED.value
    STATUS_FA = Status.FAILED.value
    STATUS_K = Status.KILLED.value

    id: str | None
    """The ID of the run; set when it is started."""
    name: str
    experiment_id: str
    start_time: str | None
    """Local time, like `2024-01-31 18:30:00`."""
    end_time: str | None
    status: str

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Create an instance of Qlib's Recorder too, if Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.workflow.recorder", "Recorder"))

    def __init__(self, experiment_id: str | int, name: str | None) -> None:
        self.id = None
        self.name = name or ""
        self.experiment_id = str(experiment_id)
        self.start_time = self.end_time = None
        self.status = self.STATUS_S

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, experiment_id={self.experiment_id!r}, status={self.status!r})"

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Recorder) and bool(self.id) and self.id == other.id)

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def info(self) -> dict[str, str | None]:
        """Return a summary of the run, with Qlib's keys."""
        return {
            "class": type(self).__name__,
            "id": self.id or None,
            "name": self.name,
            "experiment_id": self.experiment_id,
            "start_time": self.start_time,
            "end_time": self.end_time,
            "status": self.status,
        }

    def start_run(self) -> Any:
        """Start the run, or resume it; the result can be used in a `with`."""
        raise NotImplementedError(missing(self, "start_run"))

    def end_run(self, status: str = Status.SCHEDULED.value) -> None:
        """Write everything, then end the run with this status; do nothing if it is not running."""
        raise NotImplementedError(missing(self, "end_run"))

    def set_recorder_name(self, rname: str) -> None:
        """Rename the run."""
        raise NotImplementedError(missing(self, "set_recorder_name"))

    def log_params(self, /, **params: object) -> None:
        """Log params."""
        raise NotImplementedError(missing(self, "log_params"))

    def log_metrics(self, /, step: object = None, **metrics: object) -> None:
        """Log points of metrics."""
        raise NotImplementedError(missing(self, "log_metrics"))

    def set_tags(self, /, **tags: object) -> None:
        """Set tags."""
        raise NotImplementedError(missing(self, "set_tags"))

    def delete_tags(self, *keys: str) -> None:
        """Delete tags."""
        raise NotImplementedError(missing(self, "delete_tags"))

    def log_artifact(self, local_path: str, artifact_path: str | None = None) -> None:
        """Save a file or a folder as an artifact."""
        raise NotImplementedError(missing(self, "log_artifact"))

    def save_objects(
        self, /, local_path: str | None = None, artifact_path: str | None = None, **objects: object
    ) -> None:
        """Save objects, or the files at a path, as artifacts."""
        raise NotImplementedError(missing(self, "save_objects"))

    def load_object(self, name: str) -> Any:
        """Load the object that was saved under this name."""
        raise NotImplementedError(missing(self, "load_object"))

    def download_artifact(self, path: str, dst_path: str | None = None) -> str:
        """Download an artifact and return its local path."""
        raise NotImplementedError(missing(self, "download_artifact"))

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """List the paths of one level of the artifacts."""
        raise NotImplementedError(missing(self, "list_artifacts"))

    def list_metrics(self) -> Mapping[str, float]:
        """Return the latest value of every metric."""
        raise NotImplementedError(missing(self, "list_metrics"))

    def list_params(self) -> Mapping[str, str]:
        """Return every param."""
        raise NotImplementedError(missing(self, "list_params"))

    def list_tags(self) -> Mapping[str, str]:
        """Return every tag."""
        raise NotImplementedError(missing(self, "list_tags"))


def missing(instance: object, method: str) -> str:
    """Return the message for a method that a subclass must define."""
    return f"{type(instance).__name__} does not define {method}()."
