"""Reading a store while another process writes it; reading never writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qtui.entities import ViewType
from qtui.errors import NotFound
from qtui.store.files import FileStore
from qtui.store.files.reading import rereads
from tests.stores.conftest import ROOT
from tests.stores.files.tree import Tree, infos_of, reasons_by_path, runs_of


def test_reading_beside_a_writer_never_fails(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine the writer may pause in the middle of a file for longer than usual.
    monkeypatch.setattr(rereads, "MAX_REREADS", 200)
    command = [sys.executable, "-m", "tests.stores.files.writer_process", str(tree.root / "1"), "400"]
    writer = subprocess.Popen(command, cwd=ROOT)
    store = FileStore(tree.root)
    run_ids: set[str] = set()
    while writer.poll() is None:
        for listing in (store.experiments(), infos_of(store, ViewType.ALL), runs_of(store)):
            assert reasons_by_path(listing) == {}
        for run in runs_of(store).items[:2]:
            run_ids.add(run.info.run_id)
            store.artifacts(run.info)
            store.last_write(run.info)
            try:
                assert store.history(run.info, "loss")[1] == ()
            except NotFound:
                continue
    assert writer.returncode == 0
    assert len(infos_of(store, ViewType.ALL).items) == 12
    assert run_ids


def record_pauses(monkeypatch: pytest.MonkeyPatch, *steps) -> list[float]:
    """Return a list of the pauses of the reader; during each, the writer does its next step."""
    pauses: list[float] = []
    writer_steps = list(steps)

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if writer_steps:
            writer_steps.pop(0)()

    monkeypatch.setattr(rereads.time, "sleep", pause)
    return pauses


def test_a_half_written_meta_yaml_is_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.run("a1")
    path = tree.run("a2") / "meta.yaml"
    text = path.read_text()
    path.write_text("")
    pauses = record_pauses(monkeypatch, lambda: path.write_text(text[:20]), lambda: path.write_text(text))
    listing = infos_of(FileStore(tree.root))
    assert [info.run_id for info in listing.items] == ["a1", "a2"]
    assert listing.problems == ()
    assert len(pauses) == 2


def test_a_run_deleted_during_a_read_is_no_problem(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tree.run("a1")
    (folder / "meta.yaml").unlink()
    record_pauses(monkeypatch, lambda: folder.rename(tree.root / "gone"))
    assert infos_of(FileStore(tree.root)).problems == ()


def test_a_half_written_line_is_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree.run("a1") / "metrics" / "loss"
    path.write_text("1 0.5 0\n2 0.")
    record_pauses(monkeypatch, lambda: path.write_text("1 0.5 0\n2 0.25 1\n"))
    listing = runs_of(FileStore(tree.root))
    assert listing.items[0].metrics == {"loss": (1, 2, 0.25)}
    assert listing.problems == ()


def test_all_damaged_files_share_one_budget_of_rereads(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (tree.run(f"a{number}") / "meta.yaml").write_text("")
    pauses = record_pauses(monkeypatch)
    assert len(infos_of(FileStore(tree.root)).problems) == 20
    assert len(pauses) == rereads.MAX_REREADS


def test_old_damage_is_not_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree.run("a1") / "meta.yaml").write_text("")
    pauses = record_pauses(monkeypatch)
    assert len(infos_of(tree.store()).problems) == 1
    assert pauses == []


def contents(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return the content and the times of everything in a folder."""
    contents_by_path = {}
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(folder, name)
            state = path.lstat()
            data = path.read_bytes() if path.is_file() else b""
            contents_by_path[str(path)] = state.st_mtime_ns, state.st_ctime_ns, data
    return contents_by_path


def test_reading_changes_nothing(tree: Tree, tmp_path: Path) -> None:
    folder = tree.run("a1")
    (folder / "metrics" / "loss").write_text("1 0.5 0\nbad\n")
    (folder / "artifacts" / "a.txt").write_text("a")
    tree.run("a2", lifecycle_stage="deleted")
    (tree.run("a3") / "meta.yaml").write_text("")
    store = tree.store(tmp_path / "cache")
    before = contents(tree.root)
    [info] = infos_of(store).items
    store.experiments(ViewType.ALL)
    store.counts()
    runs_of(store)
    store.history(info, "loss")
    store.artifacts(info)
    store.artifact_root(info)
    store.find("a")
    store.last_write(info)
    list(store.examine())
    store.close()
    assert contents(tree.root) == before
