"""Every key of the charts, pressed in a real terminal: each changes the picture, and what undoes it brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

RUNS = "metrics.`val/acc` > 0.85 and status = finished"


@pytest.fixture
def terminal(sample: Path) -> Iterator[Terminal]:
    """A terminal with runs of which the first two are marked."""
    with Terminal(["-m", "qtui", "--uri", str(sample)], columns=120, lines=36) as terminal:
        terminal.wait_for("transformer-")
        terminal.press("/", RUNS, "enter")
        terminal.wait_until_quiet()
        terminal.press("space", "space")
        terminal.wait_until_quiet()
        yield terminal
        terminal.press("ctrl+q", "ctrl+q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def changes(terminal: Terminal, key: str) -> str:
    """What the screen shows after a key, which must not be what it showed before."""
    before = picture(terminal)
    terminal.press(key)
    terminal.wait_until_quiet()
    assert picture(terminal) != before, f"{key} changed nothing:\n{terminal.text}"
    return terminal.text


def picture(terminal: Terminal) -> list[tuple[str, str]]:
    """Every cell of the screen, with its colour."""
    screen = terminal.screen
    cells = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
    return [(cell.data, cell.fg) for cell in cells]


def test_every_key_of_a_large_chart(terminal: Terminal) -> None:
    terminal.press("m")
    terminal.wait_for("of 2 runs")
    terminal.wait_until_quiet()
    whole = terminal.text
    for key, words in (("L", "log"), ("X", "log x"), ("}", "smoothed 0.3"), ("o", "outliers outside")):
        assert words in changes(terminal, key)
    for key, words in (("n", "normalised"), ("e", "extremes")):
        assert words in changes(terminal, key)
    for key in ("e", "n", "o", "{", "X", "L"):
        changes(terminal, key)
    assert terminal.text == whole
    assert "by time" in changes(terminal, "a")
    assert "by relative" in changes(terminal, "a")
    changes(terminal, "a")
    for key in ("+", "(", ")", "shift+left", "shift+right", "=", "-", "0"):
        changes(terminal, key)
    for key in ("v", "J", "K", "shift+down", "shift+up", "V", "ctrl+up", "ctrl+down", "ctrl+up"):
        changes(terminal, key)
    changes(terminal, "0")
    assert terminal.text == whole
    for key in ("h", "left", "ctrl+left", "pageup", "g", "l", "right", "ctrl+right", "pagedown", ".", ",", "G", "home"):
        changes(terminal, key)
    changes(terminal, "end")
    for key in ("j", "k", "enter", "enter", "space", "space", ">", ">", "i", "i"):
        changes(terminal, key)
    for key in ("]", "["):
        changes(terminal, key)
    assert "Metrics" in changes(terminal, "m")
    changes(terminal, "escape")
    assert "Limits" in changes(terminal, "w")
    terminal.press("x 2:9", "enter")
    terminal.wait_until_quiet()
    changes(terminal, "0")
    assert "Export" in changes(terminal, "x")
    changes(terminal, "escape")
    for key in ("y", "Y"):
        terminal.press(key)
        terminal.wait_for("Copied")
    terminal.wait_until_quiet()
    terminal.press("escape")
    terminal.wait_for("Experiments")


def test_every_key_of_a_grid_of_charts(terminal: Terminal) -> None:
    terminal.press("C")
    terminal.wait_for("2 runs")
    terminal.wait_until_quiet()
    whole = terminal.text
    for key in ("L", "}", "{", "L", "a", "a", "a"):
        changes(terminal, key)
    assert terminal.text == whole
    for key in ("right", "left", "down", "up", "j", "k", "G", "g", "end", "home"):
        changes(terminal, key)
    for key in ("-", "=", "++", "pagedown", "pageup", "--"):
        changes(terminal, key)
    for key in ("l", "h", "shift+left", "shift+right", "escape"):
        changes(terminal, key)
    assert "* " in changes(terminal, "*")
    changes(terminal, "*")
    changes(terminal, "space")
    changes(terminal, "space")
    changes(terminal, "/")
    terminal.press("acc", "enter")
    terminal.wait_until_quiet()
    assert "train/loss" not in terminal.text
    changes(terminal, "escape")
    terminal.press("Y")
    terminal.wait_for("Copied")
    terminal.press("enter")
    terminal.wait_for("by step")
    terminal.wait_until_quiet()
    terminal.press("escape", "escape")
    terminal.wait_for("Experiments")
