"""A run records of itself what is needed to repeat it, and no more than may be seen."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qtui.recorder import QlibRecorder
from qtui.recorder.recording import uncommitted_code
from qtui.recorder.recording.provenance import add_numbered, free_name, own_command


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=me", "-c", "user.email=me@here", "-c", "commit.gpgsign=false", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    """A work tree with a change that is staged and one that is not."""
    git(tmp_path, "init")
    for name in ("staged.py", "changed.py"):
        (tmp_path / name).write_text("old\n")
    git(tmp_path, "add", "staged.py", "changed.py")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / "staged.py").write_text("new and staged\n")
    git(tmp_path, "add", "staged.py")
    (tmp_path / "changed.py").write_bytes("新しい\n".encode("shift-jis"))
    return tmp_path


def test_the_command_the_environment_the_user_and_the_host_are_recorded(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_QLIB_MODE", "fast")
    monkeypatch.setenv("QTUI_NOTE", "行")
    monkeypatch.setenv("SECRET", "no")
    with recording.start():
        recorder = recording.get_recorder()
    params, tags = recorder.list_params(), recorder.list_tags()
    assert params == {"cmd-sys.argv": "train.py --seed 1", "_QLIB_MODE": "fast", "QTUI_NOTE": "行"}
    assert tags["mlflow.source.name"] == "train.py"
    assert tags["mlflow.source.type"] == "LOCAL"
    assert {"mlflow.user", "hostname"} <= tags.keys()


def test_no_password_is_recorded(recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = "postgresql://me:hunter2@db/mlflow"
    monkeypatch.setenv("QTUI_URI", uri)
    monkeypatch.setattr("sys.argv", ["train.py", "--uri", uri])
    with recording.start():
        recorder = recording.get_recorder()
    assert "hunter2" not in repr(recorder.list_params())
    assert "--uri" in recorder.list_params()["cmd-sys.argv"]


def test_what_cannot_be_recorded_of_the_program_fails_no_run(
    recording: QlibRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    monkeypatch.setattr("sys.argv", ["tr\udce9in.py", "--seed=1"])
    monkeypatch.setenv("_QLIB_a(b)", "1")
    monkeypatch.setenv("_QLIB_MODE", "f\udce9st")
    with recording.start():
        recorder = recording.get_recorder()
    assert recorder.list_params() == {"cmd-sys.argv": r"tr\udce9in.py --seed=1", "_QLIB_MODE": r"f\udce9st"}
    assert recorder.list_tags()["mlflow.source.name"] == r"tr\udce9in.py"


def test_a_folder_whose_name_is_not_unicode_is_not_recorded(
    recording: QlibRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    monkeypatch.chdir(os.fsdecode(folder))
    with recording.start():
        assert "qtui.cwd" not in recording.get_recorder().list_tags()


def test_uncommitted_code_is_saved_in_any_encoding(work_tree: Path, recording: QlibRecorder) -> None:
    with recording.start():
        recorder = recording.get_recorder()
    assert recorder.list_artifacts() == ["code_cached.txt", "code_diff.txt", "code_status.txt"]
    artifacts = {name: Path(recorder.download_artifact(name)).read_bytes() for name in recorder.list_artifacts()}
    assert "新しい\n".encode("shift-jis") in artifacts["code_diff.txt"]
    assert b"new and staged" in artifacts["code_cached.txt"]
    assert b"changed.py" in artifacts["code_status.txt"]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=work_tree, capture_output=True, text=True, check=True)
    assert recorder.list_tags()["mlflow.source.git.commit"] == commit.stdout.strip()


def test_the_code_of_a_later_session_is_saved_beside_the_first(work_tree: Path, recording: QlibRecorder) -> None:
    with recording.start():
        recorder = recording.get_recorder()
    (work_tree / "changed.py").write_text("later\n")
    with recording.start(recorder_id=recorder.id, resume=True):
        pass
    assert "code_diff.2.txt" in recorder.list_artifacts()
    assert "later" in Path(recorder.download_artifact("code_diff.2.txt")).read_text()
    assert "later" not in Path(recorder.download_artifact("code_diff.txt")).read_text(errors="replace")


def test_outside_of_git_nothing_is_saved_and_nothing_logged(
    recording: QlibRecorder, capfd: pytest.CaptureFixture[str]
) -> None:
    with recording.start():
        recorder = recording.get_recorder()
    assert recorder.list_artifacts() == []
    assert capfd.readouterr() == ("", "")


def test_without_git_nothing_is_saved(work_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(work_tree))
    assert list(uncommitted_code.reports(work_tree)) == []
    assert uncommitted_code.commit(work_tree) == ""


def test_a_repository_without_a_commit_is_recorded_too(tmp_path: Path) -> None:
    git(tmp_path, "init")
    assert uncommitted_code.commit(tmp_path) == ""
    assert dict(uncommitted_code.reports(tmp_path)).keys() == {"code_diff.txt", "code_status.txt", "code_cached.txt"}


def test_a_very_large_diff_is_cut_off_and_says_so(work_tree: Path) -> None:
    (work_tree / "changed.py").write_text("x" * 100_000)
    diff = dict(uncommitted_code.reports(work_tree, max_bytes=1000))["code_diff.txt"]
    assert diff.startswith(b"diff --git")
    assert len(diff) < 1100
    assert diff.endswith(b"[truncated after 1000 bytes]\n")


def test_git_is_asked_without_a_shell_and_without_programs_of_the_repository(work_tree: Path) -> None:
    git(work_tree, "config", "diff.external", f"touch {work_tree}/ran")
    git(work_tree, "config", "core.pager", f"touch {work_tree}/ran")
    assert b"changed.py" in dict(uncommitted_code.reports(work_tree))["code_diff.txt"]
    assert not (work_tree / "ran").exists()


def test_a_value_that_was_there_before_is_not_recorded_again() -> None:
    known = {"a": "1", "a.2": "2"}
    assert add_numbered(known, {"a": "1"}) == {}
    assert add_numbered(known, {"a": "2"}) == {}
    assert add_numbered(known, {"a": "3", "b": "1"}) == {"a.3": "3", "b": "1"}


def test_files_are_numbered_before_their_suffix() -> None:
    assert free_name("code_diff.txt", []) == "code_diff.txt"
    assert free_name("code_diff.txt", ["code_diff.txt", "code_diff.2.txt"]) == "code_diff.3.txt"


def test_a_run_records_how_and_where_it_was_started_and_which_process_will_end_it(
    recording: QlibRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Workers of pytest-xdist have a main module without a file.
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "train.py", raising=False)
    monkeypatch.setattr("sys.orig_argv", ["python", "-u", "train.py", "--name", "two words", "--token=hunter2"])
    with recording.start():
        recorder = recording.get_recorder()
    tags = recorder.list_tags()
    command = [sys.executable, "-u", "train.py", "--name", "two words", "--token=***"]
    assert shlex.split(tags["qtui.command"]) == command
    assert tags["qtui.cwd"] == str(tmp_path)
    assert tags["qtui.process"] == f"{socket.gethostname()}:{os.getpid()}"


def test_a_command_line_that_is_too_long_for_a_tag_is_left_out(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "train.py", raising=False)
    monkeypatch.setattr("sys.orig_argv", ["python", "train.py", "x" * 6000])
    with recording.start():
        recorder = recording.get_recorder()
    assert "qtui.command" not in recorder.list_tags()


def test_a_prompt_has_no_command_that_could_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [""])
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
    assert own_command() == []


def test_a_resumed_run_names_the_process_that_resumed_it(recording: QlibRecorder) -> None:
    with recording.start():
        recorder = recording.get_recorder()
        recording.set_tags(**{"qtui.process": "elsewhere:1"})
    with recording.start(recorder_id=recorder.id, resume=True):
        recording.log_metrics(loss=1.0)
    assert recorder.list_tags()["qtui.process"] == f"{socket.gethostname()}:{os.getpid()}"
