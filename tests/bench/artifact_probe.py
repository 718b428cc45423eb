"""Read a large artifact in windows: `python -m tests.bench.artifact_probe SMALL LARGE`.

The small file is read first, so that imports are left out. Prints seconds and bytes as JSON: the first screen, the 95th
percentile of jumps and of cursor steps, and the peak of the memory.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from qtui.artifacts.content import TableContent, TextContent
from qtui.artifacts.source import Source
from qtui.artifacts.viewers import views_of
from tests.bench.memory import peak_memory

SCREEN_ROWS = 50
JUMPS = 60
STEPS = 300


def main(small: str, large: str) -> None:
    """Read both files and print the measurements of the large one."""
    measure(small)
    print(json.dumps({**measure(large), "memory": peak_memory()}))


def measure(path: str) -> dict[str, float]:
    """Open a file and return the times of its windows."""
    started = perf_counter()
    with open(path, "rb") as file:
        source = Source.of_file(file, Path(path).name)
    content = views_of(source).views[0].open()
    assert isinstance(content, TableContent | TextContent)
    read = _reader(content)
    read(0)
    first = perf_counter() - started
    for _ in content.scan():
        pass
    last = max(0, content.row_count().count - SCREEN_ROWS)
    rng = random.Random(7)
    read(last // 2)
    jumps = [_seconds(read, rng.randrange(last + 1)) for _ in range(JUMPS)]
    start = last // 3
    read(start)
    steps = [_seconds(read, min(last, start + step)) for step in range(STEPS)]
    return {"first": first, "jump": _p95(jumps), "step": _p95(steps)}


def _reader(content: TableContent | TextContent) -> Callable[[int], object]:
    """Return a function that reads a screen from a row on."""
    if isinstance(content, TextContent):
        return lambda start: content.rows(start, start + SCREEN_ROWS)
    columns = range(min(10, len(content.columns)))
    return lambda start: content.cells(start, start + SCREEN_ROWS, columns)


def _seconds(read: Callable[[int], object], start: int) -> float:
    started = perf_counter()
    read(start)
    return perf_counter() - started


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    main(*sys.argv[1:])
