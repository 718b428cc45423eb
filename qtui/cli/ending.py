"""How a command ends that could not do what it was asked."""

from __future__ import annotations

import sys

from qtui import crash
from qtui.errors import QtuiError, QuerySyntaxError

EXPECTED = (QtuiError, BrokenPipeError, KeyboardInterrupt)
"""What may go wrong with every command; anything else is a fault of ours."""


def tell(error: BaseException) -> int:
    """Say what went wrong, and give the exit code; a wrong filter is shown with its place."""
    code = crash.report(error)
    if isinstance(error, QuerySyntaxError):
        from qtui.cli.caret import pointed

        for line in pointed(error.text, error.position, error.length):
            sys.stderr.write(f"  {line}\n")
    return code
