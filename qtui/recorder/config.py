"""The configuration of R: its arguments, else the environment, else the store that the commands would open."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import get_args

from qtui import settings
from qtui.errors import StoreNotFound, UsageError
from qtui.recorder.store_access import OnBadValue
from qtui.store.addresses import absolute_uri
from qtui.store.detection import TREE
from qtui.store.environment import default_uri, qlib_settings, working_folder
from qtui.value_classes import dataclass

DEFAULT_EXPERIMENT = "Experiment"
"""Qlib's name for an experiment without a name."""
RESUMED_RUN_VARIABLE = "QTUI_RECORDER_ID"
"""Environment variable with the ID of the run to resume, set by `qtui resume RUN -- COMMAND`."""
MLFLOW_RUN_VARIABLE = "MLFLOW_RUN_ID"


@dataclass(frozen=True, slots=True)
class RecorderConfig:
    """The store and the experiment that R records into."""

    uri: str
    """The URI of the store, which is created at the first write."""
    default_exp_name: str = DEFAULT_EXPERIMENT
    """The experiment for recorders that are started without naming one."""
    allow_migrate: bool = False
    """Whether to migrate a database of an older MLflow to the schema of the installed one."""
    keep_schema: bool = False
    """Whether to write a database of an older MLflow in the schema it has."""
    on_bad_value: OnBadValue = "raise"
    """Whether logging an invalid value raises an error, or skips it with a warning."""


def config(
    uri: str | None = None,
    default_exp_name: str | None = None,
    *,
    allow_migrate: bool = False,
    keep_schema: bool = False,
    on_bad_value: OnBadValue = "raise",
    environ: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> RecorderConfig:
    """Return the configuration for these arguments, completed from the environment and the settings.

    >>> config(environ={"MLFLOW_TRACKING_URI": "sqlite:////data/mlflow.db"}).uri
    'sqlite:////data/mlflow.db'
    >>> config(environ={}, folder=Path("/home/me")).uri
    'file:/home/me/mlruns'
    """
    check_on_bad_value(on_bad_value)
    folder = folder or working_folder()
    name = default_exp_name or qlib_settings(environ).get("default_exp_name") or DEFAULT_EXPERIMENT
    uri = absolute_uri(uri or recording_uri(environ, folder), folder)
    return RecorderConfig(uri, name, allow_migrate, keep_schema, on_bad_value)


def recording_uri(environ: Mapping[str, str], folder: Path | None) -> str:
    """Return the URI that the commands would open in this folder, or a new `./mlruns` if they find no store."""
    try:
        return default_uri(environ, folder, settings.current().uri)
    except StoreNotFound:
        return TREE


def check_on_bad_value(value: str) -> None:
    """Raise UsageError if the value is neither 'raise' nor 'warn'."""
    if value not in get_args(OnBadValue):
        raise UsageError(f"on_bad_value is {value!r}, but must be 'raise' or 'warn'.")


def take_resumed_run_id(environ: MutableMapping[str, str]) -> str | None:
    """Return the ID of the run that `qtui resume` started this process in, and remove it from the environment.

    Only the first run of the process resumes it; child processes start runs of their own.
    """
    run_id = environ.pop(RESUMED_RUN_VARIABLE, "")
    if run_id and environ.get(MLFLOW_RUN_VARIABLE) == run_id:
        # MLflow would start the run as well, and end it before us.
        del environ[MLFLOW_RUN_VARIABLE]
    return run_id or None
