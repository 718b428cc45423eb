"""Files that are written for the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.errors import FileNotWritten
from qtui.tui.screens import saving
from qtui.tui.screens.saving import SaveTarget, expand_path, path_problem, save_file, suggest_file_name


def test_a_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    save_file(SaveTarget(tmp_path / "a.csv"), b"1,2\n")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.csv", b"1,2\n")]


def test_an_existing_file_is_replaced_only_with_confirmation(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"mine")
    with pytest.raises(FileNotWritten, match="already exists"):
        save_file(SaveTarget(path), b"other")
    assert path.read_bytes() == b"mine"
    save_file(SaveTarget(path, replace=True), b"other")
    assert path.read_bytes() == b"other" and len(list(tmp_path.iterdir())) == 1


def test_an_existing_file_is_kept_on_a_file_system_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(saving.os, "link", no_links)
    save_file(SaveTarget(tmp_path / "a.csv"), b"1")
    with pytest.raises(FileNotWritten, match="already exists"):
        save_file(SaveTarget(tmp_path / "a.csv"), b"2")
    assert (tmp_path / "a.csv").read_bytes() == b"1"


def test_the_target_of_a_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    save_file(SaveTarget(tmp_path / "link.csv", replace=True), b"new")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "real.csv").read_bytes() == b"new"


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="No such file or directory"):
        save_file(SaveTarget(tmp_path / "none" / "a.csv"), b"")
    assert path_problem(str(tmp_path / "none" / "a.csv")) == f"There is no directory {tmp_path / 'none'}."
    assert path_problem(str(tmp_path)) == path_problem(" ") == "Enter a file name."
    assert path_problem(str(tmp_path / "a.csv")) is None


def test_suggested_names_have_no_path_parts_and_keep_every_script() -> None:
    assert suggest_file_name("loss/train of 3 runs", "svg") == "loss-train-of-3-runs.svg"
    assert suggest_file_name("../../etc/passwd $(rm)", "csv") == "etc-passwd-rm.csv"
    assert suggest_file_name("反转 · 因子", "csv") == "反转-因子.csv"
    assert suggest_file_name("///", "svg") == "chart.svg"


def test_a_tilde_is_the_home_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert expand_path(" ~/a.csv ") == tmp_path / "a.csv"
    assert expand_path("~nobody-of-that-name/a.csv") == Path("~nobody-of-that-name/a.csv").absolute()
