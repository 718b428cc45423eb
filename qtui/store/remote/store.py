"""A store that MLflow's own client reads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import unquote, urlparse

from qtui.entities import (
    MODEL_FOLDERS,
    Artifact,
    ExperimentInfo,
    History,
    Listing,
    LoggedModel,
    Problem,
    Run,
    RunInfo,
    ViewType,
    is_model_id,
)
from qtui.errors import ArtifactNotFound, MetricNotFound, NotFound, StoreUnreachable, StoreUnreadable, UsageError
from qtui.query import predicate, required_values, sort_runs
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store.defaults import StoreDefaults
from qtui.store.protocol import ArtifactRoot, MetricUpdate, OpenStream, Page, RunQuery, StoreCapabilities
from qtui.store.remote.client import call, limited_client
from qtui.store.remote.convert import VIEW_TYPES, artifact_of, experiment_of, is_id, logged_model_of, point_of, run_of
from qtui.store.remote.new_points import read_new_points
from qtui.store.remote.pushdown import push_filter, push_order
from qtui.store.search import latest_time, project_run
from qtui.text import redact

if TYPE_CHECKING:
    import mlflow.entities as foreign
    from mlflow import MlflowClient
    from mlflow.entities import Metric
    from mlflow.store.entities import PagedList


T = TypeVar("T")

PAGE_RUNS = 500
"""Runs requested in one page: each comes with all its values, and a response must arrive before the deadline."""

MAX_IDS = 100
"""Run IDs named in one filter."""


class RunPage(NamedTuple):
    """A page of runs, the token it was requested with, and the problems of runs on it that are left out."""

    token: str | None
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]


class RemoteStore(StoreDefaults):
    """A store read through `mlflow.MlflowClient`, with its authentication; nothing is cached between calls."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        """The address of the server."""
        return self._uri

    @property
    def kind(self) -> str:
        """The kind of store."""
        return "remote"

    @property
    def capabilities(self) -> StoreCapabilities:
        return StoreCapabilities(pushes_filters=True, counts_matches=False)

    @cached_property
    def _client(self) -> MlflowClient:
        return limited_client(self._uri)

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return the experiments in the server's order, which is newest first."""
        experiments: list[ExperimentInfo] = []
        problems: list[Problem] = []
        for _, page in self._pages(
            lambda token, client: client.search_experiments(VIEW_TYPES[view], max_results=PAGE_RUNS, page_token=token)
        ):
            experiments += [experiment_of(item) for item in page if is_id(item.experiment_id)]
            problems += [invalid_id(item.experiment_id) for item in page if not is_id(item.experiment_id)]
        return Listing(tuple(experiments), tuple(problems))

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield run infos page by page."""
        for page in self._run_pages(experiment_ids, view):
            yield Listing(tuple(run.info for run in page.runs), page.problems)

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield the values of these runs, many runs per request."""
        for start in range(0, len(infos), MAX_IDS):
            batch = [info for info in infos[start : start + MAX_IDS] if is_id(info.run_id)]
            ids = ", ".join(f"'{info.run_id}'" for info in batch)
            experiments = sorted({info.experiment_id for info in batch})
            pages = self._run_pages(experiments, ViewType.ALL, f"attributes.run_id IN ({ids})")
            by_id = {run.info.run_id: run for page in pages for run in page.runs}
            runs = [by_id[info.run_id] for info in batch if info.run_id in by_id]
            yield Listing(tuple(project_run(self._with_summaries(run, projection), projection) for run in runs))

    def search(self, query: RunQuery) -> Page:
        """Return the runs that match a query.

        The server filters as far as it can. When it can also sort, only the pages that the query needs are read;
        otherwise all pages are read and sorted here.
        """
        order = push_order(query.order_by)
        return self._search_everything(query) if order is None else self._search_in_order(query, order)

    def _search_everything(self, query: RunQuery) -> Page:
        """Read all pages, and filter, sort and cut here."""
        pages = list(self._run_pages(query.experiment_ids, query.view, push_filter(query.filter).text))
        matches = self._matcher(query)
        deciding = required_values(query.filter, query.order_by)
        runs = [self._with_summaries(run, deciding) for page in pages for run in page.runs]
        matching = sort_runs(filter(matches, runs), query.order_by)
        start = query.start
        end = None if query.limit is None else start + query.limit
        problems = tuple(problem for page in pages for problem in page.problems)
        return Page.of(query, self._project_runs(matching[start:end], query.projection), len(matching), problems)

    def _search_in_order(self, query: RunQuery, order: list[str]) -> Page:
        """Read pages in the server's order until the query has its runs and it is known whether more follow."""
        token, start = parse_page_token(query.page_token)
        skipped = query.offset if query.page_token is None else 0
        count = None if query.limit is None else skipped + query.limit
        server_filter = push_filter(query.filter)
        # One run more tells whether there are more.
        size = PAGE_RUNS if count is None or not server_filter.is_exact else min(PAGE_RUNS, start + count + 1)
        matches = self._matcher(query)
        matching: list[Run] = []
        problems: list[Problem] = []
        for page in self._run_pages(
            query.experiment_ids, query.view, server_filter.text, order, size=size, first_token=token
        ):
            problems += page.problems
            for index, run in enumerate(page.runs[start:], start):
                if not matches(run):
                    continue
                if len(matching) == count:
                    runs = self._project_runs(matching[skipped:], query.projection)
                    return Page(runs, None, tuple(problems), f"{index}:{page.token or ''}")
                matching.append(run)
            start = 0
        total = len(matching) if query.page_token is None else None
        return Page(self._project_runs(matching[skipped:], query.projection), total, tuple(problems))

    def _matcher(self, query: RunQuery) -> Callable[[Run], bool]:
        """Return a predicate for the whole filter, which reads the histories it needs."""
        if query.filter is None:
            return lambda run: True
        matches = predicate(query.filter)
        deciding = required_values(query.filter)
        return lambda run: matches(self._with_summaries(run, deciding))

    def _project_runs(self, runs: Sequence[Run], projection: Projection) -> tuple[Run, ...]:
        return tuple(project_run(self._with_summaries(run, projection), projection) for run in runs)

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs whose ID begins with a prefix, or only the run whose ID equals it."""
        if not is_id(prefix):
            return ()
        with suppress(NotFound):
            return (run_of(self._call(lambda client: client.get_run(prefix))).info,)
        pages = self._run_pages(None, ViewType.ALL, f"attributes.run_id LIKE '{prefix}%'")
        return tuple(run.info for page in pages for run in page.runs if run.info.run_id.startswith(prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return every point of a metric."""
        metrics = self._call_about(info, lambda client: client.get_metric_history(info.run_id, key))
        if not metrics:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return History.of(info.run_id, key, [point_of(metric) for metric in metrics]), ()

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points since the cursors, from the last page on where the server sends pages."""
        updates = {
            key: read_new_points(partial(self._metric_page, info, key), info, key, cursor)
            for key, cursor in cursors.items()
        }
        return {key: update for key, update in updates.items() if update is not None}

    def _metric_page(self, info: RunInfo, key: str, token: str | None, size: int) -> PagedList[Metric] | None:
        """Return a page of points of a metric; the public method of the client joins all pages."""
        return self._call_about(
            info, lambda client: client._tracking_client.store.get_metric_history(info.run_id, key, size, token)
        )

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts; entries outside of the requested folder are problems."""
        artifacts = (
            sorted(self._list_artifacts(info, path), key=lambda artifact: artifact.path) if is_downward(path) else []
        )
        if path and not artifacts:
            raise ArtifactNotFound(f"The run {info.run_id} has no artifact folder {path!r}.")
        inside = tuple(item for item in artifacts if is_directly_in(item.path, path))
        problems = (
            Problem(artifact.path, "is listed in a folder that it is not in", info.experiment_id, info.run_id)
            for artifact in artifacts
            if artifact not in inside
        )
        return Listing(inside, tuple(problems))

    def _list_artifacts(self, info: RunInfo, path: str) -> Iterable[Artifact]:
        from qtui.store.remote.http_listing import list_http_folder
        from qtui.store.remote.http_stream import resolve_http_uri

        if address := resolve_http_uri(info.artifact_uri, self._uri):
            return list_http_folder(address, path)
        model_id = info.run_id.removeprefix(f"{MODEL_FOLDERS}/")
        if model_id != info.run_id:
            models = self._call(lambda client: client.list_logged_model_artifacts(model_id, path or None))
            return map(artifact_of, models)
        # MLflow waits for minutes when it lists artifacts: first check within our limits that the server answers.
        self._call_about(info, lambda client: client.get_run(info.run_id))
        return map(artifact_of, self._call_about(info, lambda c: c.list_artifacts(info.run_id, path or None)) or ())

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        """Return the models that a run has logged; a server before MLflow 3 has none."""

        def request(token: str | None, client: MlflowClient) -> PagedList[foreign.LoggedModel]:
            source = f"source_run_id = '{info.run_id}'"
            return client.search_logged_models([info.experiment_id], source, page_token=token)

        if not is_id(info.run_id) or not is_id(info.experiment_id) or not hasattr(self._client, "search_logged_models"):
            return Listing()
        models: list[LoggedModel] = []
        with suppress(NotFound):
            for _, page in self._pages(request):
                models += [logged_model_of(model) for model in page if is_model_id(model.model_id)]
        return Listing(tuple(sorted(models, key=lambda model: (model.name, model.model_id))))

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        """Return the function that opens artifacts: on this machine, over HTTP, or with MLflow's repositories."""
        from qtui.store.artifacts.streams import fetched_streams, folder_streams, repository_streams
        from qtui.store.remote.http_stream import http_streams, resolve_http_uri

        root = self.artifact_root(info)
        if root.folder is not None:
            return folder_streams(root.folder)
        if address := resolve_http_uri(root.recorded, self._uri):
            return http_streams(address)
        if root.recorded.startswith("s3:") or info.run_id.startswith(f"{MODEL_FOLDERS}/"):
            return repository_streams(root.recorded)
        client = self._client

        def fetch(path: str, scratch: Path) -> Path:
            request = partial(client.download_artifacts, info.run_id, path, str(scratch))
            return Path(call(self._uri, request, has_deadline=False))

        return fetched_streams(fetch)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the artifact root of a run, with a folder only if the server stores artifacts on this machine."""
        address = urlparse(info.artifact_uri)
        folder = Path(unquote(address.path)) if address.scheme in ("", "file") and address.path else None
        return ArtifactRoot(info.artifact_uri, folder if folder is not None and folder.is_dir() else None)

    def last_write(self, info: RunInfo) -> int | None:
        current = self._call_about(info, lambda client: client.get_run(info.run_id))
        return latest_time(run_of(current) if current else Run(info))

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Yield the problems of everything that the server sends."""
        yield from self.experiments(ViewType.ALL).problems
        for batch in self.infos(view=ViewType.ALL) if listings is None else listings:
            yield from batch.problems

    def close(self) -> None:
        """Drop the client, which closes its connections."""
        self.__dict__.pop("_client", None)

    def _run_pages(
        self,
        experiment_ids: Sequence[str] | None,
        view: ViewType,
        filter: str = "",
        order_by: Sequence[str] = (),
        *,
        size: int = PAGE_RUNS,
        first_token: str | None = None,
    ) -> Iterator[RunPage]:
        """Yield pages of runs with all their values, which the server sends in any case."""
        if experiment_ids is None:
            experiment_ids = [experiment.experiment_id for experiment in self.experiments(view.scope).items]
        ids = [experiment_id for experiment_id in experiment_ids if is_id(experiment_id)]
        if not ids:
            return

        def request(token: str | None, client: MlflowClient) -> PagedList[foreign.Run]:
            return client.search_runs(ids, filter, VIEW_TYPES[view], size, list(order_by), token)

        for token, page in self._pages(request, first_token):
            runs = (run_of(item) for item in page if is_id(item.info.run_id) and is_id(item.info.experiment_id))
            problems = (invalid_id(item.info.run_id) for item in page if not is_id(item.info.run_id))
            yield RunPage(token, tuple(runs), tuple(problems))

    def _call(self, request: Callable[[MlflowClient], T]) -> T:
        """Return the client's answer to a request; the deadline does not include the import of MLflow."""
        client = self._client
        return call(self._uri, lambda: request(client))

    def _call_about(self, info: RunInfo, request: Callable[[MlflowClient], T]) -> T | None:
        """Return the answer to a request about one run, or None when the server has no such entity."""
        try:
            return self._call(request) if is_id(info.run_id) else None
        except NotFound:
            return None

    def _pages(
        self, request: Callable[[str | None, MlflowClient], PagedList[T]], first_token: str | None = None
    ) -> Iterator[tuple[str | None, PagedList[T]]]:
        """Yield the pages with their tokens. Raise StoreUnreadable when a server repeats a token, which never ends."""
        token = first_token
        tokens = {token}
        while True:
            try:
                page = self._call(partial(request, token))
            except NotFound as error:
                raise StoreUnreachable(str(error)) from error
            yield token, page
            token = page.token or None
            if token is None:
                return
            if token in tokens:
                raise StoreUnreadable(f"{redact(self._uri)} sends the same page again and again.")
            tokens.add(token)

    def _with_summaries(self, run: Run, projection: Projection) -> Run:
        """Return the run with the summaries of its metrics that are selected."""
        keys = [key for key in run.metrics if projection.summaries is None or key in projection.summaries]
        summaries = {key: self.history(run.info, key)[0].summary() for key in keys}
        return replace(run, summaries={**run.summaries, **summaries})


def parse_page_token(text: str | None) -> tuple[str | None, int]:
    """Return the server's token of a page and the index of the first run on it, from `Page.next_token`."""
    index, _, token = (text or "0:").partition(":")
    if not index.isdecimal():
        raise UsageError(f"{text!r} is not the token of a page.")
    return token or None, int(index)


def is_downward(path: str) -> bool:
    """Return whether a relative path stays below its folder."""
    return not path or all(part not in ("", ".", "..") for part in path.split("/"))


def is_directly_in(path: str, folder: str) -> bool:
    """Return whether a path is one level below a folder."""
    parent, _, name = path.rpartition("/")
    return bool(name) and parent == folder and is_downward(path)


def invalid_id(text: str) -> Problem:
    """Return the problem of an ID that must not be used."""
    return Problem(text, "is not a valid MLflow ID")
