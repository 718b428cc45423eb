"""The report of expected errors: a message, and an exit code."""

from __future__ import annotations

import sys

from qtui import crash
from qtui.errors import QtuiError, QuerySyntaxError
from qtui.text import display, width

MAX_CONTEXT_LENGTH = 50
"""Characters shown before an error in a long text; after it, twice as many."""


def caret_lines(text: str, position: int, length: int = 1) -> tuple[str, str]:
    """Return the text on one line, and a line with carets below the error."""
    start = max(0, position - MAX_CONTEXT_LENGTH) if len(text) > 2 * MAX_CONTEXT_LENGTH else 0
    before = ("…" if start else "") + display(text[start:position])
    error = display(text[position : position + max(length, 1)])
    after = display(text[position + max(length, 1) :][: 2 * MAX_CONTEXT_LENGTH])
    return before + error + after, " " * width(before) + "^" * max(1, width(error))


EXPECTED = (QtuiError, BrokenPipeError, KeyboardInterrupt)
"""Errors that any command can raise; all others are bugs."""


def report_error(error: BaseException) -> int:
    """Print the error, with a caret below a wrong filter, and return the exit code."""
    code = crash.report(error)
    if isinstance(error, QuerySyntaxError):
        for line in caret_lines(error.text, error.position, error.length):
            sys.stderr.write(f"  {line}\n")
    return code
