"""The real program in a real terminal, over the stores that are met, at the sizes that are used."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.hostile import foreign
from tests.pty.terminal import Terminal
from tests.stores.specimens import SPECIMENS

PROGRAM = ("-m", "qtui")
SIZES = [(80, 24), (120, 36), (200, 55), (38, 12)]
WALK = ("j", "j", "k", "enter", "]", "]", "]", "[", "1", "j", "enter", "2", "z", "z", "s", "escape", "v", "escape")
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def leave(terminal: Terminal) -> None:
    """Quit, and see that nothing of the screen is left."""
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored
    assert "Traceback" not in terminal.text
    assert foreign(COPIED.sub(b"", terminal.output).decode("utf-8", "replace")) == []


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_the_sample_is_opened_looked_through_and_left(sample: Path, columns: int, lines: int) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=columns, lines=lines) as terminal:
        terminal.wait_for("168 runs")
        terminal.wait_for("transformer-")
        terminal.press("?")
        terminal.wait_for("Open what is")
        terminal.press("q")
        terminal.wait_for("? keys")
        leave(terminal)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("specimen", ["files", "sqlite", "damaged files", "damaged sqlite"])
def test_a_store_is_walked_through_at_every_size(specimen: str, columns: int, lines: int, tmp_path: Path) -> None:
    uri = SPECIMENS[specimen](tmp_path)
    with Terminal([*PROGRAM, "--uri", uri], columns=columns, lines=lines) as terminal:
        terminal.wait_for("? keys")
        for key in WALK:
            terminal.press(key)
            terminal.wait_until_quiet()
        leave(terminal)


@pytest.mark.parametrize("specimen", sorted(set(SPECIMENS) - {"files", "sqlite", "damaged files", "damaged sqlite"}))
def test_every_other_kind_of_store_is_opened_and_left(specimen: str, tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "--uri", SPECIMENS[specimen](tmp_path)], columns=120, lines=36) as terminal:
        terminal.wait_for("runs")
        terminal.wait_until_quiet()
        leave(terminal)


def test_the_demo_writes_a_store_and_opens_it(tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "demo", "--to", str(tmp_path / "demo")], columns=120, lines=36) as terminal:
        terminal.wait_for("168 runs")
        leave(terminal)


def test_a_place_without_a_store_is_told_on_the_screen(tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(tmp_path / "none")], columns=120, lines=36) as terminal:
        terminal.wait_for("There is nothing at")
        leave(terminal)


@pytest.mark.parametrize("multiplexer", [{}, {"TMUX": "/tmp/tmux,1,0"}, {"STY": "1.tty"}])
def test_the_id_of_a_run_gets_into_the_clipboard(sample: Path, multiplexer: dict[str, str]) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=120, lines=36, environment=multiplexer) as terminal:
        terminal.wait_for("transformer-")
        terminal.press("y")
        terminal.wait_for("Copied")
        passed_on = terminal.output.replace(b"\x1bPtmux;", b"").replace(b"\x1b\x1b", b"\x1b").replace(b"\x1bP", b"")
        [copied, *_] = COPIED.findall(passed_on)
        assert re.fullmatch(rb"[0-9a-f]{32}", base64.b64decode(copied))
