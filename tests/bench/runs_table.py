"""The response of the runs table to keys, in terminals of two sizes.

A time is from the key to the last byte of the output; it includes the half frame that Textual waits on average
before it paints.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.bench.registry import Comparison, Measurement, Scale, bench
from tests.bench.report import format_bytes, format_seconds

DOWN, UP, PAGE_DOWN, RIGHT, END, HOME = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[C", "\x1b[F", "\x1b[H"
QUIET = 0.06
"""Seconds without output after which a response is complete."""

KEY_LIMIT_S, SORT_LIMIT_S = 0.016, 0.030

BROWSING_KEYS = (*[DOWN] * 60, *[PAGE_DOWN] * 40, *[UP] * 40, *[RIGHT] * 20, *[END, UP, HOME, DOWN] * 10)
"""Two hundred keys of a user who browses the table."""


@dataclass(frozen=True, slots=True)
class KeyResponses:
    """The times and the output sizes of several keys, both sorted."""

    seconds: tuple[float, ...]
    sizes: tuple[int, ...]

    @property
    def p95(self) -> float:
        """The 95th percentile of the times."""
        return self.seconds[int(len(self.seconds) * 0.95)]

    @property
    def median(self) -> float:
        """The median of the times."""
        return statistics.median(self.seconds)


class TerminalProgram:
    """A Python program in a pseudo-terminal."""

    def __init__(self, arguments: Sequence[str], columns: int, lines: int) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.execv(sys.executable, [sys.executable, *arguments])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> TerminalProgram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def press(self, key: str, timeout: float = 5.0, quiet: float = QUIET) -> tuple[float, int]:
        """Press a key; return the seconds to the last byte of the output, and the number of bytes."""
        started = last = time.perf_counter()
        size = 0
        os.write(self._terminal, key.encode())
        while select.select([self._terminal], [], [], quiet if size else timeout)[0]:
            size += len(os.read(self._terminal, 1 << 16))
            last = time.perf_counter()
        return last - started, size

    def press_until_painted(self, key: str, min_bytes: int, pause: float, timeout: float = 2.0) -> tuple[float, bytes]:
        """Press a key; return the seconds until it has put out some bytes, and the output until a pause later."""
        started = time.perf_counter()
        output = b""
        os.write(self._terminal, key.encode())
        while len(output) < min_bytes and select.select([self._terminal], [], [], timeout)[0]:
            output += os.read(self._terminal, 1 << 16)
        seconds = time.perf_counter() - started
        end = time.perf_counter() + pause
        while (left := end - time.perf_counter()) > 0 and select.select([self._terminal], [], [], left)[0]:
            output += os.read(self._terminal, 1 << 16)
        return seconds, output

    def press_all(self, keys: Sequence[str]) -> KeyResponses:
        """Press the keys one after the other; keys without output are left out."""
        responses = [response for key in keys if (response := self.press(key, timeout=0.3))[1]]
        seconds, sizes = zip(*responses, strict=True)
        return KeyResponses(tuple(sorted(seconds)), tuple(sorted(sizes)))

    def end(self) -> None:
        """Press q and wait for the end of the program."""
        with contextlib.suppress(OSError):
            self.press("q", quiet=5)

    def cpu(self, seconds: float) -> float:
        """Return the share of a core that the program uses without input."""
        before = self._ticks()
        time.sleep(seconds)
        return (self._ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


@bench("table")
def table_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Measure keys, sorting, filtering, bytes, memory and idle CPU, by number of runs and size of the terminal."""
    for runs in (scale.size.runs, scale.size.runs * 10):
        for columns, lines in ((120, 36), (200, 55)):
            yield from _measure(runs, columns, lines)


def _measure(runs: int, columns: int, lines: int) -> Iterator[Measurement]:
    label = f"{runs:,} runs x 30 columns, {columns}x{lines}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        with TerminalProgram(["-m", "tests.bench.runs_table_app", str(runs), str(report)], columns, lines) as table:
            table.press("", timeout=120, quiet=2)
            keys, steps = table.press_all(BROWSING_KEYS), table.press_all([DOWN] * 100)
            sort, filtering = table.press_all("s" * 20), table.press_all("f" * 20)
            yield Measurement(f"{label}: key to paint, p50", keys.median, KEY_LIMIT_S, format_seconds)
            yield Measurement(f"{label}: key to paint, p95", keys.p95, KEY_LIMIT_S, format_seconds)
            yield Measurement(f"{label}: terminal for a step, mean", statistics.mean(steps.sizes), 2_000, format_bytes)
            yield Measurement(f"{label}: sort to paint, p50", sort.median, SORT_LIMIT_S, format_seconds)
            yield Measurement(f"{label}: filter to paint, p50", filtering.median, SORT_LIMIT_S, format_seconds)
            yield Measurement(f"{label}: idle", table.cpu(3), 0.005, "{:.1%} of a core".format)
            table.end()
            yield Measurement(f"{label}: memory of the process", int(report.read_text()), 250e6, format_bytes)
