"""A store that was read before is answered from the cache, but never with what is no longer true."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Run
from qtui.store import cache as caches
from qtui.store.cache import Cache
from qtui.store.files import FileStore
from qtui.store.files.cached import value_cache
from qtui.store.files.reading import fingerprint
from qtui.store.files.reading.values import ValueReader
from tests.stores.files.tree import Tree, infos_of, runs_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cache may be."""
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def settled_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few runs are kept too, and a run written now counts as written some time ago."""
    monkeypatch.setattr(value_cache, "MIN_RUNS_TO_CACHE", 1)
    monkeypatch.setattr(fingerprint, "now_ns", lambda: time.time_ns() + 10_000_000_000)


@pytest.fixture
def filled(tree: Tree) -> Tree:
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
def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose files were opened."""
    opened: list[str] = []
    read = ValueReader.read

    def remembered(self, info, trail=None):
        opened.append(info.run_id)
        return read(self, info, trail)

    monkeypatch.setattr(ValueReader, "read", remembered)
    return opened


def reopened(tree: Tree, folder: Path) -> tuple[Run, ...]:
    """What a new session reads."""
    store = FileStore(tree.root, cache=folder)
    runs = runs_of(store).items
    store.close()
    return runs


def test_what_has_not_changed_is_not_read_again(filled: Tree, folder: Path, read_anew: list[str]) -> None:
    before = reopened(filled, folder)
    assert read_anew == ["a0", "a1", "a2"]
    assert repr(reopened(filled, folder)) == repr(before)
    assert read_anew == ["a0", "a1", "a2"]


def rewritten_in_disguise(run: Path) -> None:
    """Another value of the same size, with the old modification time."""
    path = run / "params" / "lr"
    state = path.stat()
    path.write_text("9.9")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def replaced(run: Path) -> None:
    """Another file in the place of the old one, as `rsync -t` would put it."""
    path = run / "tags" / "一号"
    state = path.stat()
    other = run / "other"
    other.write_bytes(b"u\r\n")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a metric goes on": lambda run: (run / "metrics" / "m").write_text("1 0.5 0\n2 nan 1\n3 0.75 2\n"),
    "a metric is new": lambda run: (run / "metrics" / "n").write_text("1 2 3\n"),
    "a nested param is new": lambda run: (run / "params" / "deep" / "er" / "q").write_text("y"),
    "a nested param is new in a new folder": lambda run: (run / "params" / "deep" / "new").mkdir(),
    "a tag is gone": lambda run: (run / "tags" / "一号").unlink(),
    "a param is overwritten in disguise": rewritten_in_disguise,
    "a tag is replaced in disguise": replaced,
    "a folder is replaced": lambda run: (run / "params").rename(run / "was") and (run / "params").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_read_again(
    filled: Tree, folder: Path, read_anew: list[str], change: Callable[[Path], object]
) -> None:
    reopened(filled, folder)
    read_anew.clear()
    change(filled.root / "1" / "a1")
    assert repr(reopened(filled, folder)) == repr(runs_of(FileStore(filled.root)).items)
    assert read_anew == ["a1", "a0", "a1", "a2"]


def test_an_info_is_never_taken_from_the_cache(filled: Tree, folder: Path) -> None:
    reopened(filled, folder)
    meta = filled.root / "1" / "a1" / "meta.yaml"
    meta.write_text(meta.read_text().replace("status: 3", "status: 4"))
    assert [run.info.status for run in reopened(filled, folder)] == ["FINISHED", "FAILED", "FINISHED"]


def test_what_was_touched_while_it_was_read_is_not_trusted(
    filled: Tree, folder: Path, read_anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "now_ns", time.time_ns)
    reopened(filled, folder)
    reopened(filled, folder)
    assert read_anew == ["a0", "a1", "a2"] * 2


def test_a_damaged_run_is_reported_every_time(filled: Tree, folder: Path) -> None:
    (filled.root / "1" / "a1" / "metrics" / "m").write_text("bad\n")
    filled.age()
    for _ in range(2):
        store = FileStore(filled.root, cache=folder)
        assert [problem.path for problem in runs_of(store).problems] == ["1/a1/metrics/m"]
        store.close()


