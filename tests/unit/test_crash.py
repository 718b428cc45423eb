"""How the process ends when something is raised to the top."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qtui import crash
from qtui.errors import RunNotFound, StoreError, StoreLocked, StoreUnreachable, TimeExceeded


def end_of(program: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """How a process ends that runs the program under the hook."""
    return subprocess.run(
        [sys.executable, "-c", f"from qtui import crash; crash.install()\n{program}"],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        check=False,
    )


def reports(world: Path) -> list[Path]:
    return sorted((world / "state" / "qtui").glob("crash-*.txt"))


@pytest.mark.parametrize(
    ("error", "code"), [(StoreError, 1), (RunNotFound, 2), (StoreLocked, 3), (StoreUnreachable, 3), (TimeExceeded, 4)]
)
def test_an_error_of_our_own_is_one_sentence_and_its_exit_code(error: type, code: int) -> None:
    ended = end_of(f"from qtui.errors import *; raise {error.__name__}('It is gone.')")
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "qtui: It is gone.\n")


def test_the_message_has_no_secret_and_no_control_character() -> None:
    ended = end_of("from qtui.errors import *; raise StoreError('no \\x1b[2J http://a:hunter2@h/')")
    assert ended.stderr == "qtui: no ␛[2J http://a:***@h/\n"


def test_an_interrupted_process_ends_with_130_and_says_nothing() -> None:
    ended = end_of("raise KeyboardInterrupt")
    assert (ended.returncode, ended.stderr) == (130, "")


def test_a_closed_pipe_is_no_failure() -> None:
    ended = end_of("raise BrokenPipeError")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_anything_else_is_kept_in_a_private_report_that_the_sentence_names(own_world: Path) -> None:
    ended = end_of("secret = 'hunter2'\ndef f(key): raise ValueError('http://a:hunter2@h/')\nf(secret)")
    (path,) = reports(own_world)
    assert ended.returncode == 70
    assert ended.stderr == f"qtui: Something went wrong inside qtui: ValueError. A report of it is in {path}.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert "hunter2" not in text
    assert "ValueError: http://a:***@h/" in text
    assert "in f" in text


def test_only_the_last_ten_reports_are_kept(own_world: Path) -> None:
    folder = own_world / "state" / "qtui"
    folder.mkdir()
    for day in range(10, 25):
        (folder / f"crash-202001{day}-000000-1.txt").touch()
    end_of("1 / 0")
    assert [path.name[6:14] for path in reports(own_world)][:2] == ["20200116", "20200117"]
    assert len(reports(own_world)) == crash.MAX_REPORTS


def test_the_message_says_when_no_report_could_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = end_of("1 / 0", XDG_STATE_HOME=str(tmp_path / "file"))
    assert ended.returncode == 70
    assert ended.stderr.startswith(
        "qtui: Something went wrong inside qtui: ZeroDivisionError. A report of it could not"
    )
    assert "Traceback" not in ended.stderr


def test_a_terminal_that_knows_no_unicode_gets_escapes(tmp_path: Path) -> None:
    ended = end_of("from qtui.errors import *; raise StoreError('因子')", PYTHONIOENCODING="latin-1")
    assert ended.stderr == "qtui: \\u56e0\\u5b50\n"
