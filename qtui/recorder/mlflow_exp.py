"""One experiment that recorders are started in: Qlib's MLflowExperiment, over any store that qtui can write."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Literal, Self, overload

from qtui import entities
from qtui.entities import RunInfo, Status
from qtui.errors import UsageError
from qtui.recorder.abstract_exp import AbstractExperiment
from qtui.recorder.exp import DEFAULT_RECORDER, RT_D, RT_L, Experiment
from qtui.recorder.mlflow_recorder import MLflowRecorder
from qtui.recorder.store_access import OnBadValue, StoreAccess
from qtui.store import Store

logger = logging.getLogger(__name__)


class MLflowExperiment(Experiment, AbstractExperiment[MLflowRecorder]):
    """An experiment of a store, and the recorder that runs in it."""

    UNLIMITED = 50000
    """Qlib's own bound of `list_recorders`; here without `max_results` all are listed."""

    _default_rec_name = DEFAULT_RECORDER

    def __init__(self, id: str | int, name: str, uri: str) -> None:
        self._access = StoreAccess(uri)
        self._entity = entities.Experiment(str(id), name)
        self.parent_run_id = ""

    @classmethod
    def of(cls, access: StoreAccess, entity: entities.Experiment) -> Self:
        """An experiment of a store, through what is open already."""
        experiment = cls(entity.experiment_id, entity.name, access.uri)
        experiment._access = access
        experiment._entity = entity
        return experiment

    @property
    def _store(self) -> Store:
        return self._access.store

    @property
    def info(self) -> dict[str, object]:
        """The experiment in short, with Qlib's keys; the recorders are given by id."""
        return {**super().info, "active_recorder": self.active_recorder.id if self.active_recorder else None}

    def start(
        self,
        *,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        resume: bool = False,
        on_bad_value: OnBadValue | None = None,
    ) -> MLflowRecorder:
        """Start a new recorder, or with `resume` the one of this id or the latest of this name, if there is one."""
        if recorder_id is not None and not resume:
            raise UsageError(f"A new recorder has no id yet: to go on with {recorder_id}, start it with resume=True.")
        name = recorder_name or self._default_rec_name
        recorder = self._get_or_create_rec(recorder_id, name)[0] if resume else self.create_recorder(name)
        recorder.start_run(on_bad_value)
        self.active_recorder = recorder
        return recorder

    def end(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        """End the active recorder, if there is one, in this status."""
        recorder, self.active_recorder = self.active_recorder, None
        if recorder is not None:
            recorder.end_run(recorder_status)

    def flush(self) -> None:
        """Wait until all that was logged into the active recorder is in the store."""
        if self.active_recorder is not None:
            self.active_recorder.flush()

    def create_recorder(self, recorder_name: str | None = None) -> MLflowRecorder:
        """A recorder whose run begins when it is started."""
        name = recorder_name or self._default_rec_name
        recorder = self._recorder(RunInfo("", self.id, name, Status.SCHEDULED.value))
        recorder.parent_run_id = self.parent_run_id
        return recorder

    def get_recorder(
        self,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        create: bool = True,
        start: bool = False,
    ) -> MLflowRecorder:
        """The recorder of this id, else the latest of this name, else the active one, else that of the default name.

        One that is not there is made when `create` is true, and started when `start` is, too.
        """
        if recorder_id is None and recorder_name is None and self.active_recorder is not None:
            return self.active_recorder
        if not create:
            return self._get_recorder(recorder_id, recorder_name or self._default_rec_name)
        recorder, is_new = self._get_or_create_rec(recorder_id, recorder_name)
        if is_new and start:
            self.active_recorder = recorder.start_run()
        return recorder

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete the recorder of this id, else the latest of this name, so that it can be restored."""
        if recorder_id is None and recorder_name is None:
            raise UsageError("Say which recorder is to be deleted, by its id or its name.")
        self._access.writer.delete_runs([self._get_recorder(recorder_id, recorder_name)._info])

    def restore_recorder(self, recorder_id: str) -> MLflowRecorder:
        """Make a deleted recorder active again."""
        info = self._info_of(recorder_id, "")
        self._access.writer.restore_runs([info])
        return self._get_recorder(recorder_id)

    @overload
    def list_recorders(
        self,
        rtype: Literal["dict"] = ...,
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> dict[str, MLflowRecorder]: ...

    @overload
    def list_recorders(
        self,
        rtype: Literal["list"],
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> list[MLflowRecorder]: ...

    def list_recorders(
        self,
        rtype: Literal["dict", "list"] = RT_D,
        max_results: int | None = None,
        status: str | Collection[str] | None = None,
        filter_string: str = "",
    ) -> dict[str, MLflowRecorder] | list[MLflowRecorder]:
        """The active recorders, the latest first: by id, or as a list. `max_results` counts those of the status."""
        self.flush()
        infos = self._infos(rtype, max_results, status, filter_string)
        recorders = [self._recorder(info) for info in infos]
        return recorders if rtype == RT_L else {recorder.id: recorder for recorder in recorders}

    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> MLflowRecorder:
        return self._recorder(self._info_of(recorder_id, recorder_name or self._default_rec_name))

    def _recorder(self, info: RunInfo) -> MLflowRecorder:
        return MLflowRecorder.of(self._access, info)
