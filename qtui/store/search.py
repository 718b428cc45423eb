"""Search and count the runs of any store, reading only the values that the query needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from qtui.entities import ExperimentInfo, Listing, Problem, Run, RunCounts, RunInfo, Status, ViewType
from qtui.query import predicate, required_values, sort_runs
from qtui.query.projection import NO_VALUES, Projection
from qtui.store.protocol import Page, RunQuery, Store

T = TypeVar("T")


def search(store: Store, query: RunQuery) -> Page:
    """Return the page of a query; without a filter or an order only the values of that page are read."""
    infos, problems = collect_batches(store.infos(query.experiment_ids, query.view))
    runs, damage = read_values(store, infos, required_values(query.filter, query.order_by))
    if query.filter is not None:
        matches = predicate(query.filter)
        runs = tuple(run for run in runs if matches(run))
    start = query.start
    end = None if query.limit is None else start + query.limit
    now = None if query.filter is None else query.filter.now
    page = sort_runs(runs, query.order_by, now=now)[start:end]
    page_runs, page_damage = read_values(store, [run.info for run in page], query.projection)
    return Page.of(query, page_runs, len(runs), tuple(dict.fromkeys((*problems, *damage, *page_damage))))


def read_values(
    store: Store, infos: Sequence[RunInfo], projection: Projection
) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
    """Return these runs with the selected values, and the problems; no values are read when none are selected."""
    if projection == NO_VALUES:
        return tuple(Run(info) for info in infos), ()
    return collect_batches(store.runs(infos, projection))


def collect_batches(batches: Iterable[Listing[T]]) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    """Return the items and the problems of all batches."""
    items: list[T] = []
    problems: list[Problem] = []
    for batch in batches:
        items += batch.items
        problems += batch.problems
    return tuple(items), tuple(problems)


def count_runs(store: Store, view: ViewType = ViewType.ACTIVE) -> Mapping[str, RunCounts]:
    """Return the numbers of runs of a view by experiment ID and status, by reading their infos."""
    ids = [experiment.experiment_id for experiment in store.experiments(ViewType.ALL).items]
    return count_infos(ids, collect_batches(store.infos(ids, view))[0])


def count_infos(experiment_ids: Iterable[str], infos: Iterable[RunInfo]) -> dict[str, RunCounts]:
    """Return the numbers of these runs by experiment ID and status; an experiment without runs counts zero."""
    tallies: dict[str, Counter[str]] = {experiment_id: Counter() for experiment_id in experiment_ids}
    for info in infos:
        tallies.setdefault(info.experiment_id, Counter())[info.status] += 1
    return {experiment_id: counts_from_tally(tally) for experiment_id, tally in tallies.items()}


def counts_from_tally(tally: Counter[str]) -> RunCounts:
    """Return the counts of a tally of statuses; a status unknown to MLflow counts only in the total."""
    return RunCounts(tally.total(), **{status.name.lower(): tally[status.value] for status in Status})


def project_run(run: Run, projection: Projection) -> Run:
    """Return a run with only the projected values."""
    return Run(
        info=run.info,
        params=select_keys(run.params, projection.params),
        metrics=select_keys(run.metrics, projection.metrics),
        tags=select_keys(run.tags, projection.tags),
        inputs=run.inputs if projection.inputs else (),
        summaries=select_keys(run.summaries, projection.summaries),
    )


def select_keys(values: Mapping[str, T], keys: Collection[str] | None) -> dict[str, T]:
    """Return the values of these keys; None means all."""
    return {key: value for key, value in values.items() if keys is None or key in keys}


def newest_first(experiments: Iterable[ExperimentInfo]) -> tuple[ExperimentInfo, ...]:
    """Return experiments in MLflow's order: newest first, then those without a creation time, ties by ID."""

    def sort_key(experiment: ExperimentInfo) -> tuple[bool, int, str]:
        time = experiment.creation_time
        return time is None, -(time or 0), experiment.experiment_id

    return tuple(sorted(experiments, key=sort_key))


def latest_time(run: Run) -> int | None:
    """Return the latest time (ms) in the data of a run."""
    times = (run.info.start_time, run.info.end_time, *(point.timestamp for point in run.metrics.values()))
    return max((time for time in times if time is not None), default=None)
