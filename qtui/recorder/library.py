"""All experiments of a store: Qlib's ExpManager, and the same for many runs at once."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qtui import entities, settings
from qtui.entities import Artifact, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.query import logged_fields, parse_order
from qtui.query.ast import Field
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.recorder.exp import Experiment
from qtui.recorder.reading.filters import read_filter
from qtui.recorder.reading.health import SILENCE, MovedRun, StaleRun, artifact_problems, moved_runs, stale_runs
from qtui.recorder.reading.lookup import find_experiment, find_run, pick_experiment
from qtui.recorder.reading.metric_follower import MetricFollower, grown
from qtui.recorder.reading.run_watcher import RunWatcher
from qtui.recorder.reading.tables import MAX_RECORDS, search_records
from qtui.recorder.reading.walk import walk
from qtui.recorder.recorder import read_run
from qtui.store import ArtifactRoot, MetricUpdate, Page, RunQuery, Store, default_uri, open_store
from qtui.store.key_lookup import fields_of_runs, key_lookup, present_fields
from qtui.store.search import counts
from qtui.text import redact

if TYPE_CHECKING:
    from pandas import DataFrame

    from qtui.store.prefetch import Prefetch

DEFAULT_EXPERIMENT = "Experiment"


class Library:
    """Reads the experiments and runs of one store; the store is opened when it is first asked."""

    def __init__(
        self,
        uri: str | None = None,
        default_exp_name: str = DEFAULT_EXPERIMENT,
        *,
        cache: Path | None = None,
    ) -> None:
        """Without `uri` the store is the one of the environment, of the working directory or of the settings."""
        self.default_uri = uri or default_uri(os.environ, Path.cwd(), settings.current().uri)
        self._default_exp_name = default_exp_name
        self._cache = cache
        self._opened: Store | None = None
        self._ahead: Prefetch | None = None

    @classmethod
    def over(cls, store: Store) -> Library:
        """A manager of a store that is open already."""
        manager = cls(store.uri)
        manager._opened = store
        return manager

    def __repr__(self) -> str:
        return f"{type(self).__name__}(uri={redact(self.uri)!r})"

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The store itself."""
        if self._opened is None:
            self._opened = open_store(self.default_uri, cache=self._cache)
        return self._opened

    @property
    def uri(self) -> str:
        """The address of the store as it was given, with its password if it has one."""
        return self.default_uri

    # As in Qlib

    def list_experiments(self) -> Mapping[str, Experiment]:
        """The active experiments by name, the newest first."""
        by_name: dict[str, Experiment] = {}
        for each in self.experiments().items:
            by_name.setdefault(each.name, Experiment(self.store, each))
        return by_name

    def get_exp(self, *, experiment_id: str | int | None = None, experiment_name: str | None = None) -> Experiment:
        """The active experiment of this id or name, or of the default name; it is never made by asking."""
        active = self.experiments().items
        if experiment_id is not None:
            active = tuple(each for each in active if each.experiment_id == str(experiment_id))
            wanted = str(experiment_id)
        else:
            wanted = experiment_name or self._default_exp_name
        return Experiment(self.store, pick_experiment(active, wanted))

    def search_records(
        self,
        experiment_ids: str | int | Sequence[str | int] | None = None,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """The runs that match, as a table with a column for every metric, param and tag."""
        named = [experiment_ids] if isinstance(experiment_ids, str | int) else experiment_ids
        ids = None if named is None else [str(each) for each in named]
        return search_records(self.store, ids, filter_string, run_view_type, max_results, order_by)

    # For many runs at once

    def read_ahead(self, view: View = View.ACTIVE) -> None:
        """Have a process beside this one read what is asked first: the experiments, all their runs, the counts."""
        from qtui.store.prefetch import Prefetch

        if Prefetch.is_worth_it(self.uri):
            with suppress(OSError):
                self._ahead = Prefetch(self.uri, view)

    def experiments(self, view: View = View.ACTIVE) -> Listing[entities.Experiment]:
        """The experiments, newest first."""
        if self._ahead:
            with suppress(EOFError):
                if known := self._ahead.experiments(view):
                    return known
        return self.store.experiments(view)

    def counts(self, view: View = View.ACTIVE) -> Mapping[str, RunCounts]:
        """The runs of a view in every experiment, by status and experiment id."""
        if view is not View.ACTIVE:
            return counts(self.store, view)
        if self._ahead:
            with suppress(EOFError):
                if known := self._ahead.counts():
                    return known
        return self.store.counts()

    def find_experiment(self, text: str, view: View = View.ALL) -> entities.Experiment:
        """The experiment of this name, else of this id."""
        return find_experiment(self.store, text, view)

    def find_run(self, text: str) -> RunInfo:
        """The run of this id, the only one whose id begins so, or the latest one of EXPERIMENT/NAME."""
        return find_run(self.store, text)

    def query(
        self,
        experiments: Sequence[str] | None = None,
        filter: str = "",
        order_by: Sequence[str] = (),
        *,
        view: View = View.ACTIVE,
        limit: int | None = None,
        offset: int = 0,
        wanted: Wanted = EVERYTHING,
        silence: timedelta = SILENCE,
    ) -> RunQuery:
        """Return a question for runs in a user's words: experiments by name or id, filter and order as text.

        A key without its prefix, or with spaces, means the only metric, param or tag of that name that these runs have.
        `silence` is how long a running run must have written nothing to have the status `stale`.
        """
        ids = None
        if experiments is not None:
            known = self.experiments(View.ALL).items
            ids = tuple(dict.fromkeys(pick_experiment(known, each).experiment_id for each in experiments))
        lookup = key_lookup(self.store, ids, view)
        keys = tuple(parse_order(text, lookup=lookup) for text in order_by)
        return RunQuery(ids, view, read_filter(self.store, filter, lookup, silence), keys, offset, limit, wanted)

    def search(
        self,
        experiments: Sequence[str] | None = None,
        filter: str = "",
        order_by: Sequence[str] = (),
        *,
        view: View = View.ACTIVE,
        limit: int | None = None,
        offset: int = 0,
        wanted: Wanted = EVERYTHING,
    ) -> Page:
        """The runs that answer; no experiments means all of the view."""
        return self.store.search(
            self.query(experiments, filter, order_by, view=view, limit=limit, offset=offset, wanted=wanted)
        )

    def missing_fields(self, query: RunQuery, runs: Sequence[Run] = ()) -> tuple[Field, ...]:
        """Return the metrics, params and tags that a query names and no run in its experiments has.

        The store is asked about those only that none of `runs` has, which were read for this query.
        """
        fields = logged_fields(query.filter, query.order_by)
        fields = tuple(field for field in fields if field not in present_fields(runs, fields))
        known = fields_of_runs(self.store, fields, query.experiment_ids, query.view)
        return tuple(field for field in fields if field not in known)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Runs without their values, in batches as they come."""
        ahead = self._ahead.infos(view) if self._ahead and experiment_ids is None else None
        given: set[str] = set()
        if ahead:
            with suppress(EOFError):
                for batch in ahead:
                    given.update(info.run_id for info in batch.items)
                    yield batch
                return
        for batch in self.store.infos(experiment_ids, view):
            items = (info for info in batch.items if info.run_id not in given)
            yield replace(batch, items=tuple(items)) if given else batch

    def values(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """Runs with the wanted values, in batches as they come."""
        return self.store.runs(infos, wanted)

    def known_values(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Runs with the values that they had when they were last read; `values` tells what holds now."""
        return self.store.cached_runs(infos)

    def run(self, run: RunInfo | str, wanted: Wanted = EVERYTHING) -> Run:
        """One run with all its values, or the wanted ones."""
        return read_run(self.store, self._info(run), wanted)

    def history(self, run: RunInfo | str, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric, and what of it could not be read."""
        return self.store.history(self._info(run), key)

    def grown(self, run: RunInfo | str, key: str, mark: Hashable = None) -> MetricUpdate:
        """The points of a metric since a mark that this gave before; all of them without one."""
        return grown(self.store, self._info(run), key, mark)

    def follow(self) -> MetricFollower:
        """Something that reads histories once, and from then on only what was appended to them."""
        return MetricFollower(lambda: self.store)

    def artifacts(self, run: RunInfo | str, path: str = "", *, recursive: bool = False) -> Listing[Artifact]:
        """One level of a run's artifacts, or everything below it."""
        if recursive:
            return walk(self.store, self._info(run), path)
        return self.store.artifacts(self._info(run), path)

    def artifact_root(self, run: RunInfo | str) -> ArtifactRoot:
        """Where the run's artifacts are."""
        return self.store.artifact_root(self._info(run))

    def last_write(self, run: RunInfo | str) -> int | None:
        """When (ms) something was last written into the run."""
        return self.store.last_write(self._info(run))

    def watch(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> RunWatcher:
        """Something that tells, whenever it is asked, what has changed in these experiments."""
        return RunWatcher(lambda: self.store, experiment_ids, view)

    def stale(self, now: int | None = None, silence: timedelta = SILENCE) -> tuple[StaleRun, ...]:
        """Running runs that have written nothing for so long before `now` (ms)."""
        return tuple(stale_runs(self.store, now, silence))

    def moved(self) -> tuple[MovedRun, ...]:
        """Runs whose artifacts are not where they were recorded, but in the store's own folder."""
        return tuple(moved_runs(self.store))

    def examine(self) -> Iterator[Problem]:
        """Read everything once and report all that is damaged, as it is found."""
        yield from self.store.examine()
        yield from artifact_problems(self.store)

    def close(self) -> None:
        """Give back what the store holds; it opens anew when it is asked again."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        if self._opened is not None:
            self._opened.close()

    def _info(self, run: RunInfo | str) -> RunInfo:
        return self.find_run(run) if isinstance(run, str) else run


ExpManager = Library
"""Qlib's name of it."""
