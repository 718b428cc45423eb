"""A search over any store that reads no more than it must: infos first, then only the values that decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from qtui.entities import Experiment, Listing, Problem, Run, RunCounts, RunInfo, Status, View
from qtui.query import needed, predicate, sorted_runs
from qtui.query.wanted import NOTHING, Wanted
from qtui.store.protocol import Page, RunQuery, Store

T = TypeVar("T")


def search(store: Store, query: RunQuery) -> Page:
    """The page that answers a query: a first page without filter or order reads the values of that page only."""
    infos, problems = gathered(store.infos(query.experiment_ids, query.view))
    deciding = needed(query.filter, query.order_by)
    runs, damage = read(store, infos, deciding)
    if query.filter is not None:
        matches = predicate(query.filter)
        runs = tuple(run for run in runs if matches(run))
    start = query.start
    end = None if query.limit is None else start + query.limit
    now = None if query.filter is None else query.filter.now
    page = sorted_runs(runs, query.order_by, now=now)[start:end]
    page_runs, more = read(store, [run.info for run in page], query.wanted)
    return Page.of(query, page_runs, len(runs), tuple(dict.fromkeys((*problems, *damage, *more))))


def read(store: Store, infos: Sequence[RunInfo], wanted: Wanted) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
    """These runs with the wanted values; the store is only asked when any are wanted."""
    if wanted == NOTHING:
        return tuple(Run(info) for info in infos), ()
    return gathered(store.runs(infos, wanted))


def gathered(batches: Iterable[Listing[T]]) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    """All items and all problems of some batches."""
    items: list[T] = []
    problems: list[Problem] = []
    for batch in batches:
        items += batch.items
        problems += batch.problems
    return tuple(items), tuple(problems)


def counts(store: Store, view: View = View.ACTIVE) -> Mapping[str, RunCounts]:
    """The runs of a view in every experiment of a store, by status and experiment id."""
    ids = [each.experiment_id for each in store.experiments(View.ALL).items]
    return counted(ids, gathered(store.infos(ids, view))[0])


def counted(experiment_ids: Iterable[str], infos: Iterable[RunInfo]) -> dict[str, RunCounts]:
    """These runs counted by experiment and status; an experiment without runs counts none."""
    tallies: dict[str, Counter[str]] = {each: Counter() for each in experiment_ids}
    for info in infos:
        tallies.setdefault(info.experiment_id, Counter())[info.status] += 1
    return {each: count_of(tally) for each, tally in tallies.items()}


def count_of(tally: Counter[str]) -> RunCounts:
    """A tally of statuses as a count; a run in a status that MLflow does not know counts in the total only."""
    return RunCounts(tally.total(), **{status.name.lower(): tally[status.value] for status in Status})


def narrowed(run: Run, wanted: Wanted) -> Run:
    """The run with no more values than are wanted."""
    return Run(
        info=run.info,
        params=chosen(run.params, wanted.params),
        metrics=chosen(run.metrics, wanted.metrics),
        tags=chosen(run.tags, wanted.tags),
        inputs=run.inputs if wanted.inputs else (),
        summaries=chosen(run.summaries, wanted.summaries),
    )


def chosen(values: Mapping[str, T], keys: Collection[str] | None) -> dict[str, T]:
    """The values of these keys, or all of them."""
    return {key: value for key, value in values.items() if keys is None or key in keys}


def newest_first(experiments: Iterable[Experiment]) -> tuple[Experiment, ...]:
    """Experiments in MLflow's order: the newest first, those without a time of creation last, then by id."""

    def place(experiment: Experiment) -> tuple[bool, int, str]:
        time = experiment.creation_time
        return time is None, -(time or 0), experiment.experiment_id

    return tuple(sorted(experiments, key=place))
