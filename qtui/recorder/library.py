"""Reading and editing a store: its experiments, runs, values, histories and artifacts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from qtui import entities, settings
from qtui.entities import Artifact, History, Listing, Problem, Run, RunCounts, RunInfo, ViewType
from qtui.errors import ReadOnly
from qtui.query import logged_fields, parse_order
from qtui.query.ast import Field
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder.reading.filters import read_filter
from qtui.recorder.reading.health import STALE_AFTER, MovedRun, StaleRun, artifact_problems, moved_runs, stale_runs
from qtui.recorder.reading.lookup import find_experiment, find_run, pick_experiment, read_run
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.recorder.reading.run_artifacts import list_artifacts, locate
from qtui.recorder.reading.run_watcher import RunWatcher
from qtui.recorder.reading.tables import MAX_RECORDS, search_records
from qtui.recorder.store_access import StoreAccess
from qtui.store import ArtifactRoot, Page, RunQuery, Store, default_uri
from qtui.store.artifacts.walk import walk
from qtui.store.environment import working_folder
from qtui.store.key_lookup import fields_of_runs, key_lookup, present_fields
from qtui.store.search import count_runs
from qtui.text import redact

if TYPE_CHECKING:
    from subprocess import Popen

    from pandas import DataFrame

    from qtui.recorder.editing.editor import Editor, EditResult, EditSteps
    from qtui.recorder.editing.journal import JournalEntry
    from qtui.recorder.editing.purge import PurgePlan, PurgeSteps
    from qtui.store.artifacts.download import Transfer
    from qtui.store.artifacts.remote_copy import OnProgress, RemoteCopy
    from qtui.store.changes import Change
    from qtui.store.edits import Edit, Finish
    from qtui.store.prefetch import Prefetch


def run_steps(steps: EditSteps) -> EditResult:
    """Run an edit to its end and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: EditResult = end.value
            return result


