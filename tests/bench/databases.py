"""SQLite files for the benches: MLflow's schema, filled by bulk inserts."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bench.stores import START, Size
from tests.data.schema import create_database

FAST_PRAGMAS = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000")
WIDE_KEYS, RUNS_PER_KEY = 12_000, 10
LONG_VALUE = 1 << 20


def build_database(path: Path, size: Size, seed: int = 7) -> Path:
    """Write runs spread evenly over experiments; the same seed gives the same rows."""
    rng = random.Random(seed)
    create_database(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in FAST_PRAGMAS:
            database.execute(pragma)
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
            " last_update_time) VALUES (?, ?, ?, 'active', ?, ?)",
            [(n + 1, f"experiment {n}", f"/data/mlruns/{n + 1}", START, START) for n in range(size.experiments)],
        )
        for number in range(size.runs):
            _insert_run(database, number, size, rng)
        database.execute("COMMIT")
        database.execute("ANALYZE")
    return path


def build_wide_database(path: Path, size: Size, keys: int = WIDE_KEYS) -> Path:
    """Write runs with thousands of metric keys, of which each run has a part, and one param of 1 MB."""
    build_database(path, size)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        run_ids = [run_id for (run_id,) in database.execute("SELECT run_uuid FROM runs ORDER BY start_time")]
        database.execute("BEGIN")
        for table in ("metrics", "latest_metrics"):
            database.executemany(
                f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, 0, 0, ?)",
                (
                    (f"layer_{key}/gradient_norm", key / keys, START, run_ids[(key + shift) % len(run_ids)])
                    for key in range(keys)
                    for shift in range(RUNS_PER_KEY)
                ),
            )
        database.execute("UPDATE params SET value = ? WHERE run_uuid = ?", ("x" * LONG_VALUE, run_ids[-1]))
        database.execute("COMMIT")
        database.execute("ANALYZE")
    return path


def _insert_run(database: sqlite3.Connection, number: int, size: Size, rng: random.Random) -> None:
    run_id, start_time, experiment = (
        f"{rng.getrandbits(128):032x}",
        START + number * 60_000,
        number % size.experiments + 1,
    )
    status = rng.choice(("FINISHED", "FINISHED", "FINISHED", "FINISHED", "FAILED", "KILLED"))
    artifact_uri = f"/data/mlruns/{experiment}/{run_id}/artifacts"
    database.execute(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
        " end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'UNKNOWN', '', '', 'quant', ?, ?, ?, '', 'active', ?, ?)",
        (run_id, f"run-{number}", status, start_time, start_time + 50_000, artifact_uri, experiment),
    )
    tags = {"runName": f"run-{number}", "user": "quant", "source.name": "train.py", "source.type": "LOCAL"}
    database.executemany(
        "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)",
        [(f"mlflow.{key}", value, run_id) for key, value in tags.items()],
    )
    values = [str(rng.choice((rng.randrange(1000), rng.random(), "adam"))) for _ in range(size.params)]
    database.executemany(
        "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
        [(f"param_{n}", value, run_id) for n, value in enumerate(values)],
    )
    for index in range(size.metrics):
        key = "loss" if size.metrics == 1 else f"metric_{index}"
        _insert_metric(database, key, run_id, start_time, size.steps, rng)


def _insert_metric(
    database: sqlite3.Connection, key: str, run_id: str, start_time: int, steps: int, rng: random.Random
) -> None:
    columns = "(key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)"
    for step in range(steps):
        point = (key, rng.random(), start_time + step * 1000, step, run_id)
        database.execute(f"INSERT INTO metrics {columns}", point)
    database.execute(f"INSERT INTO latest_metrics {columns}", point)
