"""A store that MLflow's own client reads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlparse

from qtui.entities import Artifact, Experiment, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import ArtifactNotFound, MetricNotFound, NotFound, StoreUnreachable, StoreUnreadable
from qtui.query import needed, predicate, sorted_runs
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.store.points import history_of
from qtui.store.protocol import ArtifactRoot, Growth, Page, RunQuery
from qtui.store.remote.client import limited_client
from qtui.store.remote.convert import artifact_of, experiment_of, is_id, point_of, run_of
from qtui.store.remote.door import ask
from qtui.store.remote.new_points import grown
from qtui.store.remote.pushdown import pushed
from qtui.store.search import counts, gathered, narrowed
from qtui.text import redact

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric
    from mlflow.store.entities import PagedList

T = TypeVar("T")

PAGE = 500
"""Runs asked for at once: each comes with all its values, and one answer must not outlast the deadline."""

IDS = 100
"""Runs named in one filter."""

VIEW_TYPES: Mapping[View, int] = {View.ACTIVE: 1, View.DELETED: 2, View.ALL: 3}


class RemoteStore:
    """Reads through `mlflow.MlflowClient`, with its own authentication; nothing is remembered between questions."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        """The address of the server."""
        return self._uri

    @property
    def kind(self) -> str:
        """What the store is."""
        return "remote"

    @cached_property
    def _client(self) -> MlflowClient:
        return limited_client(self._uri)

    def experiments(self, view: View = View.ACTIVE) -> Listing[Experiment]:
        """The experiments in the server's order, which is newest first."""
        found: list[Experiment] = []
        problems: list[Problem] = []
        for page in self._pages(
            lambda token, client: client.search_experiments(VIEW_TYPES[view], max_results=PAGE, page_token=token)
        ):
            found += [experiment_of(each) for each in page if is_id(each.experiment_id)]
            problems += [bad_id(each.experiment_id) for each in page if not is_id(each.experiment_id)]
        return Listing(tuple(found), tuple(problems))

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""
        return counts(self)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos page by page."""
        for page in self._runs(experiment_ids, view):
            yield Listing(tuple(run.info for run in page.items), page.problems)

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs, many runs at a request."""
        for start in range(0, len(infos), IDS):
            batch = [info for info in infos[start : start + IDS] if is_id(info.run_id)]
            ids = ", ".join(f"'{info.run_id}'" for info in batch)
            experiments = sorted({info.experiment_id for info in batch})
            pages = self._runs(experiments, View.ALL, f"attributes.run_id IN ({ids})")
            found = {run.info.run_id: run for run in gathered(pages)[0]}
            read = [found[info.run_id] for info in batch if info.run_id in found]
            yield Listing(tuple(narrowed(self._summed(run, wanted), wanted) for run in read))

    def known_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Nothing: what a server tells is not kept."""
        return iter(())

    def search(self, query: RunQuery) -> Page:
        """The runs that answer a query: the server filters what it can, the rest and the order are done here."""
        found, problems = gathered(self._runs(query.experiment_ids, query.view, pushed(query.filter)))
        deciding = needed(query.filter, query.order_by)
        matches = predicate(query.filter) if query.filter else bool
        runs = [run for run in (self._summed(each, deciding) for each in found) if matches(run)]
        end = None if query.limit is None else query.offset + query.limit
        page = sorted_runs(runs, query.order_by)[query.offset : end]
        shown = tuple(narrowed(self._summed(run, query.wanted), query.wanted) for run in page)
        return Page(shown, len(runs), problems)

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Runs whose id begins so; an exact id gives that run alone."""
        if not is_id(prefix):
            return ()
        with suppress(NotFound):
            return (run_of(self._ask(lambda client: client.get_run(prefix))).info,)
        runs, _ = gathered(self._runs(None, View.ALL, f"attributes.run_id LIKE '{prefix}%'"))
        return tuple(run.info for run in runs if run.info.run_id.startswith(prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric."""
        metrics = self._ask_about(info, lambda client: client.get_metric_history(info.run_id, key))
        if not metrics:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return history_of(info.run_id, key, [point_of(each) for each in metrics]), ()

    def grown(self, info: RunInfo, marks: Mapping[str, Hashable]) -> Mapping[str, Growth]:
        """The points since the marks, from the last page on where the server gives pages."""
        found = {key: grown(partial(self._page, info, key), info, key, mark) for key, mark in marks.items()}
        return {key: growth for key, growth in found.items() if growth is not None}

    def _page(self, info: RunInfo, key: str, token: str | None, size: int) -> PagedList[Metric] | None:
        """Some points of a metric; the public method of the client puts all pages together."""
        return self._ask_about(
            info, lambda client: client._tracking_client.store.get_metric_history(info.run_id, key, size, token)
        )

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts; a server may not smuggle in what lies elsewhere."""
        files = None
        if is_below(path):
            # MLflow lists artifacts within limits of minutes: ask within ours whether the server answers.
            self._ask_about(info, lambda client: client.get_run(info.run_id))
            files = self._ask_about(info, lambda client: client.list_artifacts(info.run_id, path or None))
        if path and not files:
            raise ArtifactNotFound(f"The run {info.run_id} has no folder of artifacts named {path!r}.")
        found = sorted(map(artifact_of, files or ()), key=lambda artifact: artifact.path)
        good = tuple(each for each in found if is_below(each.path) and each.path.rpartition("/")[0] == path)
        stray = (
            Problem(each.path, "is listed in a folder that it is not in", info.experiment_id, info.run_id)
            for each in found
            if each not in good
        )
        return Listing(good, tuple(stray))

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact, or all that is in a folder of them, below a folder under its own path."""
        from qtui.store.artifacts.download import by_file, download

        client = self._client

        def fetch(path: str, scratch: Path) -> Path:
            found = ask(self._uri, lambda: client.download_artifacts(info.run_id, path, str(scratch)), patiently=True)
            return Path(found)

        def bring(path: str, descriptor: int) -> None:
            by_file(descriptor, partial(fetch, path))

        return download(path, destination, lambda level: self.artifacts(info, level), bring, overwrite=overwrite)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Where the run's artifacts are; a folder only if the server keeps them on this very machine."""
        address = urlparse(info.artifact_uri)
        folder = Path(unquote(address.path)) if address.scheme in ("", "file") and address.path else None
        return ArtifactRoot(info.artifact_uri, folder if folder is not None and folder.is_dir() else None)

    def last_write(self, info: RunInfo) -> int | None:
        """The latest moment that the run's own data tell of."""
        found = self._ask_about(info, lambda client: client.get_run(info.run_id))
        run = run_of(found) if found else Run(info)
        times = (run.info.start_time, run.info.end_time, *(point.timestamp for point in run.metrics.values()))
        return max((time for time in times if time is not None), default=None)

    def pulse(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> Hashable | None:
        """A server tells only by being read."""
        return None

    def examine(self) -> Iterator[Problem]:
        """What the server gives that cannot be used."""
        yield from self.experiments(View.ALL).problems
        for batch in self.infos(view=View.ALL):
            yield from batch.problems

    def close(self) -> None:
        """Forget the client; MLflow's connections end with it."""
        self.__dict__.pop("_client", None)

    def _runs(self, experiment_ids: Sequence[str] | None, view: View, filter: str = "") -> Iterator[Listing[Run]]:
        """Runs page by page, with all their values, for the server sends them anyway."""
        if experiment_ids is None:
            experiment_ids = [each.experiment_id for each in self.experiments(view.scope).items]
        ids = [each for each in experiment_ids if is_id(each)]
        if not ids:
            return
        for page in self._pages(
            lambda token, client: client.search_runs(ids, filter, VIEW_TYPES[view], PAGE, page_token=token)
        ):
            good = tuple(run_of(each) for each in page if is_id(each.info.run_id) and is_id(each.info.experiment_id))
            yield Listing(good, tuple(bad_id(each.info.run_id) for each in page if not is_id(each.info.run_id)))

    def _ask(self, question: Callable[[MlflowClient], T]) -> T:
        """What the client answers; the time it takes to load MLflow does not count."""
        client = self._client
        return ask(self._uri, lambda: question(client))

    def _ask_about(self, info: RunInfo, question: Callable[[MlflowClient], T]) -> T | None:
        """An answer about one run; None if there is nothing."""
        try:
            return self._ask(question) if is_id(info.run_id) else None
        except NotFound:
            return None

    def _pages(self, page: Callable[[str | None, MlflowClient], PagedList[T]]) -> Iterator[PagedList[T]]:
        """Pages until the last one; a server that gives a page's token twice would never come to an end."""
        tokens: set[str | None] = {None}
        token: str | None = None
        while True:
            try:
                answer = self._ask(partial(page, token))
            except NotFound as error:
                raise StoreUnreachable(str(error)) from error
            yield answer
            token = answer.token or None
            if token is None:
                return
            if token in tokens:
                raise StoreUnreadable(f"{redact(self._uri)} gives the same page again and again.")
            tokens.add(token)

    def _summed(self, run: Run, wanted: Wanted) -> Run:
        """The run with the wanted summaries."""
        keys = [key for key in run.metrics if wanted.summaries is None or key in wanted.summaries]
        summaries = {key: self.history(run.info, key)[0].summary() for key in keys}
        return replace(run, summaries={**run.summaries, **summaries})


def is_below(path: str) -> bool:
    """Whether a path leads nowhere but down."""
    return not path or all(part not in ("", ".", "..") for part in path.split("/"))


def bad_id(text: str) -> Problem:
    """The problem of an id that must not be used."""
    return Problem(text, "is not an id that MLflow gives")
