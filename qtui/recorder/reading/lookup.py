"""Finding an experiment or a run by its ID or name, with suggestions if there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, Run, RunInfo, ViewType
from qtui.errors import ExperimentNotFound, RunNotFound
from qtui.query.projection import Projection
from qtui.store import Store
from qtui.store.search import collect_batches

MIN_PREFIX_CHARS = 4
"""Length from which the beginning of a run ID finds the run."""
MAX_NAMED_CANDIDATES = 5
"""Limit of candidates that an error message names."""


def find_experiment(store: Store, text: str, view: ViewType = ViewType.ALL) -> ExperimentInfo:
    """Return the experiment with this name, else with this ID; raise ExperimentNotFound if there is none."""
    return pick_experiment(store.experiments(view).items, text)


def pick_experiment(experiments: Sequence[ExperimentInfo], text: str) -> ExperimentInfo:
    """Return the experiment with this name, else with this ID; an active one precedes deleted ones of its name.

    Raises ExperimentNotFound if none matches, or several have the name.
    """
    by_name = [experiment for experiment in experiments if experiment.name == text]
    active = [experiment for experiment in by_name if experiment.lifecycle_stage == ViewType.ACTIVE.value]
    matches = active or by_name or [experiment for experiment in experiments if experiment.experiment_id == text]
    if len(matches) > 1:
        ids = ", ".join(experiment.experiment_id for experiment in matches)
        raise ExperimentNotFound(f"More than one experiment is named {text!r}. Give one of their IDs: {ids}")
    if not matches:
        raise ExperimentNotFound(f"There is no experiment {text!r}.{did_you_mean(text, experiments)}")
    return matches[0]


def did_you_mean(text: str, experiments: Sequence[ExperimentInfo]) -> str:
    """Return a question with the experiment names most similar to the text; empty if none is similar."""
    names = {experiment.name.casefold(): experiment.name for experiment in experiments}
    from difflib import get_close_matches

    close = [repr(names[name]) for name in get_close_matches(text.casefold(), names, n=3)]
    return f" Did you mean {' or '.join(close)}?" if close else ""


def find_run(store: Store, text: str) -> RunInfo:
    """Return the run with this ID or unique ID prefix, else the latest run of EXPERIMENT/NAME."""
    by_id = [info for info in store.find(text) if len(text) >= MIN_PREFIX_CHARS or info.run_id == text] if text else []
    if len(by_id) == 1:
        return by_id[0]
    if by_id:
        candidates = ", ".join(f"{info.run_id} {info.name}".rstrip() for info in by_id[:MAX_NAMED_CANDIDATES])
        rest = len(by_id) - MAX_NAMED_CANDIDATES
        more = f" and {rest} more" if rest > 0 else ""
        raise RunNotFound(f"The IDs of {len(by_id)} runs begin with {text!r}: {candidates}{more}. Give more of the ID.")
    by_name = next(runs_named(store, text), None)
    if by_name is not None:
        return by_name
    raise RunNotFound(
        f"There is no run {text!r}. Give the ID of a run, at least its first {MIN_PREFIX_CHARS} characters, "
        "or EXPERIMENT/NAME."
    )


def run_of_id(store: Store, run_id: str) -> RunInfo:
    """Return the run with exactly this ID, active or deleted; raise RunNotFound if there is none."""
    for info in store.find(run_id):
        if info.run_id == run_id:
            return info
    raise RunNotFound(f"There is no recorder {run_id!r}.")


def runs_named(store: Store, text: str) -> Iterator[RunInfo]:
    """Yield the latest run of EXPERIMENT/NAME for every slash that could separate them: names may contain slashes."""
    parts = text.split("/")
    experiments = store.experiments(ViewType.ALL).items if len(parts) > 1 else ()
    for cut in range(1, len(parts)):
        with suppress(ExperimentNotFound):
            experiment = pick_experiment(experiments, "/".join(parts[:cut]))
            yield from latest_named(store, experiment.experiment_id, "/".join(parts[cut:]))


def latest_named(store: Store, experiment_id: str, name: str, view: ViewType = ViewType.ALL) -> Iterator[RunInfo]:
    """Yield the latest run of this name in an experiment, preferring active ones; nothing if there is none."""
    infos, _ = collect_batches(store.infos([experiment_id], view))
    yield from sorted((info for info in with_names(store, infos) if info.name == name), key=sort_key)[:1]


def sort_key(info: RunInfo) -> tuple[bool, int, str]:
    """Return a key that sorts active runs first, then the latest first, then by ID."""
    return info.lifecycle_stage != ViewType.ACTIVE.value, -(info.start_time or 0), info.run_id


def with_names(store: Store, infos: Sequence[RunInfo]) -> Iterator[RunInfo]:
    """Yield the infos; runs of MLflow 1.x, which have their name only in a tag, get it from there."""
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
