"""Collect artifacts of many recorders: Qlib's collectors."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from qtui.entities import Status
from qtui.errors import ConfigError
from qtui.quant.templates.template import load_errors
from qtui.recorder.serial import Serializable
from qtui.value_classes import dataclass

logger = logging.getLogger(__name__)

Process = Callable[..., Any]
Collected = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class MissingArtifact:
    """An artifact that could not be collected, with the reason."""

    rec_key: Hashable
    artifact_key: str
    path: str
    reason: str


class Collector(Serializable, ABC):
    """Collect objects by name and pass them through a list of processing functions."""

    pickle_backend = "dill"

    def __init__(self, process_list: Sequence[Process] | Process = ()) -> None:
        super().__init__()
        self.process_list = _as_list(process_list)

    @abstractmethod
    def collect(self) -> Collected:
        """Return the objects by name, unprocessed."""

    @staticmethod
    def process_collect(
        collected_dict: Mapping[Any, Any], process_list: Sequence[Process] | Process = (), *args: Any, **kwargs: Any
    ) -> Collected:
        """Return the collected objects, passed through every process in turn.

        >>> Collector.process_collect({"IC": [1, 3]}, [sorted, sum])
        {'IC': 4}
        """
        result = dict(collected_dict)
        for process in _as_list(process_list):
            if not callable(process):
                raise ConfigError(f"process_list must hold functions, not {type(process).__name__}.")
            result = {name: process(value, *args, **kwargs) for name, value in result.items()}
        return result

    def __call__(self, *args: Any, **kwargs: Any) -> Collected:
        """Collect and process."""
        return self.process_collect(self.collect(), self.process_list, *args, **kwargs)


class MergeCollector(Collector):
    """Merge the results of several collectors, keyed by (collector, name) or by `merge_func`."""

    def __init__(
        self,
        collector_dict: Mapping[Any, Collector],
        process_list: Sequence[Process] | Process = (),
        merge_func: Callable[[Any, Any], Hashable] | None = None,
    ) -> None:
        super().__init__(process_list)
        self.collector_dict = collector_dict
        self.merge_func = merge_func

    def collect(self) -> Collected:
        """Return the processed results of all collectors."""
        key = self.merge_func or (lambda collector_name, name: (collector_name, name))
        return {
            key(collector_name, name): value
            for collector_name, collector in self.collector_dict.items()
            for name, value in collector().items()
        }


class RecorderCollector(Collector):
    """Collect artifacts of an experiment's recorders: {artifact: {recorder: object}}.

    `experiment` is an experiment, its name, or a function returning recorders. Artifacts that cannot be loaded are
    listed in `missing`.

    >>> class Run:
    ...     info, status = {"id": "r1"}, "FINISHED"
    ...     def load_object(self, name): return f"content of {name}"
    >>> RecorderCollector(lambda: [Run()], artifacts_path={"IC": "sig_analysis/ic.pkl"}).collect()
    {'IC': {'r1': 'content of sig_analysis/ic.pkl'}}
    """

    ART_KEY_RAW: ClassVar[str] = "__raw"
    """The artifact key that stands for the recorder itself."""

    def __init__(
        self,
        experiment: Any,
        process_list: Sequence[Process] | Process = (),
        rec_key_func: Callable[[Any], Hashable] | None = None,
        rec_filter_func: Callable[[Any], bool] | None = None,
        artifacts_path: Mapping[str, str] | None = None,
        artifacts_key: str | Sequence[str] | None = None,
        list_kwargs: Mapping[str, Any] | None = None,
        status: Collection[str] | None = frozenset({Status.FINISHED.value}),
    ) -> None:
        super().__init__(process_list)
        self.experiment = _experiment(experiment)
        self.artifacts_path = {"pred": "pred.pkl"} if artifacts_path is None else artifacts_path
        self.artifacts_key = list(self.artifacts_path) if artifacts_key is None else artifacts_key
        self.rec_key_func = rec_key_func or id_of
        self.rec_filter_func = rec_filter_func
        self.list_kwargs = dict(list_kwargs or {})
        self.status = {status} if isinstance(status, str) else status
        self.missing: list[MissingArtifact] = []

    def collect(
        self,
        artifacts_key: str | Sequence[str] | None = None,
        rec_filter_func: Callable[[Any], bool] | None = None,
        only_exist: bool = True,
    ) -> Collected:
        """Return the artifacts of the recorders with a matching status that pass the filter.

        With `only_exist` artifacts that cannot be loaded are skipped, otherwise LoadObjectError is raised.
        """
        keys = self.artifacts_key if artifacts_key is None else artifacts_key
        self.missing = []
        artifacts: Collected = {}
        for recorder in self._recorders(rec_filter_func or self.rec_filter_func):
            for key in [keys] if isinstance(keys, str) else keys:
                self._collect_one(recorder, key, artifacts, only_exist)
        return artifacts

    def get_exp_name(self) -> str:
        """Return the name of the experiment."""
        name: str = self.experiment.name
        return name

    def _recorders(self, accept: Callable[[Any], bool] | None) -> Iterator[Any]:
        all_recorders = (
            self.experiment() if callable(self.experiment) else self.experiment.list_recorders(**self.list_kwargs)
        )
        for recorder in all_recorders.values() if isinstance(all_recorders, Mapping) else all_recorders:
            if (self.status is None or recorder.status in self.status) and (accept is None or accept(recorder)):
                yield recorder

    def _collect_one(self, recorder: Any, key: str, artifacts: Collected, only_exist: bool) -> None:
        """Add one artifact of one recorder to `artifacts`."""
        rec_key = self.rec_key_func(recorder)
        try:
            value = recorder if key == self.ART_KEY_RAW else recorder.load_object(self._path(key))
        except load_errors() as error:
            if not only_exist:
                raise
            self.missing.append(MissingArtifact(rec_key, key, self.artifacts_path[key], str(error)))
            logger.warning("%s of recorder %s skipped: %s", key, rec_key, error)
            return
        collected = artifacts.setdefault(key, {})
        if rec_key in collected:
            logger.warning("Several recorders have the key %r; the last one is used.", rec_key)
        collected[rec_key] = value

    def _path(self, key: str) -> str:
        if key not in self.artifacts_path:
            raise ConfigError(f"No path is configured for artifact {key!r} (known: {', '.join(self.artifacts_path)}).")
        return self.artifacts_path[key]


def id_of(recorder: Any) -> str:
    """Return the ID of a recorder."""
    recorder_id: str = recorder.info["id"]
    return recorder_id


def _experiment(experiment: Any) -> Any:
    """Return an experiment or function of recorders; a string is looked up as an experiment name."""
    if isinstance(experiment, str):
        from qtui.recorder.r import R

        return R.get_exp(experiment_name=experiment, create=False)
    if not callable(experiment) and not hasattr(experiment, "list_recorders"):
        raise ConfigError(
            f"experiment must be an experiment, a name or a function returning recorders, not "
            f"{type(experiment).__name__}."
        )
    return experiment


def _as_list(processes: Sequence[Process] | Process) -> list[Process]:
    return list(processes) if isinstance(processes, Sequence) else [processes]
