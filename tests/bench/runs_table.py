"""How quickly the table of runs answers a key, and what that costs: `python -m tests.bench.runs_table [RUNS...]`.

A real terminal of 120x36 and of 200x55 is driven; a time is from the key to the last byte that it made the program
write. It includes the half frame that Textual waits on average before it paints.
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

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

    def __str__(self) -> str:
        late = self.seconds[int(len(self.seconds) * 0.95)]
        return (
            f"p50 {statistics.median(self.seconds) * 1000:5.1f} ms   p95 {late * 1000:5.1f} ms   "
            f"bytes: p50 {statistics.median(self.sizes):6.0f}   mean {statistics.mean(self.sizes):6.0f}"
        )


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


def measure(runs: int, columns: int, lines: int) -> None:
    """Print what one size of table and terminal gives."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        with Driven(["-m", "tests.bench.runs_table_app", str(runs), str(report)], columns, lines) as table:
            table.press("", patience=120, quiet=2)
            print(f"\n{runs:,} runs x 30 columns, {columns}x{lines}")
            print(f"  200 keys   {table.answers(MIXED)}")
            print(f"  down       {table.answers([DOWN] * 100)}")
            print(f"  sort       {table.answers('s' * 20)}")
            print(f"  filter     {table.answers('f' * 20)}")
            print(f"  idle       {table.cpu(3):.1%} of a core")
            table.end()
            now, most = (int(each) / 1024 for each in report.read_text().split())
            print(f"  memory     {now:.0f} MB, at most {most:.0f} MB")


def main() -> None:
    """Measure the sizes that are named, or those of the budget."""
    for runs in map(int, sys.argv[1:] or ("10000", "100000")):
        for columns, lines in ((120, 36), (200, 55)):
            measure(runs, columns, lines)


if __name__ == "__main__":
    main()
