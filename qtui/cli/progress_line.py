"""A line on a terminal that shows the progress of a command and is removed at its end."""

from __future__ import annotations

import shutil
import sys

from qtui.cancellation import ProgressTimer


class ProgressLine:
    """The line on stderr; nothing is written unless stderr is a terminal."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._timer = ProgressTimer(starts_due=True)
        self._is_written = False

    def update(self, text: str) -> None:
        """Show a text, unless the line was updated just now."""
        from qtui.text import display, truncate

        if self._is_terminal and self._timer.is_due():
            self._write(truncate(display(text), shutil.get_terminal_size().columns - 1))

    def close(self) -> None:
        """Remove the line; later updates are ignored, so that they do not mix with the output."""
        if self._is_written:
            self._write("")
        self._is_terminal = self._is_written = False

    def _write(self, text: str) -> None:
        self._is_written = True
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
