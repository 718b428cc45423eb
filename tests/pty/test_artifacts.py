"""The viewer of artifacts in a real terminal."""

from __future__ import annotations

from pathlib import Path

from tests.pty.terminal import Terminal

PROGRAM = ("-m", "qtui")


def open_artifacts(terminal: Terminal) -> None:
    """Open the artifacts of a run of the sample store."""
    terminal.wait_for("transformer-")
    terminal.press("/", "lgb-64-0.1-14", "enter")
    terminal.wait_until_quiet()
    terminal.press("3", "[", "z")
    terminal.wait_for("code_status.txt")


def test_an_artifact_is_opened_and_left(sample: Path) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=100, lines=30) as terminal:
        open_artifacts(terminal)
        terminal.press("enter")
        terminal.wait_for("line 1 of")
        terminal.press("h", "h")
        terminal.wait_for("00000000")
        terminal.press("escape")
        terminal.wait_for("Details")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_an_artifact_is_opened_in_the_pager_and_the_screen_comes_back(sample: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text(
        '#!/bin/sh\ntrap "echo interrupted" INT\necho "paging $(basename "$1")"\nread answer\nread answer\n'
    )
    pager.chmod(0o700)
    environment = {"PAGER": str(pager)}
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=100, lines=30, environment=environment) as terminal:
        open_artifacts(terminal)
        terminal.press("enter")
        terminal.wait_for("line 1 of")
        terminal.press("o")
        terminal.wait_for("paging code_diff.txt")
        terminal.press("ctrl+c")
        terminal.wait_for("interrupted")
        terminal.press("enter", "enter")
        terminal.wait_for("line 1 of")
        pager.unlink()
        terminal.press("o")
        terminal.wait_for("cannot be started")
        assert "line 1 of" in terminal.text
        terminal.press("q", "q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
