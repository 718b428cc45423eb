"""What happens to a terminal while the real program is in it: signals, the shell's job control, resizing, the mouse."""

from __future__ import annotations

import random
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.pty.stores import ENDLESS
from tests.pty.terminal import OTHER_SCREEN, WHEEL_DOWN, Terminal

PROGRAM = ("-m", "qtui")
DIGITS = re.compile(r"\d+")
SGR = re.compile(rb"\x1b\[([\d;]*)m")
SHELL = ("-c", "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])")


@pytest.mark.parametrize("store", ENDLESS)
@pytest.mark.parametrize(
    ("end", "code"),
    [("q", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["q", "SIGTERM", "SIGHUP", "SIGINT"],
)
def test_a_store_that_keeps_it_waiting_keeps_nobody_from_leaving(
    store: str, end: str | signal.Signals, code: int, tmp_path: Path
) -> None:
    with ENDLESS[store](tmp_path) as uri, Terminal([*PROGRAM, "--uri", uri]) as terminal:
        terminal.wait_for("reading")
        if isinstance(end, str):
            terminal.press(end)
        else:
            terminal.signal(end)
        assert terminal.wait_for_end() == code
        assert terminal.is_restored
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["same size", "resized meanwhile"])
def test_the_shell_gets_its_terminal_back_and_fg_draws_the_whole_screen(sample: Path, size: tuple[int, int]) -> None:
    with Terminal(SHELL, columns=120, lines=36, environment={"PS1": "shell$ "}) as terminal:
        terminal.wait_for("shell$")
        terminal.press(f"{sys.executable} -m qtui --uri {sample}", "enter")
        terminal.wait_for("transformer-")
        terminal.press("ctrl+z")
        terminal.wait_for("Stopped")
        assert OTHER_SCREEN not in terminal.screen.mode
        terminal.press("echo out$((1 + 1))", "enter")
        terminal.wait_for("out2")
        if size != (120, 36):
            terminal.resize(*size)
        terminal.press("fg", "enter")
        terminal.wait_for(lambda each: "? keys" in each.lines[size[1] - 1] and "transformer-" in each.text)
        terminal.press("q")
        terminal.wait_for(lambda each: OTHER_SCREEN not in each.screen.mode and "shell$" in each.text)


@pytest.mark.parametrize("stop", ["ctrl+z", signal.SIGTSTP, signal.SIGSTOP], ids=["key", "SIGTSTP", "SIGSTOP"])
def test_a_terminal_that_lost_its_screen_meanwhile_gets_every_cell_again(
    sample: Path, stop: str | signal.Signals
) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample), "--refresh", "0"], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.wait_until_quiet()
        terminal.wait_for(lambda each: "values" not in each.lines[0])
        terminal.wait_until_quiet()
        before = still(terminal.text)
        if isinstance(stop, str):
            terminal.press(stop)
        else:
            terminal.signal(stop)
        terminal.wait_until_stopped()
        terminal.take_in()
        terminal.overwrite("shell$ ")
        terminal.signal(signal.SIGCONT)
        terminal.wait_until_quiet()
        assert "shell$" not in terminal.text
        assert still(terminal.text) == before
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_a_window_that_was_small_for_a_moment_gets_every_cell_again(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample), "--refresh", "0"], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.wait_until_quiet()
        terminal.wait_for(lambda each: "values" not in each.lines[0])
        terminal.wait_until_quiet()
        before = still(terminal.text)
        terminal.overwrite("")
        terminal.signal(signal.SIGWINCH)
        terminal.wait_until_quiet()
        assert still(terminal.text) == before


@pytest.mark.parametrize(("key", "words"), [("v", "Columns"), ("?", "Go one column"), (":", "Open what is under")])
def test_ctrl_c_closes_what_is_open_and_ctrl_q_leaves_from_everywhere(sample: Path, key: str, words: str) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.press(key)
        terminal.wait_for(words)
        terminal.press("ctrl+c")
        terminal.wait_for(lambda each: words not in each.text)
        terminal.press(key)
        terminal.wait_for(words)
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_without_colour_none_is_sent_and_all_can_be_told_by_words_and_signs(sample: Path) -> None:
    with Terminal(
        [*PROGRAM, "--uri", str(sample)],
        columns=120,
        lines=36,
        environment={"NO_COLOR": "1"},
        background="ffff/ffff/ffff",
    ) as terminal:
        for keys, words in (("", "▸ running"), ("jjj", "✓ done"), ("m", "by step"), ("\x1b", "Experiments")):
            terminal.press(keys)
            terminal.wait_for(words)
            terminal.wait_until_quiet()
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        codes = [code for codes in SGR.findall(bytes(terminal.output)) for code in codes.split(b";")]
        assert {b"0", b"1"} <= set(codes) <= {b"", b"0", b"1", b"2", b"3", b"4", b"7"}


