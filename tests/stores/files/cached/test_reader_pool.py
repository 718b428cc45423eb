"""Helper processes read the same as this process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui import helper_process
from qtui.entities import Listing, Run
from qtui.store.files.cached import reader_pool, run_batches
from qtui.store.io_timer import IoTimer
from tests.stores.files.tree import Tree, infos_of, reasons_by_path, runs_of


@pytest.fixture
def large_tree(tree: Tree) -> Tree:
    """A store with runs for several tasks, one of them damaged and one with a dataset."""
    for number in range(150):
        folder = tree.run(f"a{number:03}")
        (folder / "params" / "number").write_text(f"{number}\r\n")
        (folder / "metrics" / "loss").write_text(f"1 {number / 7} 0\n2 nan 1\n")
        (folder / "tags" / "sub").mkdir()
        (folder / "tags" / "sub" / "一").write_text("号")
    (tree.root / "1" / "a140" / "metrics" / "loss").write_text("1 2 3\nbad\n")
    for path in (tree.root / "1" / "a149" / "inputs" / "i1", tree.root / "1" / "datasets" / "d1"):
        path.mkdir(parents=True)
    (tree.root / "1" / "a149" / "inputs" / "i1" / "meta.yaml").write_text(
        "source_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: train\n"
    )
    (tree.root / "1" / "datasets" / "d1" / "meta.yaml").write_text("digest: d\nname: n\nsource: s\nsource_type: t\n")
    return tree


@pytest.fixture
def expected(large_tree: Tree) -> Listing[Run]:
    """Return the runs, read without helpers."""
    return runs_of(large_tree.store())


@pytest.fixture
def helpers(expected: Listing[Run], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start two helpers for every read, and check at the end that all have exited."""
    helpers: list[subprocess.Popen[bytes]] = []
    start = reader_pool.start_helper

    def start_and_record(module: str) -> subprocess.Popen[bytes]:
        helpers.append(start(module))
        return helpers[-1]

    monkeypatch.setattr(reader_pool, "start_helper", start_and_record)
    monkeypatch.setattr(IoTimer, "useful_helpers", lambda self, reads, remaining: 2)
    yield helpers
    assert all(helper.returncode is not None for helper in helpers)


def is_same(one: Listing[Run], other: Listing[Run]) -> bool:
    """Return whether two listings are equal, where NaN equals NaN."""
    return repr(one) == repr(other)


def test_helpers_read_the_same_as_this_process(large_tree: Tree, expected: Listing[Run], helpers: list) -> None:
    assert is_same(runs_of(large_tree.store()), expected)
    assert len(helpers) == 2
    assert reasons_by_path(expected) == {"1/a140/metrics/loss": "line 2 has 1 field; it is skipped"}
    assert expected.items[149].inputs[0].tags == {"mlflow.data.context": "train"}


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit",
        "import sys; sys.stdin.buffer.read()",
        "import sys; sys.stdout.write('Hello!' * 10_000)",
        "import sys; sys.stdin.buffer.read(20); sys.stdout.buffer.write(bytes(7))",
        "import sys; print(end=7 * '\\0' + '\\3???', flush=True); sys.stdin.buffer.read()",
    ],
)
def test_tasks_of_a_failing_helper_are_done_in_this_process(
    large_tree: Tree, expected: Listing[Run], helpers: list, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process, "PROGRAM", program)
    monkeypatch.setattr(reader_pool, "HELPER_TIMEOUT_S", 0.1)
    assert is_same(runs_of(large_tree.store()), expected)


def test_runs_are_read_when_no_helper_can_be_started(
    large_tree: Tree, expected: Listing[Run], helpers: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process.sys, "executable", "/nowhere/python")
    assert is_same(runs_of(large_tree.store()), expected)


def test_closing_the_iterator_stops_the_helpers(large_tree: Tree, helpers: list) -> None:
    store = large_tree.store()
    batches = store.runs(infos_of(store).items)
    assert len(next(batches).items) == run_batches.FIRST_BATCH_RUNS
    next(batches)
    batches.close()
    assert len(helpers) == 2


def test_few_runs_are_read_without_helpers(large_tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_pool, "start_helper", lambda module: pytest.fail("a helper was started"))
    store = large_tree.store()
    assert len(next(store.runs(infos_of(store).items[:10])).items) == 10


def test_a_helper_exits_when_its_input_is_closed(tmp_path: Path) -> None:
    helper = helper_process.start_helper(reader_pool.WORKER_MODULE)
    helper.communicate()
    assert helper.returncode == 0


def test_on_a_slow_disk_infos_are_read_by_several_threads(large_tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    (large_tree.root / "1" / "a120" / "meta.yaml").write_text("")
    (large_tree.root / "1" / "a121" / "meta.yaml").unlink()
    quick = infos_of(large_tree.store())
    monkeypatch.setattr(IoTimer, "is_io_bound", lambda self, reads: True)
    assert infos_of(large_tree.store()) == quick
    assert len(quick.items) == 148
    assert len(quick.problems) == 2


def test_closing_the_iterator_cancels_the_threads(large_tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IoTimer, "is_io_bound", lambda self, reads: True)
    monkeypatch.setattr("qtui.store.files.store.LISTING_SIZE", 70)
    batches = large_tree.store().infos()
    assert len(next(batches).items) == 70
    batches.close()
