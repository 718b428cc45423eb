"""Protocols of the recorder and the model that record templates use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class FillableRecorder(Protocol):
    """The methods of a recorder that record templates call; qtui's and Qlib's recorders have them."""

    def save_objects(self, local_path: str | None = None, artifact_path: str | None = None, **kwargs: Any) -> None:
        """Save objects as artifacts, named by keyword."""

    def load_object(self, name: str) -> Any:
        """Load a saved object."""

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """Return the artifact paths of one folder."""

    def log_metrics(self, step: int | None = None, **kwargs: Any) -> None:
        """Log metric values."""

    def list_metrics(self) -> Mapping[str, float]:
        """Return the latest value of every metric."""


class Predictor(Protocol):
    """A trained model."""

    def predict(self, dataset: Any) -> Any:
        """Return scores by time and instrument, as a series or a frame."""
