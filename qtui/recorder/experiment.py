"""The base of every experiment, with the constructor, constants and methods of Qlib's Experiment."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, overload

from qtui.entities import Status
from qtui.errors import RunNotFound, UsageError
from qtui.qlib_classes import also_qlibs
from qtui.recorder.recorder import Recorder, missing

if TYPE_CHECKING:
    import typing_extensions

    RecorderT = typing_extensions.TypeVar("RecorderT", bound=Recorder, default=Recorder)
else:
    RecorderT = TypeVar("RecorderT", bound=Recorder)

RT_D: Literal["dict"] = "dict"
RT_L: Literal["list"] = "list"


class Experiment(Generic[RecorderT]):
    """An experiment: the base of MLflowExperiment, and of experiments of your own.

    As in Qlib it can be created by itself, and every method that a subclass must define raises NotImplementedError.

    Parameters
    ----------
    id
        The ID of the experiment.
    name
        The name of the experiment.

    >>> experiment = Experiment("1", "alpha158")
    >>> experiment.name, experiment.RT_L, experiment.active_recorder
    ('alpha158', 'list', None)
    """

    RT_D: ClassVar[Literal["dict"]] = RT_D
    RT_L: ClassVar[Literal["list"]] = RT_L

    _default_rec_name = "abstract_recorder"

    active_recorder: RecorderT | None
    """The recorder that was started through this object and is still running."""

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Create an instance of Qlib's Experiment too, if Qlib is loaded."""
        return super().__new__(also_qlibs(cls, "qlib.workflow.exp", "Experiment"))

    def __init__(self, id: str | int, name: str) -> None:
        self.id = str(id)
        self.name = name
        self.active_recorder = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, name={self.name!r})"

    @property
    def info(self) -> dict[str, object]:
        """Return a summary of the experiment, with Qlib's keys; the recorders are listed by ID."""
        return {
            "class": type(self).__name__,
            "id": self.id,
            "name": self.name,
            "active_recorder": self.active_recorder.id if self.active_recorder else None,
            "recorders": list(self.list_recorders()),
        }

    def start(
        self, *, recorder_id: str | None = None, recorder_name: str | None = None, resume: bool = False
    ) -> RecorderT:
        """Start a new recorder, or resume one, and make it the active one."""
        raise NotImplementedError(missing(self, "start"))

    def end(self, recorder_status: str = Status.SCHEDULED.value) -> None:
        """End the active recorder, if there is one, with this status."""
        raise NotImplementedError(missing(self, "end"))

    def create_recorder(self, recorder_name: str | None = None) -> RecorderT:
        """Create a recorder; its run begins when it is started."""
        raise NotImplementedError(missing(self, "create_recorder"))

    def delete_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> None:
        """Delete a recorder; it can be restored."""
        raise NotImplementedError(missing(self, "delete_recorder"))

    def search_records(self, *args: Any, **kwargs: Any) -> Any:
        """Return the matching runs of the experiment as a table."""
        raise NotImplementedError(missing(self, "search_records"))

    def get_recorder(
        self,
        recorder_id: str | None = None,
        recorder_name: str | None = None,
        create: bool = True,
        start: bool = False,
    ) -> RecorderT:
        """Return the recorder with this ID, else the latest of this name, else the active one, else the default one.

        Parameters
        ----------
        create
            Create the recorder if none of this name exists.
        start
            Start a recorder that was created.

        Raises
        ------
        RunNotFound
            If no recorder has this ID, or none has this name and `create` is false.
        """
        if recorder_id is None and recorder_name is None and self.active_recorder is not None:
            return self.active_recorder
        if not create:
            return self._get_recorder(recorder_id, recorder_name or self._default_rec_name)
        recorder, is_new = self._get_or_create_rec(recorder_id, recorder_name)
        if is_new and start:
            recorder.start_run()
            self.active_recorder = recorder
        return recorder

    @overload
    def list_recorders(
        self,
        rtype: Literal["dict"] = ...,
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> dict[str, RecorderT]: ...

    @overload
    def list_recorders(
        self,
        rtype: Literal["list"],
        max_results: int | None = ...,
        status: str | Collection[str] | None = ...,
        filter_string: str = ...,
    ) -> list[RecorderT]: ...

    def list_recorders(
        self,
        rtype: Literal["dict", "list"] = RT_D,
        max_results: int | None = None,
        status: str | Collection[str] | None = None,
        filter_string: str = "",
    ) -> dict[str, RecorderT] | list[RecorderT]:
        """List the active recorders, latest first.

        Parameters
        ----------
        rtype
            `Experiment.RT_D` returns a dict by ID, `Experiment.RT_L` a list.
        max_results
            The most recorders to return, counted after filtering; all by default.
        status
            Only recorders with this status, or one of these.
        filter_string
            A filter in MLflow's syntax.

        Raises
        ------
        UsageError
            If `rtype` is neither of the two.
        QuerySyntaxError
            If the filter cannot be parsed.
        """
        if rtype not in (RT_D, RT_L):
            raise UsageError(f"rtype is {rtype!r}, but must be {RT_D!r} or {RT_L!r}.")
        recorders = self._list_recorders(max_results, status, filter_string)
        return recorders if rtype == RT_L else {recorder.id or "": recorder for recorder in recorders}

    # For subclasses

    def _list_recorders(
        self, max_results: int | None, status: str | Collection[str] | None, filter_string: str
    ) -> list[RecorderT]:
        """List the active recorders, latest first."""
        raise NotImplementedError(missing(self, "list_recorders"))

    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> RecorderT:
        """Return the recorder with this ID, else the latest of this name; raise RunNotFound if there is none."""
        raise NotImplementedError(missing(self, "_get_recorder"))

    def _get_or_create_rec(
        self, recorder_id: str | None = None, recorder_name: str | None = None
    ) -> tuple[RecorderT, bool]:
        """Return a recorder and whether it is new; an unknown ID is an error, an unknown name is not."""
        name = recorder_name or self._default_rec_name
        try:
            return self._get_recorder(recorder_id=recorder_id, recorder_name=name), False
        except RunNotFound:
            if recorder_id is not None:
                raise
            return self.create_recorder(name), True
