"""Properties of stdout: width, colours, encoding; and writing to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qtui import formatting, stderr
from qtui.text import display

STYLES: Mapping[str, str] = {
    "dim": "2",
    "strong": "1",
    "heading": "1",
    "muted": "90",
    "accent": "36",
    "good": "32",
    "warning": "33",
    "error": "31",
}
"""The SGR code of each style; from `muted` on, the styles are roles of the screen."""


class Terminal(NamedTuple):
    """The properties of stdout; a pipe or file has no width."""

    width: int | None = None
    has_colour: bool = False
    is_unicode: bool = True

    def paint(self, text: str, style: str) -> str:
        """Return the text in a style, or unchanged without colours."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.has_colour and style in STYLES else text

    def format_status(self, status: str) -> str:
        """Return the word for the status of a run, with its sign if stdout is Unicode."""
        return display(formatting.format_status(status) if self.is_unicode else formatting.status_word(status))


def detect_terminal() -> Terminal:
    """Return the properties of stdout."""
    unicode = (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")
    if not sys.stdout.isatty():
        return Terminal(is_unicode=unicode)
    import shutil

    dumb = os.environ.get("TERM", "dumb") == "dumb"
    return Terminal(shutil.get_terminal_size().columns, not (dumb or os.environ.get("NO_COLOR")), unicode)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to stdout; a character outside the encoding of stdout becomes a question mark."""
    text = "".join(f"{line}\n" for line in lines)
    encoding = sys.stdout.encoding or "utf-8"
    encodable = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(encodable)
    if encodable != text:
        stderr.print_message(f"Some characters cannot be shown in {encoding}: use a UTF-8 locale.")


def write_data(text: str) -> None:
    """Write data as UTF-8; a lone surrogate is written as an escape."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
