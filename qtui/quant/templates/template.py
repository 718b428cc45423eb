"""A record: something worked out for a run, saved among its artifacts and metrics; Qlib's RecordTemp."""

from __future__ import annotations

import builtins
import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from qtui.errors import RecordsMissing, UsageError
from qtui.quant.templates.foreign import load_errors
from qtui.quant.templates.surface import FillableRecorder
from qtui.recorder.objects import load_error

logger = logging.getLogger(__name__)


class RecordTemp(ABC):
    """Works something out for a recorder and saves it; what it builds on was saved by a record of `depend_cls`."""

    artifact_path: ClassVar[str | None] = None
    """The folder of its artifacts; none means the top."""

    depend_cls: ClassVar[type[RecordTemp] | None] = None
    """The class of the record whose artifacts it builds on."""

    def __init__(self, recorder: FillableRecorder | None) -> None:
        self._recorder = recorder

    @property
    def recorder(self) -> FillableRecorder:
        """The recorder that it fills."""
        if self._recorder is None:
            raise UsageError(f"This {type(self).__name__} was given no recorder.")
        return self._recorder

    @abstractmethod
    def generate(self, *args: Any, **kwargs: Any) -> Any:
        """Work it out and save it."""

    @classmethod
    def get_path(cls, path: str | None = None) -> str:
        """Where an artifact of this record is, or where all of them are."""
        return "/".join(part for part in (cls.artifact_path, path) if part is not None)

    @classmethod
    def older_names(cls, name: str) -> tuple[str, ...]:
        """What older versions of Qlib called this artifact."""
        return ()

    def list(self) -> builtins.list[str]:
        """The names of its artifacts."""
        return []

    def save(self, **objects: Any) -> None:
        """Save objects among its artifacts."""
        self.recorder.save_objects(artifact_path=self.get_path() or None, **objects)

    def load(self, name: str, parents: bool = True) -> Any:
        """Give back an artifact of this record, else (with `parents`) of those that it builds on."""
        tried: dict[str, Exception] = {}
        for cls in self._lineage() if parents else [type(self)]:
            for each in (name, *cls.older_names(name)):
                try:
                    return self.recorder.load_object(cls.get_path(each))
                except load_errors() as error:
                    tried[cls.get_path(each)] = error
        last = list(tried.values())[-1]
        raise load_error(f"{name!r} cannot be loaded from {', '.join(tried)}: {last}") from last

    def check(self, include_self: bool = False, parents: bool = True) -> None:
        """Make sure that the artifacts that it builds on, and with `include_self` its own, were saved."""
        levels: dict[str, set[str]] = {}
        for cls in self._lineage():
            if parents if cls is not type(self) else include_self:
                for name in cls.list(self):
                    if not any(self._saved(cls.get_path(each), levels) for each in (name, *cls.older_names(name))):
                        raise RecordsMissing(f"The run has no artifact {cls.get_path(name)!r}.")

    def log(self, metrics: Mapping[str, float]) -> None:
        """Log the metrics whose latest value is another, so that working it out again adds no second point."""
        latest = self.recorder.list_metrics()
        changed = {key: float(value) for key, value in metrics.items() if not _same(latest.get(key), value)}
        if changed:
            self.recorder.log_metrics(None, **changed)
        logger.info("%s found %s", type(self).__name__, {key: float(value) for key, value in metrics.items()})

    def _lineage(self) -> Iterator[type[RecordTemp]]:
        """Its class, the class that it builds on, and so forth."""
        cls: type[RecordTemp] | None = type(self)
        while cls is not None:
            yield cls
            cls = cls.depend_cls if cls.depend_cls is not cls else None

    def _saved(self, path: str, levels: dict[str, set[str]]) -> bool:
        """Whether there is this artifact; every folder is listed once."""
        folder = path.rpartition("/")[0]
        if folder not in levels:
            levels[folder] = set(self.recorder.list_artifacts(folder or None))
        return path in levels[folder]


class ACRecordTemp(RecordTemp):
    """A record that checks first whether it can be worked out, and with `skip_existing` whether it was already."""

    def __init__(self, recorder: FillableRecorder | None, skip_existing: bool = False) -> None:
        super().__init__(recorder)
        self.skip_existing = skip_existing

    def generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Work it out, save it and give it back; nothing where it is there already or lacks what it builds on."""
        if self.skip_existing and self._complete():
            logger.info("%s has been worked out before.", type(self).__name__)
            return None
        try:
            self.check()
        except RecordsMissing as error:
            logger.warning("%s is left out: %s", type(self).__name__, error)
            return None
        began = time.perf_counter()
        found = self._generate(*args, **kwargs)
        logger.debug("%s took %.3f s to work out", type(self).__name__, time.perf_counter() - began)
        if found is not None:
            self.save(**found)
        return found

    @abstractmethod
    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Work it out: the objects to save, by name."""

    def _complete(self) -> bool:
        try:
            self.check(include_self=True, parents=False)
        except RecordsMissing:
            return False
        return True


def _same(latest: float | None, value: float) -> bool:
    return latest is not None and (latest == value or (math.isnan(latest) and math.isnan(value)))
