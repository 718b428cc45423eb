"""Queries for experiments, their tags and their numbers of runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import partial

import sqlalchemy as sa

from qtui.entities import ExperimentInfo, Listing, Problem, RunCounts, ViewType
from qtui.query.sql import lifecycle_stage
from qtui.store.search import counts_from_tally
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.schema.cells import LIFECYCLE_STAGES, as_int, as_text, text_problem


def read_experiments(snapshot: Snapshot, view: ViewType) -> Listing[ExperimentInfo]:
    """Return the experiments of a view, newest first as in MLflow."""
    c = snapshot.tables.experiments.c
    times = (c.creation_time, c.last_update_time)
    columns = (c.experiment_id, c.name, lifecycle_stage(c.lifecycle_stage), c.artifact_location, *times)
    newest_first = (c.creation_time.is_(None), c.creation_time.desc(), c.experiment_id)
    tags = read_experiment_tags(snapshot)
    experiments: list[ExperimentInfo] = []
    problems: list[Problem] = []
    for row in snapshot.rows(sa.select(*columns).order_by(*newest_first)):
        experiment = parse_experiment(row, tags)
        if view.admits(experiment.lifecycle_stage):
            experiments.append(experiment)
            problems += experiment_problems(row)
    return Listing(tuple(experiments), tuple(problems))


def parse_experiment(row: Row, tags: Mapping[str, Mapping[str, str]]) -> ExperimentInfo:
    """Return the experiment of a row; `tags` are those of all experiments by ID."""
    experiment_id, name, lifecycle_stage, location, created, updated = row
    return ExperimentInfo(
        experiment_id=as_text(experiment_id),
        name=as_text(name),
        lifecycle_stage=as_text(lifecycle_stage),
        artifact_location=as_text(location),
        creation_time=as_int(created),
        last_update_time=as_int(updated),
        tags=tags.get(as_text(experiment_id), {}),
    )


def experiment_problems(row: Row) -> Iterator[Problem]:
    experiment_id, name, lifecycle_stage, location, created, updated = row
    problem = partial(Problem, f"experiments/{as_text(experiment_id)}", experiment_id=as_text(experiment_id))
    yield from (problem(reason) for cell in (name, location) if (reason := text_problem(cell)))
    if lifecycle_stage not in LIFECYCLE_STAGES:
        yield problem(f"has an unknown lifecycle stage: {as_text(lifecycle_stage)}")
    for key, cell in (("creation_time", created), ("last_update_time", updated)):
        if cell is not None and type(cell) is not int:
            yield problem(f"has an invalid {key}: {as_text(cell)}")


def read_experiment_tags(snapshot: Snapshot) -> Mapping[str, Mapping[str, str]]:
    """Return the tags of all experiments by experiment ID."""
    c = snapshot.tables.experiment_tags.c
    tags: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for experiment_id, key, value in snapshot.rows(sa.select(c.experiment_id, c.key, c.value)):
        tags[as_text(experiment_id)][as_text(key)] = as_text(value)
    return tags


def count_runs(snapshot: Snapshot) -> Mapping[str, RunCounts]:
    """Return the numbers of active runs by status for every experiment, including those without runs."""
    runs = snapshot.tables.runs.c
    tallies: dict[str, Counter[str]] = {
        as_text(experiment_id): Counter()
        for (experiment_id,) in snapshot.rows(sa.select(snapshot.tables.experiments.c.experiment_id))
    }
    is_active = lifecycle_stage(runs.lifecycle_stage) == ViewType.ACTIVE.value
    statement = sa.select(runs.experiment_id, runs.status, sa.func.count()).where(is_active)
    for experiment_id, status, count in snapshot.rows(statement.group_by(runs.experiment_id, runs.status)):
        tallies.setdefault(as_text(experiment_id), Counter())[as_text(status)] += count
    return {experiment_id: counts_from_tally(tally) for experiment_id, tally in tallies.items()}
