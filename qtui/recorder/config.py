"""The store that R records into: the given one, else the one that the commands open here, else a new `./mlruns`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from qtui import settings
from qtui.errors import StoreNotFound, UsageError
from qtui.recorder.store_access import OnBadValue
from qtui.store.addresses import absolute_uri
from qtui.store.detection import TREE
from qtui.store.environment import default_uri, qlib_settings

DEFAULT_EXPERIMENT = "Experiment"


@dataclass(frozen=True, slots=True)
class RecorderConfig:
    """Where R records."""

    uri: str
    """The store; it is made when something is first recorded."""
    default_exp_name: str = DEFAULT_EXPERIMENT
    """The experiment of what is recorded without naming one."""
    allow_migrate: bool = False
    """Whether a database of an older MLflow may be changed to the installed one's schema."""
    keep_schema: bool = False
    """Whether such a database is written in the schema that it has."""
    on_bad_value: OnBadValue = "raise"
    """Whether a wrong value is an error at the line that logs it, or is left out with a warning."""


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
    """What holds for this process.

    >>> config(environ={"MLFLOW_TRACKING_URI": "sqlite:////data/mlflow.db"}).uri
    'sqlite:////data/mlflow.db'
    >>> config(environ={}, folder=Path("/home/me")).uri
    'file:/home/me/mlruns'
    """
    check_on_bad_value(on_bad_value)
    folder = folder or Path.cwd()
    name = default_exp_name or qlib_settings(environ).get("default_exp_name") or DEFAULT_EXPERIMENT
    uri = absolute_uri(uri or recording_uri(environ, folder), folder)
    return RecorderConfig(uri, name, allow_migrate, keep_schema, on_bad_value)


def recording_uri(environ: Mapping[str, str], folder: Path) -> str:
    """Return the store that the commands would open here, or a new one in this folder where they find none."""
    try:
        return default_uri(environ, folder, settings.current().uri)
    except StoreNotFound:
        return TREE


def check_on_bad_value(value: str) -> None:
    """Raise UsageError for a reaction to wrong values that does not exist."""
    if value not in get_args(OnBadValue):
        raise UsageError(f"on_bad_value can be 'raise' or 'warn', not {value!r}.")
