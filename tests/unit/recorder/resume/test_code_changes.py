"""The changes of the code since a run are found without running anything of its folder."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from qtui.recorder.recording.uncommitted_code import commit
from qtui.recorder.resume.code_changes import CodeChanges, code_changes
from qtui.recorder.resume.origin import RunOrigin
from qtui.recorder.resume.origin_rows import origin_rows
from tests.unit.recorder.recording.test_provenance import git


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    """A work tree with one commit."""
    git(tmp_path, "init")
    for name in ("changed.py", "staged.py"):
        (tmp_path / name).write_text("old\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def origin_in(folder: Path) -> RunOrigin:
    return RunOrigin(folder=str(folder), commit=commit(folder))


def texts(origin: RunOrigin, changes: CodeChanges) -> dict[str, str]:
    return dict(origin_rows(origin, changes))


def test_unchanged_code_is_recognised(work_tree: Path) -> None:
    origin = origin_in(work_tree)
    changes = code_changes(origin)
    assert changes == CodeChanges(commit=origin.commit, later_commits=0, is_known=True)
    assert texts(origin, changes)["commit"] == f"{origin.commit[:10]}, still checked out"
    assert texts(origin, changes)["changes"] == "no uncommitted files"


def test_later_commits_and_uncommitted_files_are_named(work_tree: Path) -> None:
    origin = origin_in(work_tree)
    git(work_tree, "commit", "--allow-empty", "-m", "second")
    (work_tree / "changed.py").write_text("longer than before\n")
    (work_tree / "staged.py").write_text("also longer\n")
    git(work_tree, "add", "staged.py")
    changes = code_changes(origin)
    assert (changes.later_commits, changes.changed_files) == (1, ("changed.py", "staged.py"))
    assert texts(origin, changes)["commit"].endswith("1 commit later")
    assert texts(origin, changes)["changes"] == "2 uncommitted files: changed.py, staged.py"


def test_a_file_that_was_only_touched_is_not_changed(work_tree: Path) -> None:
    os.utime(work_tree / "changed.py", (1, 1))
    index = (work_tree / ".git/index").read_bytes()
    assert code_changes(origin_in(work_tree)).changed_files == ()
    assert (work_tree / ".git/index").read_bytes() == index


def test_a_commit_that_is_unknown_here_is_compared_no_further(work_tree: Path) -> None:
    origin = RunOrigin(folder=str(work_tree), commit="0123456789abcdef")
    changes = code_changes(origin)
    assert changes.later_commits is None
    assert texts(origin, changes)["commit"] == f"0123456789; now {changes.commit[:10]}"


def test_a_folder_that_is_gone_is_reported(tmp_path: Path) -> None:
    origin = RunOrigin(folder=str(tmp_path / "gone"))
    assert "does not exist" in texts(origin, code_changes(origin))["folder"]


def test_the_folder_of_another_host_is_not_examined(work_tree: Path) -> None:
    origin = RunOrigin(folder=str(work_tree), host="node7")
    changes = code_changes(origin, host="laptop")
    assert changes == CodeChanges(other_host="node7")
    assert texts(origin, changes)["host"] == "node7, not this one"


@pytest.mark.parametrize("folder", ["", "relative"])
def test_a_folder_that_is_not_recorded_is_not_guessed(folder: str) -> None:
    changes = code_changes(RunOrigin(folder=folder))
    assert (changes.commit, changes.is_known) == ("", False)


def test_a_folder_outside_of_git_has_no_changes(tmp_path: Path) -> None:
    assert code_changes(RunOrigin(folder=str(tmp_path))) == CodeChanges()


@pytest.mark.parametrize("key", ["core.fsmonitor", "filter.x.clean", "filter.x.process", "diff.external"])
def test_a_hostile_repository_runs_nothing(work_tree: Path, key: str) -> None:
    (work_tree / ".gitattributes").write_text("* filter=x\n")
    git(work_tree, "config", key, f"touch {work_tree}/ran")
    (work_tree / "changed.py").write_text("new\n")
    code_changes(origin_in(work_tree))
    assert not (work_tree / "ran").exists()


def test_a_running_run_says_whether_its_process_exists() -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    here = socket.gethostname()
    known = {
        f"{here}:{os.getpid()}": f"RUNNING: its process ({here}:{os.getpid()}) may still log into it",
        f"{here}:{ended.pid}": "RUNNING, but its process has ended",
        f"elsewhere:{ended.pid}": f"RUNNING: its process (elsewhere:{ended.pid}) may still log into it",
        "": "RUNNING: its process may still log into it",
    }
    for process, text in known.items():
        origin = RunOrigin(is_running=True, process=process)
        assert texts(origin, code_changes(origin))["status"] == text
