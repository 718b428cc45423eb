"""The line with the progress of a command appears on terminals only, and is removed before the output."""

from __future__ import annotations

import io
import sys

import pytest

from qtui.cli.progress_line import ProgressLine


class FakeTerminal(io.StringIO):
    """A terminal that keeps what was written."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_line_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := FakeTerminal())
    line = ProgressLine()
    line.update("Fetching\x1b[2J")
    line.close()
    line.update("more")
    assert terminal.getvalue() == "\r\x1b[KFetching␛[2J\r\x1b[K"


def test_a_file_gets_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    line = ProgressLine()
    line.update("Fetching")
    line.close()
    assert file.getvalue() == ""
