"""What a run records of itself: the command, the environment, who runs it and where, the code that is not committed."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from qtui.entities import GIT_COMMIT_TAG, SOURCE_NAME_TAG, USER_TAG
from qtui.recorder.recording import uncommitted_code
from qtui.text import redact

COMMAND = "cmd-sys.argv"
PREFIXES = ("_QLIB_", "QTUI_")
SOURCE_TYPE_TAG = "mlflow.source.type"
HOST_TAG = "hostname"


def own_tags(argv: Sequence[str], folder: Path) -> dict[str, str]:
    """Who runs it, from what, on which machine, and the commit that the code in this folder is at."""
    tags = {
        USER_TAG: user(),
        SOURCE_NAME_TAG: argv[0] if argv else "",
        SOURCE_TYPE_TAG: "LOCAL",
        HOST_TAG: socket.gethostname(),
        GIT_COMMIT_TAG: uncommitted_code.commit(folder),
    }
    return {key: value for key, value in tags.items() if value}


def own_params(argv: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The command and what of the environment speaks to Qlib or to us, without passwords."""
    variables = {key: value for key, value in environ.items() if key.startswith(PREFIXES)}
    return {COMMAND: redact(" ".join(argv)), **{key: redact(value) for key, value in sorted(variables.items())}}


def user() -> str:
    """The name of the user; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def beside(known: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The values under keys that are free: what has another value already stays, and the new one is numbered from 2.

    >>> beside({"cmd-sys.argv": "train.py"}, {"cmd-sys.argv": "train.py --more"})
    {'cmd-sys.argv.2': 'train.py --more'}
    """
    found: dict[str, str] = {}
    for key, value in values.items():
        name, number = key, 1
        while known.get(name, value) != value:
            number += 1
            name = f"{key}.{number}"
        if name not in known:
            found[name] = value
    return found


def numbered(name: str, taken: Sequence[str]) -> str:
    """The name of a file, numbered before its suffix when it is taken.

    >>> numbered("code_diff.txt", ["code_diff.txt", "code_diff.2.txt"])
    'code_diff.3.txt'
    """
    stem, suffix = os.path.splitext(name)
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}.{number}{suffix}"
    return free
