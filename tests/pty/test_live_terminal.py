"""The real program in a terminal: signals, the shell's job control, resizing, the mouse."""

from __future__ import annotations

import random
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.pty.stores import ENDLESS
from tests.pty.terminal import ALTERNATE_SCREEN, WHEEL_DOWN, Terminal

PROGRAM = ("-m", "qtui")
SGR = re.compile(rb"\x1b\[([\d;]*)m")
TIMES = re.compile(r"just now|\b\d+[smhd]\b(?: \d+[smh]\b)?(?: ago)?")
SHELL = ("-c", "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])")


@pytest.mark.parametrize("store", ENDLESS)
@pytest.mark.parametrize(
    ("end", "code"),
    [("q", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["q", "SIGTERM", "SIGHUP", "SIGINT"],
)
def test_the_user_can_quit_while_a_store_does_not_answer(
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


@pytest.mark.parametrize("starts_drawing", [False, True], ids=["before the screen", "before the first rows"])
def test_keys_that_are_typed_early_are_handled(starts_drawing: bool, sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36) as terminal:
        if starts_drawing:
            terminal.wait_for(lambda terminal: ALTERNATE_SCREEN in terminal.screen.mode)
        terminal.press("/vit")
        terminal.wait_for(lambda terminal: "/ vit" in terminal.text and "vit-" in terminal.text)
        terminal.press("enter")
        terminal.wait_for(lambda terminal: "? keys" in terminal.text and "transformer-" not in terminal.text)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["same size", "resized meanwhile"])
def test_the_shell_gets_its_terminal_back_and_fg_draws_the_whole_screen(sample: Path, size: tuple[int, int]) -> None:
    with Terminal(SHELL, columns=120, lines=36, environment={"PS1": "shell$ "}) as terminal:
        terminal.wait_for("shell$")
        terminal.press(f"{sys.executable} -m qtui --uri {sample}", "enter")
        terminal.wait_for("transformer-")
        terminal.press("ctrl+z")
        terminal.wait_for("Stopped")
        assert ALTERNATE_SCREEN not in terminal.screen.mode
        terminal.press("echo out$((1 + 1))", "enter")
        terminal.wait_for("out2")
        if size != (120, 36):
            terminal.resize(*size)
        terminal.press("fg", "enter")
        terminal.wait_for(lambda terminal: "? keys" in terminal.lines[size[1] - 1] and "transformer-" in terminal.text)
        terminal.press("q")
        terminal.wait_for(lambda terminal: ALTERNATE_SCREEN not in terminal.screen.mode and "shell$" in terminal.text)


@pytest.mark.parametrize("stop", ["ctrl+z", signal.SIGTSTP, signal.SIGSTOP], ids=["key", "SIGTSTP", "SIGSTOP"])
def test_every_cell_is_drawn_again_after_a_suspended_program_is_resumed(
    sample: Path, stop: str | signal.Signals
) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample), "--refresh", "0"], columns=120, lines=36) as terminal:
        terminal.wait_until_loaded("transformer-")
        before = without_times(terminal.text)
        if isinstance(stop, str):
            terminal.press(stop)
        else:
            terminal.signal(stop)
        terminal.wait_until_stopped()
        terminal.overwrite("shell$ ")
        terminal.signal(signal.SIGCONT)
        terminal.wait_until_quiet()
        assert "shell$" not in terminal.text
        assert without_times(terminal.text) == before
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_every_cell_is_drawn_again_after_a_resize_signal(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample), "--refresh", "0"], columns=120, lines=36) as terminal:
        terminal.wait_until_loaded("transformer-")
        before = without_times(terminal.text)
        terminal.overwrite("")
        terminal.signal(signal.SIGWINCH)
        terminal.wait_until_quiet()
        assert without_times(terminal.text) == before


@pytest.mark.parametrize(("key", "words"), [("v", "Columns"), ("?", "Go one column"), (":", "Open what is under")])
def test_ctrl_c_closes_a_dialog_and_ctrl_q_quits_from_it(sample: Path, key: str, words: str) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.press(key)
        terminal.wait_for(words)
        terminal.press("ctrl+c")
        terminal.wait_for(lambda terminal: words not in terminal.text)
        terminal.press(key)
        terminal.wait_for(words)
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_with_no_color_no_colour_is_sent_and_words_and_signs_replace_it(sample: Path) -> None:
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


def test_ctrl_l_redraws_a_screen_that_another_program_has_written_on(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_until_loaded("transformer-")
        terminal.press("j")
        terminal.wait_until_quiet()
        before = without_times(terminal.text)
        terminal.screen.erase_in_display(2)
        terminal.press("ctrl+l")
        terminal.wait_until_quiet()
        assert without_times(terminal.text) == before


def test_many_resizes_while_runs_are_loaded_leave_the_same_screen_as_none(sample: Path) -> None:
    chance = random.Random(7)
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=80, lines=24) as terminal:
        terminal.wait_for("qtui")
        for _ in range(60):
            terminal.resize(chance.randrange(1, 240), chance.randrange(1, 70))
            terminal.take_in()
        for columns, lines in ((20, 5), (10, 3), (1, 1), (80, 24)):
            terminal.resize(columns, lines)
            terminal.wait_until_quiet()
        terminal.wait_until_loaded("just now")
        after = without_times(terminal.text)
        assert b"Traceback" not in terminal.output
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=80, lines=24) as terminal:
        terminal.wait_until_loaded("just now")
        assert without_times(terminal.text) == after


def without_times(text: str) -> str:
    """Return the text of a screen without ages and durations; the spaces of their lines may shift and are joined."""
    lines = (re.sub(" {2,}", " ", TIMES.sub(" ", line)) if TIMES.search(line) else line for line in text.splitlines())
    return "\n".join(lines)


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


def test_everything_can_be_reached_with_the_mouse_alone(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=150, lines=40) as terminal:
        terminal.wait_until_loaded("transformer-")
        terminal.click("  lightgbm", right=3)
        terminal.wait_for("Runs csi300/lightgbm")
        terminal.wait_for("lgb-")
        terminal.click(" metr", right=2)
        terminal.wait_for(lambda terminal: "last" in terminal.text and "next tab" in terminal.lines[-1])
        terminal.click("  transformer", right=3)
        terminal.wait_for("transformer-")
        terminal.click("? keys")
        terminal.wait_for("esc close")
        terminal.click("esc close")
        terminal.wait_for(lambda terminal: "esc close" not in terminal.text)
        terminal.click("transformer-d64-02")
        terminal.wait_for("v columns")
        terminal.click("v columns")
        terminal.wait_for("• status")
        terminal.click("• status")
        terminal.wait_for(lambda terminal: "• status" not in terminal.text)
        terminal.click("enter accept")
        terminal.wait_for(lambda terminal: "status" not in terminal.lines[2])
        terminal.wait_until_quiet()
        column, line = terminal.place_of("ICIR")
        terminal.drag((column + len("ICIR"), line), (column + len("ICIR") + 6, line))
        terminal.wait_for(lambda terminal: (terminal.find("ICIR") or (0, 0))[0] > column)
        terminal.click("All experiments")
        terminal.wait_for("Runs all experiments")
        terminal.wait_until_quiet()
        first = terminal.lines[line + 1]
        terminal.mouse(WHEEL_DOWN, column, line + 3)
        terminal.wait_for(lambda terminal: terminal.lines[line + 1] != first)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
