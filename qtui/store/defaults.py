"""Default implementations of the methods that a store only needs to implement for speed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from qtui.entities import History, Listing, LoggedModel, Problem, Run, RunCounts, RunInfo, ViewType
from qtui.errors import MetricNotFound
from qtui.query.projection import Projection
from qtui.store.protocol import MetricUpdate, OpenStream, Page, RunQuery, Store, StoreCapabilities


class StoreDefaults:
    """Base class of stores: methods that work with any store by reading, and read more than a faster one would.

    A new store implements the rest of the `Store` protocol: `uri`, `kind`, `experiments`, `infos`, `runs`, `find`,
    `history`, `artifacts`, `artifact_root` and `close`.
    """

    @property
    def capabilities(self) -> StoreCapabilities:
        """The properties that callers adapt to."""
        return StoreCapabilities()

    def counts(self: Store) -> Mapping[str, RunCounts]:
        """Return the numbers of active runs by experiment ID and status, by reading their infos."""
        from qtui.store.search import count_runs

        return count_runs(self)

    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Yield nothing: values are not cached."""
        return iter(())

    def search(self: Store, query: RunQuery) -> Page:
        """Return the runs that match a query, by reading the infos and the values that decide."""
        from qtui.store.search import search

        return search(self, query)

    def metric_updates(self: Store, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points since cursors that are numbers of points, by reading the whole histories."""

        updates: dict[str, MetricUpdate] = {}
        for key, cursor in cursors.items():
            try:
                history, problems = self.history(info, key)
            except MetricNotFound:
                continue
            start = cursor if isinstance(cursor, int) and cursor <= len(history) else 0
            points = History.of(info.run_id, key, history.points()[start:])
            updates[key] = MetricUpdate(points, len(history), problems, is_full=cursor is None or start != cursor)
        return updates

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        """Return nothing: the store has no logged models."""
        return Listing()

    def artifact_streams(self: Store, info: RunInfo) -> OpenStream:
        """Return the function that opens artifacts in a local folder, or in a repository of MLflow."""
        from qtui.store.artifacts.streams import stream_opener

        return stream_opener(info, self.artifact_root(info))

    def download(self: Store, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact, or all artifacts in a folder, to its own path below `destination`."""
        from qtui.store.artifacts.download import download

        open_stream = self.artifact_streams(info)
        return download(
            path, destination, lambda folder: self.artifacts(info, folder), open_stream, overwrite=overwrite
        )

    def last_write(self: Store, info: RunInfo) -> int | None:
        """Return the latest time (ms) in the run's own data."""
        from qtui.store.search import latest_time

        times = [latest_time(run) for batch in self.runs([info], Projection(metrics=None)) for run in batch.items]
        return times[0] if times else latest_time(Run(info))

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return None: the infos must be read to see changes."""
        return None

    def examine(self: Store, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Yield the problems of all experiments, infos and values."""
        yield from self.experiments(ViewType.ALL).problems
        for infos in self.infos(view=ViewType.ALL) if listings is None else listings:
            yield from infos.problems
            for runs in self.runs(infos.items):
                yield from runs.problems
