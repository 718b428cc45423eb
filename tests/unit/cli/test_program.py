"""The program as a whole: help, version, global options, exit codes, and where its words go."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from qtui import __version__, settings
from qtui.cli.app import command_names, move_global_options
from tests.unit.cli.conftest import PROGRAM, Call


def test_the_help_names_every_command_and_the_global_options(qtui: Call) -> None:
    ended = qtui("--help")
    assert ended.code == 0
    for word in (*command_names(), "--uri", "--read-only", "--version"):
        assert word in ended.out


@pytest.mark.parametrize("command", command_names())
def test_every_command_has_help_that_fits_on_a_line(qtui: Call, command: str) -> None:
    ended = qtui(command, "--help")
    assert ended.code == 0
    assert f"Usage: qtui {command}" in ended.out.replace("root", "qtui")
    (line,) = [line for line in qtui("--help").out.splitlines() if line.startswith(f"  {command} ")]
    assert not line.endswith("...")


def test_the_version_is_data(qtui: Call) -> None:
    assert qtui("--version") == (0, f"qtui {__version__}\n", "")


def test_without_a_terminal_the_screen_is_refused_and_commands_are_named(qtui: Call, sample: Path) -> None:
    ended = qtui("--uri", str(sample))
    assert (ended.code, ended.out) == (2, "")
    assert "The screen needs a terminal" in ended.err
    assert "qtui runs" in ended.err


def test_without_a_store_the_screen_says_how_to_get_one(
    qtui: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = qtui()
    assert (ended.code, ended.out) == (2, "")
    assert "qtui demo" in ended.err


@pytest.mark.parametrize("wrong", [["--view", "some"], ["--refresh", "-1"], ["--refresh", "soon"]])
def test_a_wrong_option_of_the_screen_is_a_usage_error(qtui: Call, sample: Path, wrong: list[str]) -> None:
    assert qtui("--uri", str(sample), *wrong).code == 2


def test_an_unknown_command_is_a_usage_error(qtui: Call) -> None:
    ended = qtui("rnus")
    assert (ended.code, ended.out) == (2, "")
    assert "rnus" in ended.err


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["runs", "--uri", "x", "e"], ["--uri", "x", "runs", "e"]),
        (["runs", "--uri=x"], ["--uri=x", "runs"]),
        (["--uri", "x", "runs", "--read-only"], ["--uri", "x", "--read-only", "runs"]),
        (["runs", "--uri"], ["--uri", "runs"]),
        (["./mlruns"], ["--uri", "./mlruns"]),
        (["./mlruns", "runs", "a/b"], ["--uri", "./mlruns", "runs", "a/b"]),
        (["--theme", "a/b", "--ascii"], ["--theme", "a/b", "--ascii"]),
        (["runs", "a/b"], ["runs", "a/b"]),
        (["runs", "--", "--uri", "x"], ["runs", "--", "--uri", "x"]),
    ],
)
def test_global_options_are_accepted_after_the_command(given: list[str], taken: list[str]) -> None:
    assert move_global_options(given) == taken


def test_the_name_of_a_folder_opens_it_unless_it_is_a_command(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").symlink_to(sample)
    (tmp_path / "runs").mkdir()
    assert move_global_options(["mine", "runs"]) == ["--uri", "mine", "runs"]
    assert move_global_options(["runs"]) == ["runs"]


def test_the_environment_names_the_store(process: Call, sample: Path) -> None:
    assert process("experiments", QTUI_URI=str(sample)).code == 0
    assert process("experiments", MLFLOW_TRACKING_URI=sample.as_uri()).code == 0


def test_the_store_of_the_settings_is_the_last_choice(
    qtui: Call, sample: Path, own_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert qtui("experiments").code == 2
    (own_world / "config" / "qtui").mkdir()
    (own_world / "config" / "qtui" / "config.toml").write_text(f'uri = "{sample}"')
    settings.current.cache_clear()
    assert qtui("experiments").code == 0


def test_without_a_store_the_message_says_what_to_do(
    qtui: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = qtui("runs")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("qtui: ")
    assert "qtui demo" in ended.err


def test_wrong_settings_are_named(qtui: Call, sample: Path, own_world: Path) -> None:
    (own_world / "config" / "qtui").mkdir()
    (own_world / "config" / "qtui" / "config.toml").write_text("colour = 1")
    ended = qtui("runs", uri=sample)
    assert ended.code == 2
    assert "there is no setting 'colour'" in ended.err


def test_a_closed_pipe_ends_it_quietly(sample: Path) -> None:
    line = f"{' '.join(PROGRAM)} --uri {sample} runs --json | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=os.environ, check=False)
    assert (done.stdout, done.stderr) == ("[\n0\n", "")


@pytest.mark.parametrize("call", ["runs", "runs --json", "runs --csv", "experiments", "doctor", "--version", "--help"])
def test_a_full_disk_is_one_sentence_and_no_crash_report(sample: Path, own_world: Path, call: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PROGRAM, "--uri", str(sample), *call.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            env=os.environ,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"qtui: Cannot write: no space left on device.\n")
    assert list(own_world.rglob("crash-*")) == []


def test_an_interrupt_ends_it_with_130_and_no_message(sample: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow = f"import os, time; os.close(os.open({str(pipe)!r}, os.O_WRONLY)); time.sleep(60)"
    program = f"import qtui.recorder as r\ndef m(*a, **k):\n  exec({slow!r})\nr.Library = m\n"
    running = subprocess.Popen(
        [PROGRAM[0], "-c", f"import sys; sys.argv = ['qtui', 'runs']\n{program}from qtui.cli import main; main()"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    pipe.read_bytes()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (130, b"", b"")


def test_a_locale_without_utf_8_changes_no_output(process: Call, sample: Path) -> None:
    ended = process("--uri", str(sample), "experiments", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ended.code == 0
    assert "csi300/lightgbm" in ended.out
    assert "????/??" in ended.out
    assert "UTF-8 locale" in ended.err


def test_json_and_csv_are_the_same_in_every_locale(process: Call, sample: Path) -> None:
    for form in ("--json", "--csv"):
        ended = [
            process("--uri", str(sample), "runs", "因子研究/反转", form, **environ)
            for environ in ({}, {"PYTHONIOENCODING": "latin-1"})
        ]
        assert ended[0].out == ended[1].out
        assert ended[0].code == ended[1].code == 0


def test_colour_is_for_terminals_that_want_it(process: Call, on_terminal: Call, sample: Path) -> None:
    call = ("--uri", str(sample), "runs", "--limit", "3")
    assert "\x1b[" in on_terminal(*call).out
    assert "\x1b[" not in on_terminal(*call, NO_COLOR="1").out
    assert "\x1b[" not in on_terminal(*call, TERM="dumb").out
    assert "\x1b[" not in process(*call).out
