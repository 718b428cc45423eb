"""What a record needs of the recorder that it fills, and of the model and the dataset that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class FillableRecorder(Protocol):
    """A recorder as a record sees it: qtui's own, Qlib's, or a double of a test."""

    def save_objects(self, local_path: str | None = None, artifact_path: str | None = None, **kwargs: Any) -> None:
        """Save objects as artifacts of their names."""

    def load_object(self, name: str) -> Any:
        """Give back a saved object."""

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """The paths of one level of the artifacts."""

    def log_metrics(self, step: int | None = None, **kwargs: Any) -> None:
        """Log a value of every metric."""

    def list_metrics(self) -> Mapping[str, float]:
        """The latest value of every metric."""


class Predictor(Protocol):
    """A trained model."""

    def predict(self, dataset: Any) -> Any:
        """The scores of instruments at moments, as a series or a frame."""
