"""The provenance that a run records: command, environment, user, host, commit and uncommitted code."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from qtui.entities import GIT_COMMIT_TAG, SOURCE_NAME_TAG, USER_TAG
from qtui.recorder.recording import uncommitted_code
from qtui.text import redact

COMMAND_PARAM = "cmd-sys.argv"
ENVIRONMENT_PREFIXES = ("_QLIB_", "QTUI_")
SOURCE_TYPE_TAG = "mlflow.source.type"
HOST_TAG = "hostname"


def own_tags(argv: Sequence[str], folder: Path) -> dict[str, str]:
    """Return tags with the user, the script, the host and the commit that is checked out in this folder."""
    tags = {
        USER_TAG: user(),
        SOURCE_NAME_TAG: argv[0] if argv else "",
        SOURCE_TYPE_TAG: "LOCAL",
        HOST_TAG: socket.gethostname(),
        GIT_COMMIT_TAG: uncommitted_code.commit(folder),
    }
    return {key: value for key, value in tags.items() if value}


def own_params(argv: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return params with the command and the environment variables of Qlib and qtui, without passwords."""
    variables = {key: value for key, value in environ.items() if key.startswith(ENVIRONMENT_PREFIXES)}
    return {COMMAND_PARAM: redact(" ".join(argv)), **{key: redact(value) for key, value in sorted(variables.items())}}


def user() -> str:
    """Return the name of the user; empty if there is none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def add_numbered(known: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Return new values under free keys: a key with another known value gets a number, from 2.

    >>> add_numbered({"cmd-sys.argv": "train.py"}, {"cmd-sys.argv": "train.py --more"})
    {'cmd-sys.argv.2': 'train.py --more'}
    """
    new: dict[str, str] = {}
    for key, value in values.items():
        name, number = key, 1
        while known.get(name, value) != value:
            number += 1
            name = f"{key}.{number}"
        if name not in known:
            new[name] = value
    return new


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return the name of a file, with a number before its suffix if it is taken.

    >>> free_name("code_diff.txt", ["code_diff.txt", "code_diff.2.txt"])
    'code_diff.3.txt'
    """
    stem, suffix = os.path.splitext(name)
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}.{number}{suffix}"
    return free
