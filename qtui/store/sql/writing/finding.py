"""Finds what is to be written to, within the transaction that writes it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from qtui.entities import Experiment, RunInfo, View
from qtui.errors import ExperimentExists, ExperimentNotFound, NotActive, RunNotFound
from qtui.query.sql import same
from qtui.store.artifacts.listing import local_path
from qtui.store.sql.reading.artifact_roots import is_left_behind
from qtui.store.sql.reading.experiments import experiment_of
from qtui.store.sql.reading.run_infos import every_run, listing_of
from qtui.store.sql.writing.transactions import Page
from qtui.store.validation import quote

DEFAULT_ID = 0


def run_now(page: Page, info: RunInfo) -> RunInfo:
    """A run as it stands."""
    found = page.look.rows(every_run(page.look.tables).where(of_run(page, info)))
    if not found:
        raise RunNotFound(f"There is no run {info.run_id} in the database.")
    return listing_of(found).items[0]


def active_run(page: Page, info: RunInfo) -> RunInfo:
    """A run that takes values; nobody else of our kind writes to it until the transaction ends."""
    runs = page.forms["runs"].table
    if page.kind != "sqlite":
        mine = sa.select(runs.c.run_uuid).where(same(runs.c.run_uuid, info.run_id, page.kind))
        page.connection.execute(mine.with_for_update(key_share=page.kind == "postgresql"))
    found = run_now(page, info)
    if found.lifecycle_stage != View.ACTIVE.value:
        raise NotActive(f"The run {info.run_id} is deleted; restore it first.")
    return found


def of_run(page: Page, info: RunInfo) -> sa.ColumnElement[bool]:
    """Whether a row is that of a run."""
    return same(page.look.tables.runs.c.run_uuid, info.run_id, page.kind)


def experiment_now(page: Page, experiment: Experiment) -> Experiment:
    """An experiment as it stands, without its tags."""
    c = page.look.tables.experiments.c
    columns = (c.experiment_id, c.name, c.lifecycle_stage, c.artifact_location, c.creation_time, c.last_update_time)
    number = number_of(experiment)
    found = page.look.rows(sa.select(*columns).where(c.experiment_id == number)) if number is not None else []
    if not found:
        raise ExperimentNotFound(f"There is no experiment {experiment.experiment_id} in the database.")
    return experiment_of(found[0], {})


def active_experiment(page: Page, experiment: Experiment) -> Experiment:
    """An experiment that takes runs."""
    found = experiment_now(page, experiment)
    if found.lifecycle_stage != View.ACTIVE.value:
        raise NotActive(f"The experiment {experiment.experiment_id} is deleted; restore it first.")
    return found


def number_of(experiment: Experiment) -> int | None:
    """The number that databases call an experiment by."""
    text = experiment.experiment_id
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def check_name(page: Page, name: str) -> None:
    """Refuse a name that an experiment has already."""
    c = page.look.tables.experiments.c
    for _, stage in page.look.rows(sa.select(c.name, c.lifecycle_stage).where(same(c.name, name, page.kind))):
        if stage == View.DELETED.value:
            raise ExperimentExists(f"A deleted experiment is named {quote(name)}: restore it, or choose another name.")
        raise ExperimentExists(f"An experiment named {quote(name)} already exists.")


def artifact_root(page: Page, database: Path | None) -> str:
    """Where new experiments keep their artifacts: beside those of the default one, else beside the database."""
    c = page.look.tables.experiments.c
    rows = page.look.rows(sa.select(c.artifact_location).where(c.experiment_id == DEFAULT_ID))
    recorded = local_path(rows[0][0] or "") if rows else None
    if recorded and Path(recorded).is_absolute() and recorded.endswith(f"/{DEFAULT_ID}"):
        above = Path(recorded).parent
        left_behind = database is not None and is_left_behind(Path(recorded), str(DEFAULT_ID), database)
        if above.parent.is_dir() and not left_behind:
            return str(rows[0][0]).removesuffix(f"/{DEFAULT_ID}")
    return str((database.parent if database else Path.cwd()) / "mlruns")
