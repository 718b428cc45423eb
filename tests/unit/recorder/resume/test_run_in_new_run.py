"""`qtui run` gives its run the status that the command ended with, whatever happens to the command or to qtui."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from qtui.store import open_writer
from qtui.store.edits import Delete, SetStatus, apply_edits
from tests.unit.recorder.resume.commands import FAST_PYTHON, RunCommands, exists, parent_of


@pytest.fixture
def commands(store_uri: str, tmp_path: Path) -> RunCommands:
    return RunCommands(store_uri, tmp_path)


@pytest.fixture
def file_commands(tmp_path: Path) -> RunCommands:
    """Commands on a file store, for what does not depend on the store."""
    return RunCommands(f"file:{tmp_path}/mlruns", tmp_path)


@pytest.mark.parametrize(("code", "status"), [(0, "FINISHED"), (3, "FAILED")])
def test_the_exit_code_decides_on_the_status_and_is_passed_on(commands: RunCommands, code: int, status: str) -> None:
    result, output, errors = commands.call(
        "run", "exp", "--name", "n", "--", *FAST_PYTHON, f"import sys; sys.exit({code})"
    )
    assert (result, output, errors) == (code, "", "")
    run = commands.mlflow_run()
    assert (run.info.status, run.info.run_name) == (status, "n")
    assert run.info.end_time >= run.info.start_time


def test_the_run_is_running_while_the_command_runs_and_names_the_process_that_will_end_it(
    file_commands: RunCommands,
) -> None:
    command = file_commands.run_waiting()
    run = file_commands.only()
    assert (run.info.status, run.info.end_time) == ("RUNNING", None)
    assert run.tags["qtui.cwd"] == str(file_commands.folder)
    assert run.tags["qtui.command"].startswith(f"{sys.executable} -S -E -c")
    command.go_on()
    assert command.end() == 0
    assert file_commands.only().tags["qtui.process"].startswith(f"{socket.gethostname()}:")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_qtui_is_passed_on_and_kills_the_run(file_commands: RunCommands, number: signal.Signals) -> None:
    command = file_commands.run_waiting("signal.signal(signal.SIGINT, signal.SIG_DFL)")
    command.qtui.send_signal(number)
    assert command.end() == 128 + number
    assert file_commands.only().info.status == "KILLED"
    assert not exists(command.pid)


def test_a_command_that_handles_sigterm_and_exits_with_0_is_killed_nevertheless(file_commands: RunCommands) -> None:
    command = file_commands.run_waiting("signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))")
    command.qtui.send_signal(signal.SIGTERM)
    assert command.end() == 0
    assert file_commands.only().info.status == "KILLED"


def test_other_signals_reach_the_command_and_change_nothing(file_commands: RunCommands) -> None:
    command = file_commands.run_waiting("signal.signal(signal.SIGUSR1, lambda *_: os.write(1, b'checkpoint\\n'))")
    command.qtui.send_signal(signal.SIGUSR1)
    assert command.qtui.stdout is not None
    assert command.qtui.stdout.readline() == "checkpoint\n"
    command.go_on()
    assert command.end() == 0
    assert file_commands.only().info.status == "FINISHED"


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGKILL, "KILLED"), (signal.SIGTERM, "KILLED"), (signal.SIGSEGV, "FAILED")]
)
def test_a_command_that_a_signal_ends_is_killed_but_a_crash_is_a_failure(
    file_commands: RunCommands, number: signal.Signals, status: str
) -> None:
    result, *_ = file_commands.call("run", "exp", "--", *FAST_PYTHON, f"import os; os.kill(os.getpid(), {number})")
    assert result == 128 + number
    assert file_commands.only().info.status == status


def test_the_end_of_the_command_is_recorded_after_qtui_was_killed(commands: RunCommands) -> None:
    command = commands.run_waiting()
    command.qtui.kill()
    command.qtui.wait()
    assert exists(command.pid)
    assert commands.only().info.status == "RUNNING"
    command.go_on(3)
    assert command.end() == -signal.SIGKILL
    run = commands.mlflow_run()
    assert run.info.status == "FAILED"
    assert run.info.end_time is not None


def test_a_run_whose_supervisor_was_killed_stays_running_and_qtui_says_so(file_commands: RunCommands) -> None:
    command = file_commands.run_waiting()
    supervisor = parent_of(command.pid)
    os.kill(supervisor, signal.SIGKILL)
    assert command.qtui.wait(60) == 1
    assert exists(command.pid)
    command.go_on()
    command.end()
    run = file_commands.only()
    assert f"stays RUNNING. End it with: qtui finish {run.info.run_id}" in command.errors
    assert run.info.status == "RUNNING"


def test_a_command_that_marks_its_run_as_failed_and_exits_with_0_keeps_that(file_commands: RunCommands) -> None:
    command = file_commands.run_waiting()
    apply_edits(open_writer(file_commands.uri), SetStatus([file_commands.only().info], "FAILED"))
    command.go_on()
    assert command.end() == 0
    assert file_commands.only().info.status == "FAILED"


def test_a_run_that_was_deleted_meanwhile_is_reported(file_commands: RunCommands) -> None:
    command = file_commands.run_waiting()
    file_commands.delete()
    command.go_on(3)
    assert command.end() == 3
    assert "could not be set to FAILED" in command.errors


def test_a_command_that_does_not_exist_makes_no_run(file_commands: RunCommands) -> None:
    result, _, errors = file_commands.call("run", "exp", "--", "no-such-command")
    assert (result, errors) == (2, "qtui: There is no command 'no-such-command'.\n")
    assert not Path(file_commands.folder, "mlruns").exists()


def test_a_command_that_cannot_be_started_fails_its_run(file_commands: RunCommands) -> None:
    script = file_commands.folder / "broken"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    result, _, errors = file_commands.call("run", "exp", "--", str(script))
    assert result == 127
    assert "cannot be started" in errors
    assert file_commands.only().info.status == "FAILED"


def test_the_output_is_passed_on_and_kept_as_an_artifact(file_commands: RunCommands) -> None:
    program = "import sys; print('first', flush=True); print('second', file=sys.stderr); print(sys.stdout.isatty())"
    result, output, errors = file_commands.call("run", "exp", "--log", "--", *FAST_PYTHON, program)
    assert (result, output, errors) == (0, "first\nFalse\n", "second\n")
    log = Path(file_commands.only().info.artifact_uri.removeprefix("file://"), "output.log").read_text()
    assert sorted(log.splitlines()) == ["False", "first", "second"]


def test_the_log_is_complete_when_a_process_that_the_command_left_behind_keeps_the_output_open(
    file_commands: RunCommands,
) -> None:
    program = "import subprocess; subprocess.Popen(['cat']); print('done')"
    with file_commands.start("run", "exp", "--log", "--", *FAST_PYTHON, program) as qtui:
        assert qtui.wait(60) == 0
        assert qtui.stdin is not None
        qtui.stdin.close()
    log = Path(file_commands.only().info.artifact_uri.removeprefix("file://"), "output.log")
    assert log.read_text() == "done\n"


def test_an_experiment_is_found_by_name_and_by_id_and_a_deleted_one_is_refused(file_commands: RunCommands) -> None:
    writer = open_writer(file_commands.uri)
    experiment = writer.create_experiment("exp")
    for text in ("exp", experiment.experiment_id):
        assert file_commands.call("run", text, "--", "true")[0] == 0
    apply_edits(writer, Delete([experiment]))
    result, _, errors = file_commands.call("run", "exp", "--", "true")
    assert result == 1
    assert "'exp' is deleted" in errors


def test_read_only_refuses_before_anything_is_written(file_commands: RunCommands) -> None:
    result, _, errors = file_commands.call("--read-only", "run", "exp", "--", "true")
    assert result == 1
    assert "--read-only" in errors
    assert not Path(file_commands.folder, "mlruns").exists()
