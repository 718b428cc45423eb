"""The budgets of the design, measured: `python -m tests.bench [--quick] [NAME...]`."""

from __future__ import annotations

import argparse
import compileall
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

from tests.bench import (
    artifacts,
    charts,
    command,
    compare,
    edits,
    grid,
    growth,
    launch,
    logging,
    reading,
    recording,
    runs_table,
    screen,
    wandb_peer,
    wide,
)
from tests.bench.registry import BENCHES, Amount, Row, Scale
from tests.bench.stores import Size
from tests.bench.table import lines_of

FOLDER = Path(".bench")
LOADED = (
    launch,
    reading,
    command,
    logging,
    recording,
    edits,
    runs_table,
    screen,
    charts,
    grid,
    growth,
    wide,
    artifacts,
    compare,
)
"""The modules that enter their benches into the registry."""


def main() -> None:
    """Run the benches that are named, or all, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHES)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="small stores: shows that all works, proves no budget")
    parser.add_argument(wandb_peer.ASK, action="store_true", help="install wandb from PyPI, to hold launch against")
    given = parser.parse_args()
    for name in given.names:
        if name not in BENCHES:
            parser.error(f"there is no bench {name}; there are {', '.join(BENCHES)}")
    compileall.compile_dir("qtui", quiet=1)  # an environment may forbid what every installation does
    quick = Scale(FOLDER, Size(runs=500), points=100_000, rounds=3, artifact_bytes=20_000_000, artifact_rows=2_000_000)
    scale = quick if given.quick else Scale(FOLDER)
    if given.with_wandb and (problem := wandb_peer.install(scale)):
        print(problem, file=sys.stderr)
    rows: list[Row | Amount] = []
    for name in given.names or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += BENCHES[name](scale)
    print("\n".join((_surroundings(), "", *lines_of(rows))))


def _surroundings() -> str:
    return (
        f"Python {platform.python_version()}, MLflow {importlib.metadata.version('mlflow')}, {os.cpu_count()} cores; "
        "each time from a fresh process; imports count only for commands; page cache warm on all sides."
    )


if __name__ == "__main__":
    main()
