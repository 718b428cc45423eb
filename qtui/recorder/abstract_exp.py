"""What an experiment must be able to do: Qlib's Experiment, with the hooks that its subclasses fill in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from qtui.entities import Status
from qtui.errors import RunNotFound
from qtui.recorder.abstract_recorder import AbstractRecorder

RecorderT = TypeVar("RecorderT", bound=AbstractRecorder)


class AbstractExperiment(ABC, Generic[RecorderT]):
    """An experiment that recorders can be started in."""

    _default_rec_name = "abstract_recorder"

    active_recorder: RecorderT | None = None
    """The recorder that runs, if this is the experiment object that it was started with."""

    @property
    @abstractmethod
    def id(self) -> str:
        """The id of the experiment."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The name of the experiment."""

    @abstractmethod
    def start(
        self, *, recorder_id: str | None = None, recorder_name: str | None = None, resume: bool = False
    ) -> RecorderT:
        """Start a new recorder, or go on with one, and make it the active one."""

    @abstractmethod
    def end(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        """End the active recorder, if there is one, in this status."""

    @abstractmethod
    def create_recorder(self, recorder_name: str | None = None) -> RecorderT:
        """A recorder whose run begins when it is started."""

    @abstractmethod
    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete a recorder so that it can be restored."""

    @abstractmethod
    def search_records(self, *args: Any, **kwargs: Any) -> Any:
        """The runs of the experiment that match, as a table."""

    @abstractmethod
    def list_recorders(self, *args: Any, **kwargs: Any) -> Any:
        """The recorders of the experiment."""

    @abstractmethod
    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> RecorderT:
        """The recorder of this id, else the latest of this name; `RunNotFound` when there is none."""

    def _get_or_create_rec(
        self, recorder_id: str | None = None, recorder_name: str | None = None
    ) -> tuple[RecorderT, bool]:
        """A recorder, and whether it is a new one; an id that is unknown is an error, a name is not."""
        name = recorder_name or self._default_rec_name
        try:
            return self._get_recorder(recorder_id=recorder_id, recorder_name=name), False
        except RunNotFound:
            if recorder_id is not None:
                raise
            return self.create_recorder(name), True
