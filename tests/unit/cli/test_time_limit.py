"""`--timeout` stops a command, and exit codes tell a script whether to try again."""

from __future__ import annotations

import json
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui.cli.progress_line import ProgressLine
from tests.unit.cli.conftest import Call


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_command_that_takes_too_long_is_stopped_with_exit_code_4(
    process: Call, silent_server: str, place: str
) -> None:
    options = ("--uri", silent_server, "--timeout", "0.4")
    ended = process(*options, "runs") if place == "before" else process("runs", *options)
    assert ended == (4, "", "qtui: Stopped after the time limit of 0.4 s.\n")


def test_the_time_limit_works_where_a_shell_ignores_ctrl_c(process: Call, silent_server: str) -> None:
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert process("--uri", silent_server, "--timeout", "0.4", "runs").code == 4
    finally:
        signal.signal(signal.SIGINT, former)


def test_an_edit_that_takes_too_long_reports_the_part_that_is_done(
    qtui: Call, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "mlruns"
    shutil.copytree(sample, store)
    monkeypatch.setattr(ProgressLine, "update", lambda line, text: signal.raise_signal(signal.SIGALRM))
    ended = qtui("--timeout", "600", "tag", "--filter", "status = finished", "team=a", uri=store)
    assert ended.code == 4
    assert "Interrupted. " in ended.err and " Undo with: qtui undo\n" in ended.err
    assert ended.err.endswith("qtui: Stopped after the time limit of 600 s.\n")
    assert len(json.loads(qtui("runs", "--filter", "tags.team = 'a'", "--json", uri=store).out)) > 0


def test_a_command_within_its_time_limit_is_not_affected(process: Call, sample: Path) -> None:
    assert process("--timeout", "600", "--uri", str(sample), "experiments").code == 0


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_that_is_no_time_is_refused(qtui: Call, sample: Path, seconds: str) -> None:
    ended = qtui("--timeout", seconds, "experiments", uri=sample)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize(("command", "name"), [((), "the screen"), (("run", "exp", "--", "true"), "qtui run")])
def test_the_screen_and_commands_inside_runs_have_no_time_limit(
    qtui: Call, sample: Path, command: tuple[str, ...], name: str
) -> None:
    ended = qtui("--timeout", "5", *command, uri=sample)
    assert (ended.code, ended.err) == (2, f"qtui: --timeout does not apply to {name}.\n")


def test_a_server_that_cannot_be_reached_is_exit_code_3(process: Call) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    ended = process("--uri", address, "experiments")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
