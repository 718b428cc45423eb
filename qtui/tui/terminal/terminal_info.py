"""Detection of the terminal's background, colours and encoding before the app starts, and its restoration."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from qtui.errors import UsageError
from qtui.value_classes import dataclass

NOT_UTF8 = "This locale is not UTF-8, so everything is drawn in ASCII. Set LC_ALL=C.UTF-8 to see all characters."

ANSWER_TIMEOUT_S = 2.0
"""Seconds to wait for the answer to a query. Every terminal answers; over a slow connection it takes time, and an
answer after the timeout would be taken for keys."""

COLOURS_16, COLOURS_256, TRUECOLOR = 16, 256, 1 << 24
"""Numbers of colours that a terminal can show."""

BACKGROUND_QUERY = b"\x1b]11;?\x1b\\"
ATTRIBUTES_QUERY = b"\x1b[c"
_NAMES_256 = re.compile("-256color$|-direct$|^alacritty|^foot|ghostty|kitty|wezterm")
_BACKGROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)[^\x07\x1b]*(?:\x07|\x1b\\)")
_ATTRIBUTES = re.compile(rb"\x1b\[\?[\d;]*c")

RESET_MODES = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1016l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""Leaves every mode that the app may have entered: synchronised output, paste, mouse, keyboard protocol, alternate
screen; and shows the cursor again."""


@dataclass(frozen=True, slots=True)
class TerminalInfo:
    """The properties of the terminal that the app runs in."""

    dark: bool = True
    """Whether its background is dark."""

    colours: int = TRUECOLOR
    """The number of colours it can show: 16, 256 or 16,777,216."""

    ascii_only: bool = False
    """Whether it accepts only ASCII."""

    notice: str = ""
    """A warning for the user about the terminal."""

    typed: str = ""
    """The keys that were typed before the app started."""


def require_terminal(environ: Mapping[str, str]) -> None:
    """Raise UsageError if there is no terminal that can show the screen."""
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        raise UsageError(
            "The screen needs a terminal, and input or output is not one. "
            "For scripts and pipes, use commands such as `qtui runs` and `qtui show`: see `qtui --help`."
        )
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(
            f"The screen cannot be drawn on a terminal of type {environ.get('TERM', '')!r}. "
            "Set TERM to the type of your terminal, such as xterm-256color, or use the commands: see `qtui --help`."
        )


def is_utf8() -> bool:
    """Return whether the terminal output is encoded as UTF-8."""
    encoding = sys.__stderr__.encoding if sys.__stderr__ else "ascii"
    return codecs.lookup(encoding).name == "utf-8"


class BackgroundQuery:
    """Queries the background colour of the terminal on entry, and reads the answer later.

    The app is imported in between, so that the answer costs no time. A second query that every terminal answers follows
    the first: after its answer, no answer to the first can arrive and be taken for keys.
    """

    def __init__(self, environ: Mapping[str, str], *, ask: bool) -> None:
        self._environ = environ
        self._ask = ask
        self._modes: list[Any] | None = None

    def __enter__(self) -> BackgroundQuery:
        if self._ask:
            self._modes = termios.tcgetattr(0)
            tty.setcbreak(0, termios.TCSANOW)
            os.write(2, BACKGROUND_QUERY + ATTRIBUTES_QUERY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._modes is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self._modes)

    def answer(self) -> TerminalInfo:
        """Read the answer and return the properties of the terminal."""
        received = b""
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while self._ask and not _ATTRIBUTES.search(received) and _is_readable_before(deadline):
            chunk = os.read(0, 4096)
            if not chunk:
                break
            received += chunk
        colour = _BACKGROUND.search(received)
        dark = is_dark(colour.groups()) if colour else is_dark_by_environment(self._environ)
        typed = _ATTRIBUTES.sub(b"", _BACKGROUND.sub(b"", received))
        ascii_only = not is_utf8()
        return TerminalInfo(
            dark,
            colours_by_environment(self._environ),
            ascii_only,
            NOT_UTF8 if ascii_only else "",
            typed.decode("utf-8", "ignore"),
        )


def _is_readable_before(deadline: float) -> bool:
    """Wait for input, and return whether there is any before the deadline."""
    return bool(select.select([0], [], [], max(0.0, deadline - time.monotonic()))[0])


def is_dark(colour: tuple[bytes, ...]) -> bool:
    """Return whether a colour is dark; it is given as red, green and blue in hexadecimal digits."""
    red, green, blue = (int(part, 16) / float(16 ** len(part) - 1) for part in colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5


def is_dark_by_environment(environ: Mapping[str, str]) -> bool:
    """Return whether the background is dark by `COLORFGBG`; True when that is not set."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background not in ("7", "15")


def colours_by_environment(environ: Mapping[str, str]) -> int:
    """Return the number of colours of the terminal, by `COLORTERM` or by its name in `TERM`."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUECOLOR
    return COLOURS_256 if _NAMES_256.search(environ.get("TERM", "")) else COLOURS_16


class TerminalRestorer:
    """Restores the terminal to its state at construction, when the app hangs and cannot do it."""

    def __init__(self) -> None:
        self._modes: list[Any] | None = None
        with contextlib.suppress(termios.error):
            self._modes = termios.tcgetattr(0)

    def restore(self) -> None:
        """Restore the terminal at once, from any thread."""
        with contextlib.suppress(OSError, termios.error):
            os.set_blocking(2, False)
            os.write(2, RESET_MODES)
            if self._modes is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._modes)
