"""The terminal is restored however the program ends, and the exit code says how it ended."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

PROGRAM = ("-m", "tests.pty.frame")


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal(PROGRAM) as terminal:
        terminal.wait_for("ready")
        yield terminal


def test_quitting_by_key_restores_the_terminal(terminal: Terminal) -> None:
    assert not terminal.is_restored
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131), (signal.SIGINT, 130)],
)
def test_a_signal_restores_the_terminal_and_sets_the_exit_code(
    terminal: Terminal, number: signal.Signals, code: int
) -> None:
    terminal.signal(number)
    assert terminal.wait_for_end() == code
    assert terminal.is_restored
    assert "Traceback" not in terminal.text


def test_a_signal_ends_a_screen_that_hangs(terminal: Terminal) -> None:
    terminal.press("h")
    terminal.wait_for("hanging")
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_for_end() == 143
    assert terminal.is_restored


def test_a_closed_window_ends_the_program(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.process.wait(timeout=60) == 129


@pytest.mark.parametrize("key", ["b", "w"])
def test_a_crash_restores_the_terminal_and_prints_one_sentence(terminal: Terminal, own_world: Path, key: str) -> None:
    terminal.press(key)
    assert terminal.wait_for_end() == 70
    assert terminal.is_restored
    assert "Something went wrong inside qtui: ValueError." in terminal.text
    assert "Traceback" not in terminal.text
    [report] = (own_world / "state" / "qtui").glob("crash-*.txt")
    assert "hunter2" not in report.read_text()


def test_quitting_does_not_wait_for_a_thread_that_hangs(terminal: Terminal) -> None:
    terminal.press("s")
    terminal.wait_for("stuck")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored


def test_suspending_restores_the_terminal_until_the_program_is_resumed(terminal: Terminal) -> None:
    terminal.press("ctrl+z")
    terminal.wait_until_stopped()
    terminal.wait_for(lambda terminal: terminal.is_restored)
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda terminal: not terminal.is_restored)
    terminal.wait_for("ready")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_the_program_survives_a_window_of_one_cell(terminal: Terminal) -> None:
    for columns, lines in ((20, 5), (1, 1), (200, 55), (80, 24)):
        terminal.resize(columns, lines)
        terminal.signal(signal.SIGWINCH)
    terminal.wait_for("ready")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(("background", "shade"), [("ffff/ffff/ffff", "light"), ("1e1e/1e1e/2e2e", "dark")])
def test_the_theme_follows_the_background_of_the_terminal(background: str, shade: str) -> None:
    with Terminal(PROGRAM, background=background) as terminal:
        terminal.wait_for(f"ready on {shade}")


def test_keys_typed_before_the_first_paint_are_not_lost() -> None:
    with Terminal(PROGRAM) as terminal:
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_locale_without_utf8_gets_ascii_and_a_notice() -> None:
    with Terminal(PROGRAM, environment={"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}) as terminal:
        terminal.wait_for("ready on dark -*# ????")
        terminal.wait_for("not UTF-8")
        assert terminal.output.isascii()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_without_cursor_control_is_refused_with_a_message(term: str) -> None:
    with Terminal(PROGRAM, environment={"TERM": term}) as terminal:
        assert terminal.wait_for_end() == 2
        assert "qtui: The screen cannot be drawn" in terminal.text
        assert b"\x1b[" not in terminal.output


def test_without_a_terminal_the_program_ends_with_a_message() -> None:
    ended = subprocess.run([sys.executable, *PROGRAM], capture_output=True, stdin=subprocess.DEVNULL, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("qtui: The screen needs a terminal")
    assert ended.stdout == ""
