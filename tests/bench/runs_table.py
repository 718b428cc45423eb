"""How quickly the table of runs answers a key, and what that costs, in real terminals of two sizes.

A time is from the key to the last byte that it made the program write; it includes the half frame that Textual waits
on average before it paints.
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

from tests.bench.registry import Amount, Row, Scale, bench
from tests.bench.table import bytes_of, time_of

DOWN, UP, PAGE_DOWN, RIGHT, END, HOME = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[C", "\x1b[F", "\x1b[H"
QUIET = 0.06
"""Seconds without a byte after which an answer is complete."""

MIXED = (*[DOWN] * 60, *[PAGE_DOWN] * 40, *[UP] * 40, *[RIGHT] * 20, *[END, UP, HOME, DOWN] * 10)
"""Two hundred keys as somebody presses them who looks around."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What some keys brought: seconds and bytes, each sorted."""

    seconds: tuple[float, ...]
    sizes: tuple[int, ...]

    @property
    def late(self) -> float:
        """The seconds that 95 of 100 keys do not need."""
        return self.seconds[int(len(self.seconds) * 0.95)]

    @property
    def usual(self) -> float:
        """The seconds that half of the keys do not need."""
        return statistics.median(self.seconds)


class Driven:
    """A program in a terminal of its own."""

    def __init__(self, arguments: Sequence[str], columns: int, lines: int) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.execv(sys.executable, [sys.executable, *arguments])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> Driven:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def press(self, key: str, patience: float = 5.0, quiet: float = QUIET) -> tuple[float, int]:
        """The seconds to the last byte of the answer, and how many bytes it has."""
        begun = last = time.perf_counter()
        size = 0
        os.write(self._terminal, key.encode())
        while select.select([self._terminal], [], [], quiet if size else patience)[0]:
            size += len(os.read(self._terminal, 1 << 16))
            last = time.perf_counter()
        return last - begun, size

    def answers(self, keys: Sequence[str]) -> Answers:
        """The answers to these keys, one after the other; a key that changes nothing is left out."""
        found = [answer for key in keys if (answer := self.press(key, patience=0.3))[1]]
        seconds, sizes = zip(*found, strict=True)
        return Answers(tuple(sorted(seconds)), tuple(sorted(sizes)))

    def end(self) -> None:
        """Press q and wait until it has ended."""
        with contextlib.suppress(OSError):
            self.press("q", quiet=5)

    def cpu(self, seconds: float) -> float:
        """The share of a core that it uses while nobody does anything."""
        before = self._ticks()
        time.sleep(seconds)
        return (self._ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


@bench("table")
def table_bench(scale: Scale) -> Iterator[Row | Amount]:
    """Keys, sorts, filters, bytes, memory and idleness, by number of runs and size of the terminal."""
    for runs, key_limit in ((scale.size.runs, 0.016), (scale.size.runs * 10, 0.030)):
        for columns, lines in ((120, 36), (200, 55)):
            yield from _measured(runs, columns, lines, key_limit)


def _measured(runs: int, columns: int, lines: int, key_limit: float) -> Iterator[Amount]:
    where = f"{runs:,} runs x 30 columns, {columns}x{lines}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        with Driven(["-m", "tests.bench.runs_table_app", str(runs), str(report)], columns, lines) as table:
            table.press("", patience=120, quiet=2)
            keys, steps = table.answers(MIXED), table.answers([DOWN] * 100)
            yield Amount(f"{where}: key to paint, p50", keys.usual, key_limit, time_of)
            yield Amount(f"{where}: key to paint, p95", keys.late, key_limit, time_of)
            yield Amount(f"{where}: terminal for a step, mean", statistics.mean(steps.sizes), 2_000, bytes_of)
            yield Amount(f"{where}: sort to paint, p50", table.answers("s" * 20).usual, 0.030, time_of)
            yield Amount(f"{where}: filter to paint, p50", table.answers("f" * 20).usual, 0.030, time_of)
            yield Amount(f"{where}: idle", table.cpu(3), 0.005, "{:.1%} of a core".format)
            table.end()
            most = int(report.read_text()) * 1024
            yield Amount(f"{where}: memory of the process", most, 250e6, bytes_of)
