"""One experiment: Qlib's Experiment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from qtui import entities
from qtui.entities import RunInfo, View
from qtui.errors import RunNotFound, UsageError
from qtui.qlib_classes import also_qlibs
from qtui.query.wanted import NOTHING
from qtui.recorder.reading.filters import read_filter
from qtui.recorder.reading.lookup import latest_named
from qtui.recorder.reading.tables import MAX_RECORDS, search_records
from qtui.recorder.recorder import Recorder
from qtui.store import RunQuery, Store
from qtui.store.key_lookup import key_lookup

if TYPE_CHECKING:
    from pandas import DataFrame

RT_D: Literal["dict"] = "dict"
RT_L: Literal["list"] = "list"
DEFAULT_RECORDER = "mlflow_recorder"
"""The name that Qlib gives to a recorder without one."""


class Experiment:
    """An experiment and its recorders, which are its runs."""

    RT_D: ClassVar[Literal["dict"]] = RT_D
    RT_L: ClassVar[Literal["list"]] = RT_L

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """An experiment that is one to Qlib too, where Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.workflow.exp", "Experiment"))

    def __init__(self, store: Store, entity: entities.Experiment) -> None:
        self._source = store
        self._entity = entity

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, name={self.name!r})"

    @property
    def _store(self) -> Store:
        return self._source

    @property
    def id(self) -> str:
        """The id of the experiment."""
        return self._entity.experiment_id

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return self._entity.name

    @property
    def info(self) -> dict[str, object]:
        """The experiment in short, with Qlib's keys; the recorders are given by id."""
        return {
            "class": type(self).__name__,
            "id": self.id,
            "name": self.name,
            "active_recorder": None,
            "recorders": list(self.list_recorders()),
        }

    @overload
    def list_recorders(
        self,
        rtype: Literal["dict"] = ...,
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> Mapping[str, Recorder]: ...

    @overload
    def list_recorders(
        self,
        rtype: Literal["list"],
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> Sequence[Recorder]: ...

    def list_recorders(
        self,
        rtype: Literal["dict", "list"] = RT_D,
        max_results: int | None = None,
        status: str | Collection[str] | None = None,
        filter_string: str = "",
    ) -> Mapping[str, Recorder] | Sequence[Recorder]:
        """The active recorders, the latest first: by id, or as a list. `max_results` counts those of the status."""
        infos = self._infos(rtype, max_results, status, filter_string)
        recorders = [Recorder(self._store, info) for info in infos]
        return recorders if rtype == RT_L else {recorder.id: recorder for recorder in recorders}

    def get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> Recorder:
        """The recorder of this id in this experiment, else the latest of this name, which is Qlib's own by default."""
        return Recorder(self._store, self._info_of(recorder_id, recorder_name or DEFAULT_RECORDER))

    def search_records(
        self,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """The runs of the experiment that match, as a table with a column for every metric, param and tag."""
        return search_records(self._store, (self.id,), filter_string, run_view_type, max_results, order_by)

    def _infos(
        self, rtype: str, max_results: int | None, status: str | Collection[str] | None, filter_string: str
    ) -> Sequence[RunInfo]:
        """The active runs that `list_recorders` is asked for."""
        if rtype not in (RT_D, RT_L):
            raise UsageError(f"rtype is {rtype!r}, but must be {RT_D!r} or {RT_L!r}.")
        lookup = key_lookup(self._store, (self.id,), View.ACTIVE)
        query = RunQuery((self.id,), filter=read_filter(self._store, filter_string, lookup), wanted=NOTHING)
        admitted = {status} if isinstance(status, str) else status
        infos = [run.info for run in self._store.search(query).runs]
        return [info for info in infos if admitted is None or info.status in admitted][:max_results]

    def _info_of(self, recorder_id: str | None, recorder_name: str) -> RunInfo:
        """The run of this id in this experiment, else the latest active one of this name."""
        if recorder_id is None:
            for info in latest_named(self._store, self.id, recorder_name, View.ACTIVE):
                return info
            raise RunNotFound(f"The experiment {self.name!r} has no recorder named {recorder_name!r}.")
        for info in self._store.find(recorder_id):
            if info.run_id != recorder_id:
                continue
            if info.experiment_id == self.id:
                return info
            raise RunNotFound(
                f"The recorder {recorder_id} is in the experiment {info.experiment_id}, not in {self.id}."
            )
        raise RunNotFound(f"The experiment {self.name!r} has no recorder {recorder_id!r}.")
