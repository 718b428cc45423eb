"""The report of expected errors: a message, and an exit code."""

from __future__ import annotations

import sys

from qtui import crash
from qtui.errors import QtuiError, QuerySyntaxError

EXPECTED = (QtuiError, BrokenPipeError, KeyboardInterrupt)
"""Errors that any command can raise; all others are bugs."""


def report_error(error: BaseException) -> int:
    """Print the error, with a caret below a wrong filter, and return the exit code."""
    code = crash.report(error)
    if isinstance(error, QuerySyntaxError):
        from qtui.cli.caret import caret_lines

        for line in caret_lines(error.text, error.position, error.length):
            sys.stderr.write(f"  {line}\n")
    return code
