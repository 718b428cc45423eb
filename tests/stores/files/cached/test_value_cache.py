"""A store that was read before is read from the cache, except for files that have changed."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Run
from qtui.store.files import FileStore
from qtui.store.files.cached import value_cache
from qtui.store.files.reading import fingerprint
from qtui.store.files.reading.values import ValueReader
from tests.stores.files.tree import Tree, infos_of, runs_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the cache."""
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def cache_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache even a few runs, and let files written now count as old."""
    monkeypatch.setattr(value_cache, "MIN_RUNS_TO_CACHE", 1)
    monkeypatch.setattr(fingerprint, "now_ns", lambda: time.time_ns() + 10_000_000_000)


@pytest.fixture
def filled_tree(tree: Tree) -> Tree:
    """Three runs with values."""
    for number in range(3):
        run = tree.run(f"a{number}")
        (run / "params" / "lr").write_text(f"0.{number}")
        (run / "params" / "deep" / "er").mkdir(parents=True)
        (run / "params" / "deep" / "er" / "p").write_text("x")
        (run / "metrics" / "m").write_text("1 0.5 0\n2 nan 1\n")
        (run / "tags" / "一号").write_text("t\r\n")
    return tree


@pytest.fixture
def read_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the runs whose files were read."""
    opened: list[str] = []
    read = ValueReader.read

    def read_and_record(self, info, fingerprint_of_read=None):
        opened.append(info.run_id)
        return read(self, info, fingerprint_of_read)

    monkeypatch.setattr(ValueReader, "read", read_and_record)
    return opened


def reopen(tree: Tree, folder: Path) -> tuple[Run, ...]:
    """Return the runs that a new session reads."""
    store = FileStore(tree.root, cache=folder)
    runs = runs_of(store).items
    store.close()
    return runs


def test_unchanged_runs_are_not_read_again(filled_tree: Tree, folder: Path, read_ids: list[str]) -> None:
    before = reopen(filled_tree, folder)
    assert read_ids == ["a0", "a1", "a2"]
    assert repr(reopen(filled_tree, folder)) == repr(before)
    assert read_ids == ["a0", "a1", "a2"]


def rewrite_with_old_time(run: Path) -> None:
    """Overwrite a param with a value of the same size and restore its modification time."""
    path = run / "params" / "lr"
    state = path.stat()
    path.write_text("9.9")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def replace_with_old_time(run: Path) -> None:
    """Replace a tag by another file with the same modification time, like `rsync -t`."""
    path = run / "tags" / "一号"
    state = path.stat()
    other = run / "other"
    other.write_bytes(b"u\r\n")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a metric has another point": lambda run: (run / "metrics" / "m").write_text("1 0.5 0\n2 nan 1\n3 0.75 2\n"),
    "a metric is new": lambda run: (run / "metrics" / "n").write_text("1 2 3\n"),
    "a nested param is new": lambda run: (run / "params" / "deep" / "er" / "q").write_text("y"),
    "a nested param is new in a new folder": lambda run: (run / "params" / "deep" / "new").mkdir(),
    "a tag is gone": lambda run: (run / "tags" / "一号").unlink(),
    "a param is overwritten with the old time": rewrite_with_old_time,
    "a tag is replaced with the old time": replace_with_old_time,
    "a folder is replaced": lambda run: (run / "params").rename(run / "was") and (run / "params").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_runs_are_read_again(
    filled_tree: Tree, folder: Path, read_ids: list[str], change: Callable[[Path], object]
) -> None:
    reopen(filled_tree, folder)
    read_ids.clear()
    change(filled_tree.root / "1" / "a1")
    assert repr(reopen(filled_tree, folder)) == repr(runs_of(FileStore(filled_tree.root)).items)
    assert read_ids == ["a1", "a0", "a1", "a2"]


def test_infos_are_never_read_from_the_cache(filled_tree: Tree, folder: Path) -> None:
    reopen(filled_tree, folder)
    meta = filled_tree.root / "1" / "a1" / "meta.yaml"
    meta.write_text(meta.read_text().replace("status: 3", "status: 4"))
    assert [run.info.status for run in reopen(filled_tree, folder)] == ["FINISHED", "FAILED", "FINISHED"]


