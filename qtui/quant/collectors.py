"""Gathers what many recorders hold: Qlib's collectors."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from qtui.entities import Status
from qtui.errors import ConfigError
from qtui.quant.templates.foreign import load_errors
from qtui.recorder.serial import Serializable

logger = logging.getLogger(__name__)

Process = Callable[..., Any]
Collected = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """An artifact that a recorder was asked for and did not give."""

    rec_key: Hashable
    artifact_key: str
    path: str
    reason: str


class Collector(Serializable, ABC):
    """Collects things by name, and passes each through a list of processes, such as grouping and averaging."""

    pickle_backend = "dill"

    def __init__(self, process_list: Sequence[Process] | Process = ()) -> None:
        super().__init__()
        self.process_list = _listed(process_list)

    @abstractmethod
    def collect(self) -> Collected:
        """The things by name, as they are."""

    @staticmethod
    def process_collect(
        collected_dict: Mapping[Any, Any], process_list: Sequence[Process] | Process = (), *args: Any, **kwargs: Any
    ) -> Collected:
        """The same, each thing passed through every process in turn.

        >>> Collector.process_collect({"IC": [1, 3]}, [sorted, sum])
        {'IC': 4}
        """
        result = dict(collected_dict)
        for process in _listed(process_list):
            if not callable(process):
                raise ConfigError(f"A {type(process).__name__} cannot process what was collected: it is no function.")
            result = {name: process(thing, *args, **kwargs) for name, thing in result.items()}
        return result

    def __call__(self, *args: Any, **kwargs: Any) -> Collected:
        """Collect and process."""
        return self.process_collect(self.collect(), self.process_list, *args, **kwargs)


class MergeCollector(Collector):
    """Collects what other collectors do, by (collector, name) or as `merge_func` names it."""

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
        """All that they collect and process."""
        named = self.merge_func or (lambda collector, name: (collector, name))
        return {
            named(collector, name): thing
            for collector, collects in self.collector_dict.items()
            for name, thing in collects().items()
        }


class RecorderCollector(Collector):
    """Collects artifacts of the recorders of an experiment: {artifact: {recorder: object}}.

    The experiment is one, or the name of one, or a function that gives recorders. What a recorder lacks is left out
    and told in `missing`.

    >>> class Run:
    ...     info, status = {"id": "r1"}, "FINISHED"
    ...     def load_object(self, name): return f"what {name} holds"
    >>> RecorderCollector(lambda: [Run()], artifacts_path={"IC": "sig_analysis/ic.pkl"}).collect()
    {'IC': {'r1': 'what sig_analysis/ic.pkl holds'}}
    """

    ART_KEY_RAW: ClassVar[str] = "__raw"
    """The name under which the recorder itself is collected."""

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
        self.missing: list[Missing] = []

    def collect(
        self,
        artifacts_key: str | Sequence[str] | None = None,
        rec_filter_func: Callable[[Any], bool] | None = None,
        only_exist: bool = True,
    ) -> Collected:
        """The artifacts of every recorder that is of the status and passes the filter.

        With `only_exist` what cannot be loaded is left out, without it that is an error.
        """
        keys = self.artifacts_key if artifacts_key is None else artifacts_key
        self.missing = []
        found: Collected = {}
        for recorder in self._recorders(rec_filter_func or self.rec_filter_func):
            for key in [keys] if isinstance(keys, str) else keys:
                self._collect_one(recorder, key, found, only_exist)
        return found

    def get_exp_name(self) -> str:
        """The name of the experiment."""
        name: str = self.experiment.name
        return name

    def _recorders(self, admits: Callable[[Any], bool] | None) -> Iterator[Any]:
        listed = self.experiment() if callable(self.experiment) else self.experiment.list_recorders(**self.list_kwargs)
        for recorder in listed.values() if isinstance(listed, Mapping) else listed:
            if (self.status is None or recorder.status in self.status) and (admits is None or admits(recorder)):
                yield recorder

    def _collect_one(self, recorder: Any, key: str, found: Collected, only_exist: bool) -> None:
        """Enter one artifact of one recorder."""
        rec_key = self.rec_key_func(recorder)
        try:
            thing = recorder if key == self.ART_KEY_RAW else recorder.load_object(self._path(key))
        except load_errors() as error:
            if not only_exist:
                raise
            self.missing.append(Missing(rec_key, key, self.artifacts_path[key], str(error)))
            logger.warning("%s of %s is left out: %s", key, rec_key, error)
            return
        collected = found.setdefault(key, {})
        if rec_key in collected:
            logger.warning("More than one recorder has the key %r; the last one counts.", rec_key)
        collected[rec_key] = thing

    def _path(self, key: str) -> str:
        if key not in self.artifacts_path:
            raise ConfigError(f"Of no artifact {key!r} a path is known, only of {', '.join(self.artifacts_path)}.")
        return self.artifacts_path[key]


def id_of(recorder: Any) -> str:
    """The id of a recorder."""
    found: str = recorder.info["id"]
    return found


def _experiment(experiment: Any) -> Any:
    """The experiment that is meant."""
    if isinstance(experiment, str):
        from qtui.recorder.r import R

        return R.get_exp(experiment_name=experiment, create=False)
    if not callable(experiment) and not hasattr(experiment, "list_recorders"):
        raise ConfigError(f"A {type(experiment).__name__} is no experiment, no name and no function of recorders.")
    return experiment


def _listed(processes: Sequence[Process] | Process) -> list[Process]:
    return list(processes) if isinstance(processes, Sequence) else [processes]
