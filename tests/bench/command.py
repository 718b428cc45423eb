"""Commands as a user starts them, measured as whole processes.

The first page of a long experiment stands beside a bare interpreter that reads the same run files, all runs as JSON
beside a program that prints what MLflow's client gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

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

CLIENT = """
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
runs = client.search_runs(experiment_ids, max_results=50_000)
json.dump([run.to_dictionary() for run in runs], sys.stdout)
"""
RUNS, ROUNDS = 4_000, 2


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


@bench("json")
def json_bench(scale: Scale) -> Iterator[Row]:
    """`qtui runs --json` of all runs, from both kinds of stores, in turns with MLflow's client."""
    size = replace(scale.size, runs=min(scale.size.runs, RUNS))
    files, database = kept.file_store(replace(scale, size=size)), kept.database(replace(scale, size=size))
    kept.warm(files)
    cache = kept.empty_folder(scale, "cache-json")
    stores = ("sqlite", f"sqlite:///{database.absolute()}"), ("file store, reopened", f"file://{files.absolute()}")
    for kind, uri in stores:
        ours, theirs = interleaved(
            ROUNDS,
            Command([sys.executable, "-m", "qtui", "--uri", uri, "runs", "--json"], lambda _: cache),
            Command([sys.executable, "-c", CLIENT, uri], lambda _: cache),
        )
        yield Row(
            f"qtui runs --json, {size.runs:,} runs, {kind}", ours, "MlflowClient, whole process", theirs, Goal(10)
        )