def test_a_screen_that_others_have_written_on_is_drawn_anew_by_a_key(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.press("j")
        terminal.wait_until_quiet()
        before = DIGITS.sub("0", terminal.text)  # the ages grow meanwhile
        terminal.screen.erase_in_display(2)
        terminal.press("ctrl+l")
        terminal.wait_until_quiet()
        assert DIGITS.sub("0", terminal.text) == before


def test_a_window_that_is_torn_about_while_runs_come_looks_at_the_end_as_at_the_beginning(sample: Path) -> None:
    chance = random.Random(7)
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=80, lines=24) as terminal:
        terminal.wait_for("qtui")
        for _ in range(60):
            terminal.resize(chance.randrange(1, 240), chance.randrange(1, 70))
            terminal.take_in()
        for columns, lines in ((20, 5), (10, 3), (1, 1), (80, 24)):
            terminal.resize(columns, lines)
            terminal.wait_until_quiet()
        terminal.wait_for("just now")
        after = terminal.text
        assert b"Traceback" not in terminal.output
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=80, lines=24) as terminal:
        terminal.wait_for("just now")
        terminal.wait_until_quiet()
        assert still(terminal.text) == still(after)


def still(text: str) -> str:
    """What is on the screen but for what goes with time: ages, and when the store was read."""
    return re.sub(r" +(?:just now|\d+[smhd]\b[^│\n]{0,4})|read \S+", "", text)


@pytest.mark.parametrize(("columns", "lines", "shown"), [(20, 5, "name"), (10, 3, "qtui"), (38, 12, "? keys")])
def test_it_starts_in_a_very_small_window(sample: Path, columns: int, lines: int, shown: str) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=columns, lines=lines) as terminal:
        terminal.wait_for(shown)
        terminal.wait_until_quiet()
        for key in ("3", "]", "1", "?", "escape", ":", "escape", "/", "x"):
            terminal.press(key)
            terminal.wait_until_quiet()
        terminal.resize(80, 24)
        terminal.wait_for("All experiments")
        for key in ("escape", "escape"):
            terminal.press(key)
            terminal.wait_until_quiet()
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_the_mouse_alone_finds_its_way(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=150, lines=40) as terminal:
        terminal.wait_for(
            lambda each: "transformer-" in each.text and "168 runs" in each.text and "now" in each.lines[0]
        )
        terminal.click("  lightgbm", right=3)
        terminal.wait_for("Runs csi300/lightgbm")
        terminal.wait_for("lgb-")
        terminal.click(" metr", right=2)
        terminal.wait_for(lambda each: "last" in each.text and "next tab" in each.lines[-1])
        terminal.click("  transformer", right=3)
        terminal.wait_for("transformer-")
        terminal.click("? keys")
        terminal.wait_for("esc close")
        terminal.click("esc close")
        terminal.wait_for(lambda each: "esc close" not in each.text)
        terminal.click("transformer-d64-02")
        terminal.wait_for("v columns")
        terminal.click("v columns")
        terminal.wait_for("• status")
        terminal.click("• status")
        terminal.wait_for(lambda each: "• status" not in each.text)
        terminal.click("enter accept")
        terminal.wait_for(lambda each: "status" not in each.lines[2])
        column, line = terminal.place_of("ICIR")
        terminal.drag((column + len("ICIR"), line), (column + len("ICIR") + 6, line))
        terminal.wait_for(lambda each: each.place_of("ICIR")[0] > column)
        terminal.click("All experiments")
        terminal.wait_for("Runs all experiments")
        terminal.wait_until_quiet()
        first = terminal.lines[line + 1]
        terminal.mouse(WHEEL_DOWN, column, line + 3)
        terminal.wait_for(lambda each: each.lines[line + 1] != first)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
