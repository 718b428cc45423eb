"""Replacing Qlib's R by qtui's, so that Qlib's own code records with it: trainers, qrun, online tools."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from qtui.errors import RecorderInitializationError
from qtui.recorder.qlib_recorder import QlibRecorder
from qtui.recorder.r import R_WRAPPER, from_config


class WithQlib:
    """Replacement of Qlib's R by qtui's until `undo` is called, or until the end of a `with`."""

    def __init__(self, uri: str | None) -> None:
        from qlib.workflow import R

        self._uri = uri
        self._qlib_r: Any = R
        self._qlib_provider: Any = R._provider
        self._previous_provider = R_WRAPPER._provider
        self._previous_register: Any = R.__dict__.get("register")
        self._is_undone = False
        if self._qlib_provider is not None:
            self._refuse_if_active(self._qlib_provider.exp_manager.active_experiment)
        R.register = self._register
        try:
            if uri is not None or self._qlib_provider is not None:
                self._register(self._qlib_provider)
        except BaseException:
            self._restore_register()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.undo()

    def undo(self) -> None:
        """Restore both R; a run that is being recorded goes on until it or the process ends."""
        if not self._is_undone:
            self._is_undone = True
            self._restore_register()
            self._qlib_r._provider = self._qlib_provider
            R_WRAPPER._provider = self._previous_provider

    def _restore_register(self) -> None:
        """Restore Qlib's `register`, or that of an enclosing replacement."""
        del self._qlib_r.register
        if self._previous_register is not None:
            self._qlib_r.register = self._previous_register

    def _register(self, provider: Any) -> None:
        """Handle `qlib.init`: keep its provider for `undo`, and record into its store unless a URI was given."""
        recorder = self._recorder(None if provider is None else provider.exp_manager)
        R_WRAPPER.register(recorder)
        self._qlib_provider = provider
        self._qlib_r._provider = recorder

    def _recorder(self, manager: Any) -> QlibRecorder:
        if manager is None:
            return from_config(self._uri)
        return from_config(self._uri or manager.default_uri, manager._default_exp_name)

    def _refuse_if_active(self, experiment: object) -> None:
        if experiment is not None:
            raise RecorderInitializationError("Qlib's R is recording: end its run before qtui's R replaces it.")


def use_with_qlib(uri: str | None = None) -> WithQlib:
    """Make Qlib's own code record with qtui's R: `task_train`, the trainers, rolling, online tools, collectors, qrun.

    Parameters
    ----------
    uri
        The URI of the store; by default that of `qlib.init`, no matter whether it is called before or after.

    Returns
    -------
    WithQlib
        Restores Qlib's R by its `undo()`, or at the end of a `with`.

    Raises
    ------
    RecorderInitializationError
        If Qlib's R is recording.

        with use_with_qlib("sqlite:////data/mlflow.db"):
            task_train(task, experiment_name="csi300")
    """
    return WithQlib(uri)