def test_what_was_read_through_a_link_is_not_trusted(filled: Tree, folder: Path, read_anew: list[str]) -> None:
    target = filled.root / "1" / "a2" / "params" / "lr"
    (filled.root / "1" / "a1" / "params" / "linked").symlink_to(target)
    reopened(filled, folder)
    read_anew.clear()
    target.write_text("changed")
    assert reopened(filled, folder)[1].params["linked"] == "changed"


def test_known_runs_are_shown_at_once_as_they_were(filled: Tree, folder: Path, read_anew: list[str]) -> None:
    before = reopened(filled, folder)
    (filled.root / "1" / "a1" / "params" / "lr").write_text("7")
    read_anew.clear()
    store = FileStore(filled.root, cache=folder)
    [listing] = store.known_runs(infos_of(store).items)
    assert repr(listing.items) == repr(before)
    assert read_anew == []


def test_nothing_is_known_without_a_cache(filled: Tree) -> None:
    store = FileStore(filled.root)
    assert list(store.known_runs(infos_of(store).items)) == []


def only_file(folder: Path) -> Path:
    """The one file that the cache has."""
    [path] = (folder / "runs").iterdir()
    return path


def test_the_cache_is_private(filled: Tree, folder: Path) -> None:
    reopened(filled, folder)
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
def test_a_damaged_cache_is_none_and_is_made_anew(
    filled: Tree, folder: Path, read_anew: list[str], damage: Callable[[bytes], bytes]
) -> None:
    before = reopened(filled, folder)
    path = only_file(folder)
    path.write_bytes(damage(path.read_bytes()))
    read_anew.clear()
    assert repr(reopened(filled, folder)) == repr(before)
    assert read_anew == ["a0", "a1", "a2"]
    reopened(filled, folder)
    assert len(read_anew) == 3


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o750])
def test_a_folder_that_others_may_enter_is_no_cache(filled: Tree, folder: Path, mode: int) -> None:
    (folder / "runs").mkdir(parents=True)
    (folder / "runs").chmod(mode)
    reopened(filled, folder)
    assert list((folder / "runs").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_none(filled: Tree, folder: Path) -> None:
    folder.write_text("in the way")
    assert len(reopened(filled, folder)) == 3


def test_a_file_that_others_may_write_is_not_believed(filled: Tree, folder: Path, read_anew: list[str]) -> None:
    reopened(filled, folder)
    only_file(folder).chmod(0o666)
    read_anew.clear()
    reopened(filled, folder)
    assert read_anew == ["a0", "a1", "a2"]


def test_what_was_not_used_for_longest_is_evicted_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "texts", limit=5000)
    for age, name in ((30, "old"), (20, "used"), (10, "new")):
        cache.save(name, [b"x" * 1500])
        used = time.time() - age
        for path in (tmp_path / "texts").iterdir():
            if path.stat().st_mtime > used:
                os.utime(path, (used, used))
    assert cache.load("old")
    cache.save("more", [b"y" * 1500])
    assert [bool(cache.load(name)) for name in ("old", "used", "new", "more")] == [True, False, True, True]


def test_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "texts", limit=1000)
    cache.save("large", [b"x" * 300, b"y" * 300])
    assert cache.load("large") == b""


def test_what_a_dying_process_left_half_written_goes_in_the_end(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "texts")
    cache.save("kept", [b"x"])
    for name, age in (("half.1", caches.ABANDONED + 10), ("half.2", 0)):
        path = tmp_path / "texts" / name
        path.write_text("half")
        os.utime(path, (time.time() - age, time.time() - age))
    cache.save("kept", [b"y"])
    assert {path.name for path in (tmp_path / "texts").iterdir() if "half" in path.name} == {"half.2"}
    assert cache.load("kept") == b"y"


def test_runs_that_are_gone_are_forgotten(filled: Tree, folder: Path) -> None:
    reopened(filled, folder)
    (filled.root / "1" / "a1").rename(filled.root / "gone")
    (filled.root / "1" / "a2" / "params" / "lr").write_text("8")
    reopened(filled, folder)
    kept = only_file(folder).read_text()
    assert ("\na0\t" in kept, "\na1\t" in kept, "\na2\t" in kept) == (True, False, True)
