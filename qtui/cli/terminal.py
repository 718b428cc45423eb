"""What stdout is: how wide, whether it takes colour, what characters it knows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qtui import crash

STYLES: Mapping[str, str] = {"dim": "2", "strong": "1", "good": "32", "bad": "31", "busy": "33", "faint": "90"}


class Terminal(NamedTuple):
    """What is written to: a terminal of some width, or a pipe or file, which has none."""

    width: int | None = None
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colour is wanted."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour and style else text


def of_stdout() -> Terminal:
    """What stdout is."""
    unicode = (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")
    if not sys.stdout.isatty():
        return Terminal(unicode=unicode)
    import shutil

    dumb = os.environ.get("TERM", "dumb") == "dumb"
    return Terminal(shutil.get_terminal_size().columns, not (dumb or os.environ.get("NO_COLOR")), unicode)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines that are fit to be seen; a character that stdout does not know becomes a question mark."""
    text = "".join(f"{line}\n" for line in lines)
    encoding = sys.stdout.encoding or "utf-8"
    known = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(known)
    if known != text:
        crash.say(f"Not everything can be shown in {encoding}; in a UTF-8 locale it can.")


def write_data(text: str) -> None:
    """Write data as UTF-8, whatever the terminal is; half a character is written as its number."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
