"""A search reads only the pages that it needs, and continues at a page token."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mlflow.entities import Run, RunData, RunInfo
from mlflow.store.entities import PagedList

from qtui.errors import UsageError
from qtui.query import parse_filter, parse_order
from qtui.recorder import MLflowExperiment
from qtui.store import Page, RunQuery
from qtui.store.remote import RemoteStore, store

RUNS = 25


class FakeServer:
    """A tracking server with numbered runs, newest first, that counts its responses."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, int]] = []

    def search_runs(
        self, ids: list[str], filter: str, view: int, size: int, order_by: list[str], token: str | None
    ) -> PagedList[Run]:
        self.requests.append((filter, size))
        start = int(token or 0)
        runs = [self.run(number) for number in range(RUNS)][start : start + size]
        return PagedList(runs, str(start + size) if start + size < RUNS else None)

    def run(self, number: int) -> Run:
        info = RunInfo(
            f"run{number:02}", "1", "me", "FINISHED", RUNS - number, None, "active", run_name=f"n{number % 3}"
        )
        return Run(info, RunData())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """Return the server; a page has at most 10 runs."""
    monkeypatch.setattr(store, "PAGE_RUNS", 10)
    return FakeServer()


@pytest.fixture
def remote(server: FakeServer) -> RemoteStore:
    """Return a store that reads from the server."""
    remote = RemoteStore("http://nowhere")
    remote.__dict__["_client"] = SimpleNamespace(search_runs=server.search_runs)
    return remote


def ids_of(page: Page) -> list[str]:
    return [run.info.run_id for run in page.runs]


def test_a_query_with_a_limit_reads_one_short_page(server: FakeServer, remote: RemoteStore) -> None:
    page = remote.search(RunQuery(("1",), limit=2))
    assert (ids_of(page), page.total, page.next_token) == (["run00", "run01"], None, "2:")
    assert server.requests == [("", 3)]


def test_a_query_without_a_limit_reads_everything(remote: RemoteStore) -> None:
    page = remote.search(RunQuery(("1",)))
    assert (len(page.runs), page.total, page.next_token) == (RUNS, RUNS, None)


def test_an_offset_is_skipped(server: FakeServer, remote: RemoteStore) -> None:
    assert ids_of(remote.search(RunQuery(("1",), offset=8, limit=4))) == ["run08", "run09", "run10", "run11"]
    assert len(server.requests) == 2


@pytest.mark.parametrize("filter", ["", "attributes.run_name ~ 'n1'"])
@pytest.mark.parametrize("limit", [1, 4, 10, 11, 100])
def test_all_pages_together_are_the_whole_result(remote: RemoteStore, filter: str, limit: int) -> None:
    query = parse_filter(filter)
    complete = remote.search(RunQuery(("1",), filter=query))
    pages = [remote.search(RunQuery(("1",), filter=query, limit=limit))]
    while pages[-1].next_token is not None:
        pages.append(remote.search(RunQuery(("1",), filter=query, limit=limit, page_token=pages[-1].next_token)))
    assert [run_id for page in pages for run_id in ids_of(page)] == ids_of(complete)
    assert len(pages) == -(-len(complete.runs) // limit)


def test_a_filter_that_is_not_pushed_stops_at_the_limit(server: FakeServer, remote: RemoteStore) -> None:
    page = remote.search(RunQuery(("1",), filter=parse_filter("attributes.run_name ~ 'n1'"), limit=2))
    assert (ids_of(page), page.total) == (["run01", "run04"], None)
    assert server.requests == [("", 10)]


def test_an_order_that_is_not_pushed_reads_and_counts_everything(remote: RemoteStore) -> None:
    page = remote.search(RunQuery(("1",), order_by=(parse_order("run_name"),), limit=1))
    assert (ids_of(page), page.total) == (["run00"], RUNS)


def test_an_invalid_page_token_is_rejected(remote: RemoteStore) -> None:
    with pytest.raises(UsageError, match="is not the token of a page"):
        remote.search(RunQuery(("1",), page_token="x:y"))


def test_list_recorders_with_a_limit_reads_one_short_page(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    client = SimpleNamespace(search_runs=server.search_runs)
    monkeypatch.setattr(store, "limited_client", lambda uri: client)
    experiment = MLflowExperiment("1", "e", "http://nowhere")
    assert [run.id for run in experiment.list_recorders("list", max_results=1, status="FINISHED")] == ["run00"]
    assert server.requests == [("attributes.status = 'FINISHED'", 2)]
