"""Commands as a user starts them, measured as whole processes.

The first page of a long experiment is compared with a bare interpreter that reads the same files; all runs as JSON are
compared with a program that prints the runs of MLflow's client.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from tests.bench import cached_stores
from tests.bench.processes import Command, median_times_in_turns
from tests.bench.registry import Comparison, RatioBudget, Scale, bench

BARE = """
import os, sys, typer
for run in os.scandir(sys.argv[1]):
    if run.is_dir():
        with open(run.path + "/meta.yaml", "rb") as file:
            file.read()
"""

CLIENT_PROGRAM = """
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
runs = client.search_runs(experiment_ids, max_results=50_000)
json.dump([run.to_dictionary() for run in runs], sys.stdout)
"""
RUNS, ROUNDS = 4_000, 2


@bench("cli")
def command_bench(scale: Scale) -> Iterator[Comparison]:
    """Compare `qtui runs EXP --limit 50` with a bare interpreter that imports typer and reads the files of the runs."""
    path = cached_stores.file_store(scale, experiments=1)
    cached_stores.read_all_files(path)
    experiment = next(folder for folder in path.iterdir() if folder.name.isdecimal())
    ours = [sys.executable, "-m", "qtui", "--uri", f"file://{path.absolute()}", "runs", "experiment 0", "--limit", "50"]
    bare = [sys.executable, "-c", BARE, str(experiment)]
    caches = cached_stores.make_empty_folder(scale, "cache-cli")
    first, page, other = median_times_in_turns(
        scale.rounds,
        Command(ours, lambda number: caches / f"first-{number}"),
        Command(ours, lambda _: caches / "reopened"),
        Command(bare, lambda _: caches),
    )
    label = f"qtui runs EXP --limit 50, {scale.size.runs:,} runs in EXP"
    yield Comparison(label, page, "bare Python + typer", other, RatioBudget(2, is_speedup=False))
    yield Comparison(
        f"{label}, for the first time", first, "bare Python + typer", other, RatioBudget(2, is_speedup=False)
    )


@bench("json")
def json_bench(scale: Scale) -> Iterator[Comparison]:
    """Compare `qtui runs --json` of all runs with MLflow's client, for both kinds of stores."""
    size = replace(scale.size, runs=min(scale.size.runs, RUNS))
    files, database = (
        cached_stores.file_store(replace(scale, size=size)),
        cached_stores.database(replace(scale, size=size)),
    )
    cached_stores.read_all_files(files)
    cache = cached_stores.make_empty_folder(scale, "cache-json")
    stores = ("sqlite", f"sqlite:///{database.absolute()}"), ("file store, reopened", f"file://{files.absolute()}")
    for kind, uri in stores:
        ours, theirs = median_times_in_turns(
            ROUNDS,
            Command([sys.executable, "-m", "qtui", "--uri", uri, "runs", "--json"], lambda _: cache),
            Command([sys.executable, "-c", CLIENT_PROGRAM, uri], lambda _: cache),
        )
        yield Comparison(
            f"qtui runs --json, {size.runs:,} runs, {kind}",
            ours,
            "MlflowClient, whole process",
            theirs,
            RatioBudget(10),
        )
