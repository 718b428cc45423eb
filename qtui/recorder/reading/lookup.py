"""Finds the experiment or the run that a user's words mean, and says what they could have meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches

from qtui.entities import RUN_NAME_TAG, Experiment, Run, RunInfo, View
from qtui.errors import ExperimentNotFound, RunNotFound
from qtui.query.projection import Projection
from qtui.store import Store
from qtui.store.search import gathered

SHORTEST_PREFIX = 4
SHOWN = 5
"""How many of several candidates an error names."""


def find_experiment(store: Store, text: str, view: View = View.ALL) -> Experiment:
    """The experiment of this name or id."""
    return pick_experiment(store.experiments(view).items, text)


def pick_experiment(experiments: Sequence[Experiment], text: str) -> Experiment:
    """The one that has this name, else this id; an active one goes before a deleted one of the same name."""
    called = [each for each in experiments if each.name == text]
    active = [each for each in called if each.lifecycle_stage == View.ACTIVE.value]
    found = active or called or [each for each in experiments if each.experiment_id == text]
    if len(found) > 1:
        ids = ", ".join(each.experiment_id for each in found)
        raise ExperimentNotFound(f"More than one experiment is named {text!r}. Give one of their ids: {ids}")
    if not found:
        raise ExperimentNotFound(f"There is no experiment {text!r}.{did_you_mean(text, experiments)}")
    return found[0]


def did_you_mean(text: str, experiments: Sequence[Experiment]) -> str:
    """A question after the experiments whose names are most like this one, if there are any."""
    names = {each.name.casefold(): each.name for each in experiments}
    close = [repr(names[each]) for each in get_close_matches(text.casefold(), names, n=3)]
    return f" Did you mean {' or '.join(close)}?" if close else ""


def find_run(store: Store, text: str) -> RunInfo:
    """The run of this id, the only one whose id begins so, or the latest one of EXPERIMENT/NAME."""
    by_id = [info for info in store.find(text) if len(text) >= SHORTEST_PREFIX or info.run_id == text] if text else []
    if len(by_id) == 1:
        return by_id[0]
    if by_id:
        shown = ", ".join(f"{info.run_id} {info.name}".rstrip() for info in by_id[:SHOWN])
        more = f" and {len(by_id) - SHOWN} more" if len(by_id) > SHOWN else ""
        raise RunNotFound(f"{text!r} begins the ids of {len(by_id)} runs: {shown}{more}. Give more of the id.")
    named = next(runs_named(store, text), None)
    if named is not None:
        return named
    raise RunNotFound(
        f"There is no run {text!r}. A run is given by its id, at least {SHORTEST_PREFIX} characters "
        "of its beginning, or EXPERIMENT/NAME."
    )


def run_of_id(store: Store, run_id: str) -> RunInfo:
    """The run of exactly this id, in whatever lifecycle stage."""
    for info in store.find(run_id):
        if info.run_id == run_id:
            return info
    raise RunNotFound(f"There is no recorder {run_id!r}.")


def runs_named(store: Store, text: str) -> Iterator[RunInfo]:
    """The latest run of EXPERIMENT/NAME, for every slash that may part the two; both may hold slashes themselves."""
    parts = text.split("/")
    experiments = store.experiments(View.ALL).items if len(parts) > 1 else ()
    for cut in range(1, len(parts)):
        with suppress(ExperimentNotFound):
            experiment = pick_experiment(experiments, "/".join(parts[:cut]))
            yield from latest_named(store, experiment.experiment_id, "/".join(parts[cut:]))


def latest_named(store: Store, experiment_id: str, name: str, view: View = View.ALL) -> Iterator[RunInfo]:
    """The latest run of this name in an experiment, an active one if there is any."""
    infos, _ = gathered(store.infos([experiment_id], view))
    yield from sorted((info for info in named(store, infos) if info.name == name), key=age)[:1]


def age(info: RunInfo) -> tuple[bool, int, str]:
    """Sorts active runs before others, then the latest first, then by id."""
    return info.lifecycle_stage != View.ACTIVE.value, -(info.start_time or 0), info.run_id


def named(store: Store, infos: Sequence[RunInfo]) -> Iterator[RunInfo]:
    """The infos with the name from the tag where the info itself has none, as MLflow 1.x wrote them."""
    nameless = [info for info in infos if not info.name]
    yield from (info for info in infos if info.name)
    for batch in store.runs(nameless, Projection(tags=frozenset({RUN_NAME_TAG}))):
        for run in batch.items:
            yield replace(run.info, name=run.tags.get(RUN_NAME_TAG, ""))


def read_run(store: Store, info: RunInfo, projection: Projection) -> Run:
    """Read the selected values of a run; raise RunNotFound if the run is gone or damaged."""
    for batch in store.runs([info], projection):
        for run in batch.items:
            return run
        for problem in batch.problems:
            raise RunNotFound(f"Cannot read the run {info.run_id}: {problem.reason}")
    raise RunNotFound(f"The run {info.run_id} does not exist any more.")
