"""The exit code of a command, and the status that its run ends with."""

from __future__ import annotations

import signal
from collections.abc import Collection

from qtui.entities import Status

SIGNAL_EXIT_BASE = 128
"""Exit code of a process that a signal ended, in a shell, minus the number of the signal."""

KILL_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL})
"""Signals that end a command from outside; others, like SIGSEGV, are failures of the command itself."""
TERMINATING_SIGNALS = frozenset({signal.SIGTERM, signal.SIGHUP})
"""Signals to qtui after which a run is killed even if the command handles them and exits with 0."""
KEYBOARD_SIGNALS = frozenset({signal.SIGINT, signal.SIGQUIT})
"""Signals that an interactive command may handle and go on."""


def exit_code_of(returncode: int) -> int:
    """Return the exit code that a shell reports for the return code of a process.

    >>> exit_code_of(3), exit_code_of(-2)
    (3, 130)
    """
    return returncode if returncode >= 0 else SIGNAL_EXIT_BASE - returncode


def final_status(exit_code: int, signals: Collection[int], recorded: str) -> str:
    """Return the status that a run ends with.

    Parameters
    ----------
    exit_code
        The exit code of the command.
    signals
        The signals that qtui received while the command ran.
    recorded
        The status in the store: a command that exits with 0 may have ended its run as FAILED or KILLED itself.

    >>> final_status(0, [], "RUNNING"), final_status(3, [], "FINISHED"), final_status(130, [], "RUNNING")
    ('FINISHED', 'FAILED', 'KILLED')
    """
    received = frozenset(signals)
    interrupted = bool(received & KEYBOARD_SIGNALS) and exit_code != 0
    if exit_code - SIGNAL_EXIT_BASE in KILL_SIGNALS or received & TERMINATING_SIGNALS or interrupted:
        return Status.KILLED.value
    if exit_code:
        return Status.FAILED.value
    return recorded if recorded in (Status.FAILED, Status.KILLED) else Status.FINISHED.value
