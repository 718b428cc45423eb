"""Replaces Qlib's R by qtui's, so that Qlib's own code records with it: trainers, qrun, online tools."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from qtui.errors import RecorderInitializationError
from qtui.recorder.qlib_recorder import QlibRecorder
from qtui.recorder.r import REGISTERED, from_config


class WithQlib:
    """Replacement of Qlib's R by qtui's until `undo` is called, or until the end of a `with`."""

    def __init__(self, uri: str | None) -> None:
        from qlib.workflow import R

        self._uri = uri
        self._theirs: Any = R
        self._before: Any = R._provider
        self._ours_before = REGISTERED._provider
        if self._before is not None:
            self._refuse_if_active(self._before.exp_manager.active_experiment)
        R.register = self._register
        try:
            if uri is not None or self._before is not None:
                self._register(self._before)
        except BaseException:
            del R.register
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.undo()

    def undo(self) -> None:
        """Give both their own R back; what is being recorded goes on until it or the process ends."""
        if self._theirs.__dict__.pop("register", None) is not None:
            self._theirs._provider = self._before
            REGISTERED._provider = self._ours_before

    def _register(self, provider: Any) -> None:
        """Handle `qlib.init`: keep its provider for `undo`, and record into its store unless a URI was given."""
        made = self._recorder(None if provider is None else provider.exp_manager)
        REGISTERED.register(made)
        self._before = provider
        self._theirs._provider = made

    def _recorder(self, manager: Any) -> QlibRecorder:
        if manager is None:
            return from_config(self._uri)
        return from_config(self._uri or manager.default_uri, manager._default_exp_name)

    def _refuse_if_active(self, experiment: object) -> None:
        if experiment is not None:
            raise RecorderInitializationError("Qlib's R is recording: end that before qtui's R takes its place.")


def use_with_qlib(uri: str | None = None) -> WithQlib:
    """Let Qlib's own code record with qtui's R: `task_train`, the trainers, rolling, online tools, collectors, qrun.

    It records into the store of this URI, else into the store of `qlib.init`, whether that is called before or after.
    The result restores Qlib's R by its `undo()`, or at the end of a `with`.

        with use_with_qlib("sqlite:////data/mlflow.db"):
            task_train(task, experiment_name="csi300")
    """
    return WithQlib(uri)
