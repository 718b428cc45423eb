"""Measure the budgets: `python -m tests.bench [--quick] [NAME...]`."""

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
from tests.bench.registry import BENCHES, Comparison, Measurement, Scale
from tests.bench.report import format_results
from tests.bench.stores import Size

FOLDER = Path(".bench")
BENCH_MODULES = (
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
"""The modules that register benches."""


def main() -> None:
    """Run all benches, or those on the command line, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHES)}; by default all")
    parser.add_argument("--quick", action="store_true", help="small stores: a check of the benches, not of the budgets")
    parser.add_argument(
        wandb_peer.INSTALL_OPTION, action="store_true", help="install wandb from PyPI, to compare the launch with"
    )
    options = parser.parse_args()
    for name in options.names:
        if name not in BENCHES:
            parser.error(f"there is no bench {name}, only {', '.join(BENCHES)}")
    compileall.compile_dir("qtui", quiet=1)  # PYTHONDONTWRITEBYTECODE may be set here
    quick = Scale(FOLDER, Size(runs=500), points=100_000, rounds=3, artifact_bytes=20_000_000, artifact_rows=2_000_000)
    scale = quick if options.quick else Scale(FOLDER)
    if options.with_wandb and (problem := wandb_peer.install(scale)):
        print(problem, file=sys.stderr)
    results: list[Comparison | Measurement] = []
    for name in options.names or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results += BENCHES[name](scale)
    print("\n".join((_environment(), "", *format_results(results))))


def _environment() -> str:
    return (
        f"Python {platform.python_version()}, MLflow {importlib.metadata.version('mlflow')}, {os.cpu_count()} cores; "
        "every time in a new process; imports count only for commands; the page cache is warm."
    )


if __name__ == "__main__":
    main()