def test_files_modified_just_before_a_read_are_not_cached(
    filled_tree: Tree, folder: Path, read_ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "now_ns", time.time_ns)
    reopen(filled_tree, folder)
    reopen(filled_tree, folder)
    assert read_ids == ["a0", "a1", "a2"] * 2


def test_a_damaged_run_is_reported_every_time(filled_tree: Tree, folder: Path) -> None:
    (filled_tree.root / "1" / "a1" / "metrics" / "m").write_text("bad\n")
    filled_tree.age()
    for _ in range(2):
        store = FileStore(filled_tree.root, cache=folder)
        assert [problem.path for problem in runs_of(store).problems] == ["1/a1/metrics/m"]
        store.close()


def test_values_read_through_a_link_are_not_cached(filled_tree: Tree, folder: Path, read_ids: list[str]) -> None:
    target = filled_tree.root / "1" / "a2" / "params" / "lr"
    (filled_tree.root / "1" / "a1" / "params" / "linked").symlink_to(target)
    reopen(filled_tree, folder)
    read_ids.clear()
    target.write_text("changed")
    assert reopen(filled_tree, folder)[1].params["linked"] == "changed"


def test_cached_runs_are_available_without_reading(filled_tree: Tree, folder: Path, read_ids: list[str]) -> None:
    before = reopen(filled_tree, folder)
    (filled_tree.root / "1" / "a1" / "params" / "lr").write_text("7")
    read_ids.clear()
    store = FileStore(filled_tree.root, cache=folder)
    [listing] = store.cached_runs(infos_of(store).items)
    assert repr(listing.items) == repr(before)
    assert read_ids == []


def test_without_a_cache_there_are_no_cached_runs(filled_tree: Tree) -> None:
    store = FileStore(filled_tree.root)
    assert list(store.cached_runs(infos_of(store).items)) == []


def only_file(folder: Path) -> Path:
    """Return the only file of the cache."""
    [path] = (folder / "runs").iterdir()
    return path


def test_the_cache_is_private(filled_tree: Tree, folder: Path) -> None:
    reopen(filled_tree, folder)
    assert stat.S_IMODE((folder / "runs").stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "changed": lambda data: data.replace(b"0.1", b"0.8"),
    "garbage": lambda data: bytes(range(256)) * 100,
    "of another format": lambda data: b"qtui 9" + data.removeprefix(b"qtui "),
    "with another header": lambda data: b"[]\n" + data,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_cache_is_ignored_and_replaced(
    filled_tree: Tree, folder: Path, read_ids: list[str], damage: Callable[[bytes], bytes]
) -> None:
    before = reopen(filled_tree, folder)
    path = only_file(folder)
    path.write_bytes(damage(path.read_bytes()))
    read_ids.clear()
    assert repr(reopen(filled_tree, folder)) == repr(before)
    assert read_ids == ["a0", "a1", "a2"]
    reopen(filled_tree, folder)
    assert len(read_ids) == 3


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o750])
def test_a_cache_folder_open_to_other_users_is_not_used(filled_tree: Tree, folder: Path, mode: int) -> None:
    (folder / "runs").mkdir(parents=True)
    (folder / "runs").chmod(mode)
    reopen(filled_tree, folder)
    assert list((folder / "runs").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_ignored(filled_tree: Tree, folder: Path) -> None:
    folder.write_text("in the way")
    assert len(reopen(filled_tree, folder)) == 3


def test_a_cache_file_writable_by_other_users_is_ignored(filled_tree: Tree, folder: Path, read_ids: list[str]) -> None:
    reopen(filled_tree, folder)
    only_file(folder).chmod(0o666)
    read_ids.clear()
    reopen(filled_tree, folder)
    assert read_ids == ["a0", "a1", "a2"]


def test_missing_runs_are_removed_from_the_cache(filled_tree: Tree, folder: Path) -> None:
    reopen(filled_tree, folder)
    (filled_tree.root / "1" / "a1").rename(filled_tree.root / "gone")
    (filled_tree.root / "1" / "a2" / "params" / "lr").write_text("8")
    reopen(filled_tree, folder)
    text = only_file(folder).read_text()
    assert ("\na0\t" in text, "\na1\t" in text, "\na2\t" in text) == (True, False, True)
