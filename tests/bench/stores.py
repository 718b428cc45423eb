"""File stores for the benches, in the layout of MLflow 3."""

from __future__ import annotations

import argparse
import os
import random
from dataclasses import dataclass
from pathlib import Path

START = 1_760_000_000_000
"""The start time of the first run of a store, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a store."""

    runs: int = 10_000
    experiments: int = 5
    params: int = 10
    metrics: int = 10
    steps: int = 20


def build_file_store(path: Path, size: Size | None = None, seed: int = 7) -> Path:
    """Write a store of runs spread evenly over experiments; the same seed gives the same store."""
    size = size or Size()
    rng = random.Random(seed)
    path.mkdir(parents=True)
    (path / ".trash").mkdir()
    names = [str(rng.randrange(10**17, 10**18)) for _ in range(size.experiments)]
    for number, name in enumerate(names):
        _write_experiment(path / name, name, f"experiment {number}")
    for number in range(size.runs):
        _write_run(path / names[number % size.experiments], number, size, rng)
    return path


def build_long_run(path: Path, points: int = 1_000_000, seed: int = 7) -> Path:
    """Write a store with one run whose metric `loss` is very long."""
    size = Size(runs=1, experiments=1, params=1, metrics=1, steps=1)
    build_file_store(path, size, seed)
    rng = random.Random(seed)
    lines = (f"{START + step} {rng.random()} {step}\n" for step in range(points))
    metric = next(path.glob("[0-9]*/*/metrics")) / "loss"
    with metric.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def _write_experiment(folder: Path, experiment_id: str, name: str) -> None:
    folder.mkdir()
    (folder / "meta.yaml").write_text(
        f"artifact_location: file://{folder.absolute()}\n"
        f"creation_time: {START}\n"
        "effective_trace_archival_retention: null\n"
        f"experiment_id: '{experiment_id}'\n"
        f"last_update_time: {START}\n"
        "lifecycle_stage: active\n"
        f"name: {name}\n"
        "trace_location: null\n"
        "workspace: default\n",
        encoding="utf-8",
    )


def _write_run(experiment: Path, number: int, size: Size, rng: random.Random) -> None:
    run_id = f"{rng.getrandbits(128):032x}"
    folder = f"{experiment.absolute()}/{run_id}"
    start_time = START + number * 60_000
    for part in ("", "/metrics", "/params", "/artifacts", "/tags"):
        os.mkdir(folder + part)
    _write(
        f"{folder}/meta.yaml",
        f"artifact_uri: file://{folder}/artifacts\n"
        f"end_time: {start_time + 50_000}\n"
        "entry_point_name: ''\n"
        f"experiment_id: '{experiment.name}'\n"
        "lifecycle_stage: active\n"
        f"run_id: {run_id}\n"
        f"run_name: run-{number}\n"
        "source_name: ''\n"
        "source_type: 4\n"
        "source_version: ''\n"
        f"start_time: {start_time}\n"
        f"status: {rng.choice((3, 3, 3, 3, 4, 5))}\n"
        "tags: []\n"
        "user_id: quant\n",
    )
    tags = {"runName": f"run-{number}", "user": "quant", "source.name": "train.py", "source.type": "LOCAL"}
    for key, value in tags.items():
        _write(f"{folder}/tags/mlflow.{key}", value)
    for index in range(size.params):
        _write(f"{folder}/params/param_{index}", str(rng.choice((rng.randrange(1000), rng.random(), "adam"))))
    for index in range(size.metrics):
        _write(f"{folder}/metrics/metric_{index}", _metric_lines(index, start_time, size.steps, rng))


def _metric_lines(index: int, start_time: int, steps: int, rng: random.Random) -> str:
    """Return the lines of a metric file: most values are fractions, some are negative or tiny (`2.5e-05`)."""
    scale = 1e-5 if index % 10 == 9 else 1.0
    shift = 0.5 if index % 5 == 3 else 0.0
    return "".join(f"{start_time + step * 1000} {(rng.random() - shift) * scale} {step}\n" for step in range(steps))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def main() -> None:
    """Build a store from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--points", type=int, help="build one run with a metric of this many points instead")
    options = parser.parse_args()
    if options.points:
        build_long_run(options.path, options.points)
    else:
        build_file_store(options.path, Size(runs=options.runs))


if __name__ == "__main__":
    main()
