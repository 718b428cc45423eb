"""What a recorder must be able to do: Qlib's Recorder, as a base that cannot be made by itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from qtui.entities import Status


class AbstractRecorder(ABC):
    """One run that can be recorded into."""

    @property
    @abstractmethod
    def id(self) -> str:
        """The id of the run; empty until it is started."""

    @abstractmethod
    def start_run(self) -> Any:
        """Start the run, or go on with it; the answer can stand in a `with`."""

    @abstractmethod
    def end_run(self, status: str = Status.SCHEDULED.value) -> None:
        """Store everything, then end the run in this status; one that does not run is left alone."""

    @abstractmethod
    def log_params(self, **params: object) -> None:
        """Log params."""

    @abstractmethod
    def log_metrics(self, step: object = None, **metrics: object) -> None:
        """Log points of metrics."""

    @abstractmethod
    def set_tags(self, **tags: object) -> None:
        """Set tags."""

    @abstractmethod
    def delete_tags(self, *keys: str) -> None:
        """Take tags off."""

    @abstractmethod
    def log_artifact(self, local_path: str, artifact_path: str | None = None) -> None:
        """Put a file or a folder among the artifacts."""

    @abstractmethod
    def save_objects(self, local_path: str | None = None, artifact_path: str | None = None, **objects: object) -> None:
        """Put objects, or what is at a path, among the artifacts."""

    @abstractmethod
    def load_object(self, name: str) -> Any:
        """The object that was saved under this name."""

    @abstractmethod
    def download_artifact(self, path: str, dst_path: str | None = None) -> str:
        """Bring an artifact here, and tell where it is."""

    @abstractmethod
    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """The paths of one level of the artifacts."""

    @abstractmethod
    def list_metrics(self) -> Mapping[str, float]:
        """The latest value of every metric."""

    @abstractmethod
    def list_params(self) -> Mapping[str, str]:
        """Every param."""

    @abstractmethod
    def list_tags(self) -> Mapping[str, str]:
        """Every tag."""
