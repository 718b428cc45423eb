"""Asking git for what is not committed never holds the program."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from qtui.recorder.recording import uncommitted_code


class Interrupted:
    """A process of git whose answer is waited for when ctrl-c comes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.stdout = self
        self.is_killed = False
        made.append(self)

    def __enter__(self) -> Interrupted:
        return self

    def __exit__(self, *given: object) -> None:
        assert self.is_killed, "leaving waits for git, which nobody has stopped"

    def read(self, size: int) -> bytes:
        raise KeyboardInterrupt

    def kill(self) -> None:
        self.is_killed = True


made: list[Interrupted] = []


def test_an_interrupt_while_git_is_read_leaves_no_thread_that_holds_the_exit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(threading.enumerate())
    monkeypatch.setattr("qtui.recorder.recording.uncommitted_code.subprocess.Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        uncommitted_code.git(tmp_path, "status", max_bytes=100)
    assert made[-1].is_killed
    left = set(threading.enumerate()) - before
    assert all(thread.daemon for thread in left)
