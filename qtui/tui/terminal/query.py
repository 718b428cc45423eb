"""What is known of the terminal before the screen starts, and how it is put right when nothing else does it."""

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
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from qtui.errors import UsageError

NOT_UTF8 = "This locale is not UTF-8, so everything is drawn in ASCII. Set LC_ALL=C.UTF-8 to see all characters."

PATIENCE = 2.0
"""Seconds after which a terminal that has not answered is taken for one that never will. Every terminal does answer;
a slow line takes its time, and what came later than this would be taken for keys."""

COLOURS_16, COLOURS_256, TRUECOLOR = 16, 256, 1 << 24
"""How many colours a terminal can show."""

BACKGROUND_QUERY = b"\x1b]11;?\x1b\\"
ATTRIBUTES_QUERY = b"\x1b[c"
_NAMES_256 = re.compile("-256color$|-direct$|^alacritty|^foot|ghostty|kitty|wezterm")
_BACKGROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)[^\x07\x1b]*(?:\x07|\x1b\\)")
_ATTRIBUTES = re.compile(rb"\x1b\[\?[\d;]*c")

RESTORE = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1016l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""Leaves everything that the screen may have entered: synchronised output, paste and mouse modes, the keyboard
protocol, the other screen; and shows the cursor again."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the app is told about the terminal that it runs in."""

    dark: bool = True
    """Whether its background is dark."""

    colours: int = TRUECOLOR
    """How many colours it can show: 16, 256, or all."""

    ascii_only: bool = False
    """Whether it takes nothing but ASCII."""

    notice: str = ""
    """A sentence for the user about it."""

    typed: str = ""
    """What was typed before the screen was there."""


def check(environ: Mapping[str, str]) -> None:
    """Refuse a terminal that cannot show a screen."""
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        raise UsageError(
            "The screen needs a terminal, and input or output is not one. "
            "For scripts and pipes there are commands such as `qtui runs` and `qtui show`: see `qtui --help`."
        )
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(
            f"The screen cannot be drawn on a terminal of type {environ.get('TERM', '')!r}. "
            "Set TERM to what it is, such as xterm-256color, or use the commands: see `qtui --help`."
        )


def speaks_utf8() -> bool:
    """Whether what is written to the terminal goes out as UTF-8."""
    encoding = sys.__stderr__.encoding if sys.__stderr__ else "ascii"
    return codecs.lookup(encoding).name == "utf-8"


class BackgroundQuestion:
    """Asks the terminal for its background when it begins, and reads the answer when it is needed.

    Between the two the screen's modules are imported, so that the answer costs no time. A second question that every
    terminal answers comes right behind the first: once it is answered, no answer to the first is still to come, to be
    taken for keys.
    """

    def __init__(self, environ: Mapping[str, str], *, ask: bool) -> None:
        self._environ = environ
        self._ask = ask
        self._modes: list[Any] | None = None

    def __enter__(self) -> BackgroundQuestion:
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

    def answer(self) -> Terminal:
        """What is known of the terminal now."""
        received = b""
        deadline = time.monotonic() + PATIENCE
        while self._ask and not _ATTRIBUTES.search(received) and _readable_until(deadline):
            chunk = os.read(0, 4096)
            if not chunk:
                break
            received += chunk
        colour = _BACKGROUND.search(received)
        dark = is_dark(colour.groups()) if colour else dark_by_environment(self._environ)
        typed = _ATTRIBUTES.sub(b"", _BACKGROUND.sub(b"", received))
        ascii_only = not speaks_utf8()
        return Terminal(
            dark,
            colours_by_environment(self._environ),
            ascii_only,
            NOT_UTF8 if ascii_only else "",
            typed.decode("utf-8", "ignore"),
        )


def _readable_until(deadline: float) -> bool:
    """Whether there is something to read before that moment."""
    return bool(select.select([0], [], [], max(0.0, deadline - time.monotonic()))[0])


def is_dark(colour: tuple[bytes, ...]) -> bool:
    """Whether a colour, as red, green and blue in hexadecimal digits, is dark."""
    red, green, blue = (int(part, 16) / float(16 ** len(part) - 1) for part in colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5


def dark_by_environment(environ: Mapping[str, str]) -> bool:
    """What `COLORFGBG` says of the background; dark when it says nothing."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background not in ("7", "15")


def colours_by_environment(environ: Mapping[str, str]) -> int:
    """Return how many colours the terminal can show, by `COLORTERM` or by its name in `TERM`."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUECOLOR
    return COLOURS_256 if _NAMES_256.search(environ.get("TERM", "")) else COLOURS_16


class Restorer:
    """Keeps how the terminal was, to put it right from outside the screen when that hangs."""

    def __init__(self) -> None:
        self._modes: list[Any] | None = None
        with contextlib.suppress(termios.error):
            self._modes = termios.tcgetattr(0)

    def restore(self) -> None:
        """Put the terminal right at once, without a word to whoever draws on it."""
        with contextlib.suppress(OSError, termios.error):
            os.set_blocking(2, False)
            os.write(2, RESTORE)
            if self._modes is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._modes)
