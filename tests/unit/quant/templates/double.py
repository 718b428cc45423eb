"""A recorder in memory, as far as records need one."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

from qtui.errors import LoadObjectError


class MemoryRecorder:
    """Keeps pickles by path, and every point of every metric."""

    def __init__(self, **artifacts: Any) -> None:
        self.artifacts: dict[str, bytes] = {}
        self.points: dict[str, list[float]] = {}
        self.save_objects(**artifacts)

    def save_objects(self, local_path: str | None = None, artifact_path: str | None = None, **kwargs: Any) -> None:
        """Keep the pickles of objects."""
        prefix = f"{artifact_path}/" if artifact_path else ""
        self.artifacts.update({prefix + name: pickle.dumps(value) for name, value in kwargs.items()})

    def load_object(self, name: str) -> Any:
        """A fresh copy of an object."""
        if name not in self.artifacts:
            raise LoadObjectError(f"there is no {name}")
        return pickle.loads(self.artifacts[name])

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """One level, with its folders."""
        prefix = f"{artifact_path}/" if artifact_path else ""
        below = [path.removeprefix(prefix) for path in self.artifacts if path.startswith(prefix)]
        return sorted({prefix + path.split("/")[0] for path in below})

    def log_metrics(self, step: int | None = None, **kwargs: float) -> None:
        """Keep a point of each."""
        for key, value in kwargs.items():
            assert type(value) is float
            self.points.setdefault(key, []).append(value)

    def list_metrics(self) -> Mapping[str, float]:
        """The last point of each."""
        return {key: points[-1] for key, points in self.points.items()}
