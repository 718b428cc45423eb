"""Windows of large CSV, log and Parquet files, beside `head`, pandas and pyarrow."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from qtui.formatting import format_size
from tests.bench import cached_stores
from tests.bench.registry import Comparison, Measurement, Scale, bench
from tests.bench.report import format_seconds

FIRST_SCREEN_S = 0.3
JUMP_S = 0.05
STEP_S = 0.016
MEMORY_BYTES = 200_000_000
SMALL_BYTES = 1_000_000
SMALL_ROWS = 100_000
GROUP_ROWS = 1 << 20
"""The rows of a row group, as pandas and pyarrow write them."""
ROUNDS = 5
HEAD_OF_CSV = "import pandas; pandas.read_csv(sys.argv[1], nrows=50)"
HEAD_OF_PARQUET = (
    "import pyarrow.parquet as parquet; next(parquet.ParquetFile(sys.argv[1]).iter_batches(50)).to_pylist()"
)


@bench("artifacts")
def artifacts_bench(scale: Scale) -> Iterator[Comparison | Measurement]:
    """Measure the first screen, jumps, cursor steps and memory of large files."""
    size = format_size(scale.artifact_bytes)
    for name, suffix, write in (("CSV", "csv", write_csv), ("log", "log", write_log)):
        large = cached_stores.artifact(scale, f"{scale.artifact_bytes}.{suffix}", _of_size(write, scale.artifact_bytes))
        small = cached_stores.artifact(scale, f"{SMALL_BYTES}.{suffix}", _of_size(write, SMALL_BYTES))
        yield from _windows(f"{name} of {size}", small, large)
        if suffix == "csv":
            yield Comparison("for scale: 50 rows of the CSV", None, "pandas", _run_program(HEAD_OF_CSV, large))
        yield Comparison(
            f"for scale: 50 lines of the {name}", None, "head", _shortest_time(["head", "-n", "50", str(large)])
        )
    rows = scale.artifact_rows
    large = cached_stores.artifact(scale, f"{rows}.parquet", lambda path: write_parquet(path, rows))
    small = cached_stores.artifact(scale, f"{SMALL_ROWS}.parquet", lambda path: write_parquet(path, SMALL_ROWS))
    yield from _windows(f"Parquet of {rows:,} rows", small, large)
    yield Comparison("for scale: 50 rows of the Parquet file", None, "pyarrow", _run_program(HEAD_OF_PARQUET, large))


def _windows(label: str, small: Path, large: Path) -> Iterator[Measurement]:
    """Measure the windows of a file in a new process."""
    command = [sys.executable, "-m", "tests.bench.artifact_probe", str(small), str(large)]
    times = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    yield Measurement(f"{label}, first screen", times["first"], FIRST_SCREEN_S, format_seconds)
    yield Measurement(f"{label}, jump to any row, p95", times["jump"], JUMP_S, format_seconds)
    yield Measurement(f"{label}, cursor step, p95", times["step"], STEP_S, format_seconds)
    yield Measurement(f"{label}, peak memory", times["memory"], MEMORY_BYTES, lambda size: format_size(int(size)))


def _run_program(program: str, path: Path) -> float:
    """Return the shortest time of a program in new processes, without its imports."""
    imports, _, work = program.partition("; ")
    start, end = "from time import perf_counter; started = perf_counter()", "print(perf_counter() - started)"
    timed = f"import sys; {imports}; {start}; {work}; {end}"
    command = [sys.executable, "-c", timed, str(path)]
    return min(float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(ROUNDS))


def _shortest_time(command: list[str]) -> float:
    """Return the shortest wall time of a command."""
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(perf_counter() - started)
    return min(times)


def _of_size(write: Callable[[Path, int], None], size: int) -> Callable[[Path], None]:
    return lambda path: write(path, size)


def write_csv(path: Path, size: int) -> None:
    """Write a CSV file of scores; a part of the names is quoted and has a line break."""
    rows = (
        f"2020-{row % 12 + 1:02}-{row % 28 + 1:02},SH{600000 + row % 4000},{(row * 7919) % 10007 / 10007},"
        + (f'"name\n{row}"' if row % 50 == 0 else f"name {row}")
        + "\n"
        for row in range(20_000)
    )
    _repeat(path, "date,instrument,score,name\n", "".join(rows), size)


def write_log(path: Path, size: int) -> None:
    """Write a log."""
    lines = (f"2026-11-29 12:{row % 60:02}:00 INFO epoch {row} loss {1 / (row + 1)}\n" for row in range(20_000))
    _repeat(path, "", "".join(lines), size)


def _repeat(path: Path, head: str, body: str, size: int) -> None:
    block = body.encode()
    with path.open("wb") as file:
        file.write(head.encode())
        while file.tell() < size:
            file.write(block)


def write_parquet(path: Path, rows: int) -> None:
    """Write predictions in row groups of a million rows."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(7)
    schema = pa.schema([("datetime", pa.timestamp("us")), ("instrument", pa.string()), ("score", pa.float64())])
    names = pa.array([f"SH{600000 + number}" for number in range(4000)])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, GROUP_ROWS):
            numbers = np.arange(start, min(rows, start + GROUP_ROWS))
            days = pa.array(numbers // 4000 * 86_400_000_000).cast(pa.timestamp("us"))
            instruments = names.take(pa.array(numbers % 4000))
            writer.write_table(pa.table([days, instruments, random.normal(size=len(numbers))], schema=schema))
