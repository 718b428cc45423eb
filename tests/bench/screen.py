"""The bytes that the screen sends for the most common actions: a step with its details, a page, a dialog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean

from tests.bench import cached_stores
from tests.bench.registry import Measurement, Scale, bench
from tests.bench.report import format_bytes
from tests.bench.runs_table import DOWN, PAGE_DOWN, TerminalProgram

ESCAPE = "\x1b"
DETAILS_QUIET_S = 0.5
"""Seconds without output after which the details have followed the cursor."""


@bench("screen")
def screen_bench(scale: Scale) -> Iterator[Measurement]:
    """Measure the bytes of the actions over a file store, in terminals of three sizes."""
    store = cached_stores.file_store(scale)
    for columns, lines in ((80, 24), (120, 36), (200, 55)):
        label = f"{scale.size.runs:,} runs, {columns}x{lines}"
        with TerminalProgram(["-m", "qtui", "--uri", str(store), "--refresh", "0"], columns, lines) as screen:
            screen.press("", timeout=120, quiet=4)
            step, page = _mean_bytes(screen, [DOWN] * 12), _mean_bytes(screen, [PAGE_DOWN] * 6)
            help_bytes = 2 * _mean_bytes(screen, ["?", ESCAPE] * 2)
            yield Measurement(f"{label}: step and details", step, 2_000, format_bytes)
            yield Measurement(f"{label}: page of runs", page, 16_000, format_bytes)
            yield Measurement(f"{label}: help opened and closed", help_bytes, 64_000, format_bytes)


def _mean_bytes(screen: TerminalProgram, keys: Sequence[str]) -> float:
    """Press the keys; return the mean number of bytes of output per key."""
    return mean(screen.press(key, quiet=DETAILS_QUIET_S)[1] for key in keys)
