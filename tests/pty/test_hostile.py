"""Hostile text of a store never reaches the terminal as a command, on any screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import foreign, write_hostile_store
from tests.pty.terminal import Terminal

WALK = ("1", "jjj", "enter", "jjjjjjjj", "llll", "3", "]", "]", "]", "]", "[", "2", ":", "escape", "?", "q", "z", "z")


@pytest.mark.parametrize("options", [(), ("--ascii",)], ids=["unicode", "ascii"])
def test_only_escape_sequences_of_the_program_reach_the_terminal(tmp_path: Path, options: tuple[str, ...]) -> None:
    write_hostile_store(tmp_path / "mlruns")
    with Terminal(["-m", "qtui", "--uri", str(tmp_path / "mlruns"), *options], columns=140, lines=45) as terminal:
        terminal.wait_for("experiments")
        for key in WALK:
            terminal.press(key)
            terminal.wait_until_quiet()
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
        output = terminal.output.decode("utf-8", "replace")
        assert foreign(output) == []
        assert output.count("\x1b[?1049l") == 1
        assert "\x1b[5;8m" not in output
        assert not options or terminal.output.isascii()
