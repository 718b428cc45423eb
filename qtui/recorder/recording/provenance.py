"""The provenance that a run records: command, environment, user, host, commit and uncommitted code."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from qtui.entities import (
    COMMAND_TAG,
    FOLDER_TAG,
    GIT_COMMIT_TAG,
    HOST_TAG,
    PROCESS_TAG,
    SOURCE_NAME_TAG,
    SOURCE_TYPE_TAG,
    USER_TAG,
)
from qtui.recorder.recording import uncommitted_code
from qtui.store.validation import is_unicode, key_problem
from qtui.store.writer import Limits
from qtui.text import redact

COMMAND_PARAM = "cmd-sys.argv"
ENVIRONMENT_PREFIXES = ("_QLIB_", "QTUI_")

MAX_COMMAND_CHARS = 5000
"""Length up to which a command line is recorded: part of one could not be run again. MLflow 1.x limits tags to it."""


def own_tags(source: str, command: Sequence[str], folder: Path | None) -> dict[str, str]:
    """Return tags with the user, the script, the command line, the host, the process, the folder and its commit.

    A command that is too long to be run again is left out, and a value that is not Unicode.
    """
    line = redact(shlex.join(command))
    tags = {
        USER_TAG: user(),
        SOURCE_NAME_TAG: escape_surrogates(source),
        SOURCE_TYPE_TAG: "LOCAL",
        HOST_TAG: socket.gethostname(),
        GIT_COMMIT_TAG: uncommitted_code.commit(folder) if folder else "",
        COMMAND_TAG: line if len(line) <= MAX_COMMAND_CHARS else "",
        FOLDER_TAG: str(folder or ""),
        PROCESS_TAG: process_id(),
    }
    return {key: value for key, value in tags.items() if value and is_unicode(value)}


def escape_surrogates(text: str) -> str:
    """Return a text in which bytes of the system that are not Unicode are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def process_id() -> str:
    """Return the host and the ID of this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def own_command() -> list[str]:
    """Return the command line of this process with its interpreter; empty in a notebook or at a Python prompt."""
    runs_program = hasattr(sys.modules.get("__main__"), "__file__") or sys.argv[:1] == ["-c"]
    return [sys.executable, *sys.orig_argv[1:]] if runs_program and sys.executable else []


def own_params(argv: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return params with the command and the environment variables of Qlib and qtui, without passwords.

    A variable whose name no param can have is left out.
    """
    names = sorted(
        key for key in environ if key.startswith(ENVIRONMENT_PREFIXES) and not key_problem(key, Limits().key)
    )
    texts = {COMMAND_PARAM: " ".join(argv), **{name: environ[name] for name in names}}
    return {key: redact(escape_surrogates(text)) for key, text in texts.items()}


def user() -> str:
    """Return the name of the user; empty if there is none, as in some containers."""
    try:
        return escape_surrogates(getpass.getuser())
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
