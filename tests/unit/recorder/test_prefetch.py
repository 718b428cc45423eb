"""Prefetching changes when data are read, not which data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from qtui import entities, helper_process
from qtui.cli import fast_launch
from qtui.entities import Listing, RunCounts, RunInfo, ViewType
from qtui.errors import StoreNotFound
from qtui.recorder import Library
from qtui.store import open_writer, prefetch
from qtui.store.edits import Delete, apply_edits
from tests.stores.specimens import database

Answers = tuple[Listing[entities.ExperimentInfo], set[RunInfo], set[entities.Problem], Mapping[str, RunCounts]]


@pytest.fixture(scope="module")
def uri(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a store with runs in every state, one of them damaged."""
    root = tmp_path_factory.mktemp("damaged") / "mlruns"
    shutil.copytree(sample, root, ignore=shutil.ignore_patterns("artifacts"))
    next(root.glob("*/*/meta.yaml")).write_text("")
    return f"file:{root}"


@pytest.fixture
def library(uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    with Library(uri) as library:
        yield library


def read_all(library: Library, view: ViewType = ViewType.ACTIVE) -> Answers:
    """Return everything that can be prefetched."""
    experiments = library.experiments(view)
    batches = list(library.infos(None, view))
    infos = [info for batch in batches for info in batch.items]
    assert len(infos) == len(set(infos))
    return experiments, set(infos), {problem for batch in batches for problem in batch.problems}, library.counts()


def store_is_closed(library: Library) -> bool:
    """Return whether this process has not opened the store."""
    return library._access._store is None


@pytest.mark.parametrize("view", ViewType)
def test_prefetched_data_equal_data_read_directly(library: Library, uri: str, view: ViewType) -> None:
    library.read_ahead(view)
    prefetched = read_all(library, view)
    assert store_is_closed(library)
    assert prefetched == read_all(Library(uri), view)
    assert prefetched[0].items and prefetched[1] and prefetched[2] and prefetched[3]


def test_an_answer_is_delivered_once_and_later_requests_read_the_store(library: Library, uri: str) -> None:
    library.read_ahead()
    before = read_all(library)
    changed = next(iter(before[1]))
    apply_edits(open_writer(uri), Delete([changed]))
    after = read_all(library)
    assert after[1] == before[1] - {changed}
    assert after[3] != before[3]


def test_a_different_request_is_not_answered_by_the_prefetch(library: Library, uri: str) -> None:
    library.read_ahead(ViewType.ACTIVE)
    some = library.experiments(ViewType.ALL).items[0].experiment_id
    assert list(library.infos([some])) == list(Library(uri).infos([some]))


@pytest.mark.parametrize("message_count", [0, 1, 2, 3])
def test_data_that_a_dead_helper_did_not_send_are_read_directly(
    library: Library, uri: str, message_count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = (
        "from itertools import islice; from qtui.store import prefetch, files; files.store.BATCH = 50; "
        f"messages = prefetch.messages; prefetch.messages = lambda *a: islice(messages(*a), {message_count}); "
    )
    monkeypatch.setattr(
        helper_process, "PROGRAM", helper_process.PROGRAM.replace("; from importlib", f"; {limit}from importlib")
    )
    library.read_ahead()
    assert read_all(library) == read_all(Library(uri))


def test_a_missing_store_raises_store_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    with Library(str(tmp_path / "nowhere")) as library:
        library.read_ahead()
        with pytest.raises(StoreNotFound):
            library.experiments()


def test_everything_is_read_directly_when_no_process_can_be_started(
    library: Library, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process.sys, "executable", "/nowhere/python")
    library.read_ahead()
    assert read_all(library) == read_all(Library(uri))


@pytest.mark.parametrize(
    ("uri", "cores", "worth_it"),
    [
        ("mlruns", {0, 1}, True),
        ("file:///data/mlruns", {0, 1}, True),
        ("sqlite:///mlflow.db", {0, 1}, True),
        ("mlruns", {3}, False),
        ("http://127.0.0.1:5000", {0, 1}, False),
        ("postgresql://127.0.0.1/mlflow", {0, 1}, False),
        ("databricks", {0, 1}, False),
    ],
)
def test_prefetching_is_used_for_local_stores_on_machines_with_a_second_core(
    uri: str, cores: set[int], worth_it: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: cores)
    assert prefetch.Prefetch.is_worth_it(uri) is worth_it


def test_closing_ends_the_helper(library: Library) -> None:
    library.read_ahead()
    assert library._ahead is not None
    process = library._ahead._helper
    library.close()
    assert process.returncode is not None


def test_a_database_is_prefetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    uri = database(tmp_path)
    with Library(uri) as library:
        library.read_ahead()
        prefetched = read_all(library)
        assert store_is_closed(library)
        assert prefetched == read_all(Library(uri))
        assert prefetched[1]


@pytest.mark.parametrize(
    ("uri", "starts"),
    [
        ("mlruns", True),
        ("file:mlruns", True),
        ("sqlite:///mlflow.db", True),
        (None, True),
        ("http://127.0.0.1:5000", False),
        ("stores:a + b", False),
    ],
)
def test_the_command_line_starts_the_helper_of_stores_on_disk_before_it_imports_the_library(
    uri: str | None, starts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    started: list[str] = []
    monkeypatch.setattr(helper_process, "start_helper", started.append)
    fast_launch.start_prefetch(uri)
    assert started == (["qtui.store.prefetch"] if starts else [])


def test_a_helper_that_was_started_before_is_used(library: Library, uri: str) -> None:
    helper = helper_process.start_helper("qtui.store.prefetch")
    library.read_ahead(helper=helper)
    assert read_all(library) == read_all(Library(uri))
    library.close()
    assert helper.returncode is not None


def test_a_helper_that_was_started_for_a_server_is_ended() -> None:
    helper = helper_process.start_helper("qtui.store.prefetch")
    Library("http://127.0.0.1:1").read_ahead(helper=helper)
    assert helper.returncode is not None
