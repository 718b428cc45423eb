"""Base classes of record templates: Qlib's RecordTemp and ACRecordTemp."""

from __future__ import annotations

import builtins
import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from qtui.errors import LoadObjectError, RecordsMissing, UsageError
from qtui.qlib_classes import qlib_class

logger = logging.getLogger(__name__)


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


class RecordTemp(ABC):
    """A result computed for a run and saved in its artifacts and metrics, possibly from those of `depend_cls`."""

    artifact_path: ClassVar[str | None] = None
    """The artifact folder of this record; None means the root."""

    depend_cls: ClassVar[type[RecordTemp] | None] = None
    """The record class whose artifacts this record reads."""

    def __init__(self, recorder: FillableRecorder | None) -> None:
        self._recorder = recorder

    @property
    def recorder(self) -> FillableRecorder:
        """Return the recorder to save to."""
        if self._recorder is None:
            raise UsageError(f"{type(self).__name__} needs a recorder.")
        return self._recorder

    @abstractmethod
    def generate(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the result and save it."""

    @classmethod
    def get_path(cls, path: str | None = None) -> str:
        """Return the path of an artifact of this record, or of their folder."""
        return "/".join(part for part in (cls.artifact_path, path) if part is not None)

    @classmethod
    def older_names(cls, name: str) -> tuple[str, ...]:
        """Return the names of this artifact in older versions of Qlib."""
        return ()

    def list(self) -> builtins.list[str]:
        """Return the names of the record's artifacts."""
        return []

    def save(self, **objects: Any) -> None:
        """Save objects as artifacts in the record's folder."""
        self.recorder.save_objects(artifact_path=self.get_path() or None, **objects)

    def load(self, name: str, parents: bool = True) -> Any:
        """Load an artifact of this record or, with `parents`, of the records it depends on."""
        tried: dict[str, Exception] = {}
        for cls in self._lineage() if parents else [type(self)]:
            for candidate in (name, *cls.older_names(name)):
                path = cls.get_path(candidate)
                try:
                    return self.recorder.load_object(path)
                except load_errors() as error:
                    tried[path] = error
        last = list(tried.values())[-1]
        raise LoadObjectError(f"{name!r} cannot be loaded from {', '.join(tried)}: {last}") from last

    def check(self, include_self: bool = False, parents: bool = True) -> None:
        """Raise RecordsMissing unless the artifacts of the dependencies, and with `include_self` its own, exist."""
        listings: dict[str, set[str]] = {}
        for cls in self._lineage():
            if parents if cls is not type(self) else include_self:
                for name in cls.list(self):
                    names = (name, *cls.older_names(name))
                    if not any(self._is_saved(cls.get_path(candidate), listings) for candidate in names):
                        raise RecordsMissing(f"The run has no artifact {cls.get_path(name)!r}.")

    def log(self, metrics: Mapping[str, float]) -> None:
        """Log the metrics whose latest value differs, so that generating twice adds no second point."""
        latest = self.recorder.list_metrics()
        changed = {key: float(value) for key, value in metrics.items() if not _same(latest.get(key), value)}
        if changed:
            self.recorder.log_metrics(None, **changed)
        logger.info("%s: %s", type(self).__name__, {key: float(value) for key, value in metrics.items()})

    def _lineage(self) -> Iterator[type[RecordTemp]]:
        """Yield the record's class and its chain of dependencies."""
        cls: type[RecordTemp] | None = type(self)
        while cls is not None:
            yield cls
            cls = cls.depend_cls if cls.depend_cls is not cls else None

    def _is_saved(self, path: str, listings: dict[str, set[str]]) -> bool:
        """Return whether the artifact exists; `listings` caches the folders listed so far."""
        folder = path.rpartition("/")[0]
        if folder not in listings:
            listings[folder] = set(self.recorder.list_artifacts(folder or None))
        return path in listings[folder]


class ACRecordTemp(RecordTemp):
    """A record that checks its dependencies first, and with `skip_existing` whether it is complete already."""

    def __init__(self, recorder: FillableRecorder | None, skip_existing: bool = False) -> None:
        super().__init__(recorder)
        self.skip_existing = skip_existing

    def generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Compute, save and return the artifacts; None if they exist already or a dependency is missing."""
        if self.skip_existing and self._is_complete():
            logger.info("%s skipped: its artifacts exist.", type(self).__name__)
            return None
        try:
            self.check()
        except RecordsMissing as error:
            logger.warning("%s skipped: %s", type(self).__name__, error)
            return None
        began = time.perf_counter()
        artifacts = self._generate(*args, **kwargs)
        logger.debug("%s generated in %.3f s", type(self).__name__, time.perf_counter() - began)
        if artifacts is not None:
            self.save(**artifacts)
        return artifacts

    @abstractmethod
    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Compute the objects to save, by artifact name."""

    def _is_complete(self) -> bool:
        try:
            self.check(include_self=True, parents=False)
        except RecordsMissing:
            return False
        return True


def _same(latest: float | None, value: float) -> bool:
    return latest is not None and (latest == value or (math.isnan(latest) and math.isnan(value)))


def load_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions a recorder raises when an artifact cannot be loaded."""
    qlib_error = qlib_class("qlib.utils.exceptions", "LoadObjectError")
    return (LoadObjectError,) if qlib_error is None else (LoadObjectError, qlib_error)


@contextmanager
def treated_as(obj: Any, cls: type[Any] | None) -> Iterator[Any]:
    """Yield the object with its class set to a base class, and restore the class afterwards."""
    if cls is None or not isinstance(obj, cls):
        yield obj
        return
    own = obj.__class__
    obj.__class__ = cls
    try:
        yield obj
    finally:
        obj.__class__ = own
