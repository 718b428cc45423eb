"""Messages to the user on stderr."""

from __future__ import annotations

import contextlib
import sys

from qtui.text import display, redact


def print_message(sentence: str) -> None:
    """Print a message to stderr, displayable and without secrets."""
    with contextlib.suppress(OSError):
        line = f"qtui: {display(redact(sentence), one_line=False)}\n"
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
