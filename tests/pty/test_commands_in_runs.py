"""A command in a run has the terminal as if it had been started directly: its keys, Ctrl-C, Ctrl-Z, and its size."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from qtui.entities import Run
from qtui.store import open_store, open_writer
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.search import collect_batches
from tests.pty.terminal import Terminal

TAGS = {"qtui.command": "sh -c 'echo ready; read line; echo \"got $line\"; exit 3'"}

PYTHON = (sys.executable, "-S", "-E", "-c")

# Python handles a signal that comes just before a read only after it, so that a read alone could wait for ever.
WAIT_FOR_LINE = """
print("ready", flush=True)
while not select.select([0], [], [], 0.1)[0]:
    pass
sys.exit(int(input()))
"""
COUNT_INTERRUPTS = f"""
import os, select, signal, sys
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupt\\n"))
{WAIT_FOR_LINE}
"""


def run_on_terminal(folder: Path, program: str, *options: str, columns: int = 80) -> Terminal:
    """Start `qtui run` with a Python program in a terminal."""
    return Terminal(
        ["-m", "qtui", "--uri", f"file:{folder}/mlruns", "run", "exp", *options, "--", *PYTHON, program],
        columns=columns,
    )


def only_run(folder: Path) -> Run:
    """Return the only run of the store."""
    store = open_store(f"file:{folder}/mlruns")
    (info,), _ = collect_batches(store.infos())
    (listing,) = store.runs([info])
    return listing.items[0]


@pytest.mark.parametrize("options", [(), ("--log",)], ids=["", "log"])
def test_ctrl_c_reaches_the_command_and_kills_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    with run_on_terminal(tmp_path, f"import select, sys{WAIT_FOR_LINE}", *options) as terminal:
        terminal.wait_for("ready")
        terminal.press("ctrl+c")
        assert terminal.wait_for_end() == 130
        assert "KeyboardInterrupt" in terminal.text
    assert only_run(tmp_path).info.status == "KILLED"


def test_a_command_that_handles_ctrl_c_gets_it_once_and_goes_on(tmp_path: Path) -> None:
    with run_on_terminal(tmp_path, COUNT_INTERRUPTS) as terminal:
        terminal.wait_for("ready")
        terminal.press("ctrl+c")
        terminal.wait_for("interrupt")
        terminal.press("0", "enter")
        assert terminal.wait_for_end() == 0
        assert terminal.text.count("interrupt") == 1
    assert only_run(tmp_path).info.status == "FINISHED"


def test_a_shell_stops_and_continues_the_command_with_ctrl_z_and_fg(tmp_path: Path) -> None:
    shell = "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])"
    continued = "import os, signal; signal.signal(signal.SIGCONT, lambda *_: os.write(1, b'con' + b'tinued'))"
    program = f"{continued}; print('rea' + 'dy', flush=True); print('got', input())"
    words = [sys.executable, "-m", "qtui", "--uri", f"file:{tmp_path}/mlruns", "run", "exp", "--", *PYTHON, program]
    with Terminal(["-c", shell], environment={"PS1": "prompt> ", "HISTFILE": ""}) as terminal:
        terminal.wait_for("prompt>")
        terminal.press(shlex.join(words), "enter")
        terminal.wait_for("ready")
        terminal.press("ctrl+z")
        terminal.wait_for("Stopped")
        assert only_run(tmp_path).info.status == "RUNNING"
        terminal.press("fg", "enter")
        terminal.wait_for("continued")
        terminal.press("hello", "enter")
        terminal.wait_for("got hello")
        terminal.press("echo code $?", "enter")
        terminal.wait_for("code 0")
    assert only_run(tmp_path).info.status == "FINISHED"


def test_a_log_keeps_the_output_of_a_command_that_sees_a_terminal_of_our_size(tmp_path: Path) -> None:
    program = "import os; print(os.isatty(1), os.isatty(2), os.get_terminal_size(1).columns, input())"
    with run_on_terminal(tmp_path, program, "--log", columns=97) as terminal:
        terminal.press("typed", "enter")
        assert terminal.wait_for_end() == 0
        assert terminal.lines[:2] == ["typed", "True True 97 typed"]
        assert terminal.is_restored
    log = Path(only_run(tmp_path).info.artifact_uri.removeprefix("file://"), "output.log")
    assert log.read_bytes() == b"True True 97 typed\n"


def test_the_screen_runs_a_command_inside_a_run_and_comes_back(tmp_path: Path) -> None:
    writer = open_writer(f"file:{tmp_path}/mlruns")
    info = writer.create_run(writer.create_experiment("exp"), name="trial", start_time=1000, tags=TAGS)
    apply_edits(writer, SetStatus([info], "KILLED", 2000))
    with Terminal(["-m", "qtui", "--uri", f"{tmp_path}/mlruns"], columns=100, lines=30) as terminal:
        terminal.wait_until_loaded("trial")
        terminal.press("ctrl+r")
        terminal.wait_for("sh -c 'echo ready; read line; echo \"got $line\"; exit 3'")
        terminal.press("enter")
        terminal.wait_for("Command to run inside this run")
        terminal.press("enter")
        terminal.wait_for(lambda terminal: "ready" in terminal.lines)
        assert only_run(tmp_path).info.status == "RUNNING"
        terminal.press("hello", "enter")
        terminal.wait_for("exit code 3. Press enter")
        terminal.press("ctrl+c", "enter")
        terminal.wait_until_loaded("failed")
        terminal.press("ctrl+r")
        terminal.wait_for("Open a Python prompt")
        terminal.press("prompt", "enter")
        terminal.wait_for(">>>")
        terminal.press("R.log_metrics(loss=0.5)", "enter", "ctrl+d")
        terminal.wait_until_loaded("failed")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
    run = only_run(tmp_path)
    assert (run.info.status, run.metrics["loss"].value) == ("FAILED", 0.5)
    log = Path(run.info.artifact_uri.removeprefix("file://"), "output.log")
    assert log.read_bytes() == b"ready\ngot hello\n"
