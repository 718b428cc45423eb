"""The default store address: from environment variables, the working folder, or the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from qtui.errors import SettingsError, StoreNotFound, UsageError
from qtui.store.detection import DATABASE, TREE, is_file_store
from qtui.text import redact

VARIABLES = ("QTUI_URI", "QLIB_MLFLOW_URI", "QLIB_MLFLOW", "MLFLOW_TRACKING_URI")
"""Environment variables that name the store, in order of precedence."""
QLIB_VARIABLE = "QLIB_MLFLOW"
"""Qlib's settings as JSON: an object with `uri` and `default_exp_name`."""


def working_folder() -> Path | None:
    """Return the working directory; None if it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


def absolute_path(path: str, folder: Path | None) -> Path:
    """Return an absolute path; a relative one starts at a folder. Raise UsageError if that is a removed directory."""
    if folder is None and not os.path.isabs(path):
        raise UsageError("The working directory no longer exists. Change to another one, or give an absolute path.")
    return (folder or Path()) / path


def default_uri(environ: Mapping[str, str], folder: Path | None, setting: str | None = None) -> str:
    """Return the store address to use when none is given, for reading and for recording.

    The order is: the environment, a store in `folder`, the user's setting. Raise StoreNotFound if there is none.
    """
    if uri := environment_uri(environ):
        return uri
    if folder and may_be_file_store(folder / TREE):
        return f"file:{folder / TREE}"
    if folder and (folder / DATABASE).is_file():
        return f"sqlite:///{folder / DATABASE}"
    if setting:
        return setting
    if folder is None:
        raise StoreNotFound(
            "No store is given, and the working directory no longer exists. Name a store with --uri or QTUI_URI."
        )
    raise StoreNotFound(
        f"No store is given, and {folder} contains neither an {TREE} folder with experiments nor an {DATABASE}. "
        "Name a store with --uri or QTUI_URI, or try a sample: qtui demo"
    )


def environment_uri(environ: Mapping[str, str]) -> str | None:
    """Return the store address in the environment."""
    for variable in VARIABLES:
        uri = qlib_settings(environ).get("uri") if variable == QLIB_VARIABLE else environ.get(variable)
        if uri:
            return uri
    return None


def qlib_settings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return Qlib's recorder settings from the environment. Raise SettingsError when they are not a JSON object."""
    text = environ.get(QLIB_VARIABLE, "")
    if not text:
        return {}
    import json

    try:
        return {str(key): str(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise SettingsError(f"{QLIB_VARIABLE} is not a JSON object: {redact(text)}") from None


def may_be_file_store(folder: Path) -> bool:
    """Return whether a folder is a file store, or is unreadable, in which case opening it gives the reason."""
    try:
        return is_file_store(folder)
    except OSError:
        return True
