"""The rows of runs and experiments as they are made, deleted and restored: nothing is taken away for good."""

from __future__ import annotations

import time
from collections.abc import Sequence

import sqlalchemy as sa

from qtui.entities import Experiment, RunInfo, View
from qtui.errors import ExperimentNotFound
from qtui.query.sql import same
from qtui.store.sql.writing.finding import experiment_now, number_of, run_now
from qtui.store.sql.writing.transactions import Page


def now() -> int:
    """The time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def run_row(info: RunInfo) -> dict[str, object]:
    """The row of a new run."""
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


def mark_runs(page: Page, infos: Sequence[RunInfo], stage: str, deleted_time: int | None) -> None:
    """Mark runs as active or deleted."""
    form = page.forms["runs"]
    for info in infos:
        run_now(page, info)
        of_it = same(form.table.c.run_uuid, info.run_id, page.kind)
        form.update(page.connection, of_it, lifecycle_stage=stage, deleted_time=deleted_time)


def delete_experiment(page: Page, experiment: Experiment) -> None:
    """Mark an experiment and all its runs as deleted."""
    mark_experiment(page, experiment, View.ACTIVE, View.DELETED, now())


def restore_experiment(page: Page, experiment: Experiment) -> None:
    """Mark an experiment and all its runs as active."""
    mark_experiment(page, experiment, View.DELETED, View.ACTIVE, None)


def mark_experiment(page: Page, experiment: Experiment, former: View, stage: View, deleted_time: int | None) -> None:
    """Bring an experiment and all its runs from one stage into the other."""
    if experiment_now(page, experiment).lifecycle_stage != former.value:
        raise ExperimentNotFound(f"There is no {former} experiment {experiment.experiment_id} in the database.")
    number = number_of(experiment)
    experiments, runs = page.forms["experiments"], page.forms["runs"]
    of_it: sa.ColumnElement[bool] = experiments.table.c.experiment_id == number
    experiments.update(page.connection, of_it, lifecycle_stage=stage.value, last_update_time=now())
    of_its_runs: sa.ColumnElement[bool] = runs.table.c.experiment_id == number
    runs.update(page.connection, of_its_runs, lifecycle_stage=stage.value, deleted_time=deleted_time)
