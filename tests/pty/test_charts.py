"""Every key of the charts in a terminal: each one changes the picture, and its opposite restores it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

RUNS = "metrics.`val/acc` > 0.85 and status = finished"


@pytest.fixture
def terminal(sample: Path) -> Iterator[Terminal]:
    """A terminal with runs, the first two of them marked."""
    with Terminal(["-m", "qtui", "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_until_loaded("transformer-")
        terminal.press("/", RUNS, "enter")
        terminal.wait_until_quiet()
        terminal.press("space", "space")
        terminal.wait_until_quiet()
        yield terminal
        terminal.press("ctrl+q", "ctrl+q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def press_and_read(terminal: Terminal, key: str) -> str:
    """Press a key, check that the picture changes, and return the text of the screen."""
    before = picture(terminal)
    terminal.press(key)
    terminal.wait_until_quiet()
    assert picture(terminal) != before, f"{key} changed nothing:\n{terminal.text}"
    return terminal.text


def picture(terminal: Terminal) -> list[tuple[str, str]]:
    """Return every cell of the screen with its colour."""
    screen = terminal.screen
    cells = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
    return [(cell.data, cell.fg) for cell in cells]


def test_every_key_of_a_large_chart(terminal: Terminal) -> None:
    terminal.press("m")
    terminal.wait_for("of 2 runs")
    terminal.wait_until_quiet()
    original = terminal.text
    for key, words in (("L", "log"), ("X", "log x"), ("}", "smoothed 0.3"), ("o", "outliers clipped")):
        assert words in press_and_read(terminal, key)
    for key, words in (("n", "normalised"), ("e", "extremes")):
        assert words in press_and_read(terminal, key)
    for key in ("e", "n", "o", "{", "X", "L"):
        press_and_read(terminal, key)
    assert terminal.text == original
    assert "by time" in press_and_read(terminal, "a")
    assert "by relative" in press_and_read(terminal, "a")
    press_and_read(terminal, "a")
    for key in ("+", "(", ")", "shift+left", "shift+right", "=", "-", "0"):
        press_and_read(terminal, key)
    for key in ("v", "J", "K", "shift+down", "shift+up", "V", "ctrl+up", "ctrl+down", "ctrl+up"):
        press_and_read(terminal, key)
    press_and_read(terminal, "0")
    assert terminal.text == original
    for key in ("h", "left", "ctrl+left", "pageup", "g", "l", "right", "ctrl+right", "pagedown", ".", ",", "G", "home"):
        press_and_read(terminal, key)
    press_and_read(terminal, "end")
    for key in ("j", "k", "enter", "enter", "space", "space", ">", ">", "i", "i"):
        press_and_read(terminal, key)
    for key in ("]", "["):
        press_and_read(terminal, key)
    assert "Metrics" in press_and_read(terminal, "m")
    press_and_read(terminal, "escape")
    assert "Limits" in press_and_read(terminal, "t")
    terminal.press("x 2:9", "enter")
    terminal.wait_until_quiet()
    press_and_read(terminal, "0")
    assert "Export" in press_and_read(terminal, "x")
    press_and_read(terminal, "escape")
    for key, text in (("y", "Copied the run ID"), ("Y", "Copied resnet18-")):
        terminal.press(key)
        terminal.wait_for(text)
    terminal.wait_until_quiet()
    terminal.press("escape")
    terminal.wait_for("Experiments")


def test_every_key_of_a_grid_of_charts(terminal: Terminal) -> None:
    terminal.press("C")
    terminal.wait_for("2 runs")
    terminal.wait_until_quiet()
    original = terminal.text
    for key in ("L", "}", "{", "L", "a", "a", "a"):
        press_and_read(terminal, key)
    assert terminal.text == original
    for key in ("right", "left", "down", "up", "j", "k", "G", "g", "end", "home"):
        press_and_read(terminal, key)
    for key in ("-", "=", "++", "pagedown", "pageup", "--"):
        press_and_read(terminal, key)
    for key in ("l", "h", "shift+left", "shift+right", "escape"):
        press_and_read(terminal, key)
    assert "* " in press_and_read(terminal, "*")
    press_and_read(terminal, "*")
    press_and_read(terminal, "space")
    press_and_read(terminal, "space")
    press_and_read(terminal, "/")
    terminal.press("acc", "enter")
    terminal.wait_until_quiet()
    assert "train/loss" not in terminal.text
    press_and_read(terminal, "escape")
    terminal.press("Y")
    terminal.wait_for("Copied")
    terminal.press("enter")
    terminal.wait_for("by step")
    terminal.wait_until_quiet()
    terminal.press("escape", "escape")
    terminal.wait_for("Experiments")
