"""The rows of runs and experiments within a write transaction."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from qtui.entities import ExperimentInfo, RunInfo, ViewType
from qtui.query.sql import equals
from qtui.store.artifacts.listing import local_path
from qtui.store.changes import target_of
from qtui.store.sql.reading.artifact_roots import is_left_behind
from qtui.store.sql.reading.experiments import parse_experiment
from qtui.store.sql.reading.run_infos import parse_experiment_id, parse_infos, select_infos
from qtui.store.sql.writing.transactions import Transaction
from qtui.store.validation import name_taken

DEFAULT_EXPERIMENT_ID = 0


def run_row(info: RunInfo) -> dict[str, object]:
    """Return the row of a new run."""
    return {
        "run_uuid": info.run_id,
        "experiment_id": int(info.experiment_id),
        "name": info.name,
        "status": info.status,
        "lifecycle_stage": info.lifecycle_stage,
        "start_time": info.start_time,
        "end_time": info.end_time,
        "deleted_time": None,
        "artifact_uri": info.artifact_uri,
        "user_id": info.user,
    }


def lock_active_run(transaction: Transaction, info: RunInfo) -> RunInfo:
    """Lock a run against other writers until the transaction ends, and return it as it is now.

    Raises:
        RunNotFound: The run does not exist.
        NotActive: The run is deleted.
    """
    tables = transaction.snapshot.tables
    of_run = equals(tables.runs.c.run_uuid, info.run_id, transaction.kind)
    if transaction.kind != "sqlite":
        statement = sa.select(tables.runs.c.run_uuid).where(of_run)
        transaction.connection.execute(statement.with_for_update(key_share=transaction.kind == "postgresql"))
    rows = transaction.snapshot.rows(select_infos(tables).where(of_run))
    if not rows:
        raise target_of(info).missing_from("the database")
    run = parse_infos(rows).items[0]
    target_of(run).check_stage(run.lifecycle_stage, ViewType.ACTIVE)
    return run


def active_experiment(transaction: Transaction, experiment: ExperimentInfo) -> ExperimentInfo:
    """Return an experiment as it is now, without its tags.

    Raises:
        ExperimentNotFound: The experiment does not exist.
        NotActive: The experiment is deleted.
    """
    c = transaction.snapshot.tables.experiments.c
    columns = (c.experiment_id, c.name, c.lifecycle_stage, c.artifact_location, c.creation_time, c.last_update_time)
    number = parse_experiment_id(experiment.experiment_id)
    statement = sa.select(*columns).where(c.experiment_id == number)
    rows = transaction.snapshot.rows(statement) if number is not None else []
    if not rows:
        raise target_of(experiment).missing_from("the database")
    current = parse_experiment(rows[0], {})
    target_of(current).check_stage(current.lifecycle_stage, ViewType.ACTIVE)
    return current


def check_name_is_free(transaction: Transaction, name: str) -> None:
    """Check that no experiment has this name.

    Raises:
        ExperimentExists: An active or deleted experiment has this name.
    """
    c = transaction.snapshot.tables.experiments.c
    statement = sa.select(c.lifecycle_stage).where(equals(c.name, name, transaction.kind))
    for (stage,) in transaction.snapshot.rows(statement):
        raise name_taken(name, is_deleted=stage == ViewType.DELETED.value)


def default_artifact_root(transaction: Transaction, database: Path | None) -> str:
    """Return the artifact root of new experiments: that of the default experiment, else a folder by the database."""
    c = transaction.snapshot.tables.experiments.c
    statement = sa.select(c.artifact_location).where(c.experiment_id == DEFAULT_EXPERIMENT_ID)
    rows = transaction.snapshot.rows(statement)
    recorded = local_path(rows[0][0] or "") if rows else None
    suffix = f"/{DEFAULT_EXPERIMENT_ID}"
    if recorded and Path(recorded).is_absolute() and recorded.endswith(suffix):
        left_behind = database is not None and is_left_behind(Path(recorded), str(DEFAULT_EXPERIMENT_ID), database)
        if Path(recorded).parent.parent.is_dir() and not left_behind:
            return str(rows[0][0]).removesuffix(suffix)
    return str((database.parent if database else Path.cwd()) / "mlruns")
