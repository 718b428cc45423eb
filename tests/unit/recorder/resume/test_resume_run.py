"""`qtui resume` runs a command inside an existing run, which goes on where it ended."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qtui.entities import Point
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.store import open_writer
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.writer import Batch, Metric
from tests.unit.recorder.resume.commands import FAST_PYTHON, RunCommands

R_SCRIPT = "from qtui.recorder import R\nwith R.start():\n    R.log_metrics(loss=0.2)\n    R.log_metrics(loss=0.1)"
MLFLOW_SCRIPT = "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('loss', 0.2, step=42)"


@pytest.fixture
def commands(store_uri: str, tmp_path: Path) -> RunCommands:
    """Commands on a store with a run that was killed at step 41."""
    writer = open_writer(store_uri)
    info = writer.create_run(writer.create_experiment("exp"), name="first", start_time=1000)
    writer.log(info, Batch([Metric("loss", Point(step, 1000 + step, 1.0)) for step in (40, 41)]))
    apply_edits(writer, SetStatus([info], "KILLED", 2000))
    writer.close()
    return RunCommands(store_uri, tmp_path)


def steps(commands: RunCommands) -> list[int]:
    """Return the steps of the metric as MLflow reads them."""
    run_id = commands.only().info.run_id
    return [point.step for point in mlflow_client(commands.uri).get_metric_history(run_id, "loss")]


@pytest.mark.parametrize(("script", "new_steps"), [(R_SCRIPT, [42, 43]), (MLFLOW_SCRIPT, [42])], ids=["R", "MLflow"])
def test_the_curve_of_a_killed_run_goes_on(commands: RunCommands, script: str, new_steps: list[int]) -> None:
    run_id = commands.only().info.run_id
    result, _, errors = commands.call("resume", run_id, "--", sys.executable, "-W", "ignore", "-c", script)
    assert result == 0, errors
    assert steps(commands) == [40, 41, *new_steps]
    info = commands.mlflow_run().info
    assert (info.status, info.run_name, info.start_time) == ("FINISHED", "first", 1000)
    assert info.end_time > 2000


def test_a_resumed_run_is_running_and_a_failing_command_fails_it(commands: RunCommands) -> None:
    checks = f"""
import subprocess, sys
shown = [{sys.executable!r}, "-m", "qtui", "show", "exp/first", "--json"]
assert '"RUNNING"' in subprocess.run(shown, capture_output=True, text=True).stdout
sys.exit(3)
"""
    assert commands.call("resume", "exp/first", "--", *FAST_PYTHON, checks)[0] == 3
    assert commands.only().info.status == "FAILED"


def test_how_to_resume_a_run_is_printed_as_json(commands: RunCommands) -> None:
    run_id = commands.only().info.run_id
    result, output, _ = commands.call("resume", run_id, "--json")
    document = json.loads(output)
    assert (result, document["run_id"], document["name"], document["status"]) == (0, run_id, "first", "KILLED")
    assert document["origin"]["last_step"] == 41 and document["origin"]["command"] is None
    assert document["since"]["changed_files"] is None
    assert document["resume"]["shell"].endswith(f"resume {run_id} -- COMMAND")
    assert document["resume"]["qlib"][-1].endswith("step=42)")
    assert commands.call("resume", run_id, "--json", "--", "true")[0] == 2


def test_the_output_of_a_later_command_is_kept_beside_that_of_the_first(commands: RunCommands) -> None:
    for text in ("one", "two"):
        assert commands.call("resume", "exp/first", "--log", "--", "echo", text)[1] == f"{text}\n"
    folder = Path(commands.only().info.artifact_uri.removeprefix("file://"))
    assert [(folder / name).read_text() for name in ("output.log", "output.2.log")] == ["one\n", "two\n"]


@pytest.mark.parametrize("command", [[], ["--", "true"]], ids=["instructions", "command"])
def test_a_deleted_run_is_refused_and_unchanged(commands: RunCommands, command: list[str]) -> None:
    commands.delete()
    run = commands.only()
    result, _, errors = commands.call("resume", run.info.run_id, *command)
    assert result == 1
    assert f"is deleted. Restore it first: qtui restore {run.info.run_id}" in errors
    assert commands.only() == run


def test_read_only_refuses_a_command_but_not_the_instructions(commands: RunCommands) -> None:
    run = commands.only()
    result, _, errors = commands.call("--read-only", "resume", run.info.run_id, "--", "true")
    assert (result, "--read-only" in errors) == (1, True)
    result, output, _ = commands.call("--read-only", "resume", run.info.run_id)
    assert result == 0
    assert f"resume {run.info.run_id} -- COMMAND" in output
    assert f"R.start(recorder_id={run.info.run_id!r}, resume=True)" in output
    assert "last step  41 of loss" in output
    assert commands.only() == run
