"""`qtui get`: saved files, messages, and the state after an interruption."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import pytest

from qtui.cli.commands import get as get_module
from qtui.entities import ExperimentInfo, Run, RunInfo
from qtui.store.artifacts import streams
from qtui.store.artifacts.download import Progress
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.unit.cli.conftest import Call

RUN_ID = "ab" * 16
FILES = {"notes.md": b"# Notes\n", "model/weights.bin": bytes(5000), "model/MLmodel": b"flavors: {}\n"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with one run."""
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "x"))
    write_run(folder, Run(RunInfo(RUN_ID, "1", "n")), {}, FILES)
    return tmp_path / "mlruns"


def saved(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_artifacts_are_saved_under_their_paths(qtui: Call, store: Path, tmp_path: Path) -> None:
    ended = qtui("get", "abab", "--to", str(tmp_path / "new"), uri=store)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"qtui: Saved 3 files (5.0 kB) in {tmp_path / 'new'}.\n"
    assert saved(tmp_path / "new") == FILES


def test_a_folder_is_saved(qtui: Call, store: Path, tmp_path: Path) -> None:
    assert qtui("get", "abab", "model/", "--to", str(tmp_path / "new"), uri=store).code == 0
    assert sorted(saved(tmp_path / "new")) == ["model/MLmodel", "model/weights.bin"]


def test_json_lists_saved_present_and_failed_files(qtui: Call, store: Path, tmp_path: Path) -> None:
    target = tmp_path / "new"
    qtui("get", "abab", "model", "--to", str(target), uri=store)
    (target / "notes.md").write_text("mine")
    ended = qtui("get", "abab", "--to", str(target), "--json", uri=store)
    answer = json.loads(ended.out)
    assert ended.code == 1
    assert {file["path"]: file["state"] for file in answer["files"]} == {
        "model/MLmodel": "present",
        "model/weights.bin": "present",
    }
    assert [failure["path"] for failure in answer["failed"]] == ["notes.md"]
    assert "already exists" in answer["failed"][0]["reason"]
    ended = qtui("get", "abab", "notes.md", "--to", str(target), "--json", "--overwrite", uri=store)
    assert json.loads(ended.out)["files"] == [
        {"path": "notes.md", "file": str(target / "notes.md"), "size": 8, "state": "saved"}
    ]


def test_an_existing_file_and_a_missing_artifact_are_wrong_use(qtui: Call, store: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    assert qtui("get", "abab", "notes.md", "--to", str(tmp_path), uri=store).code == 2
    assert qtui("get", "abab", "nothing", "--to", str(tmp_path), uri=store).code == 2
    assert qtui("get", "abab", "../x", "--to", str(tmp_path), uri=store).code == 2


def test_special_files_fail_and_the_others_are_saved(
    qtui: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifacts = store / "1" / RUN_ID / "artifacts"
    os.mkfifo(artifacts / "pipe")
    (artifacts / "loop").symlink_to("loop")
    (artifacts / "out").symlink_to("/etc/passwd")
    (artifacts / "line\nbreak").write_bytes(b"x")
    monkeypatch.chdir(artifacts)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        ended = qtui("get", "abab", "--to", str(tmp_path / "new"), "--json", uri=store)
    assert ended.code == 1
    failed = {failure["path"]: failure["reason"] for failure in json.loads(ended.out)["failed"]}
    assert {"pipe", "socket", "out", "line\nbreak"} <= failed.keys()
    assert "named pipe" in failed["pipe"]
    assert saved(tmp_path / "new") == FILES


def test_an_interrupted_download_says_how_to_continue(
    qtui: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 1000)

    def interrupt(transfer: object) -> None:
        for progress in transfer.run():  # type: ignore[attr-defined]
            if progress.bytes_done == 3000:
                signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(get_module, "_run", interrupt)
        ended = qtui("get", "abab", "model/weights.bin", "--to", str(tmp_path / "new"), uri=store)
    assert ended.code == 130
    assert "The same command continues the download." in ended.err
    assert [path.stat().st_size for path in (tmp_path / "new" / "model").iterdir()] == [3000]
    assert qtui("get", "abab", "model/weights.bin", "--to", str(tmp_path / "new"), uri=store).code == 0
    assert saved(tmp_path / "new") == {"model/weights.bin": bytes(5000)}


def test_hidden_files_are_downloaded_on_request_only(qtui: Call, store: Path, tmp_path: Path) -> None:
    (store / "1" / RUN_ID / "artifacts" / "model" / ".bashrc").write_bytes(b"x")
    target = tmp_path / "new"
    ended = qtui("get", "abab", "--to", str(target), uri=store)
    assert ended.code == 1
    assert "model/.bashrc is hidden: --hidden downloads it too." in ended.err
    assert saved(target) == FILES
    assert qtui("get", "abab", "--to", str(target), "--no-hidden", uri=store).code == 0
    assert saved(target) == FILES
    assert qtui("get", "abab", "--to", str(target), "--hidden", uri=store).code == 0
    assert saved(target) == {**FILES, "model/.bashrc": b"x"}


def test_all_artifacts_go_into_a_directory_named_after_the_run(
    qtui: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert "Saved 3 files (5.0 kB) in ababab" in qtui("get", "abab", uri=store).err
    assert saved(tmp_path / "here" / RUN_ID) == FILES
    assert "Saved notes.md (8 B)." in qtui("get", "abab", "notes.md", uri=store).err
    assert (tmp_path / "here" / "notes.md").exists()


def test_progress_is_one_line() -> None:
    progress = Progress("model/weights.bin", 1, 3, 2_000_000, 1_000_000, 4_000_000, 2.0)
    assert progress.text == "1 of 3 files, 2.0 MB of 4.0 MB, 500 kB/s, 4s left: model/weights.bin"
    unknown = Progress("a", 0, 1, 0, 0, None, 0.0)
    assert unknown.text == "0 of 1 files, 0 B: a"
