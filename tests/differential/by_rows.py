"""Writing of a generated store as rows of a database."""

from __future__ import annotations

import math
import sqlite3
import uuid
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from qtui.entities import Point
from tests.differential.by_files import experiment_meta
from tests.differential.generated_stores import GeneratedExperiment, GeneratedRun

MAX_FLOAT = 1.7976931348623157e308


def write_rows(path: Path, experiments: Iterable[GeneratedExperiment]) -> None:
    """Insert rows into an empty MLflow database."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM experiments")
        for experiment in experiments:
            place = f"{path.parent}/mlruns/{experiment.experiment_id}"
            _insert_experiment(database, experiment, place)
            datasets = _insert_datasets(database, experiment)
            for run in experiment.runs:
                _insert_run(database, experiment, place, run)
                _insert_metrics(database, run)
                _insert_inputs(database, run, datasets)


def _insert_experiment(database: sqlite3.Connection, experiment: GeneratedExperiment, place: str) -> None:
    meta = experiment_meta(experiment, place)
    columns = ", ".join(meta)
    database.execute(f"INSERT INTO experiments ({columns}) VALUES ({', '.join('?' * len(meta))})", tuple(meta.values()))
    rows = [(key, value, experiment.experiment_id) for key, value in experiment.tags.items()]
    database.executemany("INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)", rows)


def _insert_datasets(database: sqlite3.Connection, experiment: GeneratedExperiment) -> dict[tuple[str, str], str]:
    """Insert the distinct datasets of an experiment, and return their ids."""
    known = {(name, digest): uuid.uuid4().hex for run in experiment.runs for name, digest, _ in run.datasets}
    database.executemany(
        "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source)"
        " VALUES (?, ?, ?, ?, 'local', '{}')",
        [(dataset_id, experiment.experiment_id, *named) for named, dataset_id in known.items()],
    )
    return known


def _insert_run(database: sqlite3.Connection, experiment: GeneratedExperiment, place: str, run: GeneratedRun) -> None:
    stage = "deleted" if run.dead else "active"
    artifact_uri = f"{place}/{run.run_id}/artifacts"
    database.execute(
        "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage,"
        " artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', ?, ?, ?, ?, ?, ?, ?)",
        (run.run_id, run.name, run.user, run.status, run.start, run.end, stage, artifact_uri, experiment.experiment_id),
    )
    tags = {"mlflow.runName": run.name, "mlflow.user": run.user, **run.tags}
    _insert_pairs(database, "params", run.params, run.run_id)
    _insert_pairs(database, "tags", tags, run.run_id)


def _insert_metrics(database: sqlite3.Connection, run: GeneratedRun) -> None:
    columns = "(key, value, is_nan, timestamp, step, run_uuid) VALUES (?, ?, ?, ?, ?, ?)"
    for key, points in run.metrics.items():
        rows = [(key, *_stored(point), point.timestamp, point.step, run.run_id) for point in points]
        database.executemany(f"INSERT OR IGNORE INTO metrics {columns}", rows)
        latest = max(points, key=lambda point: (point.step, point.timestamp, point.value))
        row = (key, *_stored(latest), latest.timestamp, latest.step, run.run_id)
        database.execute(f"INSERT INTO latest_metrics {columns}", row)


def _insert_inputs(database: sqlite3.Connection, run: GeneratedRun, datasets: dict[tuple[str, str], str]) -> None:
    for name, digest, context in run.datasets:
        use = uuid.uuid4().hex
        row = (use, "DATASET", datasets[name, digest], "RUN", run.run_id)
        columns = "(input_uuid, source_type, source_id, destination_type, destination_id) VALUES (?, ?, ?, ?, ?)"
        database.execute(f"INSERT INTO inputs {columns}", row)
        if context:
            database.execute("INSERT INTO input_tags VALUES (?, 'mlflow.data.context', ?)", (use, context))


def _insert_pairs(database: sqlite3.Connection, table: str, pairs: dict[str, str], run_id: str) -> None:
    rows = [(key, value, run_id) for key, value in pairs.items()]
    database.executemany(f"INSERT INTO {table} (key, value, run_uuid) VALUES (?, ?, ?)", rows)


def _stored(point: Point) -> tuple[float, bool]:
    """Return a value as MLflow stores it: NaN as zero with a flag, infinities as the largest floats."""
    if math.isnan(point.value):
        return 0.0, True
    return max(-MAX_FLOAT, min(MAX_FLOAT, point.value)), False
