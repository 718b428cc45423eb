"""What R needs of the experiments behind it: Qlib's ExpManager, with the hooks that its subclasses fill in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from qtui.entities import Status
from qtui.errors import ExpAlreadyExistError, ExperimentNotFound
from qtui.recorder.abstract_exp import AbstractExperiment
from qtui.recorder.recording.sessions import RecordingSession, RecordingSessions

ExperimentT = TypeVar("ExperimentT", bound=AbstractExperiment[Any])


class AbstractExpManager(ABC, Generic[ExperimentT]):
    """All experiments of one place, and those among them that are active.

    Every thread and every task of asyncio has active experiments of its own; one that has started none joins the
    experiment of another when exactly one is active, else it gets `RecorderInitializationError`. Of nested ones the
    innermost is active, and the one around it is again when that ends.
    """

    def __init__(self, uri: str, default_exp_name: str) -> None:
        self._sessions: RecordingSessions[ExperimentT] = RecordingSessions()
        self._default_exp_name = default_exp_name
        self._process_uri = uri
        self._context_uri: ContextVar[str | None] = ContextVar("qtui_uri", default=None)

    @property
    def default_uri(self) -> str:
        """Return the URI that is used when none is given: that of the enclosing `uri_context`, else the process's."""
        return self._context_uri.get() or self._process_uri

    @default_uri.setter
    def default_uri(self, uri: str) -> None:
        if self._context_uri.get() is not None:
            self._context_uri.set(uri)
        else:
            self._process_uri = uri

    @contextmanager
    def uri_context(self, uri: str) -> Iterator[None]:
        """Make another store the default one for a while, in this thread or task only."""
        before = self._context_uri.get()
        self._context_uri.set(uri)
        try:
            yield
        finally:
            self._context_uri.set(before)

    @property
    def uri(self) -> str:
        """Where the active experiment is, else where experiments are by default."""
        return self._active_exp_uri or self.default_uri

    @property
    def _active_exp_uri(self) -> str | None:
        session = self._sessions.own
        if session is not None:
            return session.uri
        joined = self._sessions.joined
        return joined.home if joined and self._context_uri.get() is None else None

    @property
    def active_experiment(self) -> ExperimentT | None:
        """The experiment that this thread or task started last and has not ended, else the one that it joins."""
        session = self._sessions.current
        return session.experiment if session else None

    @active_experiment.setter
    def active_experiment(self, experiment: ExperimentT | None) -> None:
        session = self._sessions.current
        if session is None and experiment is not None:
            self._sessions.enter(RecordingSession(experiment=experiment, home=self.default_uri))
        elif session is not None:
            session.experiment = experiment

    @property
    def active_experiments(self) -> Sequence[ExperimentT]:
        """All experiments that are active, in the order of their start."""
        return [each.experiment for each in self._sessions.all if each.experiment is not None]

    def start_exp(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        uri: str | None = None,
        resume: bool = False,
        **more: Any,
    ) -> ExperimentT:
        """Start a recorder in an experiment, which is made if need be; when that fails, nothing is active."""
        session: RecordingSession[ExperimentT] = RecordingSession(uri, home=uri or self.default_uri)
        self._sessions.enter(session)
        try:
            return self._start_exp(
                experiment_id=experiment_id,
                experiment_name=experiment_name,
                recorder_id=recorder_id,
                recorder_name=recorder_name,
                resume=resume,
                **more,
            )
        except BaseException:
            self._sessions.leave(session)
            raise

    def end_exp(self, recorder_status: str = Status.SCHEDULED.value, **more: Any) -> None:
        """End the active experiment and its recorder; none active is no error."""
        session = self._sessions.current
        if session is not None:
            self._end_session(session, recorder_status, **more)

    def end_with_nested(self, experiment: ExperimentT, recorder_status: str) -> None:
        """End an experiment, and before it what was started in it and not ended; one that has ended is no error."""
        session = next((active for active in self._sessions.active if active.experiment is experiment), None)
        if session is None:
            return
        inner = next((nested for nested in reversed(self._sessions.active) if nested.outer is session), None)
        try:
            if inner is not None and inner.experiment is not None:
                self.end_with_nested(inner.experiment, recorder_status)
        finally:
            self._end_session(session, recorder_status)

    @contextmanager
    def bind(self, experiment: ExperimentT, uri: str) -> Iterator[None]:
        """Make an experiment the active one of this thread or task for a while; nothing ends when it is left."""
        with self._sessions.bound(RecordingSession(uri, experiment, uri)):
            yield

    def _end_session(self, session: RecordingSession[ExperimentT], recorder_status: str, **more: Any) -> None:
        try:
            if not session.is_inherited:
                with self._sessions.bound(session):
                    self._end_exp(recorder_status=recorder_status, **more)
        finally:
            self._sessions.leave(session)

    def get_exp(
        self,
        *,
        experiment_id: str | int | None = None,
        experiment_name: str | None = None,
        create: bool = True,
        start: bool = False,
    ) -> ExperimentT:
        """The experiment of this id or name, else the active one, else the default one.

        One that is not there is made when `create` is true. It is started when `start` is true and none is active.
        """
        if experiment_id is None and experiment_name is None:
            if self.active_experiment is not None:
                return self.active_experiment
            experiment_name = self._default_exp_name
        if start and create and self.active_experiment is None:
            return self.start_exp(experiment_id=experiment_id, experiment_name=experiment_name)
        if create:
            return self._get_or_create_exp(experiment_id=experiment_id, experiment_name=experiment_name)[0]
        return self._get_exp(experiment_id=experiment_id, experiment_name=experiment_name)

    def _get_or_create_exp(
        self, experiment_id: str | int | None = None, experiment_name: str | None = None
    ) -> tuple[ExperimentT, bool]:
        """An experiment, and whether it is a new one; an id that is unknown is an error, a name is not."""
        name = experiment_name or self._default_exp_name
        try:
            return self._get_exp(experiment_id=experiment_id, experiment_name=name), False
        except ExperimentNotFound:
            if experiment_id is not None:
                raise
        try:
            return self.create_exp(name), True
        except ExpAlreadyExistError:
            # Another process was faster; a deleted one of this name is still not found.
            return self._get_exp(experiment_name=name), False

    @abstractmethod
    def _start_exp(self, *args: Any, **kwargs: Any) -> ExperimentT:
        """Make an experiment the active one and start its recorder."""

    @abstractmethod
    def _end_exp(self, *args: Any, **kwargs: Any) -> None:
        """End the active experiment's recorder and make none active."""

    @abstractmethod
    def _get_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> ExperimentT:
        """The active experiment of this id, else of this name; `ExperimentNotFound` when there is none."""

    @abstractmethod
    def create_exp(self, experiment_name: str) -> ExperimentT:
        """A new experiment; `ExpAlreadyExistError` when one has that name."""

    @abstractmethod
    def delete_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Delete an experiment so that it can be restored."""

    @abstractmethod
    def search_records(self, *args: Any, **kwargs: Any) -> Any:
        """The runs that match, as a table."""

    @abstractmethod
    def list_experiments(self) -> Mapping[str, Any]:
        """The experiments by name."""
