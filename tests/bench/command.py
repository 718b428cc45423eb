"""The first page of a long experiment on the command line, beside a bare interpreter that reads the same run files."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import kept
from tests.bench.process import Command, interleaved
from tests.bench.registry import Goal, Row, Scale, bench

BARE = """
import os, sys, typer
for run in os.scandir(sys.argv[1]):
    if run.is_dir():
        with open(run.path + "/meta.yaml", "rb") as file:
            file.read()
"""


@bench("cli")
def command_bench(scale: Scale) -> Iterator[Row]:
    """`qtui runs EXP --limit 50` as a user starts it, in turns with the bare interpreter."""
    path = kept.file_store(scale, experiments=1)
    kept.warm(path)
    experiment = next(each for each in path.iterdir() if each.name.isdecimal())
    ours = [sys.executable, "-m", "qtui", "--uri", f"file://{path.absolute()}", "runs", "experiment 0", "--limit", "50"]
    bare = [sys.executable, "-c", BARE, str(experiment)]
    caches = kept.empty_folder(scale, "cache-cli")
    first, page, other = interleaved(
        scale.rounds,
        Command(ours, lambda number: caches / f"first-{number}"),
        Command(ours, lambda _: caches / "kept"),
        Command(bare, lambda _: caches),
    )
    what = f"qtui runs EXP --limit 50, {scale.size.runs:,} runs in EXP"
    yield Row(what, page, "bare Python + typer", other, Goal(2, faster=False))
    yield Row(f"{what}, for the first time", first, "bare Python + typer", other, Goal(2, faster=False))
