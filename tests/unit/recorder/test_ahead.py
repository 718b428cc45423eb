"""A head start changes when things are read, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from qtui import entities
from qtui.cli.sample import write_sample
from qtui.entities import Listing, RunCounts, RunInfo, View
from qtui.errors import StoreNotFound
from qtui.recorder import Library
from qtui.store import ahead, helper, open_writer
from tests.stores.specimens import database

Answers = tuple[Listing[entities.Experiment], set[RunInfo], set[entities.Problem], Mapping[str, RunCounts]]


@pytest.fixture
def uri(tmp_path: Path) -> str:
    """A store with runs in every state, one of them damaged."""
    root = tmp_path / "mlruns"
    write_sample(root, root, 1_700_000_000_000)
    next(root.glob("*/*/meta.yaml")).write_text("")
    return f"file:{root}"


@pytest.fixture
def library(uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    with Library(uri) as library:
        yield library


def answers_of(library: Library, view: View = View.ACTIVE) -> Answers:
    """All that can be read ahead."""
    experiments = library.experiments(view)
    batches = list(library.infos(None, view))
    infos = [info for batch in batches for info in batch.items]
    assert len(infos) == len(set(infos))
    return experiments, set(infos), {each for batch in batches for each in batch.problems}, library.counts()


def reads_nothing_here(library: Library) -> bool:
    """Whether the store has not been opened by this process."""
    return library._opened is None


@pytest.mark.parametrize("view", View)
def test_what_is_read_ahead_is_what_would_be_read(library: Library, uri: str, view: View) -> None:
    library.read_ahead(view)
    known = answers_of(library, view)
    assert reads_nothing_here(library)
    assert known == answers_of(Library(uri), view)
    assert known[0].items and known[1] and known[2] and known[3]


def test_every_answer_is_given_once_and_then_it_is_what_holds_now(library: Library, uri: str) -> None:
    library.read_ahead()
    before = answers_of(library)
    changed = next(iter(before[1]))
    open_writer(uri).delete_runs([changed])
    after = answers_of(library)
    assert after[1] == before[1] - {changed}
    assert after[3] != before[3]


def test_another_question_is_not_answered_by_it(library: Library, uri: str) -> None:
    library.read_ahead(View.ACTIVE)
    some = library.experiments(View.ALL).items[0].experiment_id
    assert list(library.infos([some])) == list(Library(uri).infos([some]))


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
def test_what_a_helper_that_dies_has_not_said_is_read_here(
    library: Library, uri: str, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = (
        "from itertools import islice; from qtui.store import ahead, files; files.store.BATCH = 50; "
        f"whole = ahead.answers; ahead.answers = lambda *a: islice(whole(*a), {answered}); "
    )
    monkeypatch.setattr(helper, "PROGRAM", helper.PROGRAM.replace("; from importlib", f"; {stops}from importlib"))
    library.read_ahead()
    assert answers_of(library) == answers_of(Library(uri))


def test_a_store_that_is_not_there_is_missed_as_always(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    with Library(str(tmp_path / "nowhere")) as library:
        library.read_ahead()
        with pytest.raises(StoreNotFound):
            library.experiments()


def test_where_no_process_can_be_started_everything_is_read_here(
    library: Library, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper.sys, "executable", "/nowhere/python")
    library.read_ahead()
    assert answers_of(library) == answers_of(Library(uri))


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
def test_it_is_for_stores_on_disk_and_machines_with_a_core_to_spare(
    uri: str, cores: set[int], worth_it: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: cores)
    assert ahead.HeadStart.is_worth_it(uri) is worth_it


def test_closing_leaves_no_helper_behind(library: Library) -> None:
    library.read_ahead()
    assert library._ahead is not None
    process = library._ahead._helper
    library.close()
    assert process.returncode is not None


def test_a_database_is_read_ahead_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    uri = database(tmp_path)
    with Library(uri) as library:
        library.read_ahead()
        known = answers_of(library)
        assert reads_nothing_here(library)
        assert known == answers_of(Library(uri))
        assert known[1]
