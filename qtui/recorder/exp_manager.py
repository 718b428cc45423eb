"""The base of every experiment manager, with Qlib's constructor and methods, and the rules for active experiments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from qtui.entities import Status
from qtui.errors import ExpAlreadyExistError, ExperimentNotFound
from qtui.qlib_classes import also_qlibs
from qtui.recorder.config import DEFAULT_EXPERIMENT
from qtui.recorder.experiment import Experiment
from qtui.recorder.recorder import missing
from qtui.recorder.recording.sessions import RecordingSession, RecordingSessions
from qtui.store.validation import check_status
from qtui.text import redact

if TYPE_CHECKING:
    import typing_extensions

    ExperimentT = typing_extensions.TypeVar("ExperimentT", bound=Experiment[Any], default=Experiment)
else:
    ExperimentT = TypeVar("ExperimentT", bound=Experiment)


class ExpManager(Generic[ExperimentT]):
    """The experiments of one store and the active ones among them: the base of MLflowExpManager.

    As in Qlib it can be created by itself, and every method that a subclass must define raises NotImplementedError.

    Every thread and every asyncio task has its own stack of active experiments. One without any joins the experiment of
    another if exactly one is active, else it gets RecorderInitializationError. Of nested experiments the innermost is
    active; when it ends, the enclosing one is active again.

    Parameters
    ----------
    uri
        The URI of the store that is used by default.
    default_exp_name
        The experiment for recorders that are started without naming one.
    """

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Create an instance of Qlib's ExpManager too, if Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.workflow.expm", "ExpManager"))

    def __init__(self, uri: str, default_exp_name: str | None) -> None:
        self._sessions: RecordingSessions[ExperimentT] = RecordingSessions()
        self._default_exp_name = default_exp_name or DEFAULT_EXPERIMENT
        self._process_uri = uri
        self._context_uri: ContextVar[str | None] = ContextVar("qtui_uri", default=None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(uri={redact(self.uri)!r})"

    @property
    def default_uri(self) -> str:
        """The default URI: that of the enclosing `uri_context`, else that of the process."""
        return self._context_uri.get() or self._process_uri

    @default_uri.setter
    def default_uri(self, uri: str) -> None:
        if self._context_uri.get() is not None:
            self._context_uri.set(uri)
        else:
            self._process_uri = uri

    @contextmanager
    def uri_context(self, uri: str) -> Iterator[None]:
        """Use another store by default inside the `with`, in this thread or task only."""
        before = self._context_uri.get()
        self._context_uri.set(uri)
        try:
            yield
        finally:
            self._context_uri.set(before)

    @property
    def uri(self) -> str:
        """The URI of the active experiment, else the default URI."""
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
        """The last experiment that this thread or task started and did not end, else the one it joins, else None."""
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
        """The active experiments of all threads and tasks of this process, in the order of their start."""
        sessions = (session for session in self._sessions.all if not session.is_inherited)
        return [session.experiment for session in sessions if session.experiment is not None]

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
        """Start a recorder in an experiment, creating the experiment if necessary; a failure leaves none active.

        See `QlibRecorder.start`.
        """
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
        """End the active experiment and its recorder; do nothing if none is active."""
        check_status(recorder_status)
        session = self._sessions.current
        if session is not None:
            self._end_session(session, recorder_status, **more)

    def end_with_nested(self, experiment: ExperimentT, recorder_status: str) -> None:
        """End an experiment and, before it, its nested ones; do nothing if it has ended."""
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
        """Make an experiment the active one of this thread or task inside the `with`; it is not ended."""
        with self._sessions.bind(RecordingSession(uri, experiment, uri)):
            yield

    def _end_session(self, session: RecordingSession[ExperimentT], recorder_status: str, **more: Any) -> None:
        try:
            if not session.is_inherited:
                with self._sessions.bind(session):
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
        """Return the experiment with this ID or name, else the active one, else the default one.

        Parameters
        ----------
        create
            Create the experiment if none has this name.
        start
            Start the experiment if none is active.

        Raises
        ------
        ExperimentNotFound
            If no experiment has this ID, or none has this name and `create` is false.
        """
        if experiment_id is None and experiment_name is None:
            if self.active_experiment is not None:
                return self.active_experiment
            if start:
                self._sessions.check_may_start()
            experiment_name = self._default_exp_name
        if start and create and self.active_experiment is None:
            return self.start_exp(experiment_id=experiment_id, experiment_name=experiment_name)
        if create:
            return self._get_or_create_exp(experiment_id=experiment_id, experiment_name=experiment_name)[0]
        return self._get_exp(experiment_id=experiment_id, experiment_name=experiment_name)

    def _get_or_create_exp(
        self, experiment_id: str | int | None = None, experiment_name: str | None = None
    ) -> tuple[ExperimentT, bool]:
        """Return an experiment and whether it is new; an unknown ID is an error, an unknown name is not."""
        name = experiment_name or self._default_exp_name
        try:
            return self._get_exp(experiment_id=experiment_id, experiment_name=name), False
        except ExperimentNotFound:
            if experiment_id is not None:
                raise
        try:
            return self.create_exp(name), True
        except ExpAlreadyExistError:
            # Another process was faster. A deleted experiment of this name is still not found.
            return self._get_exp(experiment_name=name), False

    # For subclasses

    def create_exp(self, experiment_name: str) -> ExperimentT:
        """Create an experiment; raise ExpAlreadyExistError if one has this name."""
        raise NotImplementedError(missing(self, "create_exp"))

    def delete_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> None:
        """Delete an experiment; it can be restored."""
        raise NotImplementedError(missing(self, "delete_exp"))

    def search_records(self, *args: Any, **kwargs: Any) -> Any:
        """Return the matching runs as a table."""
        raise NotImplementedError(missing(self, "search_records"))

    def list_experiments(self) -> Mapping[str, Any]:
        """Return the experiments by name."""
        raise NotImplementedError(missing(self, "list_experiments"))

    def _start_exp(self, *args: Any, **kwargs: Any) -> ExperimentT:
        """Make an experiment the active one and start its recorder."""
        raise NotImplementedError(missing(self, "_start_exp"))

    def _end_exp(self, *args: Any, **kwargs: Any) -> None:
        """End the recorder of the active experiment and make no experiment active."""
        raise NotImplementedError(missing(self, "_end_exp"))

    def _get_exp(self, experiment_id: str | int | None = None, experiment_name: str | None = None) -> ExperimentT:
        """Return the active experiment with this ID, else of this name; raise ExperimentNotFound if there is none."""
        raise NotImplementedError(missing(self, "_get_exp"))
