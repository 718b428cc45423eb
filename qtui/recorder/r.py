"""R: what scripts record with. It finds its store when it is first used, or is set up before with `init`."""

from __future__ import annotations

from typing import Any, cast

from qtui.errors import RecorderInitializationError
from qtui.recorder.config import config
from qtui.recorder.mlflow_exp_manager import MLflowExpManager
from qtui.recorder.qlib_recorder import QlibRecorder
from qtui.recorder.recording.process_exit import EXIT_GUARD
from qtui.recorder.store_access import OnBadValue


class RecorderWrapper:
    """Stands for the QlibRecorder of this process, which is made when it is first used, or registered before."""

    def __init__(self) -> None:
        self._provider: QlibRecorder | None = None

    def __repr__(self) -> str:
        return f"R({self._provider!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.provider, name)

    @property
    def provider(self) -> QlibRecorder:
        """The recorder that everything is handed on to."""
        if self._provider is None:
            self._provider = from_config()
        return self._provider

    def register(self, provider: QlibRecorder) -> None:
        """Hand everything on to another recorder; not while one records, or its end would be lost."""
        if self._provider is not None and self._provider.exp_manager.active_experiments:
            raise RecorderInitializationError("A recorder is active: end it before R is set up anew.")
        self._provider = provider


def from_config(
    uri: str | None = None,
    default_exp_name: str | None = None,
    *,
    allow_migrate: bool = False,
    keep_schema: bool = False,
    on_bad_value: OnBadValue = "raise",
) -> QlibRecorder:
    """A recorder as the arguments say, else the environment, else the defaults."""
    settings = config(
        uri, default_exp_name, allow_migrate=allow_migrate, keep_schema=keep_schema, on_bad_value=on_bad_value
    )
    return QlibRecorder(
        MLflowExpManager(
            settings.uri,
            settings.default_exp_name,
            allow_migrate=settings.allow_migrate,
            keep_schema=settings.keep_schema,
            on_bad_value=settings.on_bad_value,
        )
    )


def init(
    uri: str | None = None,
    default_exp_name: str | None = None,
    *,
    allow_migrate: bool = False,
    keep_schema: bool = False,
    on_bad_value: OnBadValue = "raise",
) -> None:
    """Set R up: where it records, and into which experiment when none is named.

    Without `uri` it is the store that `qtui` opens in this folder without `--uri`, else a new `./mlruns`. A database of
    an older MLflow is written only when it may be migrated (`allow_migrate`) or is to be left as it is (`keep_schema`).
    A value that cannot be stored is an error at the line that logs it; with `on_bad_value="warn"` it is left out,
    reported once by its name in the log, and training goes on.
    """
    REGISTERED.register(
        from_config(
            uri, default_exp_name, allow_migrate=allow_migrate, keep_schema=keep_schema, on_bad_value=on_bad_value
        )
    )


REGISTERED = RecorderWrapper()

# A thread that records cannot install handlers of signals by itself.
EXIT_GUARD.listen()

R: QlibRecorder = cast(QlibRecorder, REGISTERED)
"""What scripts record with."""
