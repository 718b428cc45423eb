"""Experiments, with their tags and with how many runs they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial

import sqlalchemy as sa

from qtui.entities import Experiment, Listing, Problem, RunCounts, Status, View
from qtui.query.sql import stage
from qtui.store.sql.connections.database import Look, Row
from qtui.store.sql.schema.cells import STAGES, oddity, text, whole


def experiments(look: Look, view: View) -> Listing[Experiment]:
    """The experiments of a view, newest first as MLflow lists them."""
    c = look.tables.experiments.c
    times = (c.creation_time, c.last_update_time)
    columns = (c.experiment_id, c.name, stage(c.lifecycle_stage), c.artifact_location, *times)
    newest_first = (c.creation_time.is_(None), c.creation_time.desc(), c.experiment_id)
    tags = experiment_tags(look)
    found: list[Experiment] = []
    problems: list[Problem] = []
    for row in look.rows(sa.select(*columns).order_by(*newest_first)):
        experiment = experiment_of(row, tags)
        if view.admits(experiment.lifecycle_stage):
            found.append(experiment)
            problems += oddities(row)
    return Listing(tuple(found), tuple(problems))


def experiment_of(row: Row, tags: Mapping[str, Mapping[str, str]]) -> Experiment:
    """The experiment in a row."""
    experiment_id, name, lifecycle_stage, location, created, updated = row
    return Experiment(
        experiment_id=text(experiment_id),
        name=text(name),
        lifecycle_stage=text(lifecycle_stage),
        artifact_location=text(location),
        creation_time=whole(created),
        last_update_time=whole(updated),
        tags=tags.get(text(experiment_id), {}),
    )


def oddities(row: Row) -> Iterator[Problem]:
    """What cannot be right in the row of an experiment."""
    experiment_id, name, lifecycle_stage, location, created, updated = row
    about = partial(Problem, f"experiments/{text(experiment_id)}", experiment_id=text(experiment_id))
    yield from (about(reason) for cell in (name, location) if (reason := oddity(cell)))
    if lifecycle_stage not in STAGES:
        yield about(f"has a lifecycle stage that MLflow does not know: {text(lifecycle_stage)}")
    for key, cell in (("creation_time", created), ("last_update_time", updated)):
        if cell is not None and type(cell) is not int:
            yield about(f"has a {key} that is no time: {text(cell)}")


def experiment_tags(look: Look) -> Mapping[str, Mapping[str, str]]:
    """The tags of every experiment, by its id."""
    c = look.tables.experiment_tags.c
    tags: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for experiment_id, key, value in look.rows(sa.select(c.experiment_id, c.key, c.value)):
        tags[text(experiment_id)][text(key)] = text(value)
    return tags


def counts(look: Look) -> Mapping[str, RunCounts]:
    """The active runs of every experiment by status; an experiment without any counts none."""
    runs = look.tables.runs.c
    tallies: dict[str, dict[str, int]] = {
        text(each): {} for (each,) in look.rows(sa.select(look.tables.experiments.c.experiment_id))
    }
    active = stage(runs.lifecycle_stage) == View.ACTIVE.value
    tally = sa.select(runs.experiment_id, runs.status, sa.func.count()).where(active)
    for experiment_id, status, number in look.rows(tally.group_by(runs.experiment_id, runs.status)):
        of_experiment = tallies.setdefault(text(experiment_id), {})
        of_experiment[text(status)] = of_experiment.get(text(status), 0) + number
    return {experiment_id: count_of(tally) for experiment_id, tally in tallies.items()}


def count_of(tally: Mapping[str, int]) -> RunCounts:
    """How many runs there are; one in a status that MLflow does not know counts in the total only."""
    return RunCounts(sum(tally.values()), **{each.name.lower(): tally.get(each.value, 0) for each in Status})
