"""Runs a program in a pseudo-terminal, sends it keys and keeps the screen that it draws."""

from __future__ import annotations

import contextlib
import copy
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
from typing import Any

import pyte

from qtui.text import width

DEADLINE_S = 60.0
"""Seconds after which a test fails; nothing is measured by it."""

QUIET_S = 0.25
"""Seconds without output, unread keys and running threads after which the program waits for the user."""

DRAIN_S = 0.1
"""Seconds without output after which nothing more comes from a program that has ended: the kernel passes it on late."""

IDLE_NS = 1_500_000
"""Nanoseconds that a waiting program may run between two samples: it looks for keys ten times a second."""

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
"""The mouse buttons in the encoding of terminals."""

ALTERNATE_SCREEN = 1049 << 5
CURSOR = 25 << 5
MOUSE = tuple(mode << 5 for mode in (1000, 1003, 1006, 1015))
PASTE = 2004 << 5

# Sequences that pyte would print: queries of modes, the keyboard protocol, OSC, DCS and APC strings.
_UNSUPPORTED = re.compile(
    rb"\x1b\[\?[\d;]*\$p|\x1b\[[<>=][\d;]*[a-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_][^\x1b]*\x1b\\"
)
# pyte has no alternate screen.
_SWITCH = re.compile(rb"(\x1b\[\?1049[hl])")
_INCOMPLETE = re.compile(rb"\x1b(?:\[[^a-zA-Z~]*|[\]P_][^\x07\x1b]*\x1b?)?$")


