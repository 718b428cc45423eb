"""Atomic writes of files into one folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qtui.errors import BadValue, StoreLocked, StoreUnwritable
from qtui.store.files.writing import run_directory
from qtui.store.files.writing.run_directory import RunDirectory


def test_a_staged_file_appears_when_it_is_moved(tmp_path: Path) -> None:
    with RunDirectory(str(tmp_path)) as directory:
        staged = directory.stage("tags/a/b", b"new")
        assert not (tmp_path / "tags").exists()
        directory.replace(staged)
        assert (tmp_path / "tags" / "a" / "b").read_bytes() == b"new"


def test_a_staged_file_that_is_not_moved_is_removed(tmp_path: Path) -> None:
    with RunDirectory(str(tmp_path)) as directory:
        directory.stage("tags/a", b"new")
    assert list(tmp_path.iterdir()) == []


def test_replacing_keeps_the_mode_of_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "meta.yaml").write_bytes(b"old")
    (tmp_path / "meta.yaml").chmod(0o640)
    with RunDirectory(str(tmp_path)) as directory:
        directory.replace(directory.stage("meta.yaml", b"new"))
    assert (tmp_path / "meta.yaml").stat().st_mode & 0o777 == 0o640


def test_creating_never_replaces_a_file(tmp_path: Path) -> None:
    with RunDirectory(str(tmp_path)) as directory:
        assert directory.create(directory.stage("params/p", b"first"))
        assert not directory.create(directory.stage("params/p", b"second"))
        assert directory.read("params/p") == b"first"


def test_undoing_the_first_append_removes_the_file(tmp_path: Path) -> None:
    with RunDirectory(str(tmp_path)) as directory:
        sizes = directory.append("metrics/m", b"1 0.5 0\n")
        assert sizes == (0, 8)
        directory.undo_append("metrics/m", *sizes)
    assert list((tmp_path / "metrics").iterdir()) == []


def test_an_append_of_another_process_is_not_undone(tmp_path: Path) -> None:
    with RunDirectory(str(tmp_path)) as directory:
        sizes = directory.append("metrics/m", b"1 0.5 0\n")
        with (tmp_path / "metrics" / "m").open("ab") as file:
            file.write(b"2 0.5 1\n")
        directory.undo_append("metrics/m", *sizes)
    assert (tmp_path / "metrics" / "m").read_bytes() == b"1 0.5 0\n2 0.5 1\n"


def test_a_file_that_is_not_regular_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with RunDirectory(str(tmp_path)) as directory, pytest.raises(StoreUnwritable, match="not a regular file"):
        directory.read("pipe")


def test_a_locked_folder_is_an_error_after_a_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_directory, "LOCK_TIMEOUT_S", 0.0)
    first, second = RunDirectory(str(tmp_path)), RunDirectory(str(tmp_path))
    with first, second, first.locked(), pytest.raises(StoreLocked, match="locked by another process"), second.locked():
        pytest.fail("both locked the folder")


@pytest.mark.parametrize("path", ["file/below", "link/below", "folder", "link"])
def test_a_blocked_path_is_not_writable(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    with RunDirectory(str(tmp_path)) as directory, pytest.raises(BadValue, match="in the way"):
        directory.check_writable(path)
