"""A real terminal for a real program: a pseudo-terminal of some size, keys in, and what a person would see out."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType

import pyte

from qtui.text import width

DEADLINE = 60.0
"""Seconds after which a test gives up; nothing is measured by it."""

QUIET = 0.25
"""Seconds without output, unread keys and running threads after which a program is taken to wait for the user."""

IDLE = 1_500_000
"""Nanoseconds that a program which waits may run between two looks: it looks for keys ten times a second."""

ARROWS = ("up", "down", "right", "left")
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "space": " ",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    **{f"shift+{name}": f"\x1b[1;2{letter}" for name, letter in zip(ARROWS, "ABCD", strict=True)},
    **{f"ctrl+{name}": f"\x1b[1;5{letter}" for name, letter in zip(ARROWS, "ABCD", strict=True)},
    "shift+tab": "\x1b[Z",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

LEFT, RIGHT, DRAG, WHEEL_UP, WHEEL_DOWN = 0, 2, 32, 64, 65
"""Buttons of a mouse as a terminal numbers them."""

OTHER_SCREEN = 1049 << 5
CURSOR = 25 << 5
MOUSE = tuple(mode << 5 for mode in (1000, 1003, 1006, 1015))
PASTE = 2004 << 5

# What pyte does not know and would print: queries for a mode, the keyboard protocol, strings for the terminal.
_UNKNOWN = re.compile(
    rb"\x1b\[\?[\d;]*\$p|\x1b\[[<>=][\d;]*[a-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
)
# A terminal begins its other screen blank; pyte keeps one screen for both.
_SWITCH = re.compile(rb"(\x1b\[\?1049h)")
_UNFINISHED = re.compile(rb"\x1b(?:\[[^a-zA-Z~]*|[\]P][^\x07\x1b]*\x1b?)?$")


class Terminal:
    """Runs a program and keeps the screen that it draws. Close it, or use it in a `with`."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        environment: Mapping[str, str] | None = None,
        background: str | None = None,
    ) -> None:
        """`background`, such as `ffff/ffff/ffff`, is what the terminal answers when asked for its colour."""
        self.screen = pyte.Screen(columns, lines)
        self.output = bytearray()
        """Every byte that the program wrote."""
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._background = background
        self._master, slave = pty.openpty()
        self.resize(columns, lines)
        self.modes = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._slave = slave

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def lines(self) -> list[str]:
        """What is on the screen, a text for each line of it."""
        cells = range(self.screen.columns)
        return ["".join(self.screen.buffer[y][x].data for x in cells).rstrip() for y in range(self.screen.lines)]

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.lines)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: first screen, cursor shown, no mouse, no paste mode, old line modes."""
        modes = self.screen.mode
        left = not modes & {OTHER_SCREEN, PASTE, *MOUSE} and CURSOR in modes
        return left and termios.tcgetattr(self._slave)[:4] == self.modes[:4]

    def press(self, *keys: str) -> None:
        """Press keys by name, or type a text; after an escape, wait until it cannot be the beginning of another key."""
        for is_escape, some in groupby(keys, lambda key: key == "escape"):
            for typed in some if is_escape else ("".join(KEYS.get(key, key) for key in some),):
                os.write(self._master, KEYS.get(typed, typed).encode())
                if is_escape:
                    self.wait_until_quiet()

    def click(self, text: str, *, button: int = LEFT, right: int = 0) -> None:
        """Click on a text once the screen is still, or so many cells to the right of its beginning."""
        self.wait_until_quiet()
        column, line = self.place_of(text)
        self.mouse(button, column + right, line)
        self.mouse(button, column + right, line, up=True)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the button at one cell and let it go at another."""
        self.mouse(LEFT, *start)
        self.mouse(LEFT + DRAG, *end)
        self.mouse(LEFT, *end, up=True)

    def mouse(self, button: int, column: int, line: int, *, up: bool = False) -> None:
        """Tell what a mouse does at a cell, as a terminal tells it."""
        os.write(self._master, f"\x1b[<{button};{column + 1};{line + 1}{'m' if up else 'M'}".encode())

    def place_of(self, text: str) -> tuple[int, int]:
        """The column and the line where a text begins."""
        for line, shown in enumerate(self.lines):
            if text in shown:
                return width(shown[: shown.index(text)]), line
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    def resize(self, columns: int, lines: int) -> None:
        """Make the window larger or smaller."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def overwrite(self, text: str) -> None:
        """Lose what is on the screen, and show a text on every line in its place, without telling the program."""
        self.screen.reset()
        for line in range(self.screen.lines):
            self.screen.cursor_position(line + 1, 1)
            self.screen.draw(text)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def wait_for(self, wanted: str | Callable[[Terminal], bool]) -> None:
        """Read on until a text is on the screen, or something holds."""
        holds = wanted if callable(wanted) else lambda terminal: wanted in terminal.text
        deadline = time.monotonic() + DEADLINE
        while not holds(self):
            assert time.monotonic() < deadline, f"{wanted!r} did not come:\n{self.text}"
            assert self._read(0.1) or self.process.poll() is None or holds(self), f"The program ended:\n{self.text}"

    def wait_until_quiet(self) -> None:
        """Read on until the program has read every key, and has neither run nor written anything for a moment."""
        deadline, quiet_since, before = time.monotonic() + DEADLINE, time.monotonic(), 0
        while time.monotonic() - quiet_since < QUIET:
            assert time.monotonic() < deadline, f"The program is never quiet:\n{self.text}"
            wrote, (waits, ran) = self._read(QUIET / 10), self._work()
            if wrote or waits or ran - before > IDLE or self._has_unread_keys():
                quiet_since = time.monotonic()
            before = ran

    def _has_unread_keys(self) -> bool:
        waiting = fcntl.ioctl(self._slave, termios.FIONREAD, b"\0" * 4)
        return self.process.poll() is None and waiting != b"\0" * 4

    def _work(self) -> tuple[bool, int]:
        """Whether a thread of the program could run now, and for how many ns all have run; known where is a `/proc`.

        On a busy machine silence alone says little: the program may just not have had its turn.
        """
        waits, ran = False, 0
        for thread in Path(f"/proc/{self.process.pid}/task").glob("*"):
            with contextlib.suppress(OSError):
                waits |= (thread / "stat").read_text().rpartition(") ")[2][0] in "RD"
                ran += int((thread / "schedstat").read_text().split()[0])
        return waits, ran

    def take_in(self) -> None:
        """Read what has been written by now, without waiting for more."""
        while self._read(0.0):
            pass

    def wait_for_end(self) -> int:
        """Read on until the program ends, and give its exit code."""
        deadline = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"The program does not end:\n{self.text}"
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    def wait_until_stopped(self) -> None:
        """Read on until the program is suspended."""
        self.wait_for(
            lambda _: os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
        )

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            self.hang_up()

    def _read(self, patience: float) -> bool:
        """Take in what the program wrote, and answer what it asked; whether there was anything."""
        if self._master < 0 or not select.select([self._master], [], [], patience)[0]:
            return False
        try:
            received = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.output += received
        self._answer(received)
        self._draw(self._held + received)
        return True

    def _answer(self, received: bytes) -> None:
        if self._background and b"\x1b]11;?" in received:
            os.write(self._master, f"\x1b]11;rgb:{self._background}\x1b\\".encode())
        if b"\x1b[c" in received:
            os.write(self._master, b"\x1b[?62;c")

    def _draw(self, received: bytes) -> None:
        known = _UNKNOWN.sub(b"", received)
        unfinished = _UNFINISHED.search(known)
        end = unfinished.start() if unfinished else len(known)
        self._held = known[end:]
        for part in _SWITCH.split(known[:end]):
            self._stream.feed(part)
            if _SWITCH.fullmatch(part):
                self.screen.erase_in_display(2)
