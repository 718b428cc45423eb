"""Where R records: what is given goes first, then the environment, then what Qlib does when nothing is said.

The reading commands look into the same variables, but never take a store for granted: see `default_uri`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from qtui.errors import SettingsError, UsageError
from qtui.recorder.access import OnBadValue
from qtui.store.locate import SCHEMELESS
from qtui.text import redact

URI_VARIABLES = ("QTUI_URI", "QLIB_MLFLOW_URI", "MLFLOW_TRACKING_URI")
QLIB_VARIABLE = "QLIB_MLFLOW"
"""Qlib's settings as JSON: an object with `uri` and `default_exp_name`."""

DEFAULT_EXPERIMENT = "Experiment"
DEFAULT_FOLDER = "mlruns"
RELATIVE_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Config:
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
) -> Config:
    """What holds for this process.

    >>> config(environ={"MLFLOW_TRACKING_URI": "sqlite:////data/mlflow.db"}).uri
    'sqlite:////data/mlflow.db'
    >>> config(environ={}, folder=Path("/home/me")).uri
    'file:/home/me/mlruns'
    """
    if on_bad_value not in get_args(OnBadValue):
        raise UsageError(f"on_bad_value can be 'raise' or 'warn', not {on_bad_value!r}.")
    qlib = qlib_settings(environ)
    named = [environ[each] for each in URI_VARIABLES[:2] if environ.get(each)]
    uri = uri or next(iter([*named, *filter(None, [qlib.get("uri"), environ.get(URI_VARIABLES[2])])]), None)
    name = default_exp_name or qlib.get("default_exp_name") or DEFAULT_EXPERIMENT
    return Config(absolute(uri or DEFAULT_FOLDER, folder or Path.cwd()), name, allow_migrate, keep_schema, on_bad_value)


def qlib_settings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """What Qlib's own variable says."""
    text = environ.get(QLIB_VARIABLE, "")
    if not text:
        return {}
    try:
        found = json.loads(text)
        return {str(key): str(value) for key, value in found.items()}
    except (ValueError, AttributeError):
        raise SettingsError(f"{QLIB_VARIABLE} is no JSON object: {redact(text)}") from None


def absolute(uri: str, folder: Path) -> str:
    """The address, of which a relative one is meant from this folder, wherever the program goes later."""
    scheme, colon, path = uri.partition(":")
    if uri in SCHEMELESS:
        return uri
    if not colon:
        return f"file:{folder / os.path.expanduser(uri)}"
    if scheme == "file" and not path.startswith("/"):
        return f"file:{folder / path}"
    if uri.startswith(RELATIVE_SQLITE) and not uri.startswith(f"{RELATIVE_SQLITE}/"):
        return f"{RELATIVE_SQLITE}{folder / uri.removeprefix(RELATIVE_SQLITE)}"
    return uri
