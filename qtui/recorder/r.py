"""R, the recorder of this process: configured by `init`, else from the environment at its first use."""

from __future__ import annotations

from typing import Any, cast

from qtui.errors import RecorderInitializationError
from qtui.recorder.config import config
from qtui.recorder.mlflow_exp_manager import MLflowExpManager
from qtui.recorder.qlib_recorder import QlibRecorder
from qtui.recorder.recording.process_exit import EXIT_GUARD
from qtui.recorder.store_access import OnBadValue


class RecorderWrapper:
    """A proxy of the QlibRecorder of this process, which is registered, or created at the first use."""

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
        """The recorder that all calls are forwarded to."""
        if self._provider is None:
            self._provider = from_config()
        return self._provider

    def register(self, provider: QlibRecorder) -> None:
        """Forward all calls to another recorder; raise RecorderInitializationError while a run is active."""
        if self._provider is not None and self._provider.exp_manager.active_experiments:
            raise RecorderInitializationError("A recorder is active: end it before R is configured again.")
        self._provider = provider


def from_config(
    uri: str | None = None,
    default_exp_name: str | None = None,
    *,
    allow_migrate: bool = False,
    keep_schema: bool = False,
    on_bad_value: OnBadValue = "raise",
) -> QlibRecorder:
    """Return a recorder that is independent of R; the parameters are those of `init`."""
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
    """Configure R.

    Parameters
    ----------
    uri
        The URI of the store; by default the one that `qtui` opens in this folder, else a new `./mlruns`.
    default_exp_name
        The experiment for recorders that are started without naming one.
    allow_migrate, keep_schema
        Whether a database of an older MLflow is migrated, or written in the schema it has; by default it is refused.
    on_bad_value
        `"raise"` makes an invalid value an error where it is logged; `"warn"` skips it and logs a warning once per key.

    Raises
    ------
    RecorderInitializationError
        If a recorder is active.
    """
    R_WRAPPER.register(
        from_config(
            uri, default_exp_name, allow_migrate=allow_migrate, keep_schema=keep_schema, on_bad_value=on_bad_value
        )
    )


R_WRAPPER = RecorderWrapper()

# Threads other than the main one cannot install signal handlers.
EXIT_GUARD.listen()

R: QlibRecorder = cast(QlibRecorder, R_WRAPPER)
"""The recorder of this process."""
