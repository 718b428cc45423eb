"""What the whole screen sends through SSH for what is done most: a step with the details, a page, a dialog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean

from tests.bench import kept
from tests.bench.registry import Amount, Scale, bench
from tests.bench.runs_table import DOWN, PAGE_DOWN, Driven
from tests.bench.table import bytes_of

ESCAPE = "\x1b"
SETTLED = 0.5
"""Seconds without a byte after which the details have followed the cursor."""


@bench("screen")
def screen_bench(scale: Scale) -> Iterator[Amount]:
    """The bytes of each, in terminals of three sizes, over a store of files."""
    store = kept.file_store(scale)
    for columns, lines in ((80, 24), (120, 36), (200, 55)):
        where = f"{scale.size.runs:,} runs, {columns}x{lines}"
        with Driven(["-m", "qtui", "--uri", str(store), "--refresh", "0"], columns, lines) as screen:
            screen.press("", patience=120, quiet=4)
            yield Amount(f"{where}: step and details", _sent(screen, [DOWN] * 12), 2_000, bytes_of)
            yield Amount(f"{where}: page of runs", _sent(screen, [PAGE_DOWN] * 6), 16_000, bytes_of)
            yield Amount(f"{where}: help opened and closed", _sent(screen, ["?", ESCAPE] * 2) * 2, 64_000, bytes_of)


def _sent(screen: Driven, keys: Sequence[str]) -> float:
    """The bytes that a key makes the screen send, as a mean."""
    return mean(screen.press(key, quiet=SETTLED)[1] for key in keys)
