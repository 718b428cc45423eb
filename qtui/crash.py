"""The handling of uncaught exceptions: a message and an exit code instead of a traceback, and a crash report."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

from qtui import __version__
from qtui.errors import QtuiError, TimeExceeded
from qtui.settings import make_private, state_dir
from qtui.stderr import print_message
from qtui.text import redact

INTERRUPTED = 130
BUG = 70
"""The exit code after an unexpected exception, EX_SOFTWARE of sysexits.h."""

MAX_REPORTS = 10
OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Errors of a write to stdout: the disk is full, or the terminal is gone."""


def install() -> None:
    """Install the handler of uncaught exceptions."""
    sys.excepthook = _end


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report the exception and exit with its code."""
    raise SystemExit(report(error))


def report(error: BaseException) -> int:
    """Report the exception on stderr, and return the exit code."""
    if isinstance(error, QtuiError | TimeExceeded):
        print_message(str(error))
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        abandon_output()
        return 0
    if isinstance(error, OSError) and error.errno in OUTPUT_ERRORS and error.filename is None:
        abandon_output()
        print_message(f"Cannot write: {os.strerror(error.errno).lower()}.")
        return 1
    print_message(save_report(error))
    return BUG


def abandon_output() -> None:
    """Discard further output after a broken pipe, so that the interpreter reports no error at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def save_report(error: BaseException) -> str:
    """Save a crash report, and return a message about it."""
    what = f"Something went wrong inside qtui: {type(error).__name__}."
    try:
        path = _save(describe(error))
    except (OSError, RuntimeError) as problem:
        return f"{what} A report of it could not be saved: {problem}."
    return f"{what} A report of it is in {path}."


def describe(error: BaseException) -> str:
    """Return the report: versions and traceback, without values of variables and without secrets."""
    lines = traceback.TracebackException.from_exception(error, capture_locals=False).format()
    versions = f"qtui {__version__}, Python {sys.version.split()[0]}, {sys.platform}"
    return redact(f"{versions}\n\n{''.join(lines)}")


def _save(text: str) -> Path:
    """Write the report, readable only by the user, and delete all but the last ten."""
    folder = make_private(state_dir())
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    for old in sorted(folder.glob("crash-*.txt"))[:-MAX_REPORTS]:
        old.unlink(missing_ok=True)
    return path