class Library:
    """The experiments and runs of one store, which is opened at the first access. Only edits change the store.

    Parameters
    ----------
    uri
        The URI of the store; by default that of the environment, the working directory or the settings.
    cache
        Folder of the cache for values read from file stores; without one nothing is cached.
    read_only
        Whether every edit is refused.

    >>> with Library("file:/data/mlruns") as library:  # doctest: +SKIP
    ...     for run in library.search(["alpha158"], "metrics.ic > 0.03", ["metrics.ic DESC"]).runs:
    ...         print(run.info.name, run.metrics["ic"].value)
    """

    def __init__(self, uri: str | None = None, *, cache: Path | None = None, read_only: bool = False) -> None:
        self.uri = uri or default_uri(os.environ, working_folder(), settings.current().uri)
        """The URI of the store as given, including a password."""
        self._cache = cache
        self._read_only = read_only
        self._access = StoreAccess(self.uri, keep_schema=True, cache=cache)
        self._ahead: Prefetch | None = None

    @classmethod
    def over(cls, store: Store, *, read_only: bool = False) -> Library:
        """Return a library of an open store."""
        library = cls(store.uri, read_only=read_only)
        library._access = StoreAccess(store.uri, keep_schema=True, store=store)
        return library

    def __repr__(self) -> str:
        return f"{type(self).__name__}(uri={redact(self.uri)!r})"

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The store; it is opened at the first access."""
        return self._access.store

    def search_records(
        self,
        experiment_ids: str | int | Sequence[str | int] | None = None,
        filter_string: str = "",
        run_view_type: int = 1,
        max_results: int = MAX_RECORDS,
        order_by: Sequence[str] | None = None,
    ) -> DataFrame:
        """Return the matching runs as a table; see `QlibRecorder.search_records`."""
        return search_records(self.store, experiment_ids, filter_string, run_view_type, max_results, order_by)

    def read_ahead(self, view: ViewType = ViewType.ACTIVE, helper: Popen[bytes] | None = None) -> None:
        """Start a process that reads the experiments, all their runs and the counts before they are requested.

        `helper` is such a process that was started before this library was imported.
        """
        from qtui.store.prefetch import Prefetch

        if Prefetch.is_worth_it(self.uri):
            with suppress(OSError):
                self._ahead = Prefetch(self.uri, view, helper)
        elif helper is not None:
            helper.kill()
            helper.communicate()

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[entities.ExperimentInfo]:
        """Return the experiments, newest first."""
        if self._ahead:
            with suppress(EOFError):
                if experiments := self._ahead.experiments(view):
                    return experiments
        return self.store.experiments(view)

    def counts(self, view: ViewType = ViewType.ACTIVE) -> Mapping[str, RunCounts]:
        """Return the number of runs by status for every experiment ID."""
        if view is not ViewType.ACTIVE:
            return count_runs(self.store, view)
        if self._ahead:
            with suppress(EOFError):
                if counts := self._ahead.counts():
                    return counts
        return self.store.counts()

    def find_experiment(self, text: str, view: ViewType = ViewType.ALL) -> entities.ExperimentInfo:
        """Return the experiment with this name, else with this ID; raise ExperimentNotFound if there is none."""
        return find_experiment(self.store, text, view)

    def find_run(self, text: str) -> RunInfo:
        """Return the run with this ID or unique ID prefix, else the latest run of EXPERIMENT/NAME.

        Raises RunNotFound if no run matches, or if several IDs begin with the text.
        """
        return find_run(self.store, text)

    def query(
        self,
        experiments: Sequence[str] | None = None,
        filter: str = "",
        order_by: Sequence[str] = (),
        *,
        view: ViewType = ViewType.ACTIVE,
        limit: int | None = None,
        offset: int = 0,
        projection: Projection = ALL_VALUES,
        page_token: str | None = None,
        silence: timedelta = STALE_AFTER,
    ) -> RunQuery:
        """Return a query for runs.

        A key without prefix, or with spaces, means the only metric, param or tag of that name in these experiments.

        Parameters
        ----------
        experiments
            Names or IDs of experiments; all experiments by default.
        filter
            A filter in MLflow's syntax; see `qtui help filter`.
        order_by
            Columns to sort by, like `metrics.ic DESC`.
        page_token
            `Page.next_token` of the same search, to continue there instead of at `offset`.
        silence
            Time without writes after which a running run has the status `stale`.

        Raises
        ------
        ExperimentNotFound
            If there is no such experiment.
        QuerySyntaxError
            If the filter or the order cannot be parsed.
        """
        ids = None
        if experiments is not None:
            available = self.experiments(ViewType.ALL).items
            ids = tuple(dict.fromkeys(pick_experiment(available, text).experiment_id for text in experiments))
        lookup = key_lookup(self.store, ids, view)
        keys = tuple(parse_order(text, lookup=lookup) for text in order_by)
        parsed = read_filter(self.store, filter, lookup, silence)
        return RunQuery(ids, view, parsed, keys, offset, limit, projection, page_token)

    def search(
        self,
        experiments: Sequence[str] | None = None,
        filter: str = "",
        order_by: Sequence[str] = (),
        *,
        view: ViewType = ViewType.ACTIVE,
        limit: int | None = None,
        offset: int = 0,
        projection: Projection = ALL_VALUES,
        page_token: str | None = None,
    ) -> Page:
        """Return the matching runs, or a page of them; the parameters are those of `query`.

        >>> page = library.search(limit=100)  # doctest: +SKIP
        >>> while page.next_token:  # doctest: +SKIP
        ...     page = library.search(limit=100, page_token=page.next_token)
        """
        query = self.query(
            experiments,
            filter,
            order_by,
            view=view,
            limit=limit,
            offset=offset,
            projection=projection,
            page_token=page_token,
        )
        return self.store.search(query)

    def missing_fields(self, query: RunQuery, runs: Sequence[Run] = ()) -> tuple[Field, ...]:
        """Return the metrics, params and tags that a query names and no run of its experiments has.

        `runs` are runs already read for this query; the store is searched only for fields that none of them has.
        """
        fields = logged_fields(query.filter, query.order_by)
        fields = tuple(field for field in fields if field not in present_fields(runs, fields))
        present = fields_of_runs(self.store, fields, query.experiment_ids, query.view)
        return tuple(field for field in fields if field not in present)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield the runs without their values, in batches as they are read."""
        ahead = self._ahead.infos(view) if self._ahead and experiment_ids is None else None
        sent: set[str] = set()
        if ahead:
            with suppress(EOFError):
                for batch in ahead:
                    sent.update(info.run_id for info in batch.items)
                    yield batch
                return
        for batch in self.store.infos(experiment_ids, view):
            items = (info for info in batch.items if info.run_id not in sent)
            yield replace(batch, items=tuple(items)) if sent else batch

    def values(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield the runs with the selected values, in batches as they are read."""
        return self.store.runs(infos, projection)

    def known_values(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Yield the runs with their cached values, which may be outdated; `values` reads the current ones."""
        return self.store.cached_runs(infos)

    def run(self, run: RunInfo | str, projection: Projection = ALL_VALUES) -> Run:
        """Return one run with all its values, or the selected ones; raise RunNotFound if it cannot be read."""
        return read_run(self.store, self._info(run), projection)

    def history(self, run: RunInfo | str, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return every point of a metric and the parts that could not be read."""
        return self.store.history(self._info(run), key)

    def follow(self) -> MetricFollower:
        """Return a follower, which reads a history once and then only its new points."""
        return MetricFollower(lambda: self.store)

    def artifacts(self, run: RunInfo | str, path: str = "", *, recursive: bool = False) -> Listing[Artifact]:
        """List one level of the artifacts of a run, or everything below it."""
        info = self._info(run)
        if recursive:
            return walk(lambda folder: list_artifacts(self.store, info, folder), path, info)
        return list_artifacts(self.store, info, path)

    def logged_models(self, run: RunInfo | str) -> Listing[entities.LoggedModel]:
        """Return the models that a run has logged; their artifacts are in its folder `models:`."""
        return self.store.logged_models(self._info(run))

    def open_artifact(
        self, run: RunInfo | str, path: str, limit: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Open a file among the artifacts of a run for reading, wherever the artifacts are.

        Parameters
        ----------
        run
            The run, or its ID.
        path
            The path of the artifact, as it is listed.
        limit
            The most bytes to read: a local file ends there; a larger remote one is not downloaded. No limit by default.

        Raises
        ------
        ArtifactNotFound
            If the run has no file at this path.
        ArtifactTooLarge
            If a remote artifact is larger than `limit`.

        >>> with library.open_artifact(run, "notes.md", limit=1 << 20) as file:  # doctest: +SKIP
        ...     text = file.read().decode("utf-8", "replace")
        """
        from qtui.recorder.reading.artifact_files import open_artifact

        return open_artifact(self.store, self._info(run), path, limit, self._cache)

    def remote_copy(
        self, run: RunInfo | str, path: str, *, limit: int | None = None, on_progress: OnProgress | None = None
    ) -> RemoteCopy | None:
        """Open a remote artifact, of which parts are fetched as they are read; None for artifacts on this machine.

        Parameters
        ----------
        run
            The run, or its ID.
        path
            The path of the artifact, as it is listed.
        limit
            The most bytes to keep on disk and to fetch at once. No limit by default.
        on_progress
            Called from time to time, on the thread that reads, while it waits for bytes.

        Raises
        ------
        ArtifactNotFound
            If the run has no file at this path.

        >>> copy = library.remote_copy(run, "metrics.csv")  # doctest: +SKIP
        >>> head = copy.read(0, 1000)  # doctest: +SKIP
        """
        info = self._info(run)
        if self.artifact_location(info, path)[0].folder is not None:
            return None
        from qtui.recorder.reading.artifact_files import remote_copy

        return remote_copy(self.store, info, path, self._cache, limit, on_progress)

    def download(
        self,
        runs: RunInfo | str | Sequence[RunInfo | str],
        path: str = "",
        to: str | os.PathLike[str] = ".",
        *,
        overwrite: bool = False,
    ) -> Transfer:
        """List the artifacts to download, and return the transfer that copies them when it is run.

        Parameters
        ----------
        runs
            The run, or several; the files of several runs go into a folder for each, with the ID of the run as name.
        path
            The path of a file or folder among the artifacts; by default all artifacts.
        to
            The destination; a file goes to its own path below this folder.
        overwrite
            Replace files that exist already. Without it they fail, except if they are complete copies.

        Raises
        ------
        ArtifactNotFound
            If a run has nothing at this path.

        >>> transfer = library.download(run, "model", "/tmp/models")  # doctest: +SKIP
        >>> for progress in transfer.run():  # doctest: +SKIP
        ...     print(progress.bytes_done, progress.size)
        >>> transfer.check()  # doctest: +SKIP
        """
        infos = [self._info(run) for run in ([runs] if isinstance(runs, RunInfo | str) else runs)]
        from qtui.recorder.reading.artifact_files import plan_download

        return plan_download(self.store, infos, path, Path(to), overwrite=overwrite)

    def artifact_root(self, run: RunInfo | str) -> ArtifactRoot:
        """Return the location of the artifacts of a run."""
        return self.store.artifact_root(self._info(run))

    def artifact_location(self, run: RunInfo | str, path: str) -> tuple[ArtifactRoot, str]:
        """Return the root folder of an artifact, of the run or of one of its logged models, and the path below it."""
        owner, inner = locate(self.store, self._info(run), path)
        return self.store.artifact_root(owner), inner

    def last_write(self, run: RunInfo | str) -> int | None:
        """Return the time (ms) of the last write into a run, if it is known."""
        return self.store.last_write(self._info(run))

    def watch(self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE) -> RunWatcher:
        """Return a watcher, which reports the changes in these experiments at every poll."""
        return RunWatcher(lambda: self.store, experiment_ids, view)

    def stale(
        self, now: int | None = None, silence: timedelta = STALE_AFTER, *, infos: Sequence[RunInfo] | None = None
    ) -> tuple[StaleRun, ...]:
        """Return the active running runs without writes during `silence` before `now` (ms).

        `infos` are the active runs, if they have been read already.
        """
        return tuple(stale_runs(self.store, self._all(ViewType.ACTIVE) if infos is None else infos, now, silence))

    def abandoned(self, infos: Sequence[RunInfo]) -> tuple[RunInfo, ...]:
        """Return those of these runs whose recording process does not exist, as far as this host can tell."""
        from qtui.recorder.editing.ended_runs import runs_with_process

        ids = runs_with_process(self.store, infos)
        return tuple(info for info in infos if info.run_id not in ids)

    def finish_edit(self, infos: Sequence[RunInfo], status: str) -> Finish:
        """Return the edit that ends running runs: at their last write if they are stale, otherwise now."""
        from qtui.recorder.editing.ended_runs import plan_finish

        return plan_finish(self.store, infos, status)

    def moved(self, infos: Sequence[RunInfo] | None = None) -> tuple[MovedRun, ...]:
        """Return the runs, deleted ones included, whose artifacts are in the store's folder, not where recorded.

        `infos` are all runs, if they have been read already.
        """
        return tuple(moved_runs(self.store, self._all(ViewType.ALL) if infos is None else infos))

    def examine(self, listings: Sequence[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Read everything once and yield all problems.

        `listings` are the infos of all runs, deleted ones included, if they have been read already.
        """
        if listings is None:
            listings = list(self.store.infos(view=ViewType.ALL))
        yield from self.store.examine(listings)
        yield from artifact_problems(self.store, (info for batch in listings for info in batch.items))

    def apply(self, *edits: Edit, command: str = "library") -> EditResult:
        """Apply edits as one entry of the journal, which can be undone.

        Parameters
        ----------
        edits
            Values such as `SetTags`, `Rename` or `Delete`.
        command
            The command that the journal names.

        Raises
        ------
        ReadOnly
            If the store cannot be edited.
        BadValue
            If no store accepts a value; then nothing is changed.

        Runs that cannot be changed are reported in `EditResult.failures`; the others are changed.

        >>> library.apply(SetTags([run], {"team": "red"}))  # doctest: +SKIP
        >>> library.undo()  # doctest: +SKIP
        """
        return run_steps(self.apply_steps(*edits, command=command))

    def apply_steps(self, *edits: Edit, command: str = "library") -> EditSteps:
        """Return a generator that applies edits, yields the progress and returns the result.

        Closing it stops the edit; what was done until then can be undone.
        """
        return self._editor().apply(edits, command)

    def undo(self, number: int | None = None) -> EditResult:
        """Undo an edit of the journal, by default the last one that is not undone.

        Runs with a value that was changed since are reported in `EditResult.failures` and left unchanged.

        Raises
        ------
        NothingToUndo
            If there is no such edit.
        """
        return run_steps(self.undo_steps(number))

    def undo_steps(self, number: int | None = None) -> EditSteps:
        """Return a generator that undoes an edit, yields the progress and returns the result."""
        return self._editor().undo(number)

    def plan_undo(self, number: int | None = None) -> tuple[JournalEntry, tuple[Change, ...]]:
        """Return the edit that `undo` would undo, and the changes that this would make."""
        from qtui.recorder.editing.journal import DONE

        return self._editor().plan(DONE, number)

    def plan_redo(self, number: int | None = None) -> tuple[JournalEntry, tuple[Change, ...]]:
        """Return the edit that `redo` would redo, and the changes that this would make."""
        from qtui.recorder.editing.journal import UNDONE

        return self._editor().plan(UNDONE, number)

    def redo(self, number: int | None = None) -> EditResult:
        """Redo an undone edit, by default the one that was undone last; raise NothingToUndo if there is none."""
        return run_steps(self.redo_steps(number))

    def redo_steps(self, number: int | None = None) -> EditSteps:
        """Return a generator that redoes an undone edit, yields the progress and returns the result."""
        return self._editor().redo(number)

    def plan_purge(
        self,
        runs: Sequence[RunInfo] | None = None,
        experiments: Sequence[entities.ExperimentInfo] | None = None,
        older_than: timedelta | None = None,
    ) -> PurgePlan:
        """Return the deleted runs and experiments to remove for good, with the number and size of their artifacts.

        Parameters
        ----------
        runs, experiments
            Deleted runs, and experiments: deleted ones with all their runs, of others the deleted runs. By default
            everything that is deleted.
        older_than
            Leave out what was written or deleted since.
        """
        from qtui.recorder.editing.purge import plan_purge

        self._check_editable()
        return plan_purge(self.store, self._access.writer, runs, experiments, older_than)

    def purge_steps(self, plan: PurgePlan, command: str = "library") -> PurgeSteps:
        """Return a generator that removes what a plan lists for good, yields the progress and returns the result."""
        from qtui.recorder.editing.journal import Journal
        from qtui.recorder.editing.purge import purge

        self._check_editable()
        return purge(self.store, self._access.writer, plan, Journal.of(self.store), command)

    def journal(self) -> tuple[JournalEntry, ...]:
        """Return the edits of this store in the journal of the user, the oldest first."""
        from qtui.recorder.editing.journal import Journal

        return Journal.of(self.store).entries()

    def locate(self, run: RunInfo | str) -> tuple[Library, RunInfo]:
        """Return the library of the one store with a run, and the run as it is there; this one for a single store."""
        from qtui.store.combined import CombinedStore

        info = self._info(run)
        if not isinstance(self.store, CombinedStore):
            return self, info
        part, inner = self.store.inner(info)
        return Library.over(part.store, read_only=self._read_only), inner

    def read_only_reason(self) -> str:
        """Return why the store cannot be edited, as a sentence; empty if it can."""
        from qtui.recorder.editing.permission import read_only_reason

        return read_only_reason(self.store, read_only=self._read_only)

    def close(self) -> None:
        """Close the store; it is reopened when it is needed again."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        self._access.close()

    def _editor(self) -> Editor:
        """Return the editor of the store; raise ReadOnly if it cannot be edited."""
        from qtui.recorder.editing.editor import Editor
        from qtui.recorder.editing.journal import Journal

        self._check_editable()
        return Editor(lambda: self._access.writer, lambda: Journal.of(self.store))

    def _check_editable(self) -> None:
        if reason := self.read_only_reason():
            raise ReadOnly(reason)

    def _all(self, view: ViewType) -> Iterator[RunInfo]:
        return (info for batch in self.store.infos(view=view) for info in batch.items)

    def _info(self, run: RunInfo | str) -> RunInfo:
        return self.find_run(run) if isinstance(run, str) else run
