"""The editing commands: what they change, print and refuse."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from qtui.entities import NOTE_TAG, PROCESS_TAG, ExperimentInfo, Run, RunInfo
from qtui.recorder import Library
from qtui.recorder.recording.provenance import process_id
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.unit.cli.conftest import PROGRAM, Call

IDS = [f"{number}" * 32 for number in "abcd"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with two experiments, of two runs each; one run has tags."""
    for name, ids in (("1", IDS[:2]), ("2", IDS[2:])):
        folder = write_experiment(tmp_path / "mlruns", ExperimentInfo(name, f"exp{name}", artifact_location=name))
        for run_id in ids:
            tags = {"team": "red"} if run_id == IDS[0] else {}
            write_run(folder, Run(RunInfo(run_id, name, f"n{run_id[0]}", start_time=1), tags=tags), {}, {})
    return tmp_path / "mlruns"


def run(store: Path, run_id: str) -> Run:
    """Return a run as the store has it."""
    with Library(str(store)) as library:
        return library.run(run_id)


def own_tags(store: Path) -> set[str]:
    """Return the tags of the first run without those of MLflow."""
    return {key for key in run(store, IDS[0]).tags if "." not in key}


def test_runs_are_tagged_and_the_tags_undone_and_redone(qtui: Call, store: Path) -> None:
    ended = qtui("tag", IDS[0], "exp1/nb", "team=blue", "a/b=x=y", uri=store)
    assert ended == (0, "", "qtui: 2 runs tagged team=blue, a/b=x=y. Undo with: qtui undo\n")
    assert run(store, IDS[0]).tags["team"] == run(store, IDS[1]).tags["team"] == "blue"
    assert run(store, IDS[1]).tags["a/b"] == "x=y"
    assert qtui("undo", uri=store).err.startswith("qtui: Undone: 2 runs tagged team=blue")
    assert run(store, IDS[0]).tags["team"] == "red"
    assert "team" not in run(store, IDS[1]).tags
    assert qtui("redo", uri=store).code == 0
    assert run(store, IDS[1]).tags["team"] == "blue"


def test_tags_are_removed_and_set_by_one_command(qtui: Call, store: Path) -> None:
    assert qtui("tag", "aaaa", "new=1", "--remove", "team", uri=store).code == 0
    assert run(store, IDS[0]).tags == {
        "new": "1",
        **({} if "mlflow.runName" not in run(store, IDS[0]).tags else {"mlflow.runName": "na"}),
    }
    qtui("undo", uri=store)
    assert run(store, IDS[0]).tags.get("team") == "red"


def test_an_experiment_is_tagged_renamed_and_gets_a_note(qtui: Call, store: Path) -> None:
    qtui("tag", "--experiment", "exp1", "team=x", uri=store)
    qtui("note", "--experiment", "exp1", "# About", uri=store)
    qtui("rename", "--experiment", "exp1", "other", uri=store)
    with Library(str(store)) as library:
        experiment = library.find_experiment("other")
    assert experiment.tags == {"team": "x", NOTE_TAG: "# About"}
    assert qtui("note", "--experiment", "other", uri=store).out == "# About\n"


def test_a_run_is_renamed(qtui: Call, store: Path) -> None:
    assert qtui("rename", "aaaa", "better", uri=store).err == "qtui: Run na renamed to better. Undo with: qtui undo\n"
    assert run(store, IDS[0]).info.name == run(store, IDS[0]).tags["mlflow.runName"] == "better"


def test_several_runs_get_numbered_names_and_the_same_note(qtui: Call, store: Path) -> None:
    both = ("--filter", "name ~ 'n[ab]'")
    assert qtui("rename", *both, "same", uri=store).code == 2
    assert qtui("rename", *both, "lgb-{n}", "--dry-run", uri=store).out.count("\n") == 2
    assert qtui("rename", *both, "lgb-{n}", uri=store).code == 0
    assert {run(store, run_id).info.name for run_id in IDS[:2]} == {"lgb-1", "lgb-2"}
    assert qtui("note", "--filter", "lgb", uri=store).code == 2
    assert qtui("note", "--filter", "lgb", "both", uri=store).code == 0
    assert json.loads(qtui("note", IDS[1], "--json", uri=store).out)["note"] == "both"