class Terminal:
    """A program in a pseudo-terminal. Close it, or use it in a `with`."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        environment: Mapping[str, str] | None = None,
        background: str | None = None,
        cell_pixels: tuple[int, int] = (0, 0),
    ) -> None:
        """`background`, such as `ffff/ffff/ffff`, is the colour that the terminal reports when it is queried."""
        self._cell_pixels = cell_pixels
        self.screen = pyte.Screen(columns, lines)
        self.output = bytearray()
        """Every byte that the program wrote."""
        self._stream = pyte.ByteStream(self.screen)
        self._incomplete = b""
        self._primary_lines: dict[int, Any] | None = None
        """The lines of the primary screen while the alternate one is visible."""
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
        """The lines of the screen."""
        cells = range(self.screen.columns)
        return ["".join(self.screen.buffer[y][x].data for x in cells).rstrip() for y in range(self.screen.lines)]

    @property
    def text(self) -> str:
        """The text of the screen."""
        return "\n".join(self.lines)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: first screen, cursor shown, no mouse, no paste mode, old line modes."""
        modes = self.screen.mode
        left = not modes & {ALTERNATE_SCREEN, PASTE, *MOUSE} and CURSOR in modes
        return left and termios.tcgetattr(self._slave)[:4] == self.modes[:4]

    def press(self, *keys: str) -> None:
        """Press keys by name, or type a text, all at once.

        After an escape, wait until the program is quiet: together with the next key it would be an escape sequence.
        """
        for is_escape, group in groupby(keys, lambda key: key == "escape"):
            for text in group if is_escape else ("".join(KEYS.get(key, key) for key in group),):
                os.write(self._master, KEYS.get(text, text).encode())
                if is_escape:
                    self.wait_until_quiet()

    def click(self, text: str, *, button: int = LEFT, right: int = 0) -> None:
        """Click on a text once the program is quiet, `right` cells to the right of its start."""
        self.wait_until_quiet()
        column, line = self.place_of(text)
        self.mouse(button, column + right, line)
        self.mouse(button, column + right, line, up=True)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the button at one cell and release it at another."""
        self.mouse(LEFT, *start)
        self.mouse(LEFT + DRAG, *end)
        self.mouse(LEFT, *end, up=True)

    def mouse(self, button: int, column: int, line: int, *, up: bool = False) -> None:
        """Send a press or a release of a mouse button at a cell."""
        os.write(self._master, f"\x1b[<{button};{column + 1};{line + 1}{'m' if up else 'M'}".encode())

    def place_of(self, text: str) -> tuple[int, int]:
        """Return the column and the line at which a text starts."""
        place = self.find(text)
        assert place is not None, f"{text!r} is not on the screen:\n{self.text}"
        return place

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the column and the line at which a text starts, or None if it is not on the screen."""
        for number, line in enumerate(self.lines):
            if text in line:
                return width(line[: line.index(text)]), number
        return None

    def resize(self, columns: int, lines: int) -> None:
        """Resize the window."""
        self.screen.resize(lines, columns)
        width, height = self._cell_pixels
        size = struct.pack("HHHH", lines, columns, columns * width, lines * height)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def overwrite(self, text: str) -> None:
        """Replace every line of the screen by a text, unnoticed by the program."""
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

    def wait_for(self, condition: str | Callable[[Terminal], bool]) -> None:
        """Read output until a text is on the screen, or a condition holds; the rest of the screen may be older."""
        holds = condition if callable(condition) else lambda terminal: condition in terminal.text
        deadline = time.monotonic() + DEADLINE_S
        while not holds(self):
            assert time.monotonic() < deadline, f"{condition!r} did not come:\n{self.text}"
            assert self._read(0.1) or self.process.poll() is None or holds(self), f"The program ended:\n{self.text}"

    def wait_until_loaded(self, text: str) -> None:
        """Wait until a text is on the screen, and the browser has loaded the values of all runs."""
        self.wait_for(text)
        self.wait_until_quiet()
        self.wait_for(lambda terminal: "values" not in terminal.lines[0])
        self.wait_until_quiet()

    def wait_until_quiet(self) -> None:
        """Read output until the program has read every key, and has neither run nor written for `QUIET_S`."""
        deadline, quiet_since, before = time.monotonic() + DEADLINE_S, time.monotonic(), 0
        while time.monotonic() - quiet_since < QUIET_S:
            assert time.monotonic() < deadline, f"The program is never quiet:\n{self.text}"
            wrote, (can_run, ran) = self._read(QUIET_S / 10), self._cpu_usage()
            if wrote or can_run or ran - before > IDLE_NS or self._has_unread_keys():
                quiet_since = time.monotonic()
            before = ran

    def _has_unread_keys(self) -> bool:
        waiting = fcntl.ioctl(self._slave, termios.FIONREAD, b"\0" * 4)
        return self.process.poll() is None and waiting != b"\0" * 4

    def _cpu_usage(self) -> tuple[bool, int]:
        """Return whether a thread of the program can run now, and the CPU time (ns) of all; needs `/proc`.

        On a busy machine a program that is silent may only be waiting for a CPU.
        """
        can_run, ran = False, 0
        for thread in Path(f"/proc/{self.process.pid}/task").glob("*"):
            with contextlib.suppress(OSError):
                can_run |= (thread / "stat").read_text().rpartition(") ")[2][0] in "RD"
                ran += int((thread / "schedstat").read_text().split()[0])
        return can_run, ran

    def take_in(self) -> None:
        """Read the output so far."""
        while self._read(0.0):
            pass

    def wait_for_end(self) -> int:
        """Read output until the program ends, and return its exit code."""
        deadline = time.monotonic() + DEADLINE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"The program does not end:\n{self.text}"
            self._read(0.05)
        while self._read(DRAIN_S):
            pass
        return self.process.returncode

    def wait_until_stopped(self) -> None:
        """Read output until the program is suspended, and all that it wrote before."""
        self.wait_for(
            lambda _: os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
        )
        while self._read(DRAIN_S):
            pass

    def close(self) -> None:
        """Kill the program if it is running, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            self.hang_up()

    def _read(self, timeout: float) -> bool:
        """Read and draw output, and answer queries; return whether there was any output within the timeout."""
        if self._master < 0 or not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            received = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.output += received
        self._answer(received)
        self._draw(self._incomplete + received)
        return True

    def _answer(self, received: bytes) -> None:
        if self._background and b"\x1b]11;?" in received:
            os.write(self._master, f"\x1b]11;rgb:{self._background}\x1b\\".encode())
        if b"\x1b[c" in received:
            os.write(self._master, b"\x1b[?62;c")

    def _draw(self, received: bytes) -> None:
        supported = _UNSUPPORTED.sub(b"", received)
        incomplete = _INCOMPLETE.search(supported)
        end = incomplete.start() if incomplete else len(supported)
        self._incomplete = supported[end:]
        for part in _SWITCH.split(supported[:end]):
            self._stream.feed(part)
            if _SWITCH.fullmatch(part):
                self._switch_screen(to_alternate=part.endswith(b"h"))

    def _switch_screen(self, *, to_alternate: bool) -> None:
        """Save the lines of the primary screen and start with a blank one, or restore them."""
        if to_alternate and self._primary_lines is None:
            self._primary_lines = copy.deepcopy(dict(self.screen.buffer))
            self.screen.save_cursor()
            self.screen.erase_in_display(2)
        elif not to_alternate and self._primary_lines is not None:
            self.screen.erase_in_display(2)
            self.screen.buffer.update(self._primary_lines)
            self.screen.restore_cursor()
            self._primary_lines = None
