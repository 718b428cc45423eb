"""The real program in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

PROGRAM = ("-m", "qtui")


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 36), (200, 55), (38, 12)])
def test_a_file_store_is_opened_shown_and_left(sample: Path, columns: int, lines: int) -> None:
    with Terminal([*PROGRAM, "--uri", str(sample)], columns=columns, lines=lines) as terminal:
        terminal.wait_for("168 runs")
        terminal.press("?")
        terminal.wait_for("Open what is")
        terminal.press("q")
        terminal.wait_for("? keys")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
        assert "Traceback" not in terminal.text


def test_the_demo_writes_a_store_and_opens_it(tmp_path: Path) -> None:
    with Terminal([*PROGRAM, "demo", "--to", str(tmp_path / "demo")], columns=120, lines=36) as terminal:
        terminal.wait_for("? keys")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