def test_a_note_is_set_printed_edited_and_removed(
    qtui: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert qtui("note", "aaaa", "# Title", uri=store).code == 0
    assert qtui("note", "aaaa", uri=store) == (0, "# Title\n", "")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho more >> "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert qtui("note", "aaaa", "--edit", uri=store).code == 0
    assert qtui("note", "aaaa", uri=store).out == "# Titlemore\n"
    monkeypatch.setenv("EDITOR", "false")
    assert qtui("note", "aaaa", "--edit", uri=store) == (2, "", "qtui: false failed with exit code 1.\n")
    assert qtui("note", "aaaa", "", uri=store).err.startswith("qtui: Note of run na removed.")
    assert qtui("note", "aaaa", uri=store).out == ""


def test_all_runs_that_match_a_filter_are_deleted_and_restored(qtui: Call, store: Path) -> None:
    ended = qtui("delete", "--filter", "tags.team = red", "--json", uri=store)
    result = json.loads(ended.out)
    assert result["changed"] == [{"experiment_id": "1", "run_id": IDS[0]}]
    assert result["failed"] == [] and result["edit"] == 1
    assert qtui("delete", "--filter", "tags.team = red", uri=store).code == 2
    assert qtui("restore", "--filter", "tags.team = red", uri=store).code == 0
    assert run(store, IDS[0]).info.lifecycle_stage == "active"


def test_a_filter_can_be_limited_to_experiments(qtui: Call, store: Path) -> None:
    ended = qtui("delete", "--filter", "status = running", "--experiment", "exp2", uri=store)
    assert ended.err.startswith("qtui: 2 runs deleted.")
    assert run(store, IDS[0]).info.lifecycle_stage == "active"


def test_a_dry_run_lists_the_runs_and_changes_nothing(qtui: Call, store: Path) -> None:
    ended = qtui("delete", "aaaa", "bbbb", "--dry-run", uri=store)
    assert ended == (0, f"{IDS[0]}  na\n{IDS[1]}  nb\n", "qtui: 2 runs would be changed.\n")
    assert run(store, IDS[0]).info.lifecycle_stage == "active"
    assert json.loads(qtui("delete", "aaaa", "--dry-run", "--json", uri=store).out)[0]["run_id"] == IDS[0]


def test_an_experiment_is_deleted_and_restored_with_its_runs(qtui: Call, store: Path) -> None:
    assert qtui("delete", "--experiment", "exp1", uri=store).err.startswith("qtui: Experiment exp1 deleted.")
    assert run(store, IDS[0]).info.lifecycle_stage == "deleted"
    assert qtui("restore", "--experiment", "exp1", uri=store).code == 0
    assert run(store, IDS[0]).info.lifecycle_stage == "active"


def test_a_failure_names_the_run_and_the_others_are_changed(qtui: Call, store: Path) -> None:
    qtui("delete", "aaaa", uri=store)
    ended = qtui("tag", "aaaa", "bbbb", "k=v", uri=store)
    assert ended.code == 1
    assert f"Run {IDS[0]} is deleted. Restore it first." in ended.err
    assert "Run nb tagged k=v. Undo with: qtui undo" in ended.err


def test_a_value_that_somebody_changed_is_not_undone(qtui: Call, store: Path) -> None:
    qtui("tag", "aaaa", "team=blue", uri=store)
    (store / "1" / IDS[0] / "tags" / "team").write_text("by somebody")
    ended = qtui("undo", uri=store)
    assert ended.code == 1
    assert f"The tag team of run {IDS[0]} was changed since: 'by somebody'." in ended.err
    assert "Not undone: Run na tagged team=blue.\n" in ended.err
    assert run(store, IDS[0]).tags["team"] == "by somebody"
    assert json.loads(qtui("log", "--json", uri=store).out)[0]["state"] == "done"


def test_an_undo_that_leaves_some_runs_as_they_are_is_one_in_part(qtui: Call, store: Path) -> None:
    qtui("tag", "aaaa", "bbbb", "team=blue", uri=store)
    (store / "1" / IDS[0] / "tags" / "team").write_text("by somebody")
    assert "Undone in part: 2 runs tagged team=blue. Redo with" in qtui("undo", uri=store).err


def test_the_log_lists_the_last_edit_first(qtui: Call, store: Path) -> None:
    assert qtui("log", uri=store).err == "qtui: There are no edits.\n"
    qtui("tag", "aaaa", "k=v", uri=store)
    qtui("delete", "bbbb", uri=store)
    qtui("undo", uri=store)
    entries = json.loads(qtui("log", "--json", uri=store).out)
    assert [(entry["number"], entry["command"], entry["state"]) for entry in entries] == [
        (2, "qtui delete", "undone"),
        (1, "qtui tag", "done"),
    ]
    assert entries[0]["summary"] == "Run nb deleted"
    assert "Run na tagged k=v" in qtui("log", uri=store).out


def test_an_edit_of_the_log_is_undone_by_its_number(qtui: Call, store: Path) -> None:
    qtui("tag", "aaaa", "k=v", uri=store)
    qtui("tag", "aaaa", "l=v", uri=store)
    assert qtui("undo", "1", uri=store).code == 0
    assert own_tags(store) == {"team", "l"}
    assert qtui("undo", "7", uri=store).code == 1


def test_a_dry_run_of_undo_and_redo_lists_the_values_that_would_be_written(qtui: Call, store: Path) -> None:
    qtui("tag", "aaaa", "bbbb", "team=blue", uri=store)
    qtui("delete", "bbbb", uri=store)
    planned = qtui("undo", "--dry-run", uri=store)
    assert planned.code == 0 and planned.err == "qtui: Would be undone: Run nb deleted.\n"
    assert planned.out.startswith(f"{IDS[1]}  lifecycle stage: deleted → active, deleted time: 20")
    ended = qtui("undo", "1", "--dry-run", "--json", uri=store)
    assert json.loads(ended.out) == [
        {"experiment_id": "1", "run_id": run_id, "changes": [{"field": "tags.team", "from": "blue", "to": former}]}
        for run_id, former in ((IDS[0], "red"), (IDS[1], None))
    ]
    assert run(store, IDS[0]).tags["team"] == "blue"
    qtui("undo", uri=store)
    assert qtui("redo", "--dry-run", uri=store).err == "qtui: Would be redone: Run nb deleted.\n"
    assert qtui("undo", "2", "--dry-run", uri=store).code == 2
    assert run(store, IDS[1]).info.lifecycle_stage == "active"


def test_without_an_edit_there_is_nothing_to_undo(qtui: Call, store: Path) -> None:
    assert qtui("undo", uri=store) == (1, "", "qtui: There is nothing to undo.\n")
    assert qtui("redo", uri=store) == (1, "", "qtui: There is nothing to redo.\n")


@pytest.mark.parametrize(
    "command",
    [["tag", "aaaa", "k=v"], ["rename", "aaaa", "x"], ["note", "aaaa", "x"], ["delete", "aaaa"], ["restore", "aaaa"]],
)
def test_a_read_only_store_refuses_every_edit(qtui: Call, store: Path, command: list[str]) -> None:
    before = run(store, IDS[0])
    ended = qtui("--read-only", *command, uri=store)
    assert (ended.code, ended.err) == (1, "qtui: The store is open read-only (--read-only).\n")
    assert run(store, IDS[0]) == before


def test_the_setting_read_only_refuses_edits(qtui: Call, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTUI_READ_ONLY", "1")
    assert "setting read_only" in qtui("delete", "aaaa", uri=store).err


@pytest.mark.parametrize(
    "wrong", [["delete"], ["tag", "aaaa"], ["rename", "x"], ["delete", "aaaa", "--filter", "x"], ["tag", "aaaa", "=v"]]
)
def test_wrong_arguments_are_a_usage_error(qtui: Call, store: Path, wrong: list[str]) -> None:
    assert qtui(*wrong, uri=store).code == 2


def test_purge_lists_what_it_removes_and_asks_for_confirmation(qtui: Call, store: Path) -> None:
    (store / "1" / IDS[0] / "artifacts" / "x.txt").write_text("12345")
    assert qtui("purge", uri=store).err == "qtui: There is nothing to purge.\n"
    assert qtui("purge", "aaaa", "--yes", uri=store).code == 1
    qtui("delete", "aaaa", uri=store)
    listing = f"{IDS[0]}  na  1 file, 5 B\n"
    totals = "qtui: To remove for good: 1 run with 1 artifact (5 B).\n"
    assert qtui("purge", "--dry-run", uri=store) == (0, listing, totals)
    assert json.loads(qtui("purge", "--dry-run", "--json", uri=store).out)["runs"][0]["bytes"] == 5
    refused = qtui("purge", uri=store)
    assert refused.code == 2 and "--yes" in refused.err
    assert qtui("purge", "--older-than", "1d", uri=store).err == "qtui: There is nothing to purge.\n"
    assert qtui("purge", "--older-than", "soon", uri=store).code == 2
    assert (store / "1" / IDS[0]).exists()
    ended = qtui("purge", "--yes", uri=store)
    assert ended.code == 0 and ended.err.endswith("qtui: 1 run removed for good.\n")
    assert not (store / "1" / IDS[0]).exists()


def test_purge_removes_the_deleted_runs_that_match_a_filter(qtui: Call, store: Path) -> None:
    qtui("delete", "aaaa", "bbbb", "cccc", uri=store)
    assert qtui("purge", "--filter", "name = nothing", "--yes", uri=store).code == 2
    assert qtui("purge", "aaaa", "--filter", "x", "--yes", uri=store).code == 2
    assert qtui("purge", "--filter", "", "--yes", uri=store).code == 2
    planned = json.loads(qtui("purge", "--filter", "name != nb", "--dry-run", "--json", uri=store).out)
    assert {planned_run["run_id"] for planned_run in planned["runs"]} == {IDS[0], IDS[2]}
    assert qtui("purge", "--filter", "name != nb", "--experiment", "exp1", "--yes", uri=store).code == 0
    assert [(store / folder).exists() for folder in (f"1/{IDS[0]}", f"1/{IDS[1]}", f"2/{IDS[2]}")] == [
        False,
        True,
        True,
    ]


def test_json_of_a_purge_of_nothing_is_an_empty_plan(qtui: Call, store: Path) -> None:
    ended = qtui("purge", "--yes", "--json", uri=store)
    assert json.loads(ended.out) == {"runs": [], "experiments": [], "leftovers": 0, "failed": []}
    assert ended.code == 0 and "nothing to purge" in ended.err


def test_the_name_of_a_deleted_experiment_is_freed_by_a_purge(qtui: Call, store: Path) -> None:
    qtui("delete", "--experiment", "exp1", uri=store)
    refused = qtui("rename", "--experiment", "exp2", "exp1", uri=store)
    assert refused.code == 1 and "qtui purge --experiment exp1" in refused.err
    assert qtui("purge", "--experiment", "exp1", "--yes", uri=store).code == 0
    assert qtui("rename", "--experiment", "exp2", "exp1", uri=store).code == 0


def test_stale_runs_end_at_their_last_write_unless_their_process_exists(qtui: Call, store: Path) -> None:
    for number, run_id in enumerate(IDS):
        folder = store / str(1 + number // 2) / run_id
        if run_id == IDS[1]:
            (folder / "tags").mkdir(exist_ok=True)
            (folder / "tags" / PROCESS_TAG).write_text(process_id())
        for path in folder.rglob("*"):
            os.utime(path, (1_000_000, 1_000_000))
    assert qtui("finish", "--stale", "--experiment", "exp1", uri=store).err.startswith("qtui: Run na ended as KILLED.")
    assert (run(store, IDS[0]).info.status, run(store, IDS[0]).info.end_time) == ("KILLED", 1_000_000_000)
    assert run(store, IDS[1]).info.status == "RUNNING"
    assert qtui("finish", "bbbb", "--status", "FAILED", uri=store).code == 0
    assert run(store, IDS[1]).info.status == "FAILED"
    assert qtui("finish", "bbbb", uri=store).code == 1
    assert qtui("finish", "cccc", "--status", "RUNNING", uri=store).code == 2


def test_an_interrupted_edit_can_be_undone(store: Path, tmp_path: Path) -> None:
    folder = write_experiment(store, ExperimentInfo("3", "exp3", artifact_location="3"))
    count = 400
    for number in range(count):
        write_run(folder, Run(RunInfo(f"{number:032x}", "3", "n", start_time=1)), {}, {})
    command = [*PROGRAM, "--uri", str(store), "tag", "--filter", "name = n", "k=v"]
    first = folder / f"{0:032x}" / "tags" / "k"
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not any((folder / f"{number:032x}" / "tags" / "k").exists() for number in range(0, count, 100)):
            if process.poll() is not None:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode in (130, 0), err
    undone = subprocess.run([*PROGRAM, "--uri", str(store), "undo"], capture_output=True, text=True, check=True)
    assert "Undone" in undone.stderr
    assert not list(folder.glob("*/tags/k"))
    assert first.parent.parent.exists()
